// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The line of the trace that is being written, piece by piece, and where it goes. No allocation; a line that is longer than
// the buffer leaves in parts.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace posix_sockets::trace {

void put(const char* text);
void put(char character);
void put(long long value);
inline void put(int value) { put(static_cast<long long>(value)); }
inline void put(long value) { put(static_cast<long long>(value)); }
inline void put(unsigned value) { put(static_cast<long long>(value)); }
inline void put(unsigned long value) { put(static_cast<long long>(value)); }

struct Hex {
  uint64_t value;
};
void put(Hex number);

struct Pointer {
  const void* value;
};
void put(Pointer pointer);  // NULL, or in hexadecimal

struct Seconds {
  uint64_t nanoseconds;
};
void put(Seconds time);  // with six digits behind the point

// Bytes as a C string, the first 32 of them.
struct Data {
  const void* data;
  size_t size;
};
void put(Data data);

// A NUL-terminated string in quotes, or NULL.
struct Text {
  const char* text;
};
void put(Text text);

// Writes out what there is: to the file that WASI_POSIX_TRACE names, or to standard error.
void flush();

}  // namespace posix_sockets::trace

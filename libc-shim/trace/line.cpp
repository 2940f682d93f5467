// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "trace/line.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/table.h"
#include "file/libc.h"
#include "support/pointer.h"

namespace posix_sockets::trace {
namespace {

char buffer[2048];
size_t used;

void write_out(int descriptor, const char* text, size_t size) {
  while (size != 0) {
    const ssize_t written = write(descriptor, text, size);
    if (written <= 0) return;  // there is nobody to tell
    text += written;
    size -= static_cast<size_t>(written);
  }
}

// Libc's number of where the trace goes. The file gets no number that the program could see: libc's files that are opened
// after the table was made are only entered into it by open() itself.
int destination() {
  static int descriptor = -1;
  if (descriptor >= 0) return descriptor;
  descriptor = STDERR_FILENO;
  const char* path = getenv("WASI_POSIX_TRACE");
  if (path == nullptr || *path == '\0') return descriptor;
  (void)fd::close_on_exec(0).ok();  // makes the table
  InsideLibc inside;
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file >= 0) {
    descriptor = file;
  } else {
    constexpr char problem[] = "# WASI_POSIX_TRACE can't be opened (is its folder granted?): the trace goes here: ";
    write_out(descriptor, problem, sizeof problem - 1);
    write_out(descriptor, path, strlen(path));
    write_out(descriptor, "\n", 1);
  }
  return descriptor;
}

void put_escaped(unsigned char c, bool digit_follows) {
  constexpr char from[] = "\n\r\t\v\f\"\\";
  constexpr char to[] = "nrtvf\"\\";
  const char* found = c != 0 ? strchr(from, c) : nullptr;
  if (found != nullptr) {
    put('\\');
    put(to[found - from]);
  } else if (c >= ' ' && c < 0x7f) {
    put(static_cast<char>(c));
  } else {
    put('\\');
    if (c >= 0100 || digit_follows) put(static_cast<char>('0' + c / 64));
    if (c >= 010 || digit_follows) put(static_cast<char>('0' + c / 8 % 8));
    put(static_cast<char>('0' + c % 8));
  }
}

void put_quoted(const unsigned char* bytes, size_t size, size_t most) {
  const size_t shown = size < most ? size : most;
  put('"');
  for (size_t i = 0; i < shown; ++i) put_escaped(bytes[i], i + 1 < shown && bytes[i + 1] >= '0' && bytes[i + 1] <= '9');
  put('"');
  if (shown < size) put("...");
}

}  // namespace

void flush() {
  const int descriptor = destination();
  InsideLibc inside;
  const size_t size = used;
  used = 0;
  write_out(descriptor, buffer, size);
}

void put(char character) {
  if (used == sizeof buffer) flush();
  buffer[used++] = character;
}

void put(const char* text) {
  while (*text != '\0') put(*text++);
}

void put(long long value) {
  char digits[20];
  size_t count = 0;
  uint64_t rest = value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  do {
    digits[count++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) put('-');
  while (count != 0) put(digits[--count]);
}

void put(Hex number) {
  put("0x");
  int shift = 60;
  while (shift > 0 && number.value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) put("0123456789abcdef"[number.value >> shift & 15]);
}

void put(Pointer pointer) {
  if (pointer.value == nullptr) {
    put("NULL");
  } else {
    put(Hex{reinterpret_cast<uintptr_t>(pointer.value)});
  }
}

void put(Seconds time) {
  const uint64_t microseconds = (time.nanoseconds + 500) / 1000;
  put(static_cast<long long>(microseconds / 1000000));
  put('.');
  for (uint64_t digit = 100000; digit != 0; digit /= 10) put(static_cast<char>('0' + microseconds / digit % 10));
}

void put(Data data) {
  constexpr size_t most = 32;
  if (data.data == nullptr || !accessible(data.data, data.size)) return put(Pointer{data.data});
  put_quoted(static_cast<const unsigned char*>(data.data), data.size, most);
}

void put(Text text) {
  constexpr size_t most = 256;
  size_t size = 0;
  while (text.text != nullptr && accessible(text.text, size + 1) && text.text[size] != '\0') ++size;
  if (text.text == nullptr || !accessible(text.text, size + 1)) return put(Pointer{text.text});
  put_quoted(reinterpret_cast<const unsigned char*>(text.text), size, most);
}

}  // namespace posix_sockets::trace

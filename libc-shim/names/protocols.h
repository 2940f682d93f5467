// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Protocols: the rows of /etc/protocols, if the guest may read it, and the built-in ones.
#pragma once

#include <netdb.h>

#include "names/line_reader.h"

namespace posix_sockets {

// One row. The strings live in the reader that gave them, until its next row.
struct Protocol {
  const char* name = nullptr;
  const char* aliases = nullptr;  // list of words
  int number = 0;
};

constexpr char protocols_path[] = "/etc/protocols";

// Starts with the file's first row, or with the built-in ones if it can't be read.
void open_protocols(LineReader& reader, const char* path = protocols_path);

// The next row that is well formed; false at the end.
bool next_protocol(LineReader& reader, Protocol& protocol);

// The first row with that name or alias, exactly, or if `name` is null, with that number.
bool find_protocol(LineReader& reader, const char* name, int number, Protocol& protocol,
                   const char* path = protocols_path);

// Copies a row to a caller's entry. ERANGE: the buffer is too small.
int pack(const Protocol& protocol, protoent* entry, char* buffer, size_t size);

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Networks: the rows of /etc/networks, if the guest may read it, and the loopback network.
#pragma once

#include <netdb.h>
#include <stdint.h>

#include "names/line_reader.h"

namespace posix_sockets {

// One row. The strings live in the reader that gave them, until its next row.
struct Network {
  const char* name = nullptr;
  const char* aliases = nullptr;  // list of words
  uint32_t number = 0;            // host byte order, all four bytes of it: 127.0.0.0
};

constexpr char networks_path[] = "/etc/networks";

// Starts with the file's first row, or with the loopback network if it can't be read.
void open_networks(LineReader& reader, const char* path = networks_path);

// The next row that is well formed; false at the end.
bool next_network(LineReader& reader, Network& network);

// The first row with that name or alias, in any case, or if `name` is null, with that number.
bool find_network(LineReader& reader, const char* name, uint32_t number, Network& network,
                  const char* path = networks_path);

// Copies a row to a caller's entry. ERANGE: the buffer is too small.
int pack(const Network& network, netent* entry, char* buffer, size_t size);

}  // namespace posix_sockets

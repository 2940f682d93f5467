// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Services: the rows of /etc/services, if the guest may read it, and the built-in ones.
#pragma once

#include <netdb.h>
#include <stdint.h>

#include "names/line_reader.h"

namespace posix_sockets {

// One row. The strings live in the reader that gave them, until its next row.
struct Service {
  const char* name = nullptr;
  const char* protocol = nullptr;
  const char* aliases = nullptr;  // list of words
  uint16_t port = 0;              // host byte order
};

struct ServiceQuery {
  const char* name = nullptr;      // null: any; matched with the aliases too, exactly
  const char* protocol = nullptr;  // null: any
  int port = -1;                   // host byte order; -1: any
};

constexpr char services_path[] = "/etc/services";

// Starts with the file's first row, or with the built-in ones if it can't be read.
void open_services(LineReader& reader, const char* path = services_path);

// The next row that is well formed; false at the end.
bool next_service(LineReader& reader, Service& service);

// The first row that answers the query: one of the file, else a built-in one.
bool find_service(LineReader& reader, const ServiceQuery& query, Service& service, const char* path = services_path);

// Copies a row to a caller's entry. ERANGE: the buffer is too small.
int pack(const Service& service, servent* entry, char* buffer, size_t size);

}  // namespace posix_sockets

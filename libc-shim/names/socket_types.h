// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The part of getaddrinfo() that has nothing to do with hosts: which socket types, protocols and port an answer has.
#pragma once

#include <netdb.h>
#include <stdint.h>

namespace posix_sockets {

struct SocketType {
  int type;
  int protocol;
  uint16_t port;  // host byte order
};

struct SocketTypes {
  static constexpr int most = 3;
  SocketType items[most];
  int count = 0;
};

// The types for `service` (a name, a decimal port, null or "" for port 0) that the hints' ai_socktype and ai_protocol
// allow, in the order of the answer. Returns 0 or an EAI_ code: EAI_SOCKTYPE: there is no such type, or it hasn't that
// protocol; EAI_SERVICE: no such service for these types, or a port above 65535; EAI_NONAME: a name in spite of
// AI_NUMERICSERV; EAI_MEMORY: no memory.
int find_socket_types(const char* service, const addrinfo& hints, SocketTypes& types);

}  // namespace posix_sockets

// What netdb_getaddrinfo_test.cpp and netdb_numeric_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <arpa/inet.h>
#include <netdb.h>

#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace netdb {

inline std::string name_of(int code) {
  switch (code) {
#define CODE(name) \
  case name:       \
    return #name;
    CODE(EAI_ADDRFAMILY)
    CODE(EAI_AGAIN)
    CODE(EAI_BADFLAGS)
    CODE(EAI_FAIL)
    CODE(EAI_FAMILY)
    CODE(EAI_MEMORY)
    CODE(EAI_NODATA)
    CODE(EAI_NONAME)
    CODE(EAI_SERVICE)
    CODE(EAI_SOCKTYPE)
    CODE(EAI_SYSTEM)
#undef CODE
    default:
      return "code " + std::to_string(code);
  }
}

inline std::string entry_text(const addrinfo* entry) {
  char address[INET6_ADDRSTRLEN] = "?";
  int port = 0;
  std::string scope;
  if (entry->ai_family == AF_INET) {
    const auto* name = reinterpret_cast<const sockaddr_in*>(entry->ai_addr);
    inet_ntop(AF_INET, &name->sin_addr, address, sizeof address);
    port = ntohs(name->sin_port);
  } else {
    const auto* name = reinterpret_cast<const sockaddr_in6*>(entry->ai_addr);
    inet_ntop(AF_INET6, &name->sin6_addr, address, sizeof address);
    port = ntohs(name->sin6_port);
    if (name->sin6_scope_id != 0) scope = "%" + std::to_string(name->sin6_scope_id);
    if (name->sin6_flowinfo != 0) scope += " flow";
  }
  std::string type = "type " + std::to_string(entry->ai_socktype);
  if (entry->ai_socktype == SOCK_STREAM) type = "stream";
  if (entry->ai_socktype == SOCK_DGRAM) type = "dgram";
  if (entry->ai_socktype == SOCK_RAW) type = "raw";
  if (entry->ai_socktype == SOCK_SEQPACKET) type = "seqpacket";
  if (entry->ai_addr->sa_family != entry->ai_family) type += " of another family";
  return std::string(address) + scope + " " + std::to_string(port) + " " + type + "/" +
         std::to_string(entry->ai_protocol);
}

struct Question {
  const char* node = nullptr;
  const char* service = nullptr;
  int flags = 0;
  int family = AF_UNSPEC;
  int type = SOCK_STREAM;
  int protocol = 0;
};

using Lines = std::vector<std::string>;

// The answer as one line an entry, or the one line of the error's name.
inline Lines ask(const Question& question) {
  addrinfo hints{};
  hints.ai_flags = question.flags;
  hints.ai_family = question.family;
  hints.ai_socktype = question.type;
  hints.ai_protocol = question.protocol;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(question.node, question.service, &hints, &list);
  if (code != 0) return {name_of(code)};
  Lines lines;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    CHECK(entry->ai_flags == question.flags);
    CHECK(entry->ai_addrlen == size_of(entry->ai_family));
    lines.push_back(entry_text(entry));
  }
  freeaddrinfo(list);
  return lines;
}

}  // namespace netdb

// What getaddrinfo_test.cpp and gethostbyname_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <arpa/inet.h>
#include <netdb.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <string>
#include <vector>

#include "allocation.h"
#include "fake_resolver.h"

extern "C" {
int __wrap_getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**);
void __wrap_freeaddrinfo(addrinfo*);
int __wrap_getnameinfo(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int);
hostent* __wrap_gethostbyname(const char*);
hostent* __wrap_gethostbyname2(const char*, int);
int __wrap_gethostbyname_r(const char*, hostent*, char*, std::size_t, hostent**, int*);
hostent* __wrap_gethostbyaddr(const void*, socklen_t, int);
}

using fake::address;
using fake::Family;
using fake::host;
using wasi::ErrorCode;

namespace netdb_help {

using Texts = std::vector<std::string>;

// Checks at the end that all handles of the host and all memory were given back.
struct Fresh {
  int live = allocation::live();
  Fresh() { host() = {}; }
  ~Fresh() {
    CHECK(host().handles == 0);
    CHECK(allocation::live() == live);
  }
};

inline Texts error(int code) { return {std::to_string(code)}; }

inline void answer(const char* name, std::vector<const char*> texts) {
  for (const char* text : texts) host().names[name].addresses.push_back(address(text));
}

}  // namespace netdb_help

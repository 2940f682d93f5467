// What the random walks share: numbers that are the same in every build, and results by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "errno_name.h"

namespace conformance {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {
    for (int i = 0; i < 10; ++i) bits();
  }
  uint32_t bits() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33);
  }
  unsigned below(unsigned bound) { return bits() % bound; }
  template <class T, size_t size>
  const T& one_of(const T (&choices)[size]) {
    return choices[below(size)];
  }

 private:
  uint64_t state_;
};

// " = RESULT", with the name of errno.
inline void put_result(long long result) {
  const int error = errno;
  printf(" = %lld%s%s", result, result < 0 ? " " : "", result < 0 ? errno_name(error).c_str() : "");
}

inline void put_poll_events(int events) {
  const struct {
    int bit;
    const char* name;
  } names[] = {{POLLIN, "IN"},   {POLLPRI, "PRI"},   {POLLOUT, "OUT"},    {POLLERR, "ERR"},
               {POLLHUP, "HUP"}, {POLLNVAL, "NVAL"}, {POLLRDHUP, "RDHUP"}};
  printf("%s", events == 0 ? "-" : "");
  for (const auto& name : names)
    if ((events & name.bit) != 0) printf("+%s", name.name);
}

inline void put_epoll_events(uint32_t events) {
  const struct {
    uint32_t bit;
    const char* name;
  } names[] = {{EPOLLIN, "IN"},           {EPOLLOUT, "OUT"},
               {EPOLLERR, "ERR"},         {EPOLLHUP, "HUP"},
               {EPOLLRDHUP, "RDHUP"},     {static_cast<uint32_t>(EPOLLET), "ET"},
               {EPOLLONESHOT, "ONESHOT"}, {EPOLLEXCLUSIVE, "EXCLUSIVE"}};
  printf("%s", events == 0 ? "-" : "");
  for (const auto& name : names)
    if ((events & name.bit) != 0) printf("+%s", name.name);
}

}  // namespace conformance

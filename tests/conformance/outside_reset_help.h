// What outside_reset_test.cpp and outside_reset_after_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>

#include "peer.h"

using namespace conformance;

namespace outside_reset {

constexpr short every_event = POLLIN | POLLOUT | POLLRDHUP;
constexpr short over = POLLIN | POLLOUT | POLLRDHUP | POLLHUP;

// A connection whose other end is the peer's.
struct Outside {
  Peer peer;
  Fd fd;
  explicit Outside(int family) : fd(tcp(family)) {
    const Address address = peer.listen(family);
    REQUIRE_OK(connect(fd, address.get(), address.length));
    peer.call("accept");
  }
  // A host looks at its sockets only when the guest suspends, which an answer that was there doesn't need.
  void does(const std::string& steps) {
    peer.call(steps);
    REQUIRE_OK(poll(nullptr, 0, 1));
  }
};

inline short events_of(int fd, short wanted = every_event) {
  pollfd entry = {fd, wanted, 0};
  REQUIRE(poll(&entry, 1, 0) >= 0);
  return entry.revents;
}

inline int error_of(int fd) { return int_option(fd, SOL_SOCKET, SO_ERROR); }

inline uint32_t epoll_events(int fd, uint32_t wanted) {
  Fd set(epoll_create1(0));
  epoll_event event{};
  event.events = wanted;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
  epoll_event told{};
  return epoll_wait(set, &told, 1, 0) == 1 ? told.events : 0;
}

}  // namespace outside_reset

// What the epoll cases share: an epoll descriptor with its calls by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <map>
#include <vector>

#include "net.h"

namespace conformance {

constexpr std::uint32_t edge = static_cast<std::uint32_t>(EPOLLET);
constexpr std::uint32_t oneshot = static_cast<std::uint32_t>(EPOLLONESHOT);
constexpr std::uint32_t exclusive = static_cast<std::uint32_t>(EPOLLEXCLUSIVE);
constexpr std::uint32_t any_event = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI;

class Epoll {
 public:
  Epoll() : fd_(epoll_create1(0)) { REQUIRE(fd_ >= 0); }

  operator int() const { return fd_; }
  void close() { fd_.reset(); }

  // The user data is the number, if nothing else is said.
  int control(int operation, int number, std::uint32_t events) {
    return control(operation, number, events, static_cast<std::uint64_t>(number));
  }
  int control(int operation, int number, std::uint32_t events, std::uint64_t data) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return epoll_ctl(fd_, operation, number, &event);
  }
  int add(int number, std::uint32_t events) { return control(EPOLL_CTL_ADD, number, events); }
  int modify(int number, std::uint32_t events) { return control(EPOLL_CTL_MOD, number, events); }
  int remove(int number) { return epoll_ctl(fd_, EPOLL_CTL_DEL, number, nullptr); }

  // User data -> events; at most `most` of them.
  std::map<std::uint64_t, std::uint32_t> wait(int timeout = 0, int most = 64) {
    std::vector<epoll_event> events(static_cast<std::size_t>(most));
    int count = epoll_wait(fd_, events.data(), most, timeout);
    REQUIRE_OK(count);
    std::map<std::uint64_t, std::uint32_t> found;
    for (int i = 0; i < count; ++i)
      found[events[static_cast<std::size_t>(i)].data.u64] = events[static_cast<std::size_t>(i)].events;
    REQUIRE(found.size() == static_cast<std::size_t>(count));
    return found;
  }
  // The events of the only interest that reports any; 0: none does.
  std::uint32_t one(int timeout = 0) {
    auto found = wait(timeout);
    REQUIRE(found.size() <= 1);
    return found.empty() ? 0 : found.begin()->second;
  }
  std::size_t count(int timeout = 0) { return wait(timeout).size(); }

 private:
  Fd fd_;
};

constexpr int patience = 8000;  // milliseconds, for what is sure to happen

}  // namespace conformance

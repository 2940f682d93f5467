// What the kqueue cases share. There is no kernel here that could judge them: each states what kqueue(2) of FreeBSD says, in
// its words for the filter or flag.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "../../include/sys/event.h"

#include <cstdint>
#include <map>
#include <vector>

#include "net.h"

namespace conformance {

constexpr int patience = 8000;  // milliseconds, for what is sure to happen

class Queue {
 public:
  Queue() : fd_(kqueue()) { REQUIRE(fd_ >= 0); }

  operator int() const { return fd_; }
  void close() { fd_.reset(); }

  // One change. The user data is the identifier.
  int change(std::uintptr_t ident, int filter, unsigned flags, unsigned fflags = 0, std::int64_t data = 0) {
    struct kevent event;
    EV_SET(&event, ident, filter, flags, fflags, data, ident);
    return kevent(fd_, &event, 1, nullptr, 0, nullptr);
  }
  int add(std::uintptr_t ident, int filter, unsigned flags = 0) { return change(ident, filter, EV_ADD | flags); }
  int remove(std::uintptr_t ident, int filter) { return change(ident, filter, EV_DELETE); }

  std::vector<struct kevent> wait(int milliseconds = 0, int most = 64) {
    std::vector<struct kevent> events(static_cast<std::size_t>(most));
    timespec time{};
    time.tv_sec = milliseconds / 1000;
    time.tv_nsec = milliseconds % 1000 * 1000000L;
    int count = kevent(fd_, nullptr, 0, events.data(), most, milliseconds < 0 ? nullptr : &time);
    REQUIRE_OK(count);
    events.resize(static_cast<std::size_t>(count));
    return events;
  }
  std::size_t count(int milliseconds = 0) { return wait(milliseconds).size(); }
  // The one event that there is.
  struct kevent one(int milliseconds = patience) {
    auto events = wait(milliseconds);
    REQUIRE(events.size() == 1);
    return events[0];
  }

 private:
  Fd fd_;
};

}  // namespace conformance

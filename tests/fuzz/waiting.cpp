// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that wait, and the descriptors that live within the process.
#include <fcntl.h>

#include "run.h"

namespace random_calls {

void Run::wait() {
  pollfd entries[6];
  const auto count = choose_.below(7);
  for (unsigned i = 0; i < count; ++i)
    entries[i] = {descriptor(),
                  static_cast<short>(choose_.of<int>({POLLIN, POLLOUT, POLLIN | POLLOUT, POLLRDHUP, 0, -1})), 0x55};
  const int timeout = static_cast<int>(choose_.below(30));
  if (choose_.one_in(3)) {
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    for (unsigned i = 0; i < count; ++i)
      if (entries[i].fd >= 0 && entries[i].fd < FD_SETSIZE) FD_SET(entries[i].fd, i % 2 == 0 ? &in : &out);
    timeval time = {0, timeout * 1000};
    CALL(select, choose_.of<int>({FD_SETSIZE, 100, 0, -1}), &in, choose_.one_in(5) ? nullptr : &out, nullptr, &time);
    return;
  }
  const long found = CALL(poll, choose_.one_in(20) ? nullptr : entries, count, timeout);
  if (found > static_cast<long>(count)) fail("more events than entries", found);
  if (found < 0) return;
  for (unsigned i = 0; i < count; ++i) {
    const int allowed = (entries[i].events & 0xffff) | POLLERR | POLLHUP | POLLNVAL;
    if (entries[i].revents != 0x55 && (entries[i].revents & ~allowed) != 0)
      fail("event not asked for", entries[i].revents);
  }
}

void Run::in_process() {
  int ends[2] = {-1, -1};
  switch (choose_.below(4)) {
    case 0:
      if (CALL(pipe, ends) == 0) keep(ends[0]), keep(ends[1]);
      break;
    case 1:
      if (CALL(socketpair, AF_UNIX,
               choose_.of<int>({SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 9}) | choose_.of<int>({0, SOCK_NONBLOCK}), 0,
               ends) == 0)
        keep(ends[0]), keep(ends[1]);
      break;
    case 2:
      keep(static_cast<int>(CALL(eventfd, choose_.below(3), choose_.of<int>({0, O_NONBLOCK, 1, -1}))));
      break;
    default: {
      const int number =
          keep(static_cast<int>(CALL(timerfd_create, CLOCK_MONOTONIC, choose_.of<int>({0, O_NONBLOCK, 7}))));
      const itimerspec value = {{0, static_cast<long>(choose_.below(3)) * 1000000},
                                {0, static_cast<long>(choose_.below(20)) * 1000000}};
      CALL(timerfd_settime, number, 0, &value, nullptr);
    }
  }
}

void Run::epoll() {
  epoll_event events[4] = {};
  switch (choose_.below(6)) {
    case 0:
      keep(static_cast<int>(CALL(epoll_create1, choose_.of<int>({0, EPOLL_CLOEXEC, 1}))));
      break;
    case 1:
    case 2:
    case 3: {
      epoll_event event = {};
      event.events = choose_.of<uint32_t>({EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT | EPOLLET, EPOLLIN | EPOLLONESHOT,
                                           EPOLLRDHUP, EPOLLEXCLUSIVE | EPOLLIN, 0});
      CALL(epoll_ctl, descriptor(), choose_.of<int>({EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 9}),
           descriptor(), choose_.one_in(16) ? nullptr : &event);
      break;
    }
    default: {
      const long found = CALL(epoll_wait, descriptor(), events, choose_.of<int>({1, 4, 4, 0, -1}),
                              static_cast<int>(choose_.below(20)));
      if (found > 4) fail("too many epoll events", found);
    }
  }
}

void Run::pass_time() { CALL(poll, nullptr, 0, static_cast<int>(1 + choose_.below(50))); }

}  // namespace random_calls

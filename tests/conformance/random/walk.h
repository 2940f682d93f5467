// What the random walks over descriptors share: slots that hold them, and the calls that take any of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>

#include "random.h"

namespace conformance {

template <int slots>
class Slots {
 public:
  explicit Slots(uint64_t seed) : random_(seed) {
    for (int& fd : fds_) fd = -1;
    for (int& set : sets_) set = -1;
  }
  ~Slots() {
    for (int fd : fds_)
      if (fd >= 0) close(fd);
  }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

 protected:
  static void put(const char* what, int slot) { printf("%s %d", what, slot); }

  // A free slot, or one that is made free.
  int free_slot() {
    for (int i = 0; i < slots; ++i)
      if (fds_[i] < 0) return i;
    const int i = any();
    printf("(close %d)", i);
    close(fds_[i]);
    fds_[i] = -1;
    return i;
  }
  int hold(int fd, unsigned kind) {
    const int i = free_slot();
    fds_[i] = fd;
    kinds_[i] = kind;
    sets_[i] = -1;
    return i;
  }
  int any() { return static_cast<int>(random_.below(slots)); }
  // Mostly one of the kinds.
  int one_of(unsigned kinds) {
    for (int tries = 0; tries < 20; ++tries) {
      const int i = any();
      if (fds_[i] >= 0 && (kinds_[i] & kinds) != 0) return i;
    }
    return any();
  }

  void close_any() {
    const int i = any();
    put("close", i);
    put_result(close(fds_[i]));
    fds_[i] = -1;
  }
  // The new slot; -1: none.
  int duplicate_any() {
    const int from = any();
    const int to = free_slot();
    if (fds_[from] < 0) return -1;
    fds_[to] = dup(fds_[from]);
    kinds_[to] = kinds_[from];
    sets_[to] = sets_[from];
    printf("dup %d to %d", from, to);
    return to;
  }
  void poll_all() {
    pollfd entries[slots];
    for (int i = 0; i < slots; ++i) entries[i] = {fds_[i], POLLIN | POLLOUT | POLLRDHUP, 0};
    printf("poll");
    put_result(poll(entries, slots, 0));
    for (const pollfd& entry : entries) {
      putchar(' ');
      put_poll_events(entry.revents);
    }
  }
  // epoll_ctl with set `i`; `flags`: EPOLLONESHOT and such.
  void control(int i, int watched, uint32_t flags) {
    static const uint32_t wanted[] = {EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT, EPOLLIN | EPOLLRDHUP, 0};
    static const char* const names[] = {"add", "modify", "remove"};
    static const int operations[] = {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL};
    const unsigned operation = random_.below(4) < 3 ? 0 : 1 + random_.below(2);
    epoll_event event{};
    event.events = random_.one_of(wanted) | flags;
    event.data.u64 = ++interests_;
    printf("%s %d %llu ", names[operation], watched, static_cast<unsigned long long>(interests_));
    put_epoll_events(event.events);
    put(" set", i);
    put_result(epoll_ctl(fds_[i], operations[operation], fds_[watched], &event));
  }
  // epoll_wait for at most `most` <= 64 events; `sorted`: their order is left out.
  void wait(int i, int most, bool sorted) {
    epoll_event events[64];
    put("wait", i);
    const int count = epoll_wait(fds_[i], events, most, 0);
    put_result(count);
    if (sorted && count > 0)
      std::sort(events, events + count,
                [](const epoll_event& a, const epoll_event& b) { return a.data.u64 < b.data.u64; });
    for (int k = 0; k < count; ++k) {
      printf(" %llu", static_cast<unsigned long long>(events[k].data.u64));
      put_epoll_events(events[k].events);
    }
  }

  Random random_;
  int fds_[slots];
  unsigned kinds_[slots] = {};
  int sets_[slots];  // the slot of the epoll set that watches the description; -1: none has

 private:
  uint64_t interests_ = 0;
};

// PROGRAM FIRST:COUNT     of the seeds; prints each step's line.
template <class Walk>
int walk_seeds(int argc, char** argv, int steps) {
  unsigned long first = 0, count = 0;
  if (argc != 2 || sscanf(argv[1], "%lu:%lu", &first, &count) != 2) return 2;
#ifndef __wasi__
  signal(SIGPIPE, SIG_IGN);
#endif
  for (unsigned long seed = first; seed < first + count; ++seed) {
    Walk walk(seed);
    for (int i = 0; i < steps; ++i) {
      printf("%lu/%d: ", seed, i);
      walk.step();
      printf("\n");
    }
  }
  return 0;
}

}  // namespace conformance

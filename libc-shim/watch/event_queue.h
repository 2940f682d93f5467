// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a kqueue descriptor stands for: FreeBSD's event queues, with the filters for reading, writing, timers and events of
// the program's own.
//
// Like epoll's edges those of EV_CLEAR go by the edge counters of the description. Unlike epoll's, interests belong to a
// descriptor: closing it ends them, whatever duplicates it has.
#pragma once

#include <sys/event.h>

#include "watch/interest_list.h"
#include "watch/watcher.h"

namespace posix_sockets {

class EventQueue final : public Watcher {
 public:
  static constexpr Kinds kinds = Kind::event_queue;

  EventQueue() : Watcher(Kind::event_queue) {}
  void release() override;
  Result<size_t> receive(ReceiveRequest&) override { return Errno(EOPNOTSUPP); }
  Result<size_t> send(SendRequest&) override { return Errno(EOPNOTSUPP); }
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  uint32_t edge_count(Events wanted) const override;
  int64_t buffered() override;
  bool reaches(const Description* other) const override;

  // One change. `description` is what the filters for reading and writing find under `event.ident`.
  // ENOENT; EINVAL: the filter, its parameters, or a combination of flags; ENOMEM.
  Errno change(const struct kevent& event, Description* description);

  // The third step of a wait, as an epoll set's. The timers shorten the second: until wait_limit(), at most.
  int collect(struct kevent* out, int most);
  Deadline wait_limit() override;

 private:
  // The standing interest in one filter of one identifier.
  struct Note : Interest {
    uintptr_t ident = 0;
    void* user = nullptr;
    int64_t data = 0;                   // the program's parameter
    uint64_t kept[2] = {};              // ext[2] and ext[3]
    uint64_t expiry = Deadline::never;  // of a timer: the next; never, if there is none
    uint64_t expired = 0;               // times, since it was last told; of EVFILT_USER: whether it was triggered
    uint32_t flags_wanted = 0;
    uint16_t flags = 0;
    int8_t filter = 0;
    bool forced : 1 = false;  // by EV_FORCEONESHOT

    bool clears() const { return (flags & EV_CLEAR) != 0; }
  };

  void reference_gone(Watch& watch, int number) override;
  Note* find(uintptr_t ident, int filter) const;
  void remove(Note& note);
  Errno add(const struct kevent& event, Description* description);
  // Takes over the parameters of a change.
  static Errno set(Note& note, const struct kevent& event, bool fresh);
  static Errno set_timer(Note& note, const struct kevent& event);
  static void set_user(Note& note, const struct kevent& event, bool fresh);
  static uint64_t period_of(const Note& note);
  static void advance(Note& note, uint64_t now);

  Events to_wait_for(const Interest& interest) const override;
  bool is_due(Interest& interest, bool probe) override;
  // Whether it is to be told; `out` has what.
  bool holds(const Note& note, bool probe, struct kevent& out) const;
  static bool holds_file(const Note& note, struct kevent& out);
  bool look_at(const Note& note, bool probe, struct kevent& out) const;
  void advance_timers();
  static int compare(const void* left, const void* right);

  InterestList<Note> notes_;
  uintptr_t start_ = 0;  // the identifier from which on the next wait tells
  uint32_t timers_ = 0;  // notes with a timer
  uint64_t next_expiry_ = Deadline::never;
  host::Timer timer_;  // for who waits for the queue itself
};

}  // namespace posix_sockets

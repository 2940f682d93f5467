// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What epoll sets and event queues have in common: interests in descriptions, which they don't hold, and one way to wait.
//
// A wait looks at the active interests only. An interest is active from when something about it changes (it is added or modified, the
// program calls something on the description, an edge is counted, a source of it is ready) until a look finds that nothing of it is to
// be told. What it waits for then stays in the set of sources. Interests that no source tells of stay active.
#pragma once

#include "wait/pace.h"
#include "watch/interest.h"

namespace posix_sockets {

class Watcher : public Description, public WatchOwner {
 public:
  static constexpr Kinds kinds = posix_sockets::kinds::watchers;

  Result<size_t> receive(ReceiveRequest&) override { return Errno(EINVAL); }
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }
  Errno stat(struct stat& out) final;

  // Whether it is, or watches, by any number of watchers in between, `other`.
  virtual bool reaches(const Description* other) const { return this == other; }

  // A wait goes in three steps, see wait_for_events(), and the third one is to write the events. Until when the second may wait at most:
  virtual Deadline wait_limit() { return {}; }
  // First, whether something is known to be told; the sources of what isn't known are in the set then.
  bool look();
  // Unless something is `known`, waits. Else asks the host about the rest, if that wasn't done a moment ago: a busy set with
  // many idle sockets isn't slowed down by asking each time. Errors as PollSet::wait().
  Errno wait(bool known, Deadline deadline);

  // WatchOwner
  void changed(Watch& watch) final { activate(static_cast<Interest&>(watch)); }

 protected:
  explicit Watcher(Kind kind) : Description(kind), sources_(lost_source) {}
  ~Watcher() { set_aside(); }

  // Whether there is something of it to be told. `probe`: the host is asked.
  virtual bool is_due(Interest&, bool probe) {
    (void)probe;
    return false;
  }
  virtual Events to_wait_for(const Interest&) const { return 0; }

  void enter(Interest& interest, Description* description);
  // The interest ends.
  void leave(Interest& interest);
  void activate(Interest& interest);

  // The third step: which interests to look at once more, sorted by `compare`; their number. They are in lined_up_.
  size_t line_up(bool (*comes_up)(Interest&), int (*compare)(const void*, const void*));
  // Those of which nothing is to be told rest from now on.
  void let_rest(bool (*rests)(const Interest&));

  Interest** lined_up_ = inline_line_;

 private:
  static void lost_source(PollSet::Member& member);
  void update_sources(Interest& interest);
  bool reserve_line(size_t count);
  void set_aside();

  PollSet sources_;
  Pace pace_;
  Interest* active_ = nullptr;
  Interest** active_end_ = &active_;
  int wanting_room_ = 0;  // interests that wait for room which the host has
  static constexpr size_t inline_capacity = 8;
  Interest* inline_line_[inline_capacity];
  size_t line_capacity_ = inline_capacity;
};

}  // namespace posix_sockets

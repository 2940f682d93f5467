// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an epoll descriptor stands for: a list of interests in other descriptions.
//
// Level-triggered interests are looked at like poll's entries. An edge-triggered one is told again only after the edge
// counters of its description have moved; until then it waits for what moves them, and not for what holds already.
//
// Events are told in the order of the kernel's ready list: an interest enters it when its event comes, stays in its place
// until a wait finds nothing to tell of it any more, and goes to the end when it was told and still holds.
#pragma once

#include <sys/epoll.h>

#include "wait/pace.h"
#include "watch/interest_list.h"
#include "watch/watcher.h"

namespace posix_sockets {

class EpollSet final : public Watcher {
 public:
  static constexpr Kinds kinds = Kind::epoll_set;

  EpollSet() : Watcher(Kind::epoll_set) {}
  void release() override;
  Result<int> readable_bytes() override { return Errno(EINVAL); }
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  uint32_t edge_count(Events wanted) const override;
  bool reaches(const Description* other) const override;

  // The operations of epoll_ctl. EEXIST, ENOENT, ENOMEM; EINVAL; ELOOP: sets that watch each other, or too many levels.
  Errno add(int number, Description* description, const epoll_event& event);
  Errno modify(int number, Description* description, const epoll_event& event);
  Errno remove(int number, Description* description);

  // A wait goes in three steps. First, whether an event holds as far as the guest knows; the pollables for what it doesn't
  // know are gathered then.
  bool prepare();
  // Unless something is `known`, waits. Else asks the host about the rest, if that wasn't done a moment ago: a busy set with
  // many idle sockets isn't slowed down by asking each time.
  Errno wait(bool known, Deadline deadline);
  // Then at most `most` events, one an interest, are written and noted as told. Only what the guest knew in the first step
  // and what the wait found ready is looked at.
  int collect(epoll_event* out, int most);

 private:
  struct Interest {
    Description* description;  // null: a gap
    uint16_t number;
    bool told : 1;       // since it was added or changed
    bool disabled : 1;   // by EPOLLONESHOT
    bool known : 1;      // found by prepare()
    bool suspected : 1;  // its pollable is ready
    bool listed : 1;     // in the ready list
    Events wanted : 5;   // what `events` means of the description, which to find out costs calls
    uint32_t events;     // EPOLL*, with the flags
    uint32_t told_edge;  // the description's counter when this was last told
    uint32_t place;      // an EdgeCounter's instant: that in the ready list, or when it left it
    uint32_t added;      // one, too
    epoll_data_t data;

    uintptr_t order() const { return number; }
    bool is_gap() const { return description == nullptr; }
    // The latest comes first, but those that are exclusive come last, in the order of their coming.
    uint32_t in_queue() const { return (events & EPOLLEXCLUSIVE) == 0 ? INT32_MAX - added : INT32_MAX + added; }
    bool is_edge() const { return (events & static_cast<uint32_t>(EPOLLET)) != 0; }
  };

  void forget(Description* description, int number) override;
  Interest* find(int number, const Description* description) const;
  void empty(Interest& interest);
  static Events to_wanted(uint32_t events, const Description& description);
  static Events to_wait_for(const Interest& interest);
  static Events holds(const Interest& interest, bool probe);
  // When it entered the ready list; 0: it isn't there.
  static uint32_t place_of(const Interest& interest);
  // The first one in the ready list, behind `last` if that isn't null; null: there is none.
  Interest* next_listed(const Interest* last) const;
  // A place for what comes up in this wait, and no instant tells since when: now; of a set that another interest has, too, the same.
  uint32_t place_now(const Interest& interest, size_t lined_up) const;
  // Fills order_ with those to look at; their number.
  size_t line_up();
  void entered(Interest& interest);
  static void leave_ready_list(Interest& interest) {
    interest.listed = false;
    interest.place = EdgeCounter::now();
    if (interest.description->watchers == 1) interest.description->forget_edges();
  }
  int levels_below() const;
  int levels_above() const;

  InterestList<Interest> interests_;
  Pace pace_;
  bool waits_for_room_ = false;  // which there mostly is, so that the host can't be left out
  PollSet pollables_;
  // The interests of one wait in their order: by place, and then as the kernel's queue of a description has them.
  struct Ready {
    uint32_t place;
    uint32_t in_queue;
    uint32_t index;
    bool came_up;  // in this wait, with no instant that tells since when
  };
  static int compare(const void* left, const void* right);
  static constexpr size_t inline_ready = 8;
  Ready inline_order_[inline_ready];
  Ready* order_ = inline_order_;
  size_t order_capacity_ = inline_ready;
};

}  // namespace posix_sockets

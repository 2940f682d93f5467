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

  // The third step of a wait: at most `most` events, one an interest, are written and noted as told. Only what the guest knew in the
  // first step and what the wait found ready is looked at.
  int collect(epoll_event* out, int most);

 private:
  struct Item : Interest {
    uint16_t number = 0;
    bool listed : 1 = false;  // in the ready list
    Events wanted : 5 = 0;    // what `events` means of the description, which to find out costs calls
    uint32_t events = 0;      // EPOLL*, with the flags
    uint32_t place = 0;  // an EdgeCounter's instant: that in the ready list, or when it left it. 0: listed just now
    uint32_t added = 0;  // one, too
    epoll_data_t data = {};

    // The latest comes first, but those that are exclusive come last, in the order of their coming.
    uint32_t in_queue() const { return (events & EPOLLEXCLUSIVE) == 0 ? INT32_MAX - added : INT32_MAX + added; }
    bool is_edge() const { return (events & static_cast<uint32_t>(EPOLLET)) != 0; }
    void leave_ready_list() {
      listed = false;
      place = EdgeCounter::now();
      if (description->watches->next == nullptr) description->forget_edges();
    }
  };

  void reference_gone(Watch& watch, int number) override;
  Item* find(int number, const Description* description) const;
  void remove(Item& item);
  static Events to_wanted(uint32_t events, const Description& description);
  Events to_wait_for(const Interest& interest) const override;
  bool is_due(Interest& interest, bool probe) override { return holds(static_cast<Item&>(interest), probe) != 0; }
  Events holds(const Item& item, bool probe) const;
  // When it entered the ready list; 0: it isn't there.
  static uint32_t place_of(const Item& item);
  // The first one in the ready list, behind `last` if that isn't null; null: there is none.
  Item* next_listed(const Item* last) const;
  // A place for what comes up in this wait, and no instant tells since when.
  uint32_t place_now(const Item& item, size_t first, size_t end) const;
  void set_events(Item& item, const epoll_event& event);
  void entered(Item& item);
  int levels_below() const;
  int levels_above() const;

  // The order of one wait: by place, those that were just listed behind all by number, and then as the kernel's queue of a description
  // has them. Those with the same place have the same description.
  static int compare(const void* left, const void* right);

  InterestList<Item> interests_;
};

}  // namespace posix_sockets

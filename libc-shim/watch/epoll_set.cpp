// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: the list of interests.
#include "watch/epoll_set.h"

#include <stdlib.h>

#include "support/memory.h"

namespace posix_sockets {
namespace {

constexpr int most_levels = 5;  // of sets in sets: EP_MAX_NESTS, and one

}  // namespace

void EpollSet::release() {
  for (const Interest& interest : interests_)
    if (!interest.is_gap()) --interest.description->watchers;
  leave_list();
  if (order_ != inline_order_) free(order_);
  destroy(this);
}

// A number can have several interests: of what it stood for before, and still has other descriptors.
EpollSet::Interest* EpollSet::find(int number, const Description* description) const {
  return interests_.find(static_cast<uintptr_t>(number),
                         [=](const Interest& interest) { return interest.description == description; });
}

void EpollSet::empty(Interest& interest) {
  Description* description = interest.description;
  edges += description->edge_count(to_wait_for(interest));  // so that the sum in edge_count() stays
  --description->watchers;
  interest.description = nullptr;
  interests_.emptied();
}

void EpollSet::forget(Description* description, int number) {
  if (description->references != 0) return;
  Interest* interest = number >= 0 ? find(number, description) : nullptr;
  if (interest != nullptr) empty(*interest);
  // What is left are interests of former numbers.
  for (size_t i = interests_.size(); i-- > 0 && description->watchers != 0;)
    if (i < interests_.size() && interests_[i].description == description) empty(interests_[i]);
}

int EpollSet::levels_below() const {
  int deepest = 0;
  for (const Interest& interest : interests_) {
    EpollSet* inner = !interest.is_gap() ? as<EpollSet>(interest.description) : nullptr;
    if (inner == nullptr) continue;
    const int levels = inner->levels_below() + 1;
    if (levels > deepest) deepest = levels;
  }
  return deepest;
}

int EpollSet::levels_above() const {
  int highest = 0;
  for (Watcher* watcher = first(); watcher != nullptr && watchers != 0; watcher = watcher->next()) {
    EpollSet* outer = as<EpollSet>(watcher);
    if (outer == nullptr) continue;
    bool contains = false;
    for (const Interest& interest : outer->interests_) contains |= interest.description == this;
    const int levels = contains ? outer->levels_above() + 1 : 0;
    if (levels > highest) highest = levels;
  }
  return highest;
}

bool EpollSet::reaches(const Description* other) const {
  if (this == other) return true;
  for (const Interest& interest : interests_) {
    Watcher* inner = !interest.is_gap() ? as<Watcher>(interest.description) : nullptr;
    if (inner != nullptr && inner->reaches(other)) return true;
  }
  return false;
}

// Whoever watches this set is woken if there is something to tell at once. If only the host knows, the sum changes all the same.
void EpollSet::entered(Interest& interest) {
  leave_ready_list(interest);
  if (holds(interest, false) == 0) {
    if (!interest.description->in_process() || as<Watcher>(interest.description) != nullptr) edges += 1;
    return;
  }
  ++edges;
  interest.listed = true;
  interest.place = EdgeCounter::next_instant();
}

Errno EpollSet::add(int number, Description* description, const epoll_event& event) {
  Watcher* inner = as<Watcher>(description);
  if (inner != nullptr && inner->reaches(this)) return ELOOP;
  EpollSet* set = as<EpollSet>(description);
  if (set != nullptr && levels_above() + 1 + set->levels_below() >= most_levels) return ELOOP;
  if (find(number, description) != nullptr) return EEXIST;
  Interest* place = interests_.make_place(static_cast<uintptr_t>(number));
  if (place == nullptr) return ENOMEM;
  *place = {};
  place->description = description;
  place->number = static_cast<uint16_t>(number);
  place->wanted = to_wanted(event.events, *description);
  place->events = event.events;
  place->added = EdgeCounter::next_instant();
  place->data = event.data;
  ++description->watchers;
  edges -= description->edge_count(to_wait_for(*place));  // what came before is no news
  entered(*place);
  return success;
}

Errno EpollSet::modify(int number, Description* description, const epoll_event& event) {
  if ((event.events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  if ((interest->events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  // What is in the ready list already stays in its place, and wakes nobody.
  const uint32_t place = interest->disabled ? 0 : place_of(*interest);
  edges += description->edge_count(to_wait_for(*interest));
  interest->told = interest->disabled = interest->known = interest->suspected = false;
  interest->listed = place != 0;
  if (place != 0) interest->place = place;
  interest->wanted = to_wanted(event.events, *description);
  interest->events = event.events;
  interest->told_edge = 0;
  interest->data = event.data;
  edges -= description->edge_count(to_wait_for(*interest));
  if (place == 0) entered(*interest);
  return success;
}

Errno EpollSet::remove(int number, Description* description) {
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  empty(*interest);
  return success;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: the list of interests.
#include "watch/epoll_set.h"

#include "support/memory.h"

namespace posix_sockets {
namespace {

constexpr int most_levels = 5;  // of sets in sets: EP_MAX_NESTS, and one

}  // namespace

void EpollSet::release() {
  for (Item& item : interests_) leave(item);
  destroy(this);
}

// A number can have several interests: of what it stood for before, and still has other descriptors.
EpollSet::Item* EpollSet::find(int number, const Description* description) const {
  return interests_.find(static_cast<uintptr_t>(number),
                         [=](const Item& item) { return item.description == description; });
}

void EpollSet::remove(Item& item) {
  edges += item.description->edge_count(to_wait_for(item));  // so that the sum in edge_count() stays
  leave(item);
  interests_.remove(item.number, &item);
}

void EpollSet::reference_gone(Watch& watch, int) {
  if (watch.description->references == 0) remove(static_cast<Item&>(watch));
}

int EpollSet::levels_below() const {
  int deepest = 0;
  for (const Item& item : interests_) {
    const auto* inner = as<EpollSet>(item.description);
    if (inner == nullptr) continue;
    const int levels = inner->levels_below() + 1;
    if (levels > deepest) deepest = levels;
  }
  return deepest;
}

int EpollSet::levels_above() const {
  int highest = 0;
  for (const Watch* watch = watches; watch != nullptr; watch = watch->next) {
    const auto* outer = as<EpollSet>(static_cast<Watcher*>(watch->owner));
    const int levels = outer != nullptr ? outer->levels_above() + 1 : 0;
    if (levels > highest) highest = levels;
  }
  return highest;
}

bool EpollSet::reaches(const Description* other) const {
  if (this == other) return true;
  for (const Item& item : interests_) {
    const auto* inner = as<Watcher>(item.description);
    if (inner != nullptr && inner->reaches(other)) return true;
  }
  return false;
}

// Whoever watches this set is woken if there is something to tell at once. If only the host knows, the sum changes all the same.
void EpollSet::entered(Item& item) {
  item.leave_ready_list();
  if (holds(item, false) == 0) {
    if (!item.description->in_process() || as<Watcher>(item.description) != nullptr) edges += 1;
    return;
  }
  tell_change();
  item.listed = true;
  item.place = EdgeCounter::next_instant();
}

void EpollSet::set_events(Item& item, const epoll_event& event) {
  item.wanted = to_wanted(event.events, *item.description);
  item.events = event.events;
  item.data = event.data;
  edges -= item.description->edge_count(to_wait_for(item));  // what came before is no news
}

Errno EpollSet::add(int number, Description* description, const epoll_event& event) {
  const auto* inner = as<Watcher>(description);
  if (inner != nullptr && inner->reaches(this)) return ELOOP;
  const auto* set = as<EpollSet>(description);
  if (set != nullptr && levels_above() + 1 + set->levels_below() >= most_levels) return ELOOP;
  if (find(number, description) != nullptr) return EEXIST;
  Item* item = interests_.add(static_cast<uintptr_t>(number));
  if (item == nullptr) return ENOMEM;
  item->number = static_cast<uint16_t>(number);
  item->added = EdgeCounter::next_instant();
  enter(*item, description);
  set_events(*item, event);
  entered(*item);
  return success;
}

Errno EpollSet::modify(int number, Description* description, const epoll_event& event) {
  if ((event.events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  Item* item = find(number, description);
  if (item == nullptr) return ENOENT;
  if ((item->events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  // What is in the ready list already stays in its place, and wakes nobody.
  const uint32_t place = item->disabled ? 0 : place_of(*item);
  edges += description->edge_count(to_wait_for(*item));
  item->told = item->disabled = item->known = item->suspected = false;
  item->listed = place != 0;
  if (place != 0) item->place = place;
  item->told_edge = 0;
  set_events(*item, event);
  activate(*item);
  if (place == 0) entered(*item);
  return success;
}

Errno EpollSet::remove(int number, Description* description) {
  Item* item = find(number, description);
  if (item == nullptr) return ENOENT;
  remove(*item);
  return success;
}

}  // namespace posix_sockets

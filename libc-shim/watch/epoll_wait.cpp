// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: what holds, and whom to ask about the rest.
#include <stdlib.h>

#include "watch/epoll_set.h"

namespace posix_sockets {
namespace {

// The events that readable and writable mean of it.
uint32_t readable_events(const Description& description) {
  return EPOLLIN | ((description.bands() & bands::normal_read) != 0 ? EPOLLRDNORM : 0u);
}
uint32_t writable_events(const Description& description) {
  const uint8_t bands = description.bands();
  return EPOLLOUT | ((bands & bands::normal_write) != 0 ? EPOLLWRNORM : 0u) |
         ((bands & bands::band_write) != 0 ? EPOLLWRBAND : 0u);
}

uint32_t to_epoll(Events now, uint32_t wanted, const Description& description) {
  uint32_t result = 0;
  if ((now & events::readable) != 0) result |= wanted & readable_events(description);
  if ((now & events::writable) != 0) result |= wanted & writable_events(description);
  if ((now & events::read_hang_up) != 0) result |= wanted & EPOLLRDHUP;
  if ((now & events::error) != 0) result |= EPOLLERR;
  if ((now & events::hang_up) != 0) result |= EPOLLHUP;
  return result;
}

}  // namespace

Events EpollSet::to_wanted(uint32_t events, const Description& description) {
  Events result = 0;
  if ((events & readable_events(description)) != 0) result |= events::readable;
  if ((events & writable_events(description)) != 0) result |= events::writable;
  if ((events & EPOLLRDHUP) != 0) result |= events::read_hang_up;
  return result;
}

// Of an edge that was told only more of the same is news.
Events EpollSet::to_wait_for(const Interest& interest) const {
  const auto& item = static_cast<const Item&>(interest);
  Events wanted = item.wanted;
  if (!item.is_edge() || !item.told) return wanted;
  if ((wanted & events::readable) != 0) wanted |= events::more_input;
  if ((wanted & events::writable) != 0) wanted |= events::more_room;
  return wanted;
}

Events EpollSet::holds(const Item& item, bool probe) const {
  if (item.disabled) return 0;
  Description& description = *item.description;
  if (!item.is_edge() || !item.told) return description.ready(item.wanted, probe);
  // Looking may itself move the counter. What moved it isn't all that holds, so that the host is asked about the rest.
  (void)description.ready(to_wait_for(item), probe);
  if (description.edge_count(item.wanted) == item.told_edge) return 0;
  return description.ready(item.wanted, true);
}

int EpollSet::compare(const void* left, const void* right) {
  const auto& a = static_cast<const Item&>(**static_cast<Interest* const*>(left));
  const auto& b = static_cast<const Item&>(**static_cast<Interest* const*>(right));
  if (a.place != b.place) return a.place - 1 < b.place - 1 ? -1 : 1;  // 0 is the last
  if (a.place == 0 && a.number != b.number) return a.number < b.number ? -1 : 1;
  return a.in_queue() < b.in_queue() ? -1 : 1;
}

// Of a set that another interest has, too, the same.
uint32_t EpollSet::place_now(const Item& item, size_t first, size_t end) const {
  for (size_t i = first; i < end && as<Watcher>(item.description) != nullptr; ++i)
    if (lined_up_[i]->description == item.description) return static_cast<const Item&>(*lined_up_[i]).place;
  return EdgeCounter::next_instant();
}

int EpollSet::collect(epoll_event* out, int most) {
  // What is in the ready list leaves it only when a wait comes to it and finds nothing to tell.
  const auto comes_up = [](Interest& interest) {
    auto& item = static_cast<Item&>(interest);
    if (item.disabled) return false;
    if (item.listed) return true;
    const uint32_t came = item.description->first_edge_after(item.place, item.wanted);
    if (!item.known && !item.suspected && came == 0) return false;
    item.listed = true;
    item.place = came;
    return true;
  };
  const size_t count = line_up(comes_up, compare);
  size_t first = count;
  while (first > 0 && static_cast<Item&>(*lined_up_[first - 1]).place == 0) --first;
  bool any_shares = false;
  for (size_t i = first; i < count; ++i) {
    auto& item = static_cast<Item&>(*lined_up_[i]);
    const uint32_t before = EdgeCounter::now();
    item.place = place_now(item, first, i);
    any_shares |= EdgeCounter::now() == before;
  }
  if (any_shares) qsort(lined_up_ + first, count - first, sizeof *lined_up_, compare);
  int found = 0;
  for (size_t i = 0; i < count && found < most; ++i) {
    auto& item = static_cast<Item&>(*lined_up_[i]);
    const uint32_t events = to_epoll(holds(item, item.suspected), item.events, *item.description);
    if (events == 0) {
      item.leave_ready_list();
      continue;
    }
    out[found].events = events;
    out[found].data = item.data;
    ++found;
    item.told = true;
    item.told_edge = item.description->edge_count(item.wanted);
    if ((item.events & EPOLLONESHOT) != 0) item.disabled = true;
    if (item.is_edge() || item.disabled) {
      item.leave_ready_list();
    } else {
      item.place = EdgeCounter::next_instant();
    }
  }
  let_rest([](const Interest& interest) { return !static_cast<const Item&>(interest).listed; });
  return found;
}

uint32_t EpollSet::place_of(const Item& item) {
  return item.listed ? item.place : item.description->first_edge_after(item.place, item.wanted);
}

EpollSet::Item* EpollSet::next_listed(const Item* last) const {
  const auto comes_before = [](uint32_t place, const Item& item, uint32_t other, const Item& another) {
    return place != other ? place < other : item.in_queue() < another.in_queue();
  };
  const uint32_t behind = last != nullptr ? place_of(*last) : 0;
  Item* first = nullptr;
  uint32_t first_place = 0;
  for (Item& item : interests_) {
    if (item.disabled) continue;
    const uint32_t place = place_of(item);
    if (place == 0 || (last != nullptr && !comes_before(behind, *last, place, item))) continue;
    if (first != nullptr && !comes_before(place, item, first_place, *first)) continue;
    first = &item;
    first_place = place;
  }
  return first;
}

// As in the kernel a look goes through the ready list up to the first that holds; what it finds before that, and holds no more,
// leaves the list.
Events EpollSet::ready(Events wanted, bool probe) {
  if ((wanted & events::readable) == 0) return 0;
  const Item* kept = nullptr;  // as only the host knows
  for (Item* next = next_listed(kept); next != nullptr; next = next_listed(kept)) {
    if (holds(*next, probe) != 0) return events::readable;
    if (probe || next->description->in_process()) {
      next->leave_ready_list();
    } else {
      kept = next;
    }
  }
  for (const Item& item : interests_)
    if (holds(item, probe) != 0) return events::readable;
  return 0;
}

void EpollSet::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if ((wanted & events::readable) == 0) return;  // nothing else ever becomes true of it
  for (const Item& item : interests_)
    if (!item.disabled) item.description->subscribe(to_wait_for(item), set, tag);
}

uint32_t EpollSet::edge_count(Events) const {
  uint32_t count = edges;
  for (const Item& item : interests_) count += item.description->edge_count(item.wanted);
  return count;
}

}  // namespace posix_sockets

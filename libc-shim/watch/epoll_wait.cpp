// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: what holds, and whom to ask about the rest.
#include "watch/epoll_set.h"

#include <stdlib.h>
#include <string.h>

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
Events EpollSet::to_wait_for(const Interest& interest) {
  Events wanted = interest.wanted;
  if (!interest.is_edge() || !interest.told) return wanted;
  if ((wanted & events::readable) != 0) wanted |= events::more_input;
  if ((wanted & events::writable) != 0) wanted |= events::more_room;
  return wanted;
}

Events EpollSet::holds(const Interest& interest, bool probe) {
  if (interest.is_gap() || interest.disabled) return 0;
  const Events wanted = interest.wanted;
  if (!interest.is_edge() || !interest.told) return interest.description->ready(wanted, probe);
  // Looking may itself move the counter. What moved it isn't all that holds, so that the host is asked about the rest.
  (void)interest.description->ready(to_wait_for(interest), probe);
  if (interest.description->edge_count(wanted) == interest.told_edge) return 0;
  return interest.description->ready(wanted, true);
}

bool EpollSet::prepare() {
  pollables_.clear();
  bool any_known = false;
  waits_for_room_ = false;
  for (size_t i = 0; i < interests_.size(); ++i) {
    Interest& interest = interests_[i];
    if (interest.is_gap()) continue;
    interest.suspected = false;
    interest.known = holds(interest, false) != 0;
    any_known |= interest.known;
    if (interest.disabled) continue;
    const Events wanted = to_wait_for(interest);
    waits_for_room_ |= interest.description->waits_for_room(wanted) && !interest.description->in_process();
    interest.description->subscribe(wanted, pollables_, static_cast<uint32_t>(i));
  }
  return any_known;
}

Errno EpollSet::wait(bool known, Deadline deadline) {
  if (waits_for_room_) return known ? pace_.ask_now(pollables_) : pollables_.wait(deadline);
  return known ? pace_.ask(pollables_) : pace_.wait(pollables_, deadline);
}

// Those with the same instant have the same description.
int EpollSet::compare(const void* left, const void* right) {
  const auto& a = *static_cast<const Ready*>(left);
  const auto& b = *static_cast<const Ready*>(right);
  if (a.place != b.place) return a.place < b.place ? -1 : 1;
  return a.in_queue < b.in_queue ? -1 : 1;
}

uint32_t EpollSet::place_now(const Interest& interest, size_t lined_up) const {
  for (size_t i = 0; i < lined_up && as<Watcher>(interest.description) != nullptr; ++i)
    if (interests_[order_[i].index].description == interest.description && order_[i].came_up) return order_[i].place;
  return EdgeCounter::next_instant();
}

size_t EpollSet::line_up() {
  const bool looks_at_rest = pollables_.may_lack_ready();
  size_t count = 0;
  bool sorted = true;
  for (size_t i = 0; i < interests_.size(); ++i) {
    Interest& interest = interests_[i];
    if (interest.is_gap() || interest.disabled) continue;
    const uint32_t place = place_of(interest);
    // What is in the list leaves it only when a wait comes to it and finds nothing to tell.
    if (!interest.known && !interest.suspected && place == 0) {
      if (!looks_at_rest) continue;
      interest.description->look_for_input();
    }
    if (count == order_capacity_) {
      auto* larger = static_cast<Ready*>(malloc(2 * count * sizeof(Ready)));
      if (larger == nullptr) break;  // the others' turn comes
      memcpy(larger, order_, count * sizeof(Ready));
      if (order_ != inline_order_) free(order_);
      order_ = larger;
      order_capacity_ = 2 * count;
    }
    if (!interest.listed) {
      interest.place = place != 0 ? place : place_now(interest, count);
      interest.listed = true;
    }
    order_[count] = {interest.place, interest.in_queue(), static_cast<uint32_t>(i), place == 0};
    sorted = sorted && (count == 0 || order_[count - 1].place < interest.place);
    ++count;
  }
  if (!sorted) qsort(order_, count, sizeof(Ready), compare);
  return count;
}

int EpollSet::collect(epoll_event* out, int most) {
  for (size_t i = 0; i < pollables_.ready_count(); ++i) interests_[pollables_.ready_tag(i)].suspected = true;
  const size_t count = line_up();
  int found = 0;
  for (size_t i = 0; i < count && found < most; ++i) {
    Interest& interest = interests_[order_[i].index];
    const Description& description = *interest.description;
    const uint32_t events = to_epoll(holds(interest, interest.suspected), interest.events, description);
    if (events == 0) {
      leave_ready_list(interest);
      continue;
    }
    out[found].events = events;
    out[found].data = interest.data;
    ++found;
    interest.told = true;
    interest.told_edge = description.edge_count(interest.wanted);
    if ((interest.events & EPOLLONESHOT) != 0) interest.disabled = true;
    if (interest.is_edge() || interest.disabled) {
      leave_ready_list(interest);
    } else {
      interest.place = EdgeCounter::next_instant();
    }
  }
  return found;
}

uint32_t EpollSet::place_of(const Interest& interest) {
  return interest.listed ? interest.place : interest.description->first_edge_after(interest.place, interest.wanted);
}

EpollSet::Interest* EpollSet::next_listed(const Interest* last) const {
  const auto comes_before = [](uint32_t place, const Interest& interest, uint32_t other, const Interest& another) {
    return place != other ? place < other : interest.in_queue() < another.in_queue();
  };
  const uint32_t behind = last != nullptr ? place_of(*last) : 0;
  Interest* first = nullptr;
  uint32_t first_place = 0;
  for (Interest& interest : interests_) {
    if (interest.is_gap() || interest.disabled) continue;
    const uint32_t place = place_of(interest);
    if (place == 0 || (last != nullptr && !comes_before(behind, *last, place, interest))) continue;
    if (first != nullptr && !comes_before(place, interest, first_place, *first)) continue;
    first = &interest;
    first_place = place;
  }
  return first;
}

// As in the kernel a look goes through the ready list up to the first that holds; what it finds before that, and holds no more,
// leaves the list.
Events EpollSet::ready(Events wanted, bool probe) {
  if ((wanted & events::readable) == 0) return 0;
  const Interest* kept = nullptr;  // as only the host knows
  for (Interest* next = next_listed(kept); next != nullptr; next = next_listed(kept)) {
    if (holds(*next, probe) != 0) return events::readable;
    if (probe || next->description->in_process()) {
      leave_ready_list(*next);
    } else {
      kept = next;
    }
  }
  for (const Interest& interest : interests_)
    if (holds(interest, probe) != 0) return events::readable;
  return 0;
}

void EpollSet::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if ((wanted & events::readable) == 0) return;  // nothing else ever becomes true of it
  for (const Interest& interest : interests_) {
    if (!interest.is_gap() && !interest.disabled) interest.description->subscribe(to_wait_for(interest), set, tag);
  }
}

uint32_t EpollSet::edge_count(Events) const {
  uint32_t count = edges;
  for (const Interest& interest : interests_)
    if (!interest.is_gap()) count += interest.description->edge_count(interest.wanted);
  return count;
}

}  // namespace posix_sockets

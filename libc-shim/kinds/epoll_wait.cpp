// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: what holds, and whom to ask about the rest.
#include "kinds/epoll_set.h"

#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

Events to_events(uint32_t wanted) {
  Events result = 0;
  if ((wanted & (EPOLLIN | EPOLLRDNORM)) != 0) result |= events::readable;
  if ((wanted & (EPOLLOUT | EPOLLWRNORM)) != 0) result |= events::writable;
  if ((wanted & EPOLLRDHUP) != 0) result |= events::read_hang_up;
  return result;
}

uint32_t to_epoll(Events now, uint32_t wanted) {
  uint32_t result = 0;
  if ((now & events::readable) != 0) result |= wanted & (EPOLLIN | EPOLLRDNORM);
  if ((now & events::writable) != 0) result |= wanted & (EPOLLOUT | EPOLLWRNORM);
  if ((now & events::read_hang_up) != 0) result |= wanted & EPOLLRDHUP;
  if ((now & events::error) != 0) result |= EPOLLERR;
  if ((now & events::hang_up) != 0) result |= EPOLLHUP;
  return result;
}

}  // namespace

// Of an edge that was told only more of the same is news.
Events EpollSet::to_wait_for(const Interest& interest) {
  Events wanted = to_events(interest.events);
  if (!interest.is_edge() || !interest.told) return wanted;
  if ((wanted & events::readable) != 0) wanted |= events::more_input;
  if ((wanted & events::writable) != 0) wanted |= events::more_room;
  return wanted;
}

Events EpollSet::holds(const Interest& interest, bool probe) {
  if (interest.is_gap() || interest.disabled) return 0;
  const Events wanted = to_events(interest.events);
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

Errno EpollSet::ask_host() {
  // A third of the time goes to asking, at the most.
  constexpr uint64_t longest_ns = 2000000;
  const uint64_t begin = wasi::monotonic_clock::now();
  if (begin < next_question_ && !waits_for_room_) {
    pollables_.clear();
    return pollables_.wait(Deadline{Deadline::immediately});  // for its upkeep
  }
  const Errno waited = pollables_.wait(Deadline{Deadline::immediately});
  const uint64_t end = wasi::monotonic_clock::now();
  const uint64_t pause = 2 * (end - begin);
  next_question_ = end + (pause < longest_ns ? pause : longest_ns);
  return waited;
}

int EpollSet::collect(epoll_event* out, int most) {
  for (size_t i = 0; i < pollables_.ready_count(); ++i) interests_[pollables_.ready_tag(i)].suspected = true;
  const bool looks_at_rest = pollables_.may_lack_ready();
  int found = 0;
  const size_t size = interests_.size();
  const size_t start = start_ < size ? start_ : 0;
  for (size_t i = 0; i < size && found < most; ++i) {
    const size_t place = start + i < size ? start + i : start + i - size;
    Interest& interest = interests_[place];
    if (interest.is_gap()) continue;
    if (!interest.known && !interest.suspected) {
      if (!looks_at_rest || interest.disabled) continue;
      interest.description->look_for_input();
    }
    const uint32_t events = to_epoll(holds(interest, interest.suspected), interest.events);
    if (events == 0) continue;
    out[found].events = events;
    out[found].data = interest.data;
    ++found;
    interest.told = true;
    interest.told_edge = interest.description->edge_count(to_events(interest.events));
    if ((interest.events & EPOLLONESHOT) != 0) interest.disabled = true;
    if (found == most) start_ = place + 1;
  }
  return found;
}

Events EpollSet::ready(Events wanted, bool probe) {
  if ((wanted & events::readable) == 0) return 0;
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
    if (!interest.is_gap()) count += interest.description->edge_count(to_events(interest.events));
  return count;
}

}  // namespace posix_sockets

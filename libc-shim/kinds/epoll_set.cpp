// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/epoll_set.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"

namespace posix_sockets {
namespace {

constexpr int most_levels = 5;  // of sets in sets, EP_MAX_NESTS and one

EpollSet* all_sets;

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

void EpollSet::enlist() {
  next_ = all_sets;
  all_sets = this;
}

EpollSet::~EpollSet() { free(interests_); }

void EpollSet::release() {
  for (EpollSet** link = &all_sets; *link != nullptr; link = &(*link)->next_) {
    if (*link == this) {
      *link = next_;
      break;
    }
  }
  destroy(this);
}

void EpollSet::forget(Description* description) {
  for (EpollSet* set = all_sets; set != nullptr; set = set->next_) {
    for (int i = 0; i < set->used_; ++i)
      if (set->interests_[i].description == description) set->interests_[i].description = nullptr;
  }
}

EpollSet::Interest* EpollSet::find(int number, const Description* description) {
  for (int i = 0; i < used_; ++i)
    if (interests_[i].description == description && interests_[i].number == number) return &interests_[i];
  return nullptr;
}

int EpollSet::depth() const {
  int deepest = 0;
  for (int i = 0; i < used_; ++i) {
    const Description* description = interests_[i].description;
    EpollSet* inner = description != nullptr ? interests_[i].description->epoll_set() : nullptr;
    if (inner == nullptr) continue;
    const int levels = inner->depth() + 1;
    if (levels > deepest) deepest = levels;
  }
  return deepest;
}

bool EpollSet::reaches(const EpollSet* other) const {
  if (this == other) return true;
  for (int i = 0; i < used_; ++i) {
    EpollSet* inner = interests_[i].description != nullptr ? interests_[i].description->epoll_set() : nullptr;
    if (inner != nullptr && inner->reaches(other)) return true;
  }
  return false;
}

Errno EpollSet::add(int number, Description* description, const epoll_event& event) {
  if (find(number, description) != nullptr) return EEXIST;
  EpollSet* inner = description->epoll_set();
  if (inner != nullptr && (inner->reaches(this) || inner->depth() + 1 >= most_levels)) return ELOOP;
  int place = 0;
  while (place < used_ && interests_[place].description != nullptr) ++place;
  if (place == capacity_) {
    const int larger = capacity_ == 0 ? 16 : capacity_ * 2;
    auto* memory = static_cast<Interest*>(realloc(interests_, static_cast<size_t>(larger) * sizeof(Interest)));
    if (memory == nullptr) return ENOMEM;
    interests_ = memory;
    capacity_ = larger;
  }
  if (place == used_) ++used_;
  interests_[place] = {description, number, event.events, event.data, 0, false, false, false};
  description->watched = true;
  return success;
}

Errno EpollSet::modify(int number, Description* description, const epoll_event& event) {
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  if (((interest->events | event.events) & EPOLLEXCLUSIVE) != 0) return EINVAL;
  *interest = {description, number, event.events, event.data, 0, false, false, false};
  return success;
}

Errno EpollSet::remove(int number, Description* description) {
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  interest->description = nullptr;
  while (used_ > 0 && interests_[used_ - 1].description == nullptr) --used_;
  return success;
}

Events EpollSet::holds(const Interest& interest, bool probe) const {
  if (interest.description == nullptr || interest.disabled) return 0;
  const bool edge = (interest.events & static_cast<uint32_t>(EPOLLET)) != 0;
  Events wanted = to_events(interest.events);
  if (edge && interest.told) wanted |= events::more_input;  // told and not taken yet: only more of it is news
  const Events now = interest.description->ready(wanted, probe);
  if (now == 0) return 0;
  return edge && interest.told && interest.told_edge == interest.description->edges ? Events{0} : now;
}

int EpollSet::collect(epoll_event* out, int most) {
  int found = 0;
  if (start_ >= used_) start_ = 0;
  const int start = start_;
  for (int i = 0; i < used_ && found < most; ++i) {
    const int place = start + i < used_ ? start + i : start + i - used_;
    Interest& interest = interests_[place];
    const bool suspected = interest.suspected;
    interest.suspected = false;
    const Events now = holds(interest, suspected);
    if (now == 0) continue;
    out[found].events = to_epoll(now, interest.events);
    out[found].data = interest.data;
    if (out[found].events == 0) continue;
    ++found;
    interest.told = true;
    interest.told_edge = interest.description->edges;
    if ((interest.events & EPOLLONESHOT) != 0) interest.disabled = true;
    if (found == most) start_ = place + 1;
  }
  return found;
}

void EpollSet::subscribe_each(PollSet& set) {
  for (int i = 0; i < used_; ++i) {
    Interest& interest = interests_[i];
    if (interest.description == nullptr || interest.disabled) continue;
    Events wanted = to_events(interest.events);
    if ((interest.events & static_cast<uint32_t>(EPOLLET)) != 0 && interest.told) wanted |= events::more_input;
    interest.description->subscribe(wanted, set, static_cast<uint32_t>(i));
  }
}

Events EpollSet::ready(Events wanted, bool probe) {
  if ((wanted & events::readable) == 0) return 0;
  for (int i = 0; i < used_; ++i)
    if (holds(interests_[i], probe) != 0) return events::readable;
  return 0;
}

void EpollSet::subscribe(Events, PollSet& set, uint32_t tag) {
  for (int i = 0; i < used_; ++i)
    if (interests_[i].description != nullptr && !interests_[i].disabled)
      interests_[i].description->subscribe(to_events(interests_[i].events), set, tag);
}

Errno EpollSet::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = 0600;
  out.st_nlink = 1;
  out.st_blksize = 4096;
  return success;
}

}  // namespace posix_sockets

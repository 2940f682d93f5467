// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Epoll sets: the list of interests.
#include "kinds/epoll_set.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"

namespace posix_sockets {
namespace {

constexpr int most_levels = 5;  // of sets in sets: EP_MAX_NESTS, and one

}  // namespace

EpollSet::~EpollSet() { free(interests_); }

void EpollSet::release() {
  for (int i = 0; i < used_; ++i)
    if (interests_[i].description != nullptr) --interests_[i].description->watchers;
  leave_list();
  destroy(this);
}

// The first interest or gap of `number` or more.
int EpollSet::position(int number) const {
  int low = 0;
  int high = used_;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (interests_[middle].number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// A number can have several interests: of what it stood for before, and still has other descriptors.
EpollSet::Interest* EpollSet::find(int number, const Description* description) const {
  for (int i = position(number); i < used_ && interests_[i].number == number; ++i)
    if (interests_[i].description == description) return &interests_[i];
  return nullptr;
}

void EpollSet::empty(Interest& interest) {
  Description* description = interest.description;
  edges += description->edge_count(to_wait_for(interest));  // so that the sum in edge_count() stays
  --description->watchers;
  interest.description = nullptr;
  ++gaps_;
  while (used_ > 0 && interests_[used_ - 1].description == nullptr) {
    --used_;
    --gaps_;
  }
}

void EpollSet::forget(Description* description, int number) {
  if (description->references != 0) return;
  Interest* interest = number >= 0 ? find(number, description) : nullptr;
  if (interest != nullptr) empty(*interest);
  // What is left are interests of former numbers.
  for (int i = used_ - 1; i >= 0 && description->watchers != 0; --i)
    if (i < used_ && interests_[i].description == description) empty(interests_[i]);
}

bool EpollSet::grow() {
  if (gaps_ > capacity_ / 4) {
    int kept = 0;
    for (int i = 0; i < used_; ++i)
      if (interests_[i].description != nullptr) interests_[kept++] = interests_[i];
    used_ = kept;
    gaps_ = 0;
    return true;
  }
  const int larger = capacity_ == 0 ? 8 : capacity_ * 2;
  auto* memory = static_cast<Interest*>(realloc(interests_, static_cast<size_t>(larger) * sizeof(Interest)));
  if (memory == nullptr) return false;
  interests_ = memory;
  capacity_ = larger;
  return true;
}

// A gap, or a new place, where `number` belongs. Null: no memory.
EpollSet::Interest* EpollSet::make_place(int number) {
  int place = position(number);
  if (place < used_ && interests_[place].description == nullptr) {
    --gaps_;
  } else if (place > 0 && interests_[place - 1].description == nullptr) {
    --place;
    --gaps_;
  } else {
    if (used_ == capacity_) {
      if (!grow()) return nullptr;
      place = position(number);
    }
    int end = place;  // moves up to the next gap only
    while (end < used_ && interests_[end].description != nullptr) ++end;
    memmove(interests_ + place + 1, interests_ + place, static_cast<size_t>(end - place) * sizeof(Interest));
    if (end == used_) {
      ++used_;
    } else {
      --gaps_;
    }
  }
  return &interests_[place];
}

int EpollSet::levels_below() const {
  int deepest = 0;
  for (int i = 0; i < used_; ++i) {
    const Interest& interest = interests_[i];
    EpollSet* inner = interest.description != nullptr ? interest.description->epoll_set() : nullptr;
    if (inner == nullptr) continue;
    const int levels = inner->levels_below() + 1;
    if (levels > deepest) deepest = levels;
  }
  return deepest;
}

int EpollSet::levels_above() const {
  int highest = 0;
  for (Watcher* watcher = first(); watcher != nullptr && watchers != 0; watcher = watcher->next()) {
    EpollSet* outer = watcher->epoll_set();
    if (outer == nullptr) continue;
    bool contains = false;
    for (int i = 0; i < outer->used_ && !contains; ++i) contains = outer->interests_[i].description == this;
    const int levels = contains ? outer->levels_above() + 1 : 0;
    if (levels > highest) highest = levels;
  }
  return highest;
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
  EpollSet* inner = description->epoll_set();
  if (inner != nullptr) {
    if (inner->reaches(this) || levels_above() + 1 + inner->levels_below() >= most_levels) return ELOOP;
  }
  if (find(number, description) != nullptr) return EEXIST;
  Interest* place = make_place(number);
  if (place == nullptr) return ENOMEM;
  *place = {description, static_cast<uint16_t>(number), false, false, false, false, event.events, 0, event.data};
  ++description->watchers;
  ++edges;
  return success;
}

Errno EpollSet::modify(int number, Description* description, const epoll_event& event) {
  if ((event.events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  if ((interest->events & EPOLLEXCLUSIVE) != 0) return EINVAL;
  edges += description->edge_count(to_wait_for(*interest)) + 1;
  *interest = {description, static_cast<uint16_t>(number), false, false, false, false, event.events, 0, event.data};
  edges -= description->edge_count(to_wait_for(*interest));
  return success;
}

Errno EpollSet::remove(int number, Description* description) {
  Interest* interest = find(number, description);
  if (interest == nullptr) return ENOENT;
  empty(*interest);
  return success;
}

}  // namespace posix_sockets

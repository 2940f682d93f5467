// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a watcher is interested in, sorted by number, so that thousands are found quickly. Those that were removed leave gaps, which
// the next one of about that number fills: descriptors come and go with low numbers, so that adding and removing mostly moves nothing.
// Interests themselves never move.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"

namespace posix_sockets {

template <class Item>
class InterestList {
  struct Place {
    uintptr_t order;  // the number
    Item* item;       // null: a gap
  };

 public:
  class Iterator {
   public:
    Iterator(Place* at, Place* end) : at_(at), end_(end) { skip(); }
    Item& operator*() const { return *at_->item; }
    Iterator& operator++() {
      ++at_;
      skip();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    void skip() {
      while (at_ != end_ && at_->item == nullptr) ++at_;
    }
    Place* at_;
    Place* end_;
  };

  InterestList() = default;
  ~InterestList() {
    for (Item& item : *this) destroy(&item);
    free(places_);
  }
  InterestList(const InterestList&) = delete;
  InterestList& operator=(const InterestList&) = delete;

  Iterator begin() const { return {places_, places_ + used_}; }
  Iterator end() const { return {places_ + used_, places_ + used_}; }

  // The item of this number that `matches`; null: there is none. One number can have several.
  template <class Matches>
  Item* find(uintptr_t order, Matches matches) const {
    for (size_t i = position(order); i < used_ && places_[i].order == order; ++i)
      if (places_[i].item != nullptr && matches(*places_[i].item)) return places_[i].item;
    return nullptr;
  }

  // A new item of this number. Null: no memory.
  Item* add(uintptr_t order) {
    auto* item = create<Item>();
    Place* place = item != nullptr ? make_place(order) : nullptr;
    if (place == nullptr) {
      destroy(item);
      return nullptr;
    }
    *place = {order, item};
    return item;
  }

  void remove(uintptr_t order, Item* item) {
    size_t place = position(order);
    while (places_[place].item != item) ++place;
    places_[place].item = nullptr;
    ++gaps_;
    while (used_ > 0 && places_[used_ - 1].item == nullptr) {
      --used_;
      --gaps_;
    }
    destroy(item);
  }

 private:
  // The first place of number `order`, or a higher one.
  size_t position(uintptr_t order) const {
    size_t low = 0;
    size_t high = used_;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (places_[middle].order < order) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  Place* make_place(uintptr_t order) {
    size_t place = position(order);
    if (place < used_ && places_[place].item == nullptr) {
      --gaps_;
      return places_ + place;
    }
    if (place > 0 && places_[place - 1].item == nullptr) {
      --gaps_;
      return places_ + place - 1;
    }
    if (used_ == capacity_) {
      if (!grow()) return nullptr;
      place = position(order);
    }
    size_t end = place;  // what follows moves up, as far as the next gap
    while (end < used_ && places_[end].item != nullptr) ++end;
    memmove(places_ + place + 1, places_ + place, (end - place) * sizeof(Place));
    if (end == used_) {
      ++used_;
    } else {
      --gaps_;
    }
    return places_ + place;
  }

  bool grow() {
    if (gaps_ > capacity_ / 4) {
      size_t kept = 0;
      for (size_t i = 0; i < used_; ++i)
        if (places_[i].item != nullptr) places_[kept++] = places_[i];
      used_ = kept;
      gaps_ = 0;
      return true;
    }
    const size_t larger = capacity_ == 0 ? 8 : capacity_ * 2;
    auto* memory = static_cast<Place*>(resize(places_, used_ * sizeof(Place), larger * sizeof(Place)));
    if (memory == nullptr) return false;
    places_ = memory;
    capacity_ = larger;
    return true;
  }

  Place* places_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;  // items and gaps
  size_t gaps_ = 0;
};

}  // namespace posix_sockets

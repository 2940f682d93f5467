// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a watcher is interested in, sorted by number, so that thousands are found quickly and take no more memory than their
// own. Those that were removed stay as gaps, which the next one of about that number fills: descriptors come and go with low
// numbers, so that adding and removing mostly moves nothing.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"

namespace posix_sockets {

// Item: plain data with `uintptr_t order() const`, the number, and `bool is_gap() const`.
template <class Item>
class InterestList {
 public:
  InterestList() = default;
  ~InterestList() { free(items_); }
  InterestList(const InterestList&) = delete;
  InterestList& operator=(const InterestList&) = delete;

  // With the gaps.
  size_t size() const { return used_; }
  Item& operator[](size_t index) const { return items_[index]; }
  Item* begin() const { return items_; }
  Item* end() const { return items_ + used_; }

  // The first item of number `order`, or a higher one.
  size_t position(uintptr_t order) const {
    size_t low = 0;
    size_t high = used_;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (items_[middle].order() < order) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // The item of this number that `matches`; null: there is none. One number can have several.
  template <class Matches>
  Item* find(uintptr_t order, Matches matches) const {
    for (size_t i = position(order); i < used_ && items_[i].order() == order; ++i)
      if (!items_[i].is_gap() && matches(items_[i])) return &items_[i];
    return nullptr;
  }

  // A place for a new item of this number, to be filled at once. Null: no memory.
  Item* make_place(uintptr_t order) {
    size_t place = position(order);
    if (place < used_ && items_[place].is_gap()) {
      --gaps_;
      return items_ + place;
    }
    if (place > 0 && items_[place - 1].is_gap()) {
      --gaps_;
      return items_ + place - 1;
    }
    if (used_ == capacity_) {
      if (!grow()) return nullptr;
      place = position(order);
    }
    size_t end = place;  // what follows moves up, as far as the next gap
    while (end < used_ && !items_[end].is_gap()) ++end;
    memmove(static_cast<void*>(items_ + place + 1), items_ + place, (end - place) * sizeof(Item));
    if (end == used_) {
      ++used_;
    } else {
      --gaps_;
    }
    return items_ + place;
  }

  // The item has become a gap.
  void emptied() {
    ++gaps_;
    while (used_ > 0 && items_[used_ - 1].is_gap()) {
      --used_;
      --gaps_;
    }
  }

 private:
  bool grow() {
    if (gaps_ > capacity_ / 4) {
      size_t kept = 0;
      for (size_t i = 0; i < used_; ++i)
        if (!items_[i].is_gap()) items_[kept++] = items_[i];
      used_ = kept;
      gaps_ = 0;
      return true;
    }
    const size_t larger = capacity_ == 0 ? 8 : capacity_ * 2;
    auto* memory = static_cast<Item*>(resize(items_, used_ * sizeof(Item), larger * sizeof(Item)));
    if (memory == nullptr) return false;
    items_ = memory;
    capacity_ = larger;
    return true;
  }

  Item* items_ = nullptr;
  size_t capacity_ = 0;
  size_t used_ = 0;  // items and gaps
  size_t gaps_ = 0;
};

}  // namespace posix_sockets

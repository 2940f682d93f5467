// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/busy_poll.h"

#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr uint64_t longest_ns = 50000;  // as Linux's documentation advises
constexpr uint64_t quick_ns = 120000;   // of a wait that slept: being woken may take longer than the answer
constexpr uint64_t pollable_ns = 600;   // what such a wait takes for each pollable
constexpr uint8_t quick_waits_to_begin = 2;
constexpr uint16_t longest_rest = 1024;
// Some hosts do their own work, and see what is new, only while the guest sleeps.
constexpr uint8_t finds_to_sleep = 32;

}  // namespace

bool BusyPoll::may_look(const PollSet& set) {
  begun_ = 0;
  if (!watches(set)) return false;
  if (rest_ != 0) {
    --rest_;
    return false;
  }
  if (finds_ == finds_to_sleep) {
    finds_ = 0;
    return false;
  }
  begun_ = host::now();
  return quick_waits_ >= quick_waits_to_begin;
}

size_t BusyPoll::look() {
  constexpr int looks_by_the_clock = 16;
  constexpr int most_looks = 256;  // a clock may be coarse
  for (int i = 1; i <= most_looks; ++i) {
    if (host::is_ready(watched_)) {
      ++finds_;
      if (next_rest_ > 1) next_rest_ = static_cast<uint16_t>(next_rest_ / 2);
      return index_;
    }
    if (i % looks_by_the_clock == 0 && host::now() - begun_ >= longest_ns) break;
  }
  begun_ = 0;
  rest_ = next_rest_;
  if (next_rest_ < longest_rest) next_rest_ = static_cast<uint16_t>(next_rest_ * 2);
  return nothing;
}

void BusyPoll::learn(const PollSet& set) {
  const size_t ready = set.first_ready();
  if (begun_ != 0) {
    const bool quick = ready == index_ && watches(set) && host::now() - begun_ < quick_ns + set.size() * pollable_ns;
    if (!quick) quick_waits_ = 0;
    if (quick && quick_waits_ < quick_waits_to_begin) ++quick_waits_;
  }
  index_ = ready;
  watched_ = ready < set.size() ? set.pollables()[ready] : 0;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a host tells of several pollables may be only part of what is ready. Programs that wait for one at a time don't link this.
#include "wait/host_budget.h"
#include "wait/poll_set.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {

void PollSet::look_at_part(size_t first, size_t size) {
  const size_t before = ready_count_;
  look(first, size);
  if (!was_cut()) return;
  ready_count_ = before;
  look(first, size);
}

void PollSet::look_at_all() {
  ready_count_ = 0;
  for (size_t first = 0; first < count_; first += look_size)
    look_at_part(first, count_ - first < look_size ? count_ - first : look_size);
}

// A host that looks at so many pollables a call and has found one ready leaves the others for the next call. One that stays
// ready, or some that take turns, would hide the others for ever: so part after part of these is looked at by itself, which takes
// a small part of the time.
void PollSet::look_at_hidden() {
  constexpr uint64_t pause = 32;  // times as long as a look takes
  static uint64_t next;
  static size_t cursor;
  const uint64_t begin = wasi::monotonic_clock::now();
  if (begin < next) return;
  wasi::RawHandle list[look_size + 1];
  uint32_t places[look_size];
  uint32_t ready[look_size + 1];
  size_t size = 0;
  for (size_t looked = 0; looked < count_ && size < look_size; ++looked) {
    if (cursor >= count_) cursor = 0;
    const auto place = static_cast<uint32_t>(cursor++);
    bool known = false;
    for (size_t i = 0; i < ready_count_ && !known; ++i) known = ready_[i] == place;
    if (known) continue;
    places[size] = place;
    list[size++] = handles_[place];
  }
  list[size] = elapsed_timer().borrow();
  const size_t found = wasi::poll(list, size + 1, ready);
  for (size_t i = 0; i < found; ++i)
    if (ready[i] < size) ready_[ready_count_++] = places[ready[i]];
  const uint64_t end = wasi::monotonic_clock::now();
  next = end + pause * (end - begin);
}

void PollSet::complete(PollSet& set, bool waited) {
  const bool large = set.count_ > look_size;
  // Several at once of a large set are worth a look at all of it: there probably are more.
  if (!waited || was_cut() || (large && set.ready_count_ > 1)) {
    set.look_at_all();
  } else if (large) {
    set.look_at_hidden();
  }
}

}  // namespace posix_sockets

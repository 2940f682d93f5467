// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sources of readiness, the clock and timers, and waiting for a list of sources.
#include <stdlib.h>

#include "wit-bindings/0.3/events.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

void (*before_source_goes)(SourceId source) = nullptr;

namespace {

// A place that is free has the next free one in place of what it stands for, as an odd number.
parts::Watched** places;
uint32_t capacity;
uint32_t used;
SourceId first_free;

parts::Watched* as_free(SourceId next) { return reinterpret_cast<parts::Watched*>(uintptr_t{next} * 2 + 1); }
SourceId next_free(const parts::Watched* place) {
  return static_cast<SourceId>(reinterpret_cast<uintptr_t>(place) / 2);
}

SourceId take_place(parts::Watched& watched) {
  SourceId id = first_free;
  if (id != 0) {
    first_free = next_free(places[id - 1]);
  } else {
    if (used == capacity) {
      const uint32_t larger = capacity == 0 ? 32 : capacity * 2;
      void* memory = realloc(places, larger * sizeof *places);
      if (memory == nullptr) return 0;
      places = static_cast<parts::Watched**>(memory);
      capacity = larger;
    }
    id = ++used;
  }
  places[id - 1] = &watched;
  return id;
}

// The earliest instant that any of the timers of the wait under way is set to.
uint64_t earliest;

bool is_over(parts::Watched& watched) {
  const auto& timer = static_cast<const parts::Timer&>(watched);
  if (now() >= timer.instant) return true;
  if (timer.instant < earliest) earliest = timer.instant;
  return false;
}

size_t find_ready(const SourceId* list, size_t count, uint32_t* ready) {
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    const SourceId id = list[i];
    if (id != 0) {
      parts::Watched& watched = *places[id - 1];
      if (!watched.look(watched)) continue;
    }
    ready[found++] = static_cast<uint32_t>(i);
  }
  return found;
}

}  // namespace

parts::Source& parts::Source::of(Watched& watched) {
  if (id_ == 0) id_ = take_place(watched);
  return *this;
}

void parts::Source::reset() {
  if (id_ == 0) return;
  if (before_source_goes != nullptr) before_source_goes(id_);
  places[id_ - 1] = as_free(first_free);
  first_free = id_;
  id_ = 0;
}

parts::Source& parts::Source::operator=(Source&& other) noexcept {
  if (this == &other) return *this;
  reset();
  id_ = other.id_;
  other.id_ = 0;
  return *this;
}

uint64_t now() { return wasi3::wps3_now(); }

void Timer::set(uint64_t instant) {
  part.look = is_over;
  part.instant = instant;
}
Source& Timer::source() { return part.source.of(part); }

size_t look(SourceId* sources, size_t count, uint32_t* ready) {
  take_turn();
  earliest = UINT64_MAX;
  const size_t found = find_ready(sources, count, ready);
  if (found != 0) return found;
  // What was put under way just now may be through.
  take_turn();
  return find_ready(sources, count, ready);
}

// The host does its own work only while the guest sleeps or yields: who finds something each time yields now and then.
size_t sleep(SourceId* sources, size_t count, uint64_t instant, uint32_t* ready) {
  constexpr unsigned finds_to_turn = 8;
  static unsigned finds;
  if (++finds % finds_to_turn == 0) {
    take_turn();
  } else {
    take_in();
  }
  for (bool slept = false;; slept = true) {
    earliest = instant;
    const size_t found = find_ready(sources, count, ready);
    if (found != 0) return found;
    if (slept && instant != UINT64_MAX && now() >= instant) return 0;
    sleep_until(earliest);
    finds = 0;
  }
}

// Of what is ready the guest itself keeps account: a look misses nothing.
size_t look_at_all(SourceId* sources, size_t count, uint32_t* ready) { return look(sources, count, ready); }
size_t complete(SourceId*, size_t, uint32_t*, size_t told) { return told; }

bool is_ready(SourceId source) {
  uint32_t ready;
  return look(&source, 1, &ready) != 0;
}

// Who isn't told something has given the host a turn already.
bool give_turn(bool, bool suspends) {
  if (suspends) sleep_until(now() + 1);
  return suspends;
}

}  // namespace posix_sockets::host

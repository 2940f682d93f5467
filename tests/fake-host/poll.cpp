// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// poll: looks, and sleeps in virtual time.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "host.h"
#include "internal.h"

using namespace fake;

namespace {

// What one look at the pollables of a poll found.
struct Look {
  std::vector<uint32_t> ready;
  bool out_of_budget = false;
  uint64_t next = UINT64_MAX;  // when a timer of them is due

  void at(RawHandle handle, uint32_t index);
};

// A host may lie that something is ready, but not for ever.
int lies_since_sleep;
bool lies() {
  static int looks;
  return host().spurious != 0 && lies_since_sleep < 4 && ++looks % host().spurious == 0 && ++lies_since_sleep != 0;
}

void Look::at(RawHandle handle, uint32_t index) {
  Pollable& pollable = get<Pollable>(handle);
  if (pollable.watched) pollable.watched();
  const bool timer = !pollable.ready;
  if (timer && !pollable.past) next = std::min(next, pollable.instant);
  const bool is_ready = timer ? host().clock >= pollable.instant : pollable.ready() || lies();
  if (!is_ready) return;
  if (!pollable.past && !spend_budget()) {
    out_of_budget = true;
  } else {
    ready.push_back(index);
  }
}

// A host that looks at some of them at a time does so in the order of their handles, and stops when any are ready.
Look look_at(const RawHandle* list, const std::vector<uint32_t>& order) {
  const size_t at_a_time = host().looks_at_a_time;
  Look look;
  for (size_t looked = 0; looked < order.size(); ++looked) {
    if (at_a_time != 0 && looked % at_a_time == 0 && !look.ready.empty()) break;
    look.at(list[order[looked]], order[looked]);
  }
  return look;
}

// Until the next event, or until `next`.
void sleep_until(uint64_t next) {
  next = std::min(next, next_event());
  constexpr uint64_t a_year = 365ULL * 24 * 3600 * s;
  if (next > host().clock + a_year) {
    if (!host().stuck) trap("the guest would wait for ever");
    host().clock += 1 * s;
    host().stuck();
    return;
  }
  host().clock = std::max(host().clock, next);
  run_due_events();
}

void answer(const std::vector<uint32_t>& ready, raw::List<uint32_t>* result) {
  const size_t size = ready.size() * sizeof(uint32_t);
  result->data = static_cast<uint32_t*>(cabi_realloc(nullptr, 0, alignof(uint32_t), size));
  std::memcpy(result->data, ready.data(), size);
  result->length = ready.size();
}

}  // namespace

extern "C" {

void wps_poll(const RawHandle* list, size_t count, raw::List<uint32_t>* result) {
  called("poll");
  if (count == 0) trap("poll of an empty list");
  host().pollables_polled += static_cast<int>(count);
  // A guest that wakes up by itself again and again waits for ever, too.
  if (host().stuck && host().calls["poll"] % 20000 == 0) host().stuck();
  host().clock += count * host().look_takes;
  run_due_events();
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  if (host().looks_at_a_time != 0)
    std::stable_sort(order.begin(), order.end(), [list](uint32_t a, uint32_t b) { return list[a] < list[b]; });
  for (;;) {
    const Look look = look_at(list, order);
    if (!look.ready.empty()) return answer(look.ready, result);
    ++host().suspensions;
    lies_since_sleep = 0;
    host().budget_left = 128;
    if (!look.out_of_budget) sleep_until(look.next);
  }
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/look.h"

#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/0.2/clocks.h"
#include "wit-bindings/0.2/io.h"

namespace wasi {

bool look(RawHandle pollable) {
  constexpr unsigned surely_left = 120;  // not all that takes from a budget of 128 is seen
  if (is_ready(pollable)) return true;
  if (told_ready < surely_left) return false;
  const Pollable timer = monotonic_clock::subscribe_duration(1);
  const RawHandle both[] = {pollable, timer.borrow()};
  uint32_t ready[2];
  const size_t told = poll(both, 2, ready);
  if (told != 1 || ready[0] != 1) return true;
  budget_spent = 0;  // it slept
  told_ready = 1;
  return false;
}

}  // namespace wasi

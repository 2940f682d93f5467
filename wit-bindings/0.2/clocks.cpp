// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/clocks.h"

#include "wit-bindings/0.2/raw.h"

namespace wasi::monotonic_clock {

uint64_t now() { return raw::wps_monotonic_clock_now(); }
Pollable subscribe_instant(uint64_t instant) { return Pollable(raw::wps_monotonic_clock_subscribe_instant(instant)); }
Pollable subscribe_duration(uint64_t duration) {
  return Pollable(raw::wps_monotonic_clock_subscribe_duration(duration));
}

}  // namespace wasi::monotonic_clock

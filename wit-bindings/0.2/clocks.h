// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:clocks/monotonic-clock.
#pragma once

#include <stdint.h>

#include "wit-bindings/0.2/io.h"

namespace wasi::monotonic_clock {

uint64_t now();                                  // nanoseconds
Pollable subscribe_instant(uint64_t instant);    // ready from `instant` on
Pollable subscribe_duration(uint64_t duration);  // ready `duration` nanoseconds from now

}  // namespace wasi::monotonic_clock

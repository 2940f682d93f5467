// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/alarm.h"

#include "wit-bindings/clocks.h"

namespace posix_sockets {

bool Alarm::ring_if_due() {
  if (!is_set() || wasi::monotonic_clock::now() < due.instant) return false;
  const Interruption interruption = ring();
  if (interruption == Interruption::none) return false;
  last_interruption = interruption;
  return true;
}

}  // namespace posix_sockets

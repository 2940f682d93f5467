// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/alarm.h"

#include "wit-bindings/host.h"

namespace posix_sockets {

Interruption Alarm::ring_if_due() {
  if (!is_set() || host::now() < due.instant) return Interruption::none;
  const Interruption interruption = ring();
  if (interruption == Interruption::restart || interruption == Interruption::stop) last_interruption = interruption;
  return interruption;
}

}  // namespace posix_sockets

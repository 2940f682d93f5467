// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/look.h"

#include "wit-bindings/0.2/budget.h"
#include "wit-bindings/host.h"

namespace wasi {

bool look(RawHandle pollable) {
  constexpr unsigned surely_left = 120;  // not all that takes from a budget of 128 is seen
  if (posix_sockets::host::is_ready(pollable)) return true;
  if (told_ready < surely_left) return false;
  // Whether the host suspends for this isn't known, so that the count goes on.
  RawHandle list[] = {pollable, 0};
  uint32_t ready[2];
  return posix_sockets::host::look(list, 1, ready) != 0;
}

}  // namespace wasi

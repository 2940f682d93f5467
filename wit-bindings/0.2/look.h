// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "wit-bindings/0.2/handle.h"

namespace wasi {

// Whether a pollable is ready now, also of a host whose budget is used up (budget.h): that says no to everything until the guest sleeps,
// so that it sleeps here, for the shortest time there is.
bool look(RawHandle pollable);

}  // namespace wasi

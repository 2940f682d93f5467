// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "wit-bindings/0.2/handle.h"

namespace wasi {

// Whether a pollable is ready now, also of a host whose budget is used up (budget.h): that says no to everything until the guest is
// suspended, so that it is asked once more, in a way that suspends the guest then, and only then.
bool look(RawHandle pollable);

}  // namespace wasi

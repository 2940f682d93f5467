// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Moved: for who still names the host by its imports.
#pragma once

#include "wit-bindings/0.2/budget.h"

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Moved: for who still maps error codes above the host interface.
#pragma once

#include "wit-bindings/0.2/errno_of.h"

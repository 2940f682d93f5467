// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The library's memory: counted, and refused when a test wants it.
#pragma once

namespace fake::memory {

// Blocks that the library holds.
int live();
// Allocations since the last fail_at().
int count();
// The n-th allocation from now on fails, only that one; 0: none does.
void fail_at(int n);
// Whether an allocation was refused since the last fail_at().
bool refused();

}  // namespace fake::memory

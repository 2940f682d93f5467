// Counts the library's allocations and lets one of them fail.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace allocation {

/// Blocks that are allocated and not freed. Only what the program's own objects allocate by malloc and its like counts,
/// which is the library under test: C++ allocates through another path.
int live();

/// The `countdown`-th allocation from now on fails, and only that one. 0: none does.
void fail_at(int countdown);

/// Whether the last one that was to fail has come.
bool failed();

}  // namespace allocation

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The collector looks for objects on the stack in memory, where clang keeps every variable only without optimization.
COPT = -O0 -DNDEBUG

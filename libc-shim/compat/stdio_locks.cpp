// Locks of streams: a guest has one thread, which always has them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>

extern "C" {

void flockfile(FILE*) {}
int ftrylockfile(FILE*) { return 0; }
void funlockfile(FILE*) {}

}  // extern "C"

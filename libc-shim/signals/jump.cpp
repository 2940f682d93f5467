// siglongjmp, and the half of sigsetjmp that isn't setjmp: the mask goes into the jump buffer's own fields for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <setjmp.h>

#include "signals/state.h"

using namespace posix_sockets::compat;

extern "C" {

void __wasi_posix_save_mask(sigjmp_buf buffer, int save) {
  buffer[0].__fl = save != 0;
  if (save == 0) return;
  const sigset_t mask = to_set(blocked_signals());
  buffer[0].__ss[0] = mask.__bits[0];
  buffer[0].__ss[1] = mask.__bits[1];
}

// Jumps, with the mask that sigsetjmp was asked to keep.
void siglongjmp(sigjmp_buf buffer, int value) {
  if (buffer[0].__fl != 0) set_blocked_signals(to_bits({{buffer[0].__ss[0], buffer[0].__ss[1]}}));
  longjmp(buffer, value);
}

}  // extern "C"

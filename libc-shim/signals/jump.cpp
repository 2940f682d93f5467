// siglongjmp, and the half of sigsetjmp that isn't setjmp: the mask goes into the jump buffer's own fields for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <setjmp.h>

#include "description/hold.h"
#include "signals/state.h"

using namespace posix_sockets::signals;

extern "C" {

[[noreturn]] void __real___wasm_longjmp(void* buffer, int value);

// What the compiler makes of longjmp(). The first word of the buffer is an address in the frame that called setjmp(): what the calls
// below it held, they hold no more.
[[noreturn]] void __wrap___wasm_longjmp(void* buffer, int value) {
  posix_sockets::Hold::let_go_below(*static_cast<void**>(buffer));
  __real___wasm_longjmp(buffer, value);
}

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

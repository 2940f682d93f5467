// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a file that declares __real_NAME says, too, so that libc's NAME is in the link.
#pragma once

#ifdef __wasm__
// wasm-ld doesn't extract libc's NAME for __real_NAME alone, and emits an invalid module without a word. An entry point can
// be there without its name being named: it shares an object file with one that is, or libc calls it. So a function that
// nobody calls, and that the linker drops, names it.
#define WPS_TAKE_FROM_LIBC(name)                                                               \
  extern "C" {                                                                                 \
  extern decltype(__real_##name) wps_libc_##name __asm__(#name);                               \
  [[gnu::weak]] void* wps_takes_##name() { return reinterpret_cast<void*>(&wps_libc_##name); } \
  }
// In a file that gives out an errno of include/errno.h's own: strerror() knows them all then (compat/strerror.cpp).
#define WPS_HAS_OWN_ERRNO                                                        \
  extern "C" {                                                                   \
  const char* wps_error_text(int error);                                         \
  [[gnu::weak]] const char* wps_takes_error_text() { return wps_error_text(0); } \
  }
#else
#define WPS_TAKE_FROM_LIBC(name)
#define WPS_HAS_OWN_ERRNO
#endif

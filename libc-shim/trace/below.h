// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a traced call reaches the library's own function, WPS_BELOW(name).
//
// Names that toolchain/wrap.rsp redirects: trace.cmake compiles the library's entry points once more with __wrap_NAME
// renamed to wps_untraced_NAME, and the trace has the __wrap_NAME. Names that the library simply defines, since libc has none:
// trace.cmake adds --wrap=NAME, and wps_untraced_NAME is __real_NAME; wasm-ld knows what that is only if something names NAME
// itself, so each file has a function that nobody calls and that does.
#pragma once

#include "trace-below.inc"

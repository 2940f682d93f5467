// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:cli/stdin, stdout and stderr, apart from io.cpp so that only programs that need them import them.
#include "wit-bindings/0.2/io.h"
#include "wit-bindings/0.2/raw.h"

namespace wasi {

#if defined(__wasip2__)
OutputStream get_stdout() { return OutputStream(raw::wps_get_stdout()); }
OutputStream get_stderr() { return OutputStream(raw::wps_get_stderr()); }
#endif
InputStream get_stdin() { return InputStream(raw::wps_get_stdin()); }

}  // namespace wasi

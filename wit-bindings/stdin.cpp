// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:cli/stdin, apart from io.cpp so that only programs that wait on standard input import it.
#include "wit-bindings/io.h"
#include "wit-bindings/raw.h"

namespace wasi {

InputStream get_stdin() { return InputStream(raw::wps_get_stdin()); }

}  // namespace wasi

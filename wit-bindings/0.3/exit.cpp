// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The exit status: entry.cpp hands on what main() returns.
#include "wit-bindings/0.3/raw.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

void note_status(int) {}
void end(int status) { wasi3::wps3_exit_with_code(status); }

}  // namespace posix_sockets::host

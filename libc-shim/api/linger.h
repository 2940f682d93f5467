// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SO_LINGER, which makes a close wait.
#pragma once

namespace posix_sockets {

// Before `number` is closed: if it's the last one of a connection with SO_LINGER, waits until what send() accepted has been taken, no
// longer than the option says. As in the kernel a signal ends it, too.
void linger_before_close(int number);

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptor numbers. Sockets and libc's files share one space of numbers, given out lowest first as POSIX wants.
//
// libc numbers its files itself and knows nothing of the sockets, so the number that a program sees and libc's number of
// the same file can differ; every wrapped function translates. Until the first socket or dup the two are equal, the table
// doesn't exist, and calls pass straight through.
#pragma once

#include "fd/held.h"

namespace posix_sockets::fd {

Target resolve(int number);
// The same where a call that transfers something begins: an alarm that is due rings first.
Target enter(int number);

// The short ways of recv and send: FastPath, and Description::send_plain, of what the number stands for. `more`:
// MSG_MORE. False, and nothing was done, if there is more to look at.
bool take_ahead(int number, void* out, size_t size);
bool send_plain(int number, const void* data, size_t size, bool more);

// The socket, or EBADF, or ENOTSOCK. As enter().
HeldSocket find_socket(int number);

// Gives `description` (whose one reference goes to the table, also in case of failure) the lowest free number.
// EMFILE, ENOMEM.
Result<int> install(Description* description, bool close_on_exec);

// libc has opened something: gives it a number that the program may see. On failure it isn't closed.
Result<int> adopt(int libc_descriptor);
// The number of a file by libc's; -1 if there is none.
int number_of_libc(int libc_descriptor);

Errno close(int number);
// The number without the description: closes nothing in libc. For closedir, which does that itself.
void forget_libc(int libc_descriptor);

Result<int> duplicate(int number, int lowest, bool close_on_exec);
// dup2 and dup3: `from` != `to`.
Result<int> duplicate_to(int from, int to, bool close_on_exec);

// The description behind a number, files included; null if it's not open. Not held: for what doesn't outlast the next wait.
Description* find(int number);

Errno set_close_on_exec(int number, bool value);
Result<bool> close_on_exec(int number);

// Standard input becomes a description of ours, so that it can be waited for. Does nothing for other files.
void take_over_standard_input(int number);

// RLIMIT_NOFILE: one more than the highest number given out from now on; higher ones that are open stay.
int limit();
Errno set_limit(int value);  // at most descriptor_limit. ENOMEM

// At exit: closes the sockets with nothing left to send, and waits until the others, also those closed before, have sent it;
// for those that don't get on as long as Ending says.
void drain_all();

}  // namespace posix_sockets::fd

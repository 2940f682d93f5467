// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/splice_end.h"

#include "fd/table.h"

namespace posix_sockets {
namespace {

Description* description_for_splice(int number) {
  fd::take_over_standard_input(number);
  return fd::find(number);
}

}  // namespace

SpliceEnd::SpliceEnd(int end_number)
    : Held(description_for_splice(end_number), end_number), number(end_number), pipe(pipe_of(ours)) {}

int SpliceEnd::status_flags() const { return ours->is_plain_file() ? fcntl(number, F_GETFL) : ours->status_flags; }

bool SpliceEnd::can(int access) const {
  const int mode = status_flags() & O_ACCMODE;
  if (mode == O_RDWR || mode == access) return true;
  // Some have no mode, and say so themselves.
  return !ours->is_plain_file() && pipe == nullptr && mode == 0;
}

}  // namespace posix_sockets

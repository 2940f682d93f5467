// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One end of splice(), tee() and vmsplice().
#pragma once

#include <fcntl.h>

#include "fd/held.h"
#include "pipe/pipe.h"

namespace posix_sockets {

constexpr unsigned splice_flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

// A description of ours, or a file of libc's. Standard input becomes one of ours.
struct SpliceEnd : fd::Held {
  explicit SpliceEnd(int number);

  const int number;
  PipeBuffer* const pipe;

  bool is_open() const { return ours != nullptr; }
  int status_flags() const;
  bool blocks() const { return (status_flags() & O_NONBLOCK) == 0; }
  // `access`: O_RDONLY or O_WRONLY.
  bool can(int access) const;
};

}  // namespace posix_sockets

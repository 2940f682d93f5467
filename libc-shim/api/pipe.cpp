// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pipe, pipe2.
#include <fcntl.h>
#include <unistd.h>

#include "api/pair.h"
#include "pipe/pipe.h"

using namespace posix_sockets;

extern "C" {

// pipe2(2). Parameters: ends[0] becomes the end to read from, ends[1] the one to write to; flags O_NONBLOCK, O_CLOEXEC
// and O_DIRECT: each write is a packet, or several of PIPE_BUF bytes, and a read takes one of them, what doesn't fit being lost.
// Errors: EINVAL another flag; EFAULT; EMFILE; ENOMEM. Source: pipe(7).
int pipe2(int ends[2], int flags) {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0) return report(EINVAL);
  if (!accessible(ends, 2 * sizeof(int))) return report(EFAULT);
  Result<PipeEnds> made = create_pipe();
  if (!made.ok()) return report(made.error());
  const PipeEnds& pipe = made.value();
  pipe.reader->status_flags = O_RDONLY | (flags & O_NONBLOCK);
  pipe.writer->status_flags = O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT));
  return report(install_pair(pipe.reader, pipe.writer, (flags & O_CLOEXEC) != 0, ends));
}

// pipe(2): pipe2() without flags.
int pipe(int ends[2]) { return pipe2(ends, 0); }
}

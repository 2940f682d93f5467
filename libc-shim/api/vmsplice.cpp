// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// vmsplice: between memory and a pipe.
#include <fcntl.h>
#include <sys/socket.h>

#include "api/splice_end.h"
#include "api/transfer.h"

using namespace posix_sockets;

extern "C" {

// vmsplice(2): writes the buffers into a pipe, or reads a pipe into them, whichever end `number` is. The memory stays the
// caller's: SPLICE_F_GIFT gives nothing away. Errors: EBADF not an end of a pipe; EINVAL; EFAULT; EAGAIN; EPIPE; ENOMEM.
ssize_t vmsplice(int number, const iovec* vector, size_t count, unsigned flags) {
  if ((flags & ~splice_flags) != 0) return report(EINVAL);
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const SpliceEnd end(number);
    if (!end.is_open() || end.pipe == nullptr) return Errno(EBADF);
    const Result<size_t> size = check_buffers(vector, count > 1024 ? 1025 : static_cast<int>(count));
    if (!size.ok() || size.value() == 0) return size;
    const Buffers buffers = {vector, static_cast<int>(count)};
    const int no_wait = (flags & SPLICE_F_NONBLOCK) != 0 ? MSG_DONTWAIT : 0;
    if (end.can(O_WRONLY)) {
      SendRequest request;
      request.buffers = buffers;
      request.size = size.value();
      request.flags = no_wait;
      return send_blocking(end, request);
    }
    ReceiveRequest request;
    request.buffers = buffers;
    request.size = size.value();
    request.flags = no_wait;
    return receive_blocking(end, request);
  });
}
}

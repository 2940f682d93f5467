// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sendfile. The source is a file of libc's, which gives no stream to splice from, so bytes go through the guest in pieces as
// large as one host write takes.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/entry.h"
#include "kinds/libc.h"

namespace posix_sockets {
namespace {

constexpr size_t piece_size = 65536;

// The bytes of the file from `position` on that were written to `out`, until `count` or its end.
Result<size_t> copy(int out, int in, off_t position, size_t count) {
  // Not the scratch memory of the kinds: the write below may use that.
  static uint8_t* memory;
  if (memory == nullptr) memory = static_cast<uint8_t*>(malloc(piece_size));
  if (memory == nullptr) return Errno(ENOMEM);
  size_t done = 0;
  while (done < count) {
    const size_t wanted = count - done < piece_size ? count - done : piece_size;
    const ssize_t got = pread(in, memory, wanted, position + static_cast<off_t>(done));
    if (got == 0) break;
    const ssize_t written = got < 0 ? got : write(out, memory, static_cast<size_t>(got));
    if (written < 0) return done != 0 ? Result<size_t>(done) : Result<size_t>(Errno(errno));
    done += static_cast<size_t>(written);
    if (written < got) break;  // no room: the caller asks again from here
  }
  return done;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// sendfile(2). Parameters: out any descriptor that can be written; in a file; offset where to begin in it, advanced by what
// was sent, or null for the file's own offset; count in bytes. Result: bytes sent, 0 at the file's end. Errors: EBADF; EINVAL
// in isn't a regular file, or a negative offset or count; EFAULT; EAGAIN, EPIPE and the rest of write(2); ENOMEM.
ssize_t sendfile(int out, int in, off_t* offset, size_t count) {
  const fd::Target source = fd::resolve(in);
  struct stat status;
  if (source.ours != nullptr) return report(EINVAL);
  if (libc::fstat(source.libc, &status) != 0) return report(errno);
  if (offset != nullptr && !accessible(offset)) return report(EFAULT);
  if (!S_ISREG(status.st_mode) || static_cast<ssize_t>(count) < 0) return report(EINVAL);
  const off_t start = offset != nullptr ? *offset : lseek(in, 0, SEEK_CUR);
  if (start < 0) return report(EINVAL);
  Result<size_t> sent = copy(out, in, start, count);
  if (sent.ok()) {
    const off_t end = start + static_cast<off_t>(sent.value());
    if (offset != nullptr) {
      *offset = end;
    } else if (lseek(in, end, SEEK_SET) < 0) {
      return report(errno);
    }
  }
  return report<ssize_t>(sent);
}
}

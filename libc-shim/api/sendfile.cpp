// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// sendfile. The source is a file of libc's, which gives no stream to splice from, so bytes go through the guest in pieces as
// large as one host write takes.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/entry.h"
#include "file/device.h"
#include "file/libc.h"
#include "pipe/pipe.h"

namespace posix_sockets {
namespace {

constexpr size_t piece_size = 65536;

// The bytes of the file from `position` on that were written to `out`, until `count` or its end.
Result<size_t> copy(int out, int in, off_t position, size_t count) {
  // Not the scratch memory of the kinds: the write below may use that. And a handler that runs while it waits may come here, too.
  static uint8_t* spare;
  uint8_t* const memory = spare != nullptr ? spare : static_cast<uint8_t*>(malloc(piece_size));
  if (memory == nullptr) return Errno(ENOMEM);
  spare = nullptr;
  size_t done = 0;
  Errno error = success;
  while (done < count) {
    const size_t wanted = count - done < piece_size ? count - done : piece_size;
    const ssize_t got = pread(in, memory, wanted, position + static_cast<off_t>(done));
    if (got == 0) break;
    const ssize_t written = got < 0 ? got : write(out, memory, static_cast<size_t>(got));
    if (written < 0) {
      error = Errno(errno);
      break;
    }
    done += static_cast<size_t>(written);
    if (written < got) break;  // no room: the caller asks again from here
  }
  free(spare);  // a handler's
  spare = memory;
  return error.ok() || done != 0 ? Result<size_t>(done) : Result<size_t>(error);
}

// F_GETFL of what `number` stands for; negative: it isn't open.
int flags_of(const fd::Target& target) {
  return target.ours != nullptr && target.libc < 0 ? target.ours->status_flags : libc::status_flags(target.libc);
}

bool is_of(const fd::Target& source, mode_t type) {
  struct stat status;
  return source.ours == nullptr && libc::fstat(source.libc, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

// Where reading begins. The kernel's do_sendfile() looks at the input first.
Result<off_t> start_of(int in, const fd::Target& source, const off_t* offset, size_t count) {
  const int flags = flags_of(source);
  if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) return Errno(EBADF);
  const bool has_places = source.ours == nullptr || source.ours->is_device();
  if (!has_places && offset != nullptr) return Errno(ESPIPE);
  const bool has_place = source.ours == nullptr && !is_of(source, S_IFDIR);
  const off_t start = offset != nullptr ? *offset : has_place ? lseek(in, 0, SEEK_CUR) : 0;
  if (start < 0 || static_cast<ssize_t>(count) < 0) return Errno(EINVAL);
  return start;
}

// A device that gives bytes without an end, and has no place.
bool is_endless(const fd::Target& source) {
  return source.ours != nullptr && source.ours->is_device() &&
         static_cast<const Device&>(*source.ours).can_be_spliced_from();
}

// Whether the kernel can write a file's bytes there.
bool takes_files(const fd::Target& target) {
  if (target.ours == nullptr || target.libc >= 0) return true;
  if (target.ours->is_device()) return static_cast<const Device&>(*target.ours).can_be_spliced_to();
  return !target.ours->is_anonymous();
}

// The rest, which counts also when nothing is to be sent.
Errno check_ends(const fd::Target& source, const fd::Target& target, size_t count) {
  const int flags = flags_of(target);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return EBADF;
  PipeBuffer* pipe = pipe_of(target.ours);
  if (pipe != nullptr && !pipe->has_reader()) return EPIPE;
  if (pipe == nullptr && (flags & O_APPEND) != 0) return EINVAL;
  const bool has_places = source.ours == nullptr || source.ours->is_device() || source.ours->is_anonymous();
  if (!has_places && pipe == nullptr) return EINVAL;
  return count == 0 || is_of(source, S_IFREG) || is_endless(source) ? success : EINVAL;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// sendfile(2). Parameters: out any descriptor that can be written; in a file; offset where to begin in it, advanced by what
// was sent, or null for the file's own offset; count in bytes. Result: bytes sent, 0 at the file's end. Errors: EBADF, also not
// open for that direction; EINVAL in isn't a regular file (Linux moves from a socket to a pipe, too: use splice()), out appends or takes no file's bytes, a negative offset or count;
// ESPIPE an offset in what has none; EFAULT; EAGAIN, EPIPE and the rest of write(2); ENOMEM. Source: sendfile(2).
ssize_t sendfile(int out, int in, off_t* offset, size_t count) {
  if (offset != nullptr && !accessible(offset)) return report(EFAULT);
  const fd::Target source = fd::resolve(in);
  const Result<off_t> start = start_of(in, source, offset, count);
  if (!start.ok()) return report(start.error());
  const fd::Target target = fd::resolve(out);
  const Errno error = check_ends(source, target, count);
  if (!error.ok() || count == 0) return report(error);
  const bool takes = takes_files(target);
  const bool has_position = source.ours == nullptr;
  Result<size_t> sent = copy(takes ? out : -1, in, start.value(), count);
  if (!takes && !sent.ok()) return report(EINVAL);
  if (sent.ok() && has_position) {
    const off_t end = start.value() + static_cast<off_t>(sent.value());
    if (offset != nullptr) {
      *offset = end;
    } else if (lseek(in, end, SEEK_SET) < 0) {
      return report(errno);
    }
  }
  return report<ssize_t>(sent);
}
}

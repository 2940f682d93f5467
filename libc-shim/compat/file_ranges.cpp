// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// copy_file_range, fallocate, sync_file_range, readahead: what Linux has for parts of files.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/fail.h"
#include "support/pointer.h"

using posix_sockets::accessible;
using posix_sockets::compat::fail;

namespace {

constexpr size_t piece_size = 65536;

// 0, or -1 with errno: EBADF not open; EISDIR; EINVAL no regular file.
int expect_file(int number) {
  struct stat status;
  if (fstat(number, &status) != 0) return -1;
  if (S_ISREG(status.st_mode)) return 0;
  return fail(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
}

ssize_t copy(int in, off_t from, int out, off_t to, size_t length) {
  auto* memory = static_cast<char*>(malloc(length < piece_size ? length : piece_size));
  if (memory == nullptr) return -1;
  size_t done = 0;
  ssize_t result = 0;
  while (done < length) {
    const size_t wanted = length - done < piece_size ? length - done : piece_size;
    result = pread(in, memory, wanted, from + static_cast<off_t>(done));
    if (result > 0) result = pwrite(out, memory, static_cast<size_t>(result), to + static_cast<off_t>(done));
    if (result <= 0) break;
    done += static_cast<size_t>(result);
  }
  free(memory);
  return done != 0 ? static_cast<ssize_t>(done) : result;
}

struct Range {
  uint64_t begin, end;
  Range(off_t start, size_t length) : begin(static_cast<uint64_t>(start)), end(begin + wide(length)) {}
  // As the kernel has it, of 64 bits: what is negative there is huge.
  static uint64_t wide(size_t length) {
    return static_cast<uint64_t>(static_cast<int64_t>(static_cast<ssize_t>(length)));
  }
  bool wraps() const { return end < begin; }
};

}  // namespace

extern "C" {

// copy_file_range(2). Parameters: offsets that are null mean the files' own, which move; length in bytes; flags 0. Result:
// bytes copied, 0 at the end. Errors: EBADF, also not open for that direction, or out appends; EFAULT; EISDIR; EINVAL no regular
// file, a flag, an offset below 0, the same file with ranges that overlap; EOVERFLOW; ENOMEM; and those of pread(2) and pwrite(2).
ssize_t copy_file_range(int in, off_t* in_offset, int out, off_t* out_offset, size_t length, unsigned flags) {
  const int in_flags = fcntl(in, F_GETFL), out_flags = fcntl(out, F_GETFL);
  if (in_flags < 0 || out_flags < 0) return fail(EBADF);
  if ((in_offset != nullptr && !accessible(in_offset)) || (out_offset != nullptr && !accessible(out_offset)))
    return fail(EFAULT);
  if (flags != 0) return fail(EINVAL);
  struct stat source, target;
  if (fstat(in, &source) != 0 || fstat(out, &target) != 0) return -1;
  if (S_ISDIR(source.st_mode) || S_ISDIR(target.st_mode)) return fail(EISDIR);
  if (!S_ISREG(source.st_mode) || !S_ISREG(target.st_mode)) return fail(EINVAL);
  const bool appends = (out_flags & O_APPEND) != 0;
  if ((in_flags & O_ACCMODE) == O_WRONLY || (out_flags & O_ACCMODE) == O_RDONLY || appends) return fail(EBADF);
  const off_t from = in_offset != nullptr ? *in_offset : lseek(in, 0, SEEK_CUR);
  const off_t to = out_offset != nullptr ? *out_offset : lseek(out, 0, SEEK_CUR);
  const Range input(from, length), output(to, length);
  if (input.wraps() || output.wraps()) return fail(EOVERFLOW);
  // Not more than there is, which decides whether the ranges overlap.
  const off_t left = from < source.st_size ? source.st_size - from : 0;
  const size_t size = static_cast<uint64_t>(left) < length ? static_cast<size_t>(left) : length;
  const bool same = source.st_dev == target.st_dev && source.st_ino == target.st_ino && source.st_ino != 0;
  const auto span = static_cast<off_t>(size);
  if (same && from < to + span && to < from + span) return fail(EINVAL);
  if (from < 0 || to < 0 || static_cast<ssize_t>(size) < 0) return fail(EINVAL);
  const ssize_t copied = size == 0 ? 0 : copy(in, from, out, to, size);
  if (copied <= 0) return copied;
  if (in_offset != nullptr)
    *in_offset = from + copied;
  else if (lseek(in, from + copied, SEEK_SET) < 0)
    return -1;
  if (out_offset != nullptr)
    *out_offset = to + copied;
  else if (lseek(out, to + copied, SEEK_SET) < 0)
    return -1;
  return copied;
}

// fallocate(2). Mode 0 as posix_fallocate(3p); EOPNOTSUPP: other modes, for which WASI has nothing.
int fallocate(int number, int mode, off_t offset, off_t length) {
  const int error = mode != 0 ? EOPNOTSUPP : posix_fallocate(number, offset, length);
  return error == 0 ? 0 : fail(error);
}

// sync_file_range(2): writes out the whole file. EBADF, ESPIPE.
int sync_file_range(int number, off_t, off_t, unsigned) { return fdatasync(number); }

// readahead(2): a hint. EBADF; EINVAL no regular file.
ssize_t readahead(int number, off_t, size_t) {
  if (expect_file(number) == 0) return 0;
  return errno == EISDIR ? fail(EINVAL) : -1;
}
}

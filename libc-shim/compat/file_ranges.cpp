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

// What one of the two files is, and where in it.
struct End {
  int number;
  int flags;
  off_t* offset;  // null: the file's own
  struct stat status;
  off_t start = 0;

  bool has_good_offset() const { return offset == nullptr || accessible(offset); }
  void find_start() { start = offset != nullptr ? *offset : lseek(number, 0, SEEK_CUR); }
  // -1 and errno: the file's own can't be moved.
  int move_to(off_t place) const {
    if (offset != nullptr) *offset = place;
    return offset != nullptr || lseek(number, place, SEEK_SET) >= 0 ? 0 : -1;
  }
  bool is_same_file(const End& other) const {
    return status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino && status.st_ino != 0;
  }
};

// What is wrong with the two; 0: nothing, -1: errno says it.
int check_ends(End& in, End& out, unsigned flags) {
  if (in.flags < 0 || out.flags < 0) return EBADF;
  if (!in.has_good_offset() || !out.has_good_offset()) return EFAULT;
  if (flags != 0) return EINVAL;
  if (fstat(in.number, &in.status) != 0 || fstat(out.number, &out.status) != 0) return -1;
  if (S_ISDIR(in.status.st_mode) || S_ISDIR(out.status.st_mode)) return EISDIR;
  if (!S_ISREG(in.status.st_mode) || !S_ISREG(out.status.st_mode)) return EINVAL;
  const bool appends = (out.flags & O_APPEND) != 0;
  return (in.flags & O_ACCMODE) == O_WRONLY || (out.flags & O_ACCMODE) == O_RDONLY || appends ? EBADF : 0;
}

}  // namespace

extern "C" {

// copy_file_range(2). Parameters: offsets that are null mean the files' own, which move; length in bytes; flags 0. Result:
// bytes copied, 0 at the end. Errors: EBADF, also not open for that direction, or out appends; EFAULT; EISDIR; EINVAL no regular
// file, a flag, an offset below 0, the same file with ranges that overlap; EOVERFLOW; ENOMEM; and those of pread(2) and pwrite(2).
ssize_t copy_file_range(int in_number, off_t* in_offset, int out_number, off_t* out_offset, size_t length,
                        unsigned flags) {
  End in = {in_number, fcntl(in_number, F_GETFL), in_offset, {}};
  End out = {out_number, fcntl(out_number, F_GETFL), out_offset, {}};
  const int error = check_ends(in, out, flags);
  if (error != 0) return error < 0 ? -1 : fail(error);
  in.find_start();
  out.find_start();
  const Range input(in.start, length), output(out.start, length);
  if (input.wraps() || output.wraps()) return fail(EOVERFLOW);
  // Not more than there is, which decides whether the ranges overlap.
  const off_t left = in.start < in.status.st_size ? in.status.st_size - in.start : 0;
  const size_t size = static_cast<uint64_t>(left) < length ? static_cast<size_t>(left) : length;
  const auto span = static_cast<off_t>(size);
  if (in.is_same_file(out) && in.start < out.start + span && out.start < in.start + span) return fail(EINVAL);
  if (in.start < 0 || out.start < 0 || static_cast<ssize_t>(size) < 0) return fail(EINVAL);
  const ssize_t copied = size == 0 ? 0 : copy(in.number, in.start, out.number, out.start, size);
  if (copied <= 0) return copied;
  if (in.move_to(in.start + copied) != 0 || out.move_to(out.start + copied) != 0) return -1;
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

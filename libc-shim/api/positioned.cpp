// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pread, preadv, pwrite, pwritev: files only.
#include "api/file_transfer.h"

using namespace posix_sockets;

namespace {

// wasip2's pread, when it fails, frees a list that it never got: whatever lies on the stack where that would be, and the guest
// traps. So nothing is there: an empty list is freed without harm.
#if defined(__wasip2__)
[[gnu::noinline]] void clear_stack() {
  char below[512] = {};
  asm volatile("" : : "r"(below) : "memory");
}
#else
void clear_stack() {}
#endif

// Of the streams that the host gives, which the standard ones are, libc says EINVAL.
ssize_t result_at(int libc_descriptor, ssize_t result) {
  if (result < 0 && errno == EINVAL && libc_descriptor >= 0 && libc_descriptor <= STDERR_FILENO) errno = ESPIPE;
  return result;
}

}  // namespace

extern "C" {

ssize_t WPS_ENTRY(readv)(int, const iovec*, int);
ssize_t WPS_ENTRY(writev)(int, const iovec*, int);
ssize_t WPS_REAL(pread)(int, void*, size_t, off_t);
WPS_TAKE_FROM_LIBC(pread)
ssize_t WPS_REAL(pwrite)(int, const void*, size_t, off_t);
WPS_TAKE_FROM_LIBC(pwrite)

// preadv(2). Result: bytes read, fewer than asked for only at the end of a regular file. Errors: EBADF; ESPIPE not a file;
// EINVAL count, total or offset; and libc's. Source: POSIX issue 8, preadv(2).
ssize_t WPS_ENTRY(preadv)(int number, const iovec* vector, int count, off_t offset) {
  const fd::Target target = fd::resolve(number);
  if (offset < 0) return report(EINVAL);
  if (target.ours != nullptr && target.libc < 0) {
    return target.ours->is_device() ? WPS_ENTRY(readv)(number, vector, count) : report(ESPIPE);
  }
  const int libc_descriptor = target.libc;
  const auto read_at = [=](void* base, size_t size, size_t done) {
    const auto step = [=](void* to, size_t bytes) {
      clear_stack();
      return WPS_REAL(pread)(libc_descriptor, to, bytes, offset + static_cast<off_t>(done));
    };
    return base == nullptr && size != 0 ? read_into_nowhere(step, [] {}) : step(base, size);
  };
  const ssize_t got = transfer_file(libc_descriptor, vector, count, FileDirection::in, read_at);
  return result_of_read(libc_descriptor, result_at(libc_descriptor, got));
}

// pwritev(2). As preadv.
ssize_t WPS_ENTRY(pwritev)(int number, const iovec* vector, int count, off_t offset) {
  const fd::Target target = fd::resolve(number);
  if (offset < 0) return report(EINVAL);
  if (target.ours != nullptr && target.libc < 0) {
    return target.ours->is_device() ? WPS_ENTRY(writev)(number, vector, count) : report(ESPIPE);
  }
  const int libc_descriptor = target.libc;
  const auto write_at = [=](const void* base, size_t size, size_t done) {
    if (base == nullptr && size != 0) {
      const Errno error = check_direction(libc_descriptor, FileDirection::out);
      return ssize_t(report(error.ok() ? EFAULT : error));
    }
    return WPS_REAL(pwrite)(libc_descriptor, base, size, offset + static_cast<off_t>(done));
  };
  return result_at(libc_descriptor, transfer_file(libc_descriptor, vector, count, FileDirection::out, write_at));
}

ssize_t WPS_ENTRY(pread)(int number, void* buffer, size_t size, off_t offset) {
  const iovec piece = {buffer, size};
  return WPS_ENTRY(preadv)(number, &piece, 1, offset);
}
ssize_t WPS_ENTRY(pwrite)(int number, const void* buffer, size_t size, off_t offset) {
  const iovec piece = {const_cast<void*>(buffer), size};
  return WPS_ENTRY(pwritev)(number, &piece, 1, offset);
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// pread, preadv, pwrite, pwritev: files only.
#include "api/file_transfer.h"

using namespace posix_sockets;

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
  if (target.ours != nullptr && target.libc < 0) {
    if (offset < 0) return report(EINVAL);
    return target.ours->is_device() ? WPS_ENTRY(readv)(number, vector, count) : report(ESPIPE);
  }
  return transfer_file(target.libc, vector, count, FileDirection::in, [=](void* base, size_t size, size_t done) {
    return WPS_REAL(pread)(target.libc, base, size, offset + static_cast<off_t>(done));
  });
}

// pwritev(2). As preadv.
ssize_t WPS_ENTRY(pwritev)(int number, const iovec* vector, int count, off_t offset) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr && target.libc < 0) {
    if (offset < 0) return report(EINVAL);
    return target.ours->is_device() ? WPS_ENTRY(writev)(number, vector, count) : report(ESPIPE);
  }
  return transfer_file(target.libc, vector, count, FileDirection::out, [=](const void* base, size_t size, size_t done) {
    return WPS_REAL(pwrite)(target.libc, base, size, offset + static_cast<off_t>(done));
  });
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

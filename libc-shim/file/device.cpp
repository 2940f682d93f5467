// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "file/device.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "support/memory.h"

namespace posix_sockets {
namespace {

// Linux's numbers, as makedev(3) has them.
constexpr unsigned numbers[] = {0x103, 0x105, 0x107, 0x108, 0x109, 0x500};

bool fill_random(void* out, size_t size) {
  constexpr size_t most = 256;  // of getentropy()
  for (size_t done = 0; done < size; done += most)
    if (getentropy(static_cast<uint8_t*>(out) + done, size - done < most ? size - done : most) != 0) return false;
  return true;
}

}  // namespace

void Device::release() { destroy(this); }

Result<size_t> Device::receive(ReceiveRequest& request) {
  if ((status_flags & O_ACCMODE) == O_WRONLY) return Errno(EBADF);
  if (kind_ == DeviceKind::null) return size_t{0};
  const size_t wanted = request.size;
  while (request.size != 0) {
    const iovec piece = first_piece(request.buffers);
    const size_t size = piece.iov_len < request.size ? piece.iov_len : request.size;
    if (!is_random()) {
      memset(piece.iov_base, 0, size);
    } else if (!fill_random(piece.iov_base, size)) {
      return Errno(EIO);
    }
    request.buffers.offset += size;
    request.size -= size;
  }
  return wanted;
}

Result<size_t> Device::send(SendRequest& request) {
  if ((status_flags & O_ACCMODE) == O_RDONLY) return Errno(EBADF);
  if (kind_ == DeviceKind::full) return Errno(ENOSPC);
  return request.size;
}

Events Device::ready(Events wanted, bool) {
  const Events now = kind_ == DeviceKind::random ? events::readable : events::readable | events::writable;
  return now & wanted;
}

Errno Device::stat(struct stat& out) {
  stat_of(kind_, out);
  return success;
}

void Device::stat_of(DeviceKind kind, struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = S_IFCHR | 0666;
  out.st_nlink = 1;
  out.st_rdev = numbers[static_cast<size_t>(kind)];
  out.st_ino = out.st_rdev;
  out.st_blksize = 4096;
}

}  // namespace posix_sockets

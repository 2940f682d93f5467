// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds/socket.h"

#include <string.h>

namespace posix_sockets {

Errno Socket::stat(struct stat& out) {
  memset(&out, 0, sizeof out);
  out.st_mode = S_IFSOCK | mode;
  out.st_nlink = 1;
  out.st_blksize = 4096;
  // Distinct for each description, equal for its duplicates: all that programs compare.
  out.st_ino = reinterpret_cast<uintptr_t>(this);
  return success;
}

Errno Socket::take_error() {
  look_for_error();
  const Errno error = pending_error_;
  pending_error_ = success;
  return error;
}

SocketAddress as_destination(const SocketAddress& address) {
  return address.is_unspecified() ? SocketAddress::loopback(address.family, address.port) : address;
}

}  // namespace posix_sockets

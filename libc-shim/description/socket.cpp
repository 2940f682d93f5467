// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "description/socket.h"

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

SocketAddress as_destination(const SocketAddress& address, const SocketAddress& bound) {
  if (!address.is_unspecified()) return address;
  SocketAddress result = SocketAddress::loopback(address.family, address.port);
  // Of an IPv6 socket it's a mapped one, or the wildcard.
  const uint8_t* own = bound.bytes + (bound.family == Family::ipv6 ? 12 : 0);
  if (address.family == Family::ipv4 && own[0] != 0) memcpy(result.bytes, own, 4);
  return result;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The name of an AF_UNIX socket: none, a path, or an abstract one that begins with a NUL.
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "support/result.h"

namespace posix_sockets {

struct UnixAddress {
  // sun_path, and the NUL that a path of its full length has behind it.
  static constexpr size_t capacity = 109;

  uint8_t size = 0;     // bytes of `path`, the NUL behind a path among them; 0: no name
  char path[capacity];  // beyond `size` nothing is written

  bool is_named() const { return size != 0; }
  bool is_abstract() const { return size != 0 && path[0] == '\0'; }
  bool operator==(const UnixAddress& other) const;
};

// EINVAL: not AF_UNIX, without a name, or too long; EFAULT.
Result<UnixAddress> from_sockaddr_un(const sockaddr* address, socklen_t length);

// Writes `address` as value-result, as to_sockaddr does.
Errno to_sockaddr_un(const UnixAddress& address, sockaddr* out, socklen_t* length);

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "support/unix_address.h"

#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "support/pointer.h"

namespace posix_sockets {
namespace {

constexpr size_t path_offset = offsetof(sockaddr_un, sun_path);
static_assert(UnixAddress::capacity == sizeof(sockaddr_un::sun_path) + 1);

}  // namespace

bool UnixAddress::operator==(const UnixAddress& other) const {
  return size == other.size && memcmp(path, other.path, size) == 0;
}

Result<UnixAddress> from_sockaddr_un(const sockaddr* address, socklen_t length) {
  if (length <= path_offset || length > sizeof(sockaddr_un)) return Errno(EINVAL);
  if (!accessible(address, length)) return Errno(EFAULT);
  if (address->sa_family != AF_UNIX) return Errno(EINVAL);
  UnixAddress result;
  size_t size = length - path_offset;
  // What the structure's alignment adds is no part of the name.
  if (size > sizeof(sockaddr_un::sun_path)) size = sizeof(sockaddr_un::sun_path);
  memcpy(result.path, reinterpret_cast<const char*>(address) + path_offset, size);
  if (result.path[0] != '\0') {
    // A path ends at its NUL, which need not be there.
    size = strnlen(result.path, size);
    result.path[size++] = '\0';
  }
  result.size = static_cast<uint8_t>(size);
  return result;
}

Errno to_sockaddr_un(const UnixAddress& address, sockaddr* out, socklen_t* length) {
  if (!accessible(length)) return EFAULT;
  if (static_cast<int>(*length) < 0) return EINVAL;
  char name[path_offset + UnixAddress::capacity] = {};
  const sa_family_t family = AF_UNIX;
  memcpy(name, &family, sizeof family);
  memcpy(name + path_offset, address.path, address.size);
  const auto size = static_cast<socklen_t>(path_offset + address.size);
  const socklen_t copied = *length < size ? *length : size;
  if (!accessible(out, copied)) return EFAULT;
  if (copied != 0) memcpy(out, name, copied);
  *length = size;
  return success;
}

}  // namespace posix_sockets

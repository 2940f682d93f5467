// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversion and classification of socket addresses.
#include "support/address.h"

#include <stddef.h>
#include <string.h>

#include "support/pointer.h"

namespace posix_sockets {
namespace {

bool all_zero(const uint8_t* bytes, int count) {
  for (int i = 0; i < count; ++i)
    if (bytes[i] != 0) return false;
  return true;
}

uint16_t swap16(uint16_t value) { return static_cast<uint16_t>((value << 8) | (value >> 8)); }

}  // namespace

bool SocketAddress::is_unspecified() const { return all_zero(bytes, family == Family::ipv4 ? 4 : 16); }

bool SocketAddress::is_loopback() const {
  if (family == Family::ipv4) return bytes[0] == 127;
  return all_zero(bytes, 15) && bytes[15] == 1;
}

bool SocketAddress::is_multicast() const {
  return family == Family::ipv4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

bool SocketAddress::is_ipv4_broadcast() const {
  return family == Family::ipv4 && bytes[0] == 255 && bytes[1] == 255 && bytes[2] == 255 && bytes[3] == 255;
}

bool SocketAddress::is_ipv4_mapped() const {
  return family == Family::ipv6 && all_zero(bytes, 10) && bytes[10] == 0xff && bytes[11] == 0xff;
}

bool SocketAddress::lacks_scope() const {
  if (family != Family::ipv6 || scope_id != 0) return false;
  if (bytes[0] == 0xff) return (bytes[1] & 0x0f) == 1 || (bytes[1] & 0x0f) == 2;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool SocketAddress::operator==(const SocketAddress& other) const {
  if (family != other.family || port != other.port) return false;
  if (family == Family::ipv4) return memcmp(bytes, other.bytes, 4) == 0;
  return scope_id == other.scope_id && memcmp(bytes, other.bytes, 16) == 0;
}

SocketAddress SocketAddress::loopback(Family family, uint16_t port) {
  SocketAddress address;
  address.family = family;
  address.port = port;
  if (family == Family::ipv4) {
    address.bytes[0] = 127;
    address.bytes[3] = 1;
  } else {
    address.bytes[15] = 1;
  }
  return address;
}

SocketAddress to_family(const SocketAddress& address, Family family) {
  if (address.family == family) return address;
  SocketAddress result;
  result.family = family;
  result.port = address.port;
  if (family == Family::ipv6 && address.family == Family::ipv4) {
    result.bytes[10] = result.bytes[11] = 0xff;
    memcpy(result.bytes + 12, address.bytes, 4);
    return result;
  }
  if (!address.is_ipv4_mapped()) return address;
  memcpy(result.bytes, address.bytes + 12, 4);
  return result;
}

Result<SocketAddress> from_sockaddr(const sockaddr* address, socklen_t length, Family family, int also) {
  if (length < sizeof(sa_family_t) || length > largest_sockaddr) return Errno(EINVAL);
  if (!accessible(address, length)) return Errno(EFAULT);
  SocketAddress result;
  result.family = family;
  if (family == Family::ipv4) {
    if (length < sizeof(sockaddr_in)) return Errno(EINVAL);
    sockaddr_in in4;
    memcpy(&in4, address, sizeof in4);
    if (in4.sin_family != AF_INET && in4.sin_family != also) return Errno(EAFNOSUPPORT);
    result.port = swap16(in4.sin_port);
    memcpy(result.bytes, &in4.sin_addr, 4);
    return result;
  }
  // Linux takes the 24 bytes of RFC 2133, without sin6_scope_id.
  constexpr socklen_t rfc2133_size = offsetof(sockaddr_in6, sin6_scope_id);
  if (address->sa_family != AF_INET6) return Errno(length < rfc2133_size ? EINVAL : EAFNOSUPPORT);
  if (length < rfc2133_size) return Errno(EINVAL);
  sockaddr_in6 in6 = {};
  memcpy(&in6, address, length < sizeof in6 ? length : sizeof in6);
  result.port = swap16(in6.sin6_port);
  result.flow_info = in6.sin6_flowinfo;
  result.scope_id = in6.sin6_scope_id;
  memcpy(result.bytes, &in6.sin6_addr, 16);
  return result;
}

Errno to_sockaddr(const SocketAddress& address, sockaddr* out, socklen_t* length) {
  if (out == nullptr && length == nullptr) return success;
  if (!accessible(length) || (*length != 0 && !accessible(out, 1))) return EFAULT;
  if (static_cast<int>(*length) < 0) return EINVAL;
  union {
    sockaddr_in in4;
    sockaddr_in6 in6;
  } name = {};
  socklen_t size;
  if (address.family == Family::ipv4) {
    size = sizeof name.in4;
    name.in4.sin_family = AF_INET;
    name.in4.sin_port = swap16(address.port);
    memcpy(&name.in4.sin_addr, address.bytes, 4);
  } else {
    size = sizeof name.in6;
    name.in6.sin6_family = AF_INET6;
    name.in6.sin6_port = swap16(address.port);
    name.in6.sin6_flowinfo = address.flow_info;
    name.in6.sin6_scope_id = address.scope_id;
    memcpy(&name.in6.sin6_addr, address.bytes, 16);
  }
  const socklen_t copied = *length < size ? *length : size;
  if (!accessible(out, copied)) return EFAULT;
  if (copied != 0) memcpy(out, &name, copied);
  *length = size;
  return success;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One IP socket address in a form that both sides convert to: struct sockaddr above, ip-socket-address below.
#pragma once

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "support/result.h"

namespace posix_sockets {

enum class Family : uint8_t { ipv4, ipv6, unix_domain };  // unix_domain: AF_UNIX, whose names aren't SocketAddresses

// sizeof(struct sockaddr_storage) of Linux: a longer address is refused whatever it holds.
constexpr socklen_t largest_sockaddr = 128;

struct SocketAddress {
  Family family = Family::ipv4;
  uint16_t port = 0;       // host byte order
  uint32_t flow_info = 0;  // IPv6, as in sin6_flowinfo
  uint32_t scope_id = 0;   // IPv6
  uint8_t bytes[16] = {};  // network byte order; IPv4 uses the first 4

  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_multicast() const;
  bool is_ipv4_broadcast() const;  // 255.255.255.255
  bool is_ipv4_mapped() const;     // ::ffff:a.b.c.d
  bool lacks_scope() const;        // names nothing without the interface that scope_id doesn't tell
  bool operator==(const SocketAddress& other) const;

  static SocketAddress any(Family family) {
    SocketAddress address;
    address.family = family;
    return address;
  }
  static SocketAddress loopback(Family family, uint16_t port);
};

// Reads a sockaddr of `length` bytes for a socket of `family`.
// EINVAL: too short (or null); EAFNOSUPPORT: not the socket's family. As inet_bind and inet_stream_connect check on Linux.
// `also`: AF_UNSPEC, where the kernel reads that as IPv4.
Result<SocketAddress> from_sockaddr(const sockaddr* address, socklen_t length, Family family, int also = AF_INET);

// The same address in the other family's form: IPv4 as ::ffff:a.b.c.d, and such a one as IPv4. Others stay as they are.
SocketAddress to_family(const SocketAddress& address, Family family);

// Writes `address` as value-result: at most *length bytes, *length becomes the untruncated size.
// A null `out` with a null `length` writes nothing; EFAULT if only one is null; EINVAL if *length is negative as an int.
Errno to_sockaddr(const SocketAddress& address, sockaddr* out, socklen_t* length);

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: who has which port. A host binds every TCP socket as with SO_REUSEADDR, so that it refuses only a port on which somebody
// listens; Linux refuses one that another socket has unless both have the option. Of the program's own sockets that's known.
#include "kinds/tcp_socket.h"

namespace posix_sockets {
namespace {

TcpSocket* all_sockets = nullptr;

bool is_ipv4(const SocketAddress& address) { return address.family == Family::ipv4 || address.is_ipv4_mapped(); }

// As ipv6_rcv_saddr_equal of Linux with wildcards, where an IPv4 address is a mapped one.
bool overlap(const SocketAddress& a, bool a_v6_only, const SocketAddress& b, bool b_v6_only) {
  const bool ipv4_a = is_ipv4(a);
  const bool ipv4_b = is_ipv4(b);
  if (ipv4_a && ipv4_b) {
    SocketAddress in4_a = to_family(a, Family::ipv4);
    const SocketAddress in4_b = to_family(b, Family::ipv4);
    in4_a.port = in4_b.port;
    return in4_a.is_unspecified() || in4_b.is_unspecified() || in4_a == in4_b;
  }
  if (!ipv4_a && a.is_unspecified() && !(a_v6_only && ipv4_b)) return true;
  if (!ipv4_b && b.is_unspecified() && !(b_v6_only && ipv4_a)) return true;
  return a == b;
}

}  // namespace

TcpSocket::TcpSocket(Family family, Family host_family, wasi::TcpSocket host)
    : Socket(family, SocketType::stream), host_family_(host_family), host_(static_cast<wasi::TcpSocket&&>(host)) {
  next_ = all_sockets;
  if (next_ != nullptr) next_->previous_ = this;
  all_sockets = this;
}

TcpSocket::~TcpSocket() {
  drop_held();
  drop_pending();
  if (next_ != nullptr) next_->previous_ = previous_;
  if (previous_ != nullptr) {
    previous_->next_ = next_;
  } else {
    all_sockets = next_;
  }
}

bool TcpSocket::is_taken(const SocketAddress& address) {
  if (address.port == 0) return false;
  for (TcpSocket* other = all_sockets; other != nullptr; other = other->next_) {
    if (other == this || !other->has_port() || other->state_ == State::connecting) continue;
    if (options.is_on(Stored::reuse_address) && other->options.is_on(Stored::reuse_address))
      continue;  // the host knows
    const Result<SocketAddress> local = other->local_address();
    if (!local.ok() || local.value().port != address.port) continue;
    if (overlap(address, options.v6_only, local.value(), other->options.v6_only)) return true;
  }
  return false;
}

}  // namespace posix_sockets

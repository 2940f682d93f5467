// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: bind, and the host socket or sockets behind an IPv6 one that takes IPv4, too.
#include "tcp/listener.h"
#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

Errno bind_host(host::TcpSocket& host, const SocketAddress& address) {
  for (;;) {
    const Errno error = host.bind(address);
    if (!(error == EAGAIN) || !settle(Settling::binding, host.progress())) return error;
  }
}

bool same_host(const SocketAddress& one, const SocketAddress& other) {
  SocketAddress with_port = other;
  with_port.port = one.port;
  return one == with_port;
}

// As the kernel's ipv6_rcv_saddr_equal() with wildcards.
bool overlap(const SocketAddress& one, bool one_v6_only, const SocketAddress& other, bool other_v6_only) {
  const bool one_ipv4 = one.family == Family::ipv4, other_ipv4 = other.family == Family::ipv4;
  if (one.is_unspecified() && (one_ipv4 == other_ipv4 || (!one_ipv4 && !one_v6_only))) return true;
  if (other.is_unspecified() && (one_ipv4 == other_ipv4 || (!other_ipv4 && !other_v6_only))) return true;
  return one_ipv4 == other_ipv4 && same_host(one, other);
}

SocketAddress as_host_has(const SocketAddress& address) {
  return address.is_ipv4_mapped() ? to_family(address, Family::ipv4) : address;
}

}  // namespace

// As the kernel's inet_csk_bind_conflict(): `address` is taken by another socket, unless both have SO_REUSEADDR and that one
// doesn't listen.
bool TcpSocket::is_taken(const SocketAddress& address) {
  const bool reuses = options.is_on(Stored::reuse_address);
  for (TcpSocket* socket = first_; socket != nullptr; socket = socket->next_) {
    if (socket == this || socket->state_.is<tcp::Ended>()) continue;
    if (socket->is_connecting() && !socket->binding_.is_bound()) continue;  // nobody knows its port
    if (socket->local_port() != address.port || !socket->has_port()) continue;
    if (reuses && socket->options.is_on(Stored::reuse_address) && !socket->is_listening()) continue;
    const Result<SocketAddress> local = socket->tcp_local_address();
    if (!local.ok()) continue;
    if (overlap(as_host_has(address), options.v6_only, as_host_has(local.value()), socket->options.v6_only))
      return true;
  }
  return false;
}

// A connection that is over has lost its port, unless that was the program's choice, and can have another.
bool TcpSocket::can_be_bound() {
  if (tcp::Connected* connected = state_.as<tcp::Connected>()) {
    if (!connected->turns_out_over() || connected->has_unsent()) return false;
    return binding_.port != tcp::Binding::Port::chosen;
  }
  if (state_.is<tcp::Failed>()) return binding_.port != tcp::Binding::Port::chosen;
  return hosts() != nullptr && !binding_.is_bound();
}

Errno TcpSocket::tcp_bind(const SocketAddress& address) {
  progress();
  if (!can_be_bound()) {
    // For IPv4 the kernel looks at the address first. Only a host that binds knows its own.
    if (family() == Family::ipv4 && !address.is_loopback()) {
      Result<host::TcpSocket> spare = host::TcpSocket::create(Family::ipv4);
      SocketAddress elsewhere = address;
      elsewhere.port = 0;
      if (spare.ok() && bind_host(spare.value(), elsewhere) == EADDRNOTAVAIL) return EADDRNOTAVAIL;
    }
    return EINVAL;
  }
  if (family() == Family::ipv6 && address.is_multicast()) return EINVAL;
  if (address.is_ipv4_mapped() && options.v6_only) return EINVAL;
  Errno error = address.port != 0 && is_taken(address) ? EADDRINUSE : success;
  if (!state_.is<tcp::Unconnected>() && !binding_.shows_name) binding_.show(tcp_local_address().value());
  if (error.ok()) {
    if (tcp::Connected* connected = state_.as<tcp::Connected>()) {
      connected->take_in_end();
      become_ended(connected->input.end == tcp::Input::End::in_order);
    }
    if (!state_.is<tcp::Unconnected>()) hosts()->drop_both();
    error = bind_now(address);
  }
  if (error == EADDRINUSE) binding_.lose_address();
  return error;
}

Errno TcpSocket::bind_now(const SocketAddress& address) {
  const Errno error = bind_hosts(address);
  if (!error.ok()) return error;
  static constexpr tcp::BindFunctions functions = {
      [](TcpSocket& socket, const SocketAddress& to) { return socket.bind_now(to); },
      [](TcpSocket& socket) { return socket.bind_before_connect(); },
      [](TcpSocket& socket) { return socket.bound_address(); },
  };
  tcp::late.bind = &functions;
  binding_.bind(address, address.port != 0 ? tcp::Binding::Port::chosen : tcp::Binding::Port::given);
  keep_to_family_of(address);
  if (address.port == 0) {
    // The port that was chosen is the one to take again.
    const Result<SocketAddress> local = tcp_local_address();
    if (local.ok()) binding_.address = local.value();
  }
  return success;
}

Errno TcpSocket::bind_again_if_lost() {
  if (hosts()->has_host()) return success;
  const tcp::Binding::Port port = binding_.port;
  const Errno error = bind_now(binding_.address);
  if (!error.ok()) hosts()->drop_both();
  binding_.port = port;
  return error;
}

// A chosen address whose port was given up gets another one; a binding that went with the host's socket comes back.
Errno TcpSocket::bind_before_connect() {
  if (binding_.is_bound()) return bind_again_if_lost();
  return binding_.keeps_address ? bind_now(binding_.address) : success;
}

Result<SocketAddress> TcpSocket::bound_address() {
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) return listening->listener.local_address();
  if (tcp::Connecting* connecting = state_.as<tcp::Connecting>()) return connecting->attempt.local_address();
  const tcp::Unconnected& unconnected = *hosts();
  if (!unconnected.has_host()) return Errno(EINVAL);
  return (unconnected.own ? unconnected.own : unconnected.ipv4).local_address();
}

Errno TcpSocket::bind_hosts(const SocketAddress& address) {
  tcp::Unconnected& its_hosts = *hosts();
  if (address.is_ipv4_mapped()) {
    const Errno error = make_host(its_hosts.ipv4, Family::ipv4);
    if (!error.ok()) return error;
    its_hosts.drop_own();
    return bind_host(its_hosts.ipv4, to_family(address, Family::ipv4));
  }
  its_hosts.drop_ipv4();  // of an attempt that failed
  if (family() == Family::ipv6 && address.is_unspecified() && !options.v6_only) return bind_both(address);
  const Errno error = make_host(its_hosts.own, family());
  return error.ok() ? bind_host(its_hosts.own, address) : error;
}

// A WASI socket takes one family. What Linux does with one socket on the IPv6 wildcard takes a second one, on the same port.
Errno TcpSocket::bind_both(const SocketAddress& address) {
  constexpr int attempts = 64;
  tcp::Unconnected& its_hosts = *hosts();
  for (int attempt = 0; attempt < attempts; ++attempt) {
    host::TcpSocket ipv4;
    const Errno none = make_host(ipv4, Family::ipv4);
    if (!none.ok() && !(none == EAFNOSUPPORT)) return none;
    Errno error = make_host(its_hosts.own, Family::ipv6);
    if (error.ok()) error = bind_host(its_hosts.own, address);
    if (!error.ok() || !none.ok()) return error;  // or a host without IPv4
    SocketAddress wildcard = SocketAddress::any(Family::ipv4);
    const Result<SocketAddress> local = its_hosts.own.local_address();
    wildcard.port = local.ok() ? local.value().port : address.port;
    error = bind_host(ipv4, wildcard);
    if (error.ok()) its_hosts.ipv4 = static_cast<host::TcpSocket&&>(ipv4);
    if (error.ok() || error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return success;  // or no IPv4 here
    its_hosts.drop_own();
    // The port that the host chose may be taken in IPv4: then another one.
    if (address.port != 0 || !(error == EADDRINUSE)) return error;
  }
  return EADDRINUSE;
}

}  // namespace posix_sockets

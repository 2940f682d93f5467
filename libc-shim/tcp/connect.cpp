// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: socket, connect.
#include <fcntl.h>

#include "support/memory.h"
#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {

Result<Socket*> create_tcp_socket(Family family) {
  Result<host::TcpSocket> host = host::TcpSocket::create(family);
  if (!host.ok()) return host.error();
  auto* socket = create<TcpSocket>(family, static_cast<host::TcpSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

// The kernel looks at the address only once it is going to connect there.
Errno TcpSocket::tcp_connect_to(const sockaddr* address, socklen_t length) {
  progress();
  if (address->sa_family == AF_UNSPEC) return disconnect();
  if (!state_.is<tcp::Unconnected>()) return connect_again();
  Result<SocketAddress> remote = from_sockaddr(address, length, family());
  if (!remote.ok()) return remote.error();
  return remote.value().lacks_scope() ? EINVAL : start_connect(remote.value());
}

// What AF_UNSPEC does: the socket becomes as new, and a connection is broken off.
Errno TcpSocket::disconnect() {
  tell_change();
  if (state_.is<tcp::Unconnected>()) {
    receive_shut_ = send_shut_ = false;  // a port that it has stays its own
    return success;
  }
  if (tcp::Ended* ended = state_.as<tcp::Ended>(); ended != nullptr && ended->next.has_host()) {
    // It has been bound since.
    tcp::Unconnected next(static_cast<tcp::Unconnected&&>(ended->next));
    state_.become<tcp::Unconnected>(static_cast<tcp::Unconnected&&>(next));
    receive_shut_ = send_shut_ = false;
    options.set_value(Stored::quick_ack, 0);
    return success;
  }
  const bool broken_off = is_connecting() || is_connected_still();
  // What was gathered is out already in a kernel.
  if (tcp::Connected* connected = state_.as<tcp::Connected>()) connected->flush_unless_for_more();
  if (tcp::late.listen != nullptr) tcp::late.listen->reset_peer(*this);
  const Errno error = become_unconnected();
  if (error.ok() && broken_off) pending_error_ = ECONNRESET;
  return error;
}

// What connect() says of a socket that has been connecting already.
Errno TcpSocket::connect_again() {
  if (is_connecting()) return EALREADY;
  if (const tcp::Failed* failed = state_.as<tcp::Failed>()) {
    // Whoever connected without waiting learns here how it went; only the attempt after that is a new one.
    return failed->shut_down ? Errno(EINVAL) : tcp_finish_connect();
  }
  if (const tcp::Ended* ended = state_.as<tcp::Ended>()) return ended->told ? Errno(EISCONN) : report_failed_connect();
  tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected == nullptr || connected->told) return EISCONN;
  connected->told = true;
  return connected->turns_out_over() ? report_failed_connect() : success;
}

// The IPv6 socket's peers in IPv4 are reached by an IPv4 host socket. `remote` becomes what that understands. Port 0 is nobody's:
// then the hosts stay as they are.
Result<host::TcpSocket*> TcpSocket::choose_host_for(SocketAddress& remote) {
  tcp::Unconnected& hosts = *state_.as<tcp::Unconnected>();
  const Errno refused = remote.port == 0 ? Errno(ECONNREFUSED) : success;
  if (family() == Family::ipv6 && binding_.is_bound() && hosts.is_ipv4_only() && !remote.is_ipv4_mapped()) {
    if (!remote.is_unspecified()) return Errno(EAFNOSUPPORT);
    remote = to_family(SocketAddress::loopback(Family::ipv4, remote.port), Family::ipv6);
  }
  if (!remote.is_ipv4_mapped()) {
    if (!refused.ok()) return refused;
    const Errno error = make_host(hosts.own, family());
    if (!error.ok()) return error;
    hosts.drop_ipv4();
    return &hosts.own;
  }
  if (options.v6_only) return Errno(ENETUNREACH);
  if (!refused.ok()) return refused;
  remote = to_family(remote, Family::ipv4);
  if (!hosts.ipv4) {
    if (binding_.is_bound()) return Errno(ENETUNREACH);  // to an IPv6 address
    const Errno error = make_host(hosts.ipv4, Family::ipv4);
    if (!error.ok()) return error;
  }
  hosts.drop_own();
  return &hosts.ipv4;
}

Errno TcpSocket::start_connect(const SocketAddress& address) {
  // A kernel sends a SYN to these all the same; a host refuses the argument.
  if (address.is_multicast() || address.is_ipv4_broadcast()) return ENETUNREACH;
  const Errno error = tcp::late.bind != nullptr ? tcp::late.bind->before_connect(*this) : success;
  if (!error.ok()) return error == EADDRINUSE ? Errno(EADDRNOTAVAIL) : error;  // no port is free
  SocketAddress remote = address;
  const Result<host::TcpSocket*> chosen = choose_host_for(remote);
  if (chosen.error() == ECONNREFUSED) {
    // Nobody's port: a kernel asks all the same, and the answer comes later.
    state_.become<tcp::Failed>();
    binding_.shows_name = false;
    pending_error_ = ECONNREFUSED;
    tell_change();
    return EINPROGRESS;
  }
  if (!chosen.ok()) return chosen.error();
  remote = as_destination(remote, binding_.address);
  Result<host::Connecting> attempt = chosen.value()->connect(remote);
  if (!attempt.ok()) return attempt.error();
  // Of clients of other programs accept() needn't ask whose they are.
  tcp::AwaitsAccept awaits(tcp::late.listen != nullptr && tcp::late.listen->listens_at(remote.port));
  state_.become<tcp::Connecting>(static_cast<host::Connecting&&>(attempt.value()),
                                 static_cast<tcp::AwaitsAccept&&>(awaits));
  tcp::late.finish_connect = [](TcpSocket& socket) { socket.finish_host_connect(); };
  binding_.shows_name = false;
  pending_error_ = success;
  return see_first_answer(remote);
}

// The SYN leaves with the first look. Only what the guest's own end finds wrong is told at once; what the peer answers comes
// later in a kernel, however near it is.
Errno TcpSocket::see_first_answer(const SocketAddress& remote) {
  progress();
  const bool answered = pending_error_ == ECONNREFUSED || pending_error_ == ETIMEDOUT || pending_error_ == ECONNRESET;
  if (state_.is<tcp::Failed>() && !answered) {
    const Errno error = tcp_finish_connect();
    return error == EHOSTUNREACH ? Errno(ENETUNREACH) : error;  // known at once: there is no route
  }
  tcp::Connecting* connecting = state_.as<tcp::Connecting>();
  if (connecting != nullptr && remote.is_loopback() && (status_flags & O_NONBLOCK) != 0) {
    // In a kernel the answer from the loopback interface is there when connect() returns. The host takes its time.
    (void)settle(Settling::loopback_answer, connecting->attempt.finished());
    progress();
  }
  return EINPROGRESS;
}

// Linux leaves a socket whose connect() itself reported the failure as good as new.
Errno TcpSocket::report_failed_connect() {
  const Errno error = tell_error_or(ECONNABORTED);
  (void)become_unconnected();
  return error;
}

Errno TcpSocket::tcp_finish_connect() {
  progress();
  if (is_connecting()) return EINPROGRESS;
  if (state_.is<tcp::Failed>()) return report_failed_connect();
  if (tcp::Connected* connected = state_.as<tcp::Connected>()) connected->told = true;
  return success;
}

void TcpSocket::finish_host_connect() {
  tcp::Connecting& connecting = *state_.as<tcp::Connecting>();
  Result<host::Connection> result = connecting.attempt.finish();
  if (result.error() == EAGAIN) return;
  tell_change();
  if (!result.ok()) {
    state_.become<tcp::Failed>();
    pending_error_ = result.error();
    return;
  }
  tcp::AwaitsAccept awaits(static_cast<tcp::AwaitsAccept&&>(connecting.awaits_accept));
  tcp::Connected& connected = state_.become<tcp::Connected>(*this, static_cast<host::Connection&&>(result.value()),
                                                            static_cast<tcp::AwaitsAccept&&>(awaits));
  connected.hear();
  if (host_options_) tcp::late.apply_options_to(*this, connected.host);  // those set while the host could not take them
}

}  // namespace posix_sockets

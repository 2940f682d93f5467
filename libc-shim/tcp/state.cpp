// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tcp/state.h"

#include "tcp/listener.h"
#include "tcp/socket.h"

namespace posix_sockets {
namespace tcp {

void Unconnected::drop_own() { own = {}; }
void Unconnected::drop_ipv4() { ipv4 = {}; }

void State::drop() {
  switch (kind_) {
    case StateKind::unconnected:
      return drop_as<Unconnected>();
    case StateKind::connecting:
      return drop_as<Connecting>();
    case StateKind::connected:
      return drop_as<Connected>();
    case StateKind::ended:
      return drop_as<Ended>();
    case StateKind::listening:
      return drop_as<Listening>();
    case StateKind::failed:
      return drop_as<Failed>();
  }
}

}  // namespace tcp

Errno TcpSocket::become_unconnected() {
  if (!binding_.shows_name) {
    // Linux goes on to show a port that it gave up.
    const uint16_t port = tcp_local_address().value().port;
    binding_.name = binding_.is_bound() ? binding_.address : SocketAddress::any(family());
    binding_.name.port = port;
  }
  if (tcp::Listening* listening = state_.as<tcp::Listening>()) tcp::late.listen->reset_waiting(listening->listener);
  if (tcp::Connected* connected = state_.as<tcp::Connected>())
    if (connected->has_unsent()) connected->leave_behind();
  state_.become<tcp::Unconnected>();
  receive_shut_ = send_shut_ = false;
  options.set_value(Stored::quick_ack, 0);
  if (binding_.port == tcp::Binding::Port::chosen) {
    binding_.unbind();
    return tcp::late.bind->bind(*this, binding_.address);
  }
  binding_.give_up_port();
  if (binding_.name.port != 0 || binding_.keeps_address) binding_.shows_name = true;
  return success;
}

void TcpSocket::become_ended(bool in_order) {
  tcp::Connected& connected = *state_.as<tcp::Connected>();
  ReadBuffer unread(static_cast<ReadBuffer&&>(connected.fast.ahead));
  if (connected.has_unsent()) connected.leave_behind();
  const bool told = connected.told;
  state_.become<tcp::Ended>(static_cast<ReadBuffer&&>(unread), in_order, told);
}

tcp::Unconnected* TcpSocket::hosts() {
  if (tcp::Ended* ended = state_.as<tcp::Ended>()) return &ended->next;
  if (tcp::Failed* failed = state_.as<tcp::Failed>()) return &failed->next;
  return state_.as<tcp::Unconnected>();
}

Errno TcpSocket::make_host(host::TcpSocket& slot, Family its_family) const {
  if (slot) return success;
  Result<host::TcpSocket> fresh = host::TcpSocket::create(its_family);
  if (!fresh.ok()) return fresh.error();
  slot = static_cast<host::TcpSocket&&>(fresh.value());
  if (host_options_) tcp::late.apply_options(*this, slot);
  return success;
}

Errno TcpSocket::tell_error_or(Errno usual) {
  const Errno error = pending_error_.ok() ? usual : pending_error_;
  pending_error_ = success;
  return error;
}

bool TcpSocket::is_connected_still() {
  tcp::Connected* connected = state_.as<tcp::Connected>();
  return connected != nullptr && !connected->turns_out_over();
}

void TcpSocket::look_for_error() {
  progress();
  (void)is_connected_still();
}

Result<SocketAddress> TcpSocket::tcp_local_address() {
  progress();
  if (binding_.shows_name) return binding_.name;
  Result<SocketAddress> address = Errno(EINVAL);
  if (tcp::Connected* connected = connection()) {
    address = connected->host.local_address();
  } else if (binding_.is_bound()) {
    address = tcp::late.bind->host_address(*this);
  }
  if (address.ok()) return to_family(address.value(), family());
  return binding_.is_bound() ? binding_.address : SocketAddress::any(family());
}

Result<SocketAddress> TcpSocket::tcp_remote_address() {
  progress();
  const tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected == nullptr) return Errno(ENOTCONN);
  const Result<SocketAddress> address = connected->host.remote_address();
  if (!address.ok()) return Errno(ENOTCONN);  // reset, or over in both directions
  return to_family(address.value(), family());
}

// While it connects it has one that the host doesn't tell; when the connection is over Linux gives up what wasn't asked for.
bool TcpSocket::has_port() {
  progress();
  return binding_.is_bound() || is_connecting() || is_listening() || is_connected_still();
}

uint16_t TcpSocket::local_port() {
  if (binding_.is_bound()) return binding_.address.port;
  tcp::Connected* connected = state_.as<tcp::Connected>();
  return connected != nullptr ? connected->local_port() : uint16_t{0};
}

}  // namespace posix_sockets

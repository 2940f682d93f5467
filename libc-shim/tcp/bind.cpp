// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: bind, listen, and the host socket or sockets behind an IPv6 one that takes IPv4, too.
#include <string.h>

#include "support/errno_of.h"
#include "support/memory.h"
#include "tcp/listener.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

// start-bind and finish-bind. Binding is immediate in every host: it has no asynchronous part in any kernel.
Errno bind_host(wasi::TcpSocket& host, const SocketAddress& address) {
  wasi::Result<wasi::Unit> result = host.start_bind(address);
  while (result.ok()) {
    result = host.finish_bind();
    if (result.ok()) return success;
    if (result.error() != wasi::ErrorCode::would_block) break;
    if (!settle(Settling::binding, host.subscribe())) return EAGAIN;
    result = wasi::Unit{};
  }
  // The family was checked before: what is left for invalid-argument is an address that can't be a local one.
  if (result.error() == wasi::ErrorCode::invalid_argument) return EADDRNOTAVAIL;
  return errno_of(result.error());
}

Errno listen_host(wasi::TcpSocket& host, uint64_t backlog) {
  (void)host.set_listen_backlog_size(backlog);
  wasi::Result<wasi::Unit> result = host.start_listen();
  while (result.ok()) {
    result = host.finish_listen();
    if (result.ok()) return success;
    if (result.error() != wasi::ErrorCode::would_block) break;
    if (!settle(Settling::binding, host.subscribe())) return EAGAIN;
    result = wasi::Unit{};
  }
  return errno_of(result.error());
}

}  // namespace

Errno TcpSocket::replace_host(Family family) {
  wasi::Result<wasi::TcpSocket> fresh = wasi::TcpSocket::create(family);
  if (!fresh.ok()) return errno_of_new_socket(fresh.error());
  install_host(static_cast<wasi::TcpSocket&&>(fresh.value()), family);
  if (host_options_) on_.apply_options(*this, host_);
  return success;
}

void TcpSocket::install_host(wasi::TcpSocket fresh, Family family) {
  drop_held();
  if (other_end_ != nullptr) part();
  look_for_other_end(false);
  permit_of_ = nullptr;
  underway_ = 0;
  local_port_ = 0;
  if (state_ == State::connected && has_unsent()) leave_behind();
  // Children first, then the old socket, which frees its port for the new one.
  socket_pollable_.reset();
  input_pollable_.reset();
  output_pollable_.reset();
  input_.reset();
  output_.reset();
  drop_listener();
  companion_pollable_.reset();
  companion_.reset();
  host_ = static_cast<wasi::TcpSocket&&>(fresh);
  host_family_ = family;
  host_replaced_ = state_ == State::connected;
  if (host_replaced_) input_ended_ = output_ended_ = true;
}

// Unless the program chose it. An address that it chose stays.
void TcpSocket::give_up_port() {
  if (!bound_ || port_chosen_) return;
  address_chosen_ = !bind_address_.is_unspecified();
  bind_address_.port = 0;
  bound_ = false;
}

void TcpSocket::show_name(const SocketAddress& name) {
  shown_name_ = name;
  name_shown_ = true;
}

// A WASI socket takes one family. What Linux does with one socket on the IPv6 wildcard takes a second one, on the same port.
Errno TcpSocket::bind_both(const SocketAddress& address) {
  constexpr int attempts = 64;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    wasi::Result<wasi::TcpSocket> companion = wasi::TcpSocket::create(Family::ipv4);
    const Errno none = companion.ok() ? success : errno_of_new_socket(companion.error());
    if (!none.ok() && !(none == EAFNOSUPPORT)) return none;
    Errno error = bind_host(host_, address);
    if (!error.ok() || !none.ok()) return error;  // or a host without IPv4
    SocketAddress ipv4 = SocketAddress::any(Family::ipv4);
    const wasi::Result<SocketAddress> local = host_.local_address();
    ipv4.port = local.ok() ? local.value().port : address.port;
    if (host_options_) on_.apply_options(*this, companion.value());
    error = bind_host(companion.value(), ipv4);
    if (error.ok()) {
      companion_ = static_cast<wasi::TcpSocket&&>(companion.value());
      return success;
    }
    if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return success;  // no IPv4 here
    const Errno replaced = replace_host(Family::ipv6);
    if (!replaced.ok()) return replaced;
    // The port that the host chose may be taken in IPv4: then another one.
    if (address.port != 0 || !(error == EADDRINUSE)) return error;
  }
  return EADDRINUSE;
}

// A connection that is over has lost its port, unless that was the program's choice, and can have another.
bool TcpSocket::can_be_bound() {
  if (state_ == State::fresh) return !bound_;
  const bool over = state_ == State::failed || (state_ == State::connected && turns_out_over() && !has_unsent());
  return over && !(bound_ && (port_chosen_ || host_replaced_));
}

Errno TcpSocket::tcp_bind(const SocketAddress& address) {
  progress();
  if (!can_be_bound()) {
    // For IPv4 the kernel looks at the address first. Only a host that binds knows its own.
    if (family() == Family::ipv4 && !address.is_loopback()) {
      wasi::Result<wasi::TcpSocket> spare = wasi::TcpSocket::create(Family::ipv4);
      SocketAddress elsewhere = address;
      elsewhere.port = 0;
      if (spare.ok() && bind_host(spare.value(), elsewhere) == EADDRNOTAVAIL) return EADDRNOTAVAIL;
    }
    return EINVAL;
  }
  if (family() == Family::ipv6 && address.is_multicast()) return EINVAL;
  if (address.is_ipv4_mapped() && options.v6_only) return EINVAL;
  Errno error = address.port != 0 && is_taken(address) ? EADDRINUSE : success;
  if (state_ != State::fresh && !name_shown_) show_name(tcp_local_address().value());
  if (error.ok() && state_ != State::fresh) {
    take_in_end();
    error = replace_host(family());
  }
  if (error.ok()) error = bind_now(address);
  if (error == EADDRINUSE) {
    // The kernel has forgotten an address that it kept, and shows the port that it gave up.
    address_chosen_ = false;
    memset(shown_name_.bytes, 0, sizeof shown_name_.bytes);
  }
  return error;
}

Errno TcpSocket::bind_now(const SocketAddress& address) {
  Errno error;
  // The host socket may be one for IPv4 since an attempt that failed.
  const Family host_family = address.is_ipv4_mapped() ? Family::ipv4 : family();
  if (host_family_ != host_family) error = replace_host(host_family);
  if (!error.ok()) return error;
  if (address.is_ipv4_mapped()) {
    error = bind_host(host_, to_family(address, Family::ipv4));
  } else if (family() == Family::ipv6 && address.is_unspecified() && !options.v6_only) {
    error = bind_both(address);
  } else {
    error = bind_host(host_, address);
  }
  if (!error.ok()) return error;
  bound_ = true;
  on_.bind_again = [](TcpSocket& socket) { return socket.bind_now(socket.bind_address_); };
  name_shown_ = address_chosen_ = false;
  port_chosen_ = address.port != 0;
  bind_address_ = address;
  keep_to_family_of(address);
  if (address.port == 0) {
    // The port that was chosen is the one to take again in reopen().
    Result<SocketAddress> local = tcp_local_address();
    if (local.ok()) bind_address_ = local.value();
  }
  return success;
}

Errno TcpSocket::tcp_listen(int backlog) {
  progress();
  if (state_ == State::connecting || state_ == State::connected || state_ == State::failed) return EINVAL;
  // As the kernel reads it: negative is unlimited. The host takes at least 1.
  const uint64_t size = backlog < 0 ? 4096 : backlog == 0 ? 1 : static_cast<uint64_t>(backlog);
  if (state_ == State::listening) {
    options.backlog = static_cast<int>(size);
    (void)host_.set_listen_backlog_size(size);  // a hint: some hosts can't change it any more
    return success;
  }
  if (!bound_) {
    const Errno error = bind_now(address_chosen_ ? bind_address_ : SocketAddress::any(family()));
    if (!error.ok()) return error;
  }
  const auto start = [this, size]() -> Errno {
    if (listener_ == nullptr) listener_ = create<Listener>(*this);
    if (listener_ == nullptr) return ENOMEM;
    const Errno error = listen_host(host_, size);
    return error.ok() && companion_ ? listen_host(companion_, size) : error;
  };
  Errno error = start();
  if (error == EINVAL) {
    // The port was in use the last time. After that a host socket is of no use: another one on the address.
    const bool port_chosen = port_chosen_;
    error = replace_host(family());
    if (error.ok()) error = bind_now(bind_address_);
    bound_ = true;
    port_chosen_ = port_chosen;
    if (error.ok()) error = start();
  }
  if (!error.ok()) return error;
  options.backlog = static_cast<int>(size);
  state_ = State::listening;
  own_peers_ = &own_peers_functions;
  return success;
}

void TcpSocket::forget_connection() {
  host_replaced_ = peer_is_deaf_ = dead_ = expects_end_ = false;
  options.set_value(Stored::quick_ack, 0);
  fast_.ahead.consume(fast_.ahead.size());
  state_ = State::fresh;
  input_ended_ = output_ended_ = receive_shut_ = send_shut_ = error_latched_ = connect_reported_ = was_writable_ =
      may_be_writing_ = false;
  sent_after_end_ = ended_in_order_ = false;
}

Errno TcpSocket::reopen() {
  // Linux goes on to show a port that it gave up.
  SocketAddress name = name_shown_ ? shown_name_ : SocketAddress::any(family());
  if (!name_shown_) {
    const Result<SocketAddress> local = tcp_local_address();
    if (local.ok()) name.port = local.value().port;
    if (bound_) memcpy(name.bytes, bind_address_.bytes, sizeof name.bytes);
  }
  if (listener_ != nullptr) listener_->reset_pending();
  const Errno error = replace_host(family());
  if (!error.ok()) return error;
  forget_connection();
  if (bound_ && port_chosen_) {
    bound_ = false;
    return on_.bind_again(*this);
  }
  give_up_port();
  if (name.port != 0 || address_chosen_) show_name(name);
  return success;
}

// The IPv6 socket's peers in IPv4 are reached by an IPv4 host socket. `remote` becomes what that understands. Port 0 is nobody's:
// then the hosts stay as they are.
Errno TcpSocket::choose_host_for(SocketAddress& remote) {
  const Errno refused = remote.port == 0 ? ECONNREFUSED : success;
  if (family() != Family::ipv6) return refused;
  const bool bound_to_ipv4 = bound_ && host_family_ == Family::ipv4;
  if (bound_to_ipv4 && !remote.is_ipv4_mapped()) {
    if (!remote.is_unspecified()) return EAFNOSUPPORT;
    remote = to_family(SocketAddress::loopback(Family::ipv4, remote.port), Family::ipv6);
  }
  if (!remote.is_ipv4_mapped()) {
    if (!refused.ok()) return refused;
    if (host_family_ != Family::ipv6) return replace_host(Family::ipv6);  // the last attempt was to an IPv4 address
    companion_pollable_.reset();
    companion_.reset();
    return success;
  }
  if (options.v6_only) return ENETUNREACH;
  if (!refused.ok()) return refused;
  remote = to_family(remote, Family::ipv4);
  if (host_family_ == Family::ipv4) return success;
  if (!bound_) return replace_host(Family::ipv4);
  if (!companion_) return ENETUNREACH;  // bound to an IPv6 address
  install_host(static_cast<wasi::TcpSocket&&>(companion_), Family::ipv4);
  return success;
}

}  // namespace posix_sockets

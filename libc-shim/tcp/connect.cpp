// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: socket, connect, getsockname, getpeername.
#include <fcntl.h>

#include "support/errno_of.h"
#include "support/memory.h"
#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {

Result<Socket*> create_tcp_socket(Family family) {
  wasi::Result<wasi::TcpSocket> host = wasi::TcpSocket::create(family);
  if (!host.ok()) return errno_of_new_socket(host.error());
  auto* socket = create<TcpSocket>(family, family, static_cast<wasi::TcpSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

void TcpSocket::adopt(wasi::TcpStreams streams) {
  input_ = static_cast<wasi::InputStream&&>(streams.input);
  output_ = static_cast<wasi::OutputStream&&>(streams.output);
  state_ = State::connected;
  // Nothing is known of this connection that was of one before.
  underway_ = last_write_ = 0;
  room_underway_ = arrival_counted_ = just_wrote_ = last_read_full_ = reads_much_ = owes_empty_read_ = false;
  was_writable_ = may_be_writing_ = false;
}

// The kernel looks at the address only once it is going to connect there.
Errno TcpSocket::tcp_connect_to(const sockaddr* address, socklen_t length) {
  progress();
  const SocketAddress unused = SocketAddress::any(family());
  const bool tries = state_ == State::fresh || (state_ == State::failed && connect_reported_);
  if (address->sa_family != AF_UNSPEC && !tries) return tcp_connect(&unused);
  if (address->sa_family == AF_UNSPEC) return tcp_connect(nullptr);
  Result<SocketAddress> remote = from_sockaddr(address, length, family());
  if (!remote.ok()) return remote.error();
  return remote.value().lacks_scope() ? EINVAL : tcp_connect(&remote.value());
}

Errno TcpSocket::disconnect() {
  ++edges;
  if (state_ == State::fresh) {
    receive_shut_ = send_shut_ = false;  // a port that it has stays its own
    return success;
  }
  const bool broken_off = state_ == State::connecting || (state_ == State::connected && !turns_out_over());
  if (host_replaced_ && bound_) {
    forget_connection();  // it was over and has been bound since
    return success;
  }
  if (own_peers_ != nullptr) own_peers_->reset_other_end(*this);
  const Errno error = reopen();
  if (error.ok() && broken_off) pending_error_ = ECONNRESET;
  return error;
}

Errno TcpSocket::tcp_connect(const SocketAddress* address) {
  progress();
  if (address == nullptr) return disconnect();
  switch (state_) {
    case State::listening:
      return EISCONN;
    case State::connecting:
      return EALREADY;
    case State::connected:
      if (connect_reported_) return EISCONN;
      connect_reported_ = true;
      return turns_out_over() ? report_failed_connect() : success;
    case State::failed:
      if (dead_) return EINVAL;
      if (connect_reported_) {
        const Errno again = reopen();  // as that failed before, for want of a descriptor
        return again.ok() ? tcp_connect(address) : again;
      }
      // Whoever connected without waiting learns here how it went; only the attempt after that is a new one.
      return tcp_finish_connect();
    case State::fresh:
      break;
  }
  // A kernel sends a SYN to these all the same; a host refuses the argument.
  if (address->is_multicast() || address->is_ipv4_broadcast()) return ENETUNREACH;

  if (address_chosen_ && !bound_) {
    const Errno bound = on_.bind_again(*this);
    if (!bound.ok()) return bound == EADDRINUSE ? Errno(EADDRNOTAVAIL) : bound;  // no port is free
  }
  SocketAddress remote = *address;
  const Errno unreachable = choose_host_for(remote);
  if (unreachable == ECONNREFUSED) {
    // Nobody's port: a kernel asks all the same, and the answer comes later.
    state_ = State::failed;
    name_shown_ = connect_reported_ = false;
    pending_error_ = ECONNREFUSED;
    ++edges;
    return EINPROGRESS;
  }
  if (!unreachable.ok()) return unreachable;
  remote = as_destination(remote, bind_address_);
  wasi::Result<wasi::Unit> started = host_.start_connect(remote);
  if (!started.ok()) {
    if (started.error() == wasi::ErrorCode::invalid_argument) return EINVAL;
    return errno_of(started.error());
  }
  state_ = State::connecting;
  // Of clients of other programs accept() needn't ask whose they are.
  look_for_other_end(own_peers_ != nullptr && own_peers_->listens_at(remote.port));
  on_.finish = [](TcpSocket& socket) { socket.finish_host_connect(); };
  name_shown_ = false;
  connect_reported_ = false;
  pending_error_ = success;
  // The SYN leaves with the first finish-connect. Only what the guest's own end finds wrong is told at once; what the peer
  // answers comes later in a kernel, however near it is.
  progress();
  if (state_ == State::failed && !(pending_error_ == ECONNREFUSED) && !(pending_error_ == ETIMEDOUT) &&
      !(pending_error_ == ECONNRESET)) {
    const Errno error = tcp_finish_connect();
    return error == EHOSTUNREACH ? Errno(ENETUNREACH) : error;  // known at once: there is no route
  }
  if (state_ == State::connecting && remote.is_loopback() && (status_flags & O_NONBLOCK) != 0) {
    // In a kernel the answer from the loopback interface is there when connect() returns. The host takes its time.
    (void)settle(Settling::loopback_answer, socket_pollable());
    progress();
  }
  return EINPROGRESS;
}

// Linux leaves a socket whose connect() itself reported the failure as good as new, so reporting means reopening.
Errno TcpSocket::report_failed_connect() {
  const Errno error = pending_error_.ok() ? Errno(ECONNABORTED) : pending_error_;
  pending_error_ = success;
  connect_reported_ = !reopen().ok();  // the next connect() tries that again
  return error;
}

Errno TcpSocket::tcp_finish_connect() {
  progress();
  if (state_ == State::connecting) return EINPROGRESS;
  if (state_ == State::failed) return report_failed_connect();
  connect_reported_ = true;
  return success;
}

void TcpSocket::finish_host_connect() {
  wasi::Result<wasi::TcpStreams> result = host_.finish_connect();
  if (result.ok()) {
    adopt(static_cast<wasi::TcpStreams&&>(result.value()));
    hear();
    ++edges;
    if (host_options_) on_.apply_options(*this, host_);  // those set while the host could not take them
    return;
  }
  if (result.error() == wasi::ErrorCode::would_block) return;
  state_ = State::failed;
  ++edges;
  pending_error_ = errno_of_answer(result.error());
}

Result<SocketAddress> TcpSocket::tcp_local_address() {
  progress();
  if (name_shown_) return shown_name_;
  if (bound_ || state_ == State::connected || state_ == State::listening) {
    wasi::Result<SocketAddress> address = host_.local_address();
    if (address.ok()) return to_family(address.value(), family());
    if (bound_) return bind_address_;
  }
  return SocketAddress::any(family());
}

// While it connects it has one that the host doesn't tell; when the connection is over Linux gives up what wasn't asked for.
bool TcpSocket::has_port() {
  progress();
  return bound_ || state_ == State::connecting || state_ == State::listening ||
         (state_ == State::connected && !turns_out_over());
}

Result<SocketAddress> TcpSocket::tcp_remote_address() {
  progress();
  if (state_ != State::connected || host_replaced_) return Errno(ENOTCONN);
  wasi::Result<SocketAddress> address = host_.remote_address();
  if (!address.ok()) return Errno(ENOTCONN);  // reset, or over in both directions
  return to_family(address.value(), family());
}

}  // namespace posix_sockets

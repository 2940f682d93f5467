// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: socket, bind, listen, accept, connect, getsockname, getpeername.
#include "kinds/tcp_socket.h"
#include "support/errno_of.h"
#include "support/memory.h"

namespace posix_sockets {

TcpSocket::TcpSocket(Family family, wasi::TcpSocket host)
    : Socket(family, SocketType::stream), host_(static_cast<wasi::TcpSocket&&>(host)) {}

Result<Socket*> create_tcp_socket(Family family) {
  wasi::Result<wasi::TcpSocket> host = wasi::TcpSocket::create(family);
  if (!host.ok()) return host.error() == wasi::ErrorCode::not_supported ? Errno(EAFNOSUPPORT) : errno_of(host.error());
  auto* socket = create<TcpSocket>(family, static_cast<wasi::TcpSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

namespace {

// start-bind and finish-bind. Binding is immediate in every host: it has no asynchronous part in any kernel.
Errno bind_host(wasi::TcpSocket& host, const SocketAddress& address) {
  wasi::Result<wasi::Unit> result = host.start_bind(address);
  while (result.ok()) {
    result = host.finish_bind();
    if (result.ok()) return success;
    if (result.error() != wasi::ErrorCode::would_block) break;
    const Errno waited = wait_for(host.subscribe(), Deadline{});
    if (!waited.ok()) return waited;
    result = wasi::Unit{};
  }
  // The family was checked before: what is left for invalid-argument is an address that can't be a local one.
  if (result.error() == wasi::ErrorCode::invalid_argument) return EADDRNOTAVAIL;
  return errno_of(result.error());
}

}  // namespace

Errno TcpSocket::bind(const SocketAddress& address) {
  progress();
  if (bound_ || state_ != State::fresh) return EINVAL;
  const Errno error = bind_host(host_, address);
  if (!error.ok()) return error;
  bound_ = true;
  bind_address_ = address;
  if (address.port == 0) {
    // The port that was chosen is the one to take again in reopen().
    Result<SocketAddress> local = local_address();
    if (local.ok()) bind_address_ = local.value();
  }
  return success;
}

Errno TcpSocket::listen(int backlog) {
  progress();
  if (state_ == State::connecting || state_ == State::connected) return EINVAL;
  // As the kernel reads it: negative is unlimited. The host takes at least 1.
  const uint64_t size = backlog < 0 ? 4096 : backlog == 0 ? 1 : static_cast<uint64_t>(backlog);
  if (state_ == State::listening) {
    options.backlog = static_cast<int>(size);
    (void)host_.set_listen_backlog_size(size);  // a hint: some hosts can't change it any more
    return success;
  }
  if (state_ == State::failed) {
    const Errno error = reopen();
    if (!error.ok()) return error;
  }
  if (!bound_) {
    const Errno error = bind(SocketAddress::any(family()));
    if (!error.ok()) return error;
  }
  (void)host_.set_listen_backlog_size(size);
  wasi::Result<wasi::Unit> result = host_.start_listen();
  while (result.ok()) {
    result = host_.finish_listen();
    if (result.ok()) {
      options.backlog = static_cast<int>(size);
      state_ = State::listening;
      return success;
    }
    if (result.error() != wasi::ErrorCode::would_block) break;
    const Errno waited = wait_for(socket_pollable(), Deadline{});
    if (!waited.ok()) return waited;
    result = wasi::Unit{};
  }
  return errno_of(result.error());
}

void TcpSocket::accept_ahead() {
  if (pending_.socket) return;
  // A connection that was reset while it waited is skipped, as in the kernel; each attempt takes one off the queue.
  for (int attempt = 0; attempt < 16; ++attempt) {
    wasi::Result<wasi::AcceptedTcp> accepted = host_.accept();
    if (accepted.ok()) {
      pending_ = static_cast<wasi::AcceptedTcp&&>(accepted.value());
      ++edges;
      return;
    }
    if (accepted.error() == wasi::ErrorCode::would_block) return;
    if (accepted.error() != wasi::ErrorCode::connection_aborted && accepted.error() != wasi::ErrorCode::connection_reset) {
      pending_error_ = errno_of(accepted.error());
      return;
    }
  }
}

Result<Socket*> TcpSocket::accept() {
  if (state_ != State::listening) return Errno(EINVAL);
  accept_ahead();
  if (!pending_.socket) {
    const Errno error = pending_error_;
    pending_error_ = success;
    return error.ok() ? Errno(EAGAIN) : error;
  }
  auto* accepted = create<TcpSocket>(family(), static_cast<wasi::TcpSocket&&>(pending_.socket));
  if (accepted == nullptr) return Errno(ENOMEM);
  accepted->adopt(static_cast<wasi::TcpStreams&&>(pending_.streams));
  accepted->connect_reported_ = true;
  // The kernel clones the listener with nearly all options.
  accepted->options = options.inherited();
  accepted->gathering_changed(corked_, no_delay_);
  accepted->options_set_ = options_set_;
  for (int i = 0; i < host_option_count; ++i) accepted->option_values_[i] = option_values_[i];
  return accepted;
}

void TcpSocket::adopt(wasi::TcpStreams streams) {
  input_ = static_cast<wasi::InputStream&&>(streams.input);
  output_ = static_cast<wasi::OutputStream&&>(streams.output);
  state_ = State::connected;
}

Errno TcpSocket::connect(const SocketAddress* address) {
  progress();
  if (state_ == State::listening) return EISCONN;
  if (state_ == State::connecting) return EALREADY;
  if (state_ == State::connected) {
    if (address != nullptr) {
      if (connect_reported_) return EISCONN;
      connect_reported_ = true;
      return success;
    }
  }
  if (state_ == State::failed && address != nullptr) {
    // Whoever connected without waiting learns here how it went; only the attempt after that is a new one.
    const Errno error = connect_reported_ ? success : pending_error_.ok() ? Errno(ECONNABORTED) : pending_error_;
    pending_error_ = success;
    const Errno reopened = reopen();
    if (!error.ok()) return error;
    if (!reopened.ok()) return reopened;
  }
  if (address == nullptr) {
    pending_error_ = success;
    return reopen();
  }
  // A kernel sends a SYN to these all the same; a host refuses the argument.
  if (address->is_multicast() || address->is_ipv4_broadcast()) return ENETUNREACH;
  if (address->port == 0) return ECONNREFUSED;

  wasi::Result<wasi::Unit> started = host_.start_connect(as_destination(*address));
  if (!started.ok()) {
    if (started.error() == wasi::ErrorCode::invalid_argument) return EINVAL;
    return errno_of(started.error());
  }
  state_ = State::connecting;
  connect_reported_ = false;
  // The SYN leaves with the first finish-connect. Only what the guest's own end finds wrong is told at once; what the peer
  // answers comes later in a kernel, however near it is.
  progress();
  if (state_ == State::failed && !(pending_error_ == ECONNREFUSED) && !(pending_error_ == ETIMEDOUT) &&
      !(pending_error_ == ECONNRESET)) {
    const Errno error = finish_connect();
    return error == EHOSTUNREACH ? Errno(ENETUNREACH) : error;  // known at once: there is no route
  }
  return EINPROGRESS;
}

// Linux leaves a socket whose connect() itself reported the failure as good as new, so reporting means reopening.
Errno TcpSocket::finish_connect() {
  progress();
  if (state_ == State::connecting) return EINPROGRESS;
  if (state_ == State::failed) {
    Errno error = pending_error_.ok() ? Errno(ECONNABORTED) : pending_error_;
    pending_error_ = success;
    (void)reopen();  // if this fails, the next operation on the socket says why
    return error;
  }
  connect_reported_ = true;
  return success;
}

void TcpSocket::progress() {
  if (state_ != State::connecting) return;
  wasi::Result<wasi::TcpStreams> result = host_.finish_connect();
  if (result.ok()) {
    adopt(static_cast<wasi::TcpStreams&&>(result.value()));
    ++edges;
    apply_host_options(host_);  // those set while the host could not take them
    return;
  }
  if (result.error() == wasi::ErrorCode::would_block) return;
  state_ = State::failed;
  ++edges;
  pending_error_ = errno_of(result.error());
}

Errno TcpSocket::reopen() {
  wasi::Result<wasi::TcpSocket> fresh = wasi::TcpSocket::create(family());
  if (!fresh.ok()) return errno_of(fresh.error());
  drop_held();
  // Children first, then the old socket, which frees its port for the new one.
  socket_pollable_.reset();
  input_pollable_.reset();
  output_pollable_.reset();
  input_.reset();
  output_.reset();
  pending_ = {};
  host_ = static_cast<wasi::TcpSocket&&>(fresh.value());
  buffer_.consume(buffer_.size());
  state_ = State::fresh;
  input_ended_ = output_ended_ = receive_shut_ = send_shut_ = error_latched_ = connect_reported_ = was_writable_ = false;
  apply_host_options(host_);
  if (bound_) {
    const Errno error = bind_host(host_, bind_address_);
    if (!error.ok()) {
      bound_ = false;
      return error;
    }
  }
  return success;
}

Result<SocketAddress> TcpSocket::local_address() {
  progress();
  if (bound_ || state_ == State::connected || state_ == State::listening) {
    wasi::Result<SocketAddress> address = host_.local_address();
    if (address.ok()) return address.value();
    if (bound_) return bind_address_;
  }
  return SocketAddress::any(family());
}

Result<SocketAddress> TcpSocket::remote_address() {
  progress();
  if (state_ != State::connected) return Errno(ENOTCONN);
  wasi::Result<SocketAddress> address = host_.remote_address();
  if (!address.ok()) return Errno(ENOTCONN);  // reset, or over in both directions
  return address.value();
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what the program's sockets know of each other. A host neither resets a connection nor refuses a second socket on a
// port; where both sockets are the program's own, the library does as the kernel would.
#include "support/memory.h"
#include "tcp/listener.h"
#include "wait/settle.h"

namespace posix_sockets {
namespace {

TcpSocket* first;

// Of the connection that accept() took last, if it had been reset before.
SocketAddress reset_client;

SocketAddress as_host_has(const SocketAddress& address) {
  return address.is_ipv4_mapped() ? to_family(address, Family::ipv4) : address;
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

}  // namespace

TcpSocket::TcpSocket(Family family, Family host_family, wasi::TcpSocket host)
    : Socket(family, SocketType::stream), host_family_(host_family), host_(static_cast<wasi::TcpSocket&&>(host)) {
  fast_path = &fast_;
  enter_list();
}

void TcpSocket::enter_list() {
  next_ = first;
  link_ = &first;
  if (first != nullptr) first->link_ = &next_;
  first = this;
}

void TcpSocket::leave_list() {
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

uint16_t TcpSocket::local_port() {
  if (local_port_ == 0) {
    const wasi::Result<SocketAddress> local = host_.local_address();
    if (local.ok()) local_port_ = local.value().port;
  }
  return local_port_;
}

bool TcpSocket::listens_at(uint16_t port) {
  for (TcpSocket* socket = first; socket != nullptr; socket = socket->next_)
    if (socket->state_ == State::listening && socket->local_port() == port) return true;
  return false;
}

// The program's socket that is connected from `local` to `remote`.
TcpSocket* TcpSocket::find_connected(const SocketAddress& local, const SocketAddress& remote) {
  for (TcpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    socket->progress();
    if (socket->state_ != State::connected || socket->host_replaced_ || socket->local_port() != local.port) continue;
    const wasi::Result<SocketAddress> its_remote = socket->host_.remote_address();
    if (!its_remote.ok() || !(its_remote.value() == remote)) continue;
    const wasi::Result<SocketAddress> its_local = socket->host_.local_address();
    if (its_local.ok() && its_local.value() == local) return socket;
  }
  return nullptr;
}

// The listener's host knows of a connection before that of the client does. Whether one has been made meanwhile.
bool TcpSocket::finish_connecting() {
  SettlingTime time(Settling::accepted_client);
  bool finished = false;
  for (TcpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    if (socket->state_ != State::connecting || !time.settle(socket->socket_pollable())) continue;
    socket->progress();
    finished |= socket->state_ == State::connected;
  }
  return finished;
}

TcpSocket* TcpSocket::other_end() {
  if (state_ != State::connected || host_replaced_) return nullptr;
  const wasi::Result<SocketAddress> local = host_.local_address();
  const wasi::Result<SocketAddress> remote = host_.remote_address();
  if (!local.ok() || !remote.ok() || local.value() == remote.value()) return nullptr;
  if (!remote.value().is_loopback() && !same_host(local.value(), remote.value())) return nullptr;
  return find_connected(remote.value(), local.value());
}

// As the kernel's tcp_reset(): what has arrived stays readable, the error comes behind it. `after_end`: so does the end.
void TcpSocket::be_reset(bool after_end) {
  constexpr size_t most_at_once = 65536;
  do {
    while (!input_ended_ && fill(most_at_once).ok()) {
    }
    if (input_ended_) break;
  } while (settle(Settling::last_input, input_pollable()) && fill(most_at_once).ok());
  if (error_latched_) return;
  let_output_go();
  const SocketAddress name = tcp_local_address().value();
  // The other end may still have something to send that is in nobody's way any more.
  if (!replace_host(host_family_).ok()) return;
  show_name(name);
  give_up_port();
  input_ended_ = output_ended_ = error_latched_ = true;
  ended_in_order_ = after_end;
  pending_error_ = after_end && !send_shut_ ? EPIPE : ECONNRESET;
  ++edges;
}

void TcpSocket::deafen_other_end() {
  TcpSocket* other = other_end();
  if (other == nullptr) return;
  other->peer_is_deaf_ = true;
  other->fast_.gathered.look_at_next();
}

// The kernel resets a connection when something arrives for a socket that was shut down in both directions, or closed.
bool TcpSocket::send_into_reset() {
  peer_is_deaf_ = false;
  TcpSocket* other = other_end();
  if (other != nullptr && !(other->receive_shut_ && other->send_shut_)) return false;
  if (other != nullptr) other->be_reset(send_shut_);
  be_reset(true);
  return true;
}

// The kernel resets a connection that is closed with unread data, and one that is broken off.
void TcpSocket::reset_other_end() {
  if (state_ != State::connected || is_over() || host_replaced_) return;
  TcpSocket* other = other_end();
  if (other != nullptr) {
    other->be_reset(send_shut_);
    return;
  }
  const wasi::Result<SocketAddress> local = host_.local_address();
  const wasi::Result<SocketAddress> remote = host_.remote_address();
  if (!local.ok() || !remote.ok()) return;
  for (TcpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    if (socket->state_ != State::listening || socket->local_port() != remote.value().port) continue;
    auto* reset =
        create<Listener::EarlyReset>(Listener::EarlyReset{local.value(), send_shut_, socket->listener_->early_resets});
    if (reset == nullptr) return;
    socket->listener_->early_resets = reset;
  }
}

void TcpSocket::Listener::apply_early_reset(TcpSocket& accepted) {
  if (early_resets == nullptr) return;
  const wasi::Result<SocketAddress> remote = accepted.host_.remote_address();
  if (!remote.ok()) return;
  for (EarlyReset** link = &early_resets; *link != nullptr; link = &(*link)->next) {
    EarlyReset* entry = *link;
    if (!(entry->client == remote.value())) continue;
    *link = entry->next;
    // The host's end of the stream is behind all that the client sent.
    SettlingTime time(Settling::early_end);
    while (!accepted.input_ended_) {
      if (!accepted.fill(1).ok() && !accepted.input_ended_ && !time.settle(accepted.input_pollable())) break;
    }
    reset_client = to_family(remote.value(), accepted.family());
    accepted.be_reset(entry->after_end);
    destroy(entry);
    return;
  }
}

Errno TcpSocket::accepted_name(sockaddr* out, socklen_t* length) {
  const Result<SocketAddress> remote = host_replaced_ ? Result<SocketAddress>(reset_client) : tcp_remote_address();
  if (length == nullptr) return EFAULT;
  // Of a connection that was reset while it waited the host doesn't tell any more whose it was.
  return to_sockaddr(remote.ok() ? remote.value() : SocketAddress::any(family()), out, length);
}

// Clients of ours learn at once of what the host does.
void TcpSocket::Listener::reset_pending() {
  const auto take_next = [&] {
    take_queued();
    if (!pending.socket && searching_ != 0) accept_ahead(0);
  };
  for (take_next(); pending.socket; take_next()) {
    const wasi::Result<SocketAddress> local = pending.socket.local_address();
    const wasi::Result<SocketAddress> remote = pending.socket.remote_address();
    TcpSocket* client = nullptr;
    if (local.ok() && remote.ok()) {
      client = find_connected(remote.value(), local.value());
      if (client == nullptr && finish_connecting()) client = find_connected(remote.value(), local.value());
    }
    pending.streams = {};
    pending.socket.reset();
    if (client != nullptr) client->be_reset(false);
  }
}

// As the kernel's inet_csk_bind_conflict(): `address` is taken by another socket, unless both have SO_REUSEADDR and that one
// doesn't listen.
bool TcpSocket::is_taken(const SocketAddress& address) {
  const bool reuses = options.is_on(Stored::reuse_address);
  for (TcpSocket* socket = first; socket != nullptr; socket = socket->next_) {
    if (socket == this || socket->host_replaced_) continue;
    if (socket->state_ == State::connecting && !socket->bound_) continue;  // nobody knows its port
    if (socket->local_port() != address.port || !socket->has_port()) continue;
    if (reuses && socket->options.is_on(Stored::reuse_address) && socket->state_ != State::listening) continue;
    const Result<SocketAddress> local = socket->tcp_local_address();
    if (!local.ok()) continue;
    if (overlap(as_host_has(address), options.v6_only, as_host_has(local.value()), socket->options.v6_only))
      return true;
  }
  return false;
}

const TcpSocket::OwnPeers TcpSocket::own_peers_functions = {
    [](TcpSocket& socket) { socket.reset_other_end(); },
    [](TcpSocket& socket) { socket.deafen_other_end(); },
    [](TcpSocket& socket) { return socket.send_into_reset(); },
    [](TcpSocket& socket) { return socket.await_underway(); },
    [](uint16_t port) { return listens_at(port); },
};

}  // namespace posix_sockets

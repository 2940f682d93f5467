// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: connections with both ends in the program: finding the other end, and resets.
#include "tcp/peers.h"

#include "support/memory.h"
#include "tcp/listener.h"
#include "wait/settle.h"

namespace posix_sockets::tcp {
namespace {

SocketAddress last_reset_client;

bool same_host(const SocketAddress& one, const SocketAddress& other) {
  SocketAddress with_port = other;
  with_port.port = one.port;
  return one == with_port;
}

}  // namespace

SocketAddress Peers::reset_client() { return last_reset_client; }

bool Peers::listens_at(uint16_t port) {
  for (TcpSocket* socket = TcpSocket::first_; socket != nullptr; socket = socket->next_)
    if (socket->is_listening() && socket->local_port() == port) return true;
  return false;
}

TcpSocket* Peers::find_connected(const SocketAddress& local, const SocketAddress& remote) {
  for (TcpSocket* socket = TcpSocket::first_; socket != nullptr; socket = socket->next_) {
    socket->progress();
    Connected* connected = socket->state_.as<Connected>();
    if (connected == nullptr || connected->only_delivers || socket->local_port() != local.port) continue;
    const Result<SocketAddress> its_remote = connected->host.remote_address();
    if (!its_remote.ok() || !(its_remote.value() == remote)) continue;
    const Result<SocketAddress> its_local = connected->host.local_address();
    if (its_local.ok() && its_local.value() == local) return socket;
  }
  return nullptr;
}

bool Peers::finish_connecting() {
  SettlingTime time(Settling::accepted_client);
  bool finished = false;
  for (TcpSocket* socket = TcpSocket::first_; socket != nullptr; socket = socket->next_) {
    Connecting* connecting = socket->state_.as<Connecting>();
    if (connecting == nullptr || !time.settle(connecting->attempt.finished())) continue;
    socket->progress();
    finished |= socket->state_.is<Connected>();
  }
  return finished;
}

TcpSocket* Peers::peer_of(TcpSocket& socket) {
  const Connected* connected = socket.state_.as<Connected>();
  if (connected == nullptr) return nullptr;
  const Result<SocketAddress> local = connected->host.local_address();
  const Result<SocketAddress> remote = connected->host.remote_address();
  if (!local.ok() || !remote.ok() || local.value() == remote.value()) return nullptr;
  if (!remote.value().is_loopback() && !same_host(local.value(), remote.value())) return nullptr;
  return find_connected(remote.value(), local.value());
}

void Peers::pair_with_client(TcpSocket& accepted) {
  TcpSocket* client = peer_of(accepted);
  if (client == nullptr) return;
  Connected& one = *accepted.state_.as<Connected>();
  Connected& other = *client->state_.as<Connected>();
  one.peer.socket = client;
  other.peer.socket = &accepted;
  other.awaits_accept.stop();
  one.peer.underway = other.output.last_write + (client->send_shut_ ? 1 : 0);
}

void Peers::reset(TcpSocket& socket, bool after_end) {
  constexpr size_t most_at_once = 65536;
  Connected* connected = socket.state_.as<Connected>();
  if (connected == nullptr) return;
  do {
    while (connected->fill(most_at_once).ok()) {
    }
    if (!connected->input.is_open()) break;
  } while (settle(Settling::last_input, connected->host.readable()) && connected->fill(most_at_once).ok());
  if (connected->fate.latched) return;
  connected->let_output_go();
  socket.binding_.show(socket.tcp_local_address().value());
  // The other end may still have something to send that is in nobody's way any more.
  socket.become_ended(after_end);
  socket.binding_.give_up_port();
  socket.pending_error_ = after_end && !socket.send_shut_ ? EPIPE : ECONNRESET;
  socket.tell_change();
}

void Peers::deafen_peer(TcpSocket& socket) {
  TcpSocket* other = peer_of(socket);
  if (other == nullptr) return;
  Connected& connection = *other->state_.as<Connected>();
  connection.peer.is_deaf = true;
  connection.fast.gathered.look_at_next();
}

bool Peers::send_into_reset(TcpSocket& socket) {
  socket.state_.as<Connected>()->peer.is_deaf = false;
  TcpSocket* other = peer_of(socket);
  if (other != nullptr && !(other->receive_shut_ && other->send_shut_)) return false;
  if (other != nullptr) reset(*other, socket.send_shut_);
  reset(socket, true);
  return true;
}

void Peers::reset_peer(TcpSocket& socket) {
  const Connected* connected = socket.state_.as<Connected>();
  if (connected == nullptr || connected->is_over()) return;
  if (TcpSocket* other = peer_of(socket)) return reset(*other, socket.send_shut_);
  const Result<SocketAddress> local = connected->host.local_address();
  const Result<SocketAddress> remote = connected->host.remote_address();
  if (!local.ok() || !remote.ok()) return;
  for (TcpSocket* other = TcpSocket::first_; other != nullptr; other = other->next_) {
    Listening* listening = other->state_.as<Listening>();
    if (listening != nullptr && other->local_port() == remote.value().port)
      listening->listener.note_early_reset(local.value(), socket.send_shut_);
  }
}

void Listener::note_early_reset(const SocketAddress& client, bool after_end) {
  auto* reset = create<EarlyReset>(EarlyReset{client, after_end, early_resets_});
  if (reset != nullptr) early_resets_ = reset;
}

void Listener::apply_early_reset(TcpSocket& accepted, Connected& connection) {
  if (early_resets_ == nullptr) return;
  const Result<SocketAddress> remote = connection.host.remote_address();
  if (!remote.ok()) return;
  for (EarlyReset** link = &early_resets_; *link != nullptr; link = &(*link)->next) {
    EarlyReset* entry = *link;
    if (!(entry->client == remote.value())) continue;
    *link = entry->next;
    // The host's end of the stream is behind all that the client sent.
    SettlingTime time(Settling::early_end);
    while (connection.input.is_open()) {
      if (connection.fill(1).ok() || !connection.input.is_open()) continue;
      if (!time.settle(connection.host.readable())) break;
    }
    last_reset_client = to_family(remote.value(), accepted.family());
    Peers::reset(accepted, entry->after_end);
    destroy(entry);
    return;
  }
}

// Clients of ours learn at once of what the host does.
void Listener::reset_waiting() {
  const auto find_next = [&] {
    move_up();
    if (!first_ && AwaitsAccept::any()) accept_ahead(0);
  };
  for (find_next(); first_; find_next()) {
    const Result<SocketAddress> local = first_.local_address();
    const Result<SocketAddress> remote = first_.remote_address();
    TcpSocket* client = nullptr;
    if (local.ok() && remote.ok()) {
      client = Peers::find_connected(remote.value(), local.value());
      if (client == nullptr && Peers::finish_connecting())
        client = Peers::find_connected(remote.value(), local.value());
    }
    first_ = {};
    if (client != nullptr) Peers::reset(*client, false);
  }
}

}  // namespace posix_sockets::tcp

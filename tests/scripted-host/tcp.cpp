// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: to peers that a scenario scripts, and to listeners of the program itself.
#include <algorithm>
#include <cerrno>

#include "models.h"

using namespace scripted;

namespace posix_sockets::host {

using parts::ConnectionModel;
using parts::TcpModel;
using State = TcpModel::State;

namespace {

std::vector<TcpModel*>& sockets() {
  static auto* only = new std::vector<TcpModel*>;
  return *only;
}

bool is_taken(const SocketAddress& address) {
  return std::any_of(sockets().begin(), sockets().end(), [&](const TcpModel* other) {
    return other->family == address.family && other->local.port == address.port && other->state != State::fresh;
  });
}

TcpModel* find_listener(const SocketAddress& address) {
  for (TcpModel* each : sockets())
    if (each->state == State::listening && each->family == address.family && each->local.port == address.port)
      return each;
  return nullptr;
}

Connection make_connection(std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out, const SocketAddress& local,
                           const SocketAddress& remote) {
  auto* model = new ConnectionModel;
  model->in = std::move(in);
  model->out = std::move(out);
  model->local = local;
  model->remote = remote;
  Connection connection;
  connection.part.model = parts::Owner<ConnectionModel>(model);
  return connection;
}

void take_client(TcpModel& listener) {
  auto& waiting = world().clients[listener.local.port];
  if (waiting.empty() || listener.family != Family::ipv4) return;
  const PeerPointer peer = waiting.front();
  waiting.pop_front();
  listener.queue.push_back({peer->to_guest, peer->from_guest, SocketAddress::loopback(listener.family, take_port())});
}

bool can_accept(const TcpModel& listener) {
  return !listener.queue.empty() || (listener.family == Family::ipv4 && !world().clients[listener.local.port].empty());
}

}  // namespace

void parts::drop(TcpModel* model) {
  for (TcpModel::Waiting& each : model->queue) each.in->failure = each.out->failure = ECONNRESET;
  std::erase(sockets(), model);
  delete model;
}

Result<TcpSocket> TcpSocket::create(Family family) {
  const Errno error = error_of(Call::tcp_create);
  if (!error.ok()) return error;
  if (family == Family::ipv6 && !world().has_ipv6) return Errno(EAFNOSUPPORT);
  auto* model = new TcpModel;
  model->family = family;
  model->local = SocketAddress::any(family);
  sockets().push_back(model);
  TcpSocket socket;
  socket.part.model = parts::Owner<TcpModel>(model);
  return socket;
}

Errno TcpSocket::bind(const SocketAddress& address) {
  const Errno error = error_of(Call::tcp_bind);
  if (!error.ok()) return error;
  if (part.model->state != State::fresh) return EINVAL;
  if (address.family != part.model->family) return EADDRNOTAVAIL;
  if (address.port != 0 && is_taken(address)) return EADDRINUSE;
  part.model->local = address;
  if (address.port == 0) part.model->local.port = take_port();
  part.model->state = State::bound;
  return success;
}

Result<SocketAddress> TcpSocket::local_address() const {
  const Errno error = error_of(Call::tcp_local_address);
  if (!error.ok()) return error;
  if (part.model->state == State::fresh) return Errno(EINVAL);
  return part.model->local;
}
Result<uint64_t> TcpSocket::option(Option option) const {
  return scripted::get_option(part.model->options, option, Call::tcp_option);
}
Errno TcpSocket::set_option(Option option, uint64_t value) {
  return scripted::set_option(part.model->options, option, value, Call::tcp_set_option);
}
Source& TcpSocket::progress() {
  return source_of(part.source, [] { return true; });
}

Result<Connecting> TcpSocket::connect(const SocketAddress& remote) {
  const Errno error = error_of(Call::tcp_connect);
  if (!error.ok()) return error;
  TcpModel& model = *part.model;
  if (model.state != State::fresh && model.state != State::bound) return Errno(EINVAL);
  if (remote.family != model.family || remote.port == 0) return Errno(EINVAL);
  model.remote = remote;
  model.attempt = {};
  if (find_listener(remote) == nullptr && !world().attempts.empty()) {
    model.attempt = world().attempts.front();
    world().attempts.pop_front();
  }
  model.state = State::connecting;
  model.done_at = model.attempt.never ? UINT64_MAX : world().clock + model.attempt.delay;
  if (!model.attempt.never) world().after(model.attempt.delay, [] {});
  part.source.reset();
  Connecting connecting;
  connecting.part = static_cast<parts::TcpSocket&&>(part);
  return connecting;
}

Result<Connection> Connecting::finish() {
  const Errno error = error_of(Call::finish);
  TcpModel& model = *part.model;
  if (!error.ok()) {
    if (!(error == EAGAIN)) model.state = State::failed;
    return error;
  }
  if (model.state != State::connecting) return Errno(EINVAL);
  if (world().clock < model.done_at) return Errno(EAGAIN);
  if (model.attempt.error != 0) {
    model.state = State::failed;
    return Errno(model.attempt.error);
  }
  if (model.local.port == 0) model.local = SocketAddress::loopback(model.family, take_port());
  std::shared_ptr<Pipe> in;
  std::shared_ptr<Pipe> out;
  if (TcpModel* listener = find_listener(model.remote)) {
    in = std::make_shared<Pipe>();
    out = std::make_shared<Pipe>();
    SocketAddress client = model.local;
    if (client.is_unspecified()) client = SocketAddress::loopback(model.family, client.port);
    listener->queue.push_back({out, in, client});
  } else {
    const PeerPointer peer = model.attempt.peer ? model.attempt.peer : std::make_shared<Peer>();
    world().peers.push_back(peer);
    in = peer->to_guest;
    out = peer->from_guest;
  }
  Connection connection = make_connection(in, out, model.local, model.remote);
  connection.part.model->options = model.options;
  part.source.reset();
  part.model = {};
  return connection;
}

Result<SocketAddress> Connecting::local_address() const {
  const Errno error = error_of(Call::connecting_local_address);
  if (!error.ok()) return error;
  return part.model->local.port != 0 ? Result<SocketAddress>(part.model->local) : Result<SocketAddress>(Errno(EINVAL));
}
Source& Connecting::finished() {
  TcpModel* model = &*part.model;
  return source_of(part.source,
                   [model] { return model->state != State::connecting || world().clock >= model->done_at; });
}

Result<Listener> TcpSocket::listen(uint64_t backlog) {
  if (backlog == 0) stop("a backlog of nothing");
  const Errno error = error_of(Call::tcp_listen);
  if (!error.ok()) return error;
  if (part.model->state != State::bound) return Errno(EINVAL);
  part.model->state = State::listening;
  part.source.reset();
  Listener listener;
  listener.part = static_cast<parts::TcpSocket&&>(part);
  return listener;
}

Result<Connection> Listener::accept() {
  const Errno error = error_of(Call::accept);
  if (!error.ok()) return error;
  TcpModel& model = *part.model;
  if (model.queue.empty()) take_client(model);
  if (model.queue.empty()) return Errno(EAGAIN);
  const TcpModel::Waiting first = model.queue.front();
  model.queue.pop_front();
  SocketAddress local = model.local;
  if (local.is_unspecified()) local = SocketAddress::loopback(model.family, local.port);
  return make_connection(first.in, first.out, local, first.remote);
}

void Listener::set_backlog(uint64_t) {}
Result<SocketAddress> Listener::local_address() const {
  const Errno error = error_of(Call::listener_local_address);
  if (!error.ok()) return error;
  return part.model->local;
}
Result<uint64_t> Listener::option(Option option) const {
  return scripted::get_option(part.model->options, option, Call::listener_option);
}
Errno Listener::set_option(Option option, uint64_t value) {
  return scripted::set_option(part.model->options, option, value, Call::listener_set_option);
}
Source& Listener::acceptable() {
  TcpModel* model = &*part.model;
  return source_of(part.source, [model] { return can_accept(*model); });
}

}  // namespace posix_sockets::host

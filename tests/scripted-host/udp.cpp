// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP between the program's sockets, and from a scenario.
#include <algorithm>
#include <cerrno>

#include "models.h"

using namespace scripted;

namespace posix_sockets::host {

using parts::DatagramModel;

namespace {

std::vector<DatagramModel*>& sockets() {
  static auto* only = new std::vector<DatagramModel*>;
  return *only;
}

DatagramModel* find(Family family, uint16_t port) {
  for (DatagramModel* each : sockets())
    if (each->bound && each->family == family && each->local.port == port) return each;
  return nullptr;
}

bool is_of(Option option) {
  return option == Option::hop_limit || option == Option::receive_buffer_size || option == Option::send_buffer_size;
}

void deliver(const DatagramModel& from, const OutgoingDatagram& datagram) {
  const SocketAddress& to = datagram.address != nullptr ? *datagram.address : from.remote;
  const std::string data(static_cast<const char*>(datagram.data), datagram.size);
  DatagramModel* receiver = find(to.family, to.port);
  if (receiver == nullptr) {
    world().sent.push_back({data, to});
    return;
  }
  SocketAddress source = from.local;
  if (source.is_unspecified()) source = SocketAddress::loopback(from.family, source.port);
  if (receiver->connected && !(receiver->remote == source)) return;
  receiver->queue.push_back({data, source});
}

}  // namespace

void parts::drop(DatagramModel* model) {
  std::erase(sockets(), model);
  delete model;
}
bool parts::DatagramSocket::is_open() const { return model && model->open; }

Result<DatagramSocket> DatagramSocket::create(Family family) {
  const Errno error = error_of(Call::udp_create);
  if (!error.ok()) return error;
  if (family == Family::ipv6 && !world().has_ipv6) return Errno(EAFNOSUPPORT);
  auto* model = new DatagramModel;
  model->family = family;
  model->local = SocketAddress::any(family);
  sockets().push_back(model);
  DatagramSocket socket;
  socket.part.model = parts::Owner<DatagramModel>(model);
  return socket;
}

Errno DatagramSocket::bind(const SocketAddress& address) {
  const Errno error = error_of(Call::udp_bind);
  if (!error.ok()) return error;
  DatagramModel& model = *part.model;
  if (model.bound) return EINVAL;
  if (address.family != model.family) return EADDRNOTAVAIL;
  if (address.port != 0 && find(address.family, address.port) != nullptr) return EADDRINUSE;
  model.local = address;
  if (address.port == 0) model.local.port = take_port();
  model.bound = true;
  return success;
}

Errno DatagramSocket::connect(const SocketAddress* remote) {
  DatagramModel& model = *part.model;
  if (!model.bound) stop("a datagram socket is connected before it's bound");
  part.readable.reset();
  part.writable.reset();
  model.open = false;
  const Errno error = error_of(remote != nullptr ? Call::udp_connect : Call::udp_open);
  if (!error.ok()) return error;
  model.queue.clear();
  model.open = true;
  model.connected = remote != nullptr;
  if (remote != nullptr) model.remote = *remote;
  return success;
}

Result<SocketAddress> DatagramSocket::local_address() const {
  const Errno error = error_of(Call::udp_local_address);
  if (!error.ok()) return error;
  return part.model->bound ? Result<SocketAddress>(part.model->local) : Result<SocketAddress>(Errno(EINVAL));
}
Result<uint64_t> DatagramSocket::option(Option option) const {
  const Errno error = error_of(Call::udp_option);
  if (!error.ok()) return error;
  return is_of(option) ? Result<uint64_t>(part.model->options.values[static_cast<int>(option)]) : Errno(ENOPROTOOPT);
}
Errno DatagramSocket::set_option(Option option, uint64_t value) {
  const Errno error = error_of(Call::udp_set_option);
  if (!error.ok()) return error;
  if (!is_of(option)) return ENOPROTOOPT;
  part.model->options.values[static_cast<int>(option)] = value;
  return success;
}

Result<size_t> DatagramSocket::receive(void*, size_t most, TakeDatagram take, void* context) {
  DatagramModel& model = *part.model;
  if (!model.open) stop("a datagram socket that isn't open receives");
  const Errno error = error_of(Call::receive);
  if (!error.ok()) return error;
  size_t taken = 0;
  while (taken < most && !model.queue.empty()) {
    const Datagram first = model.queue.front();
    model.queue.pop_front();
    take(context, reinterpret_cast<const uint8_t*>(first.data.data()), first.data.size(), first.address);
    ++taken;
  }
  return taken != 0 ? Result<size_t>(taken) : Result<size_t>(Errno(EAGAIN));
}

Result<size_t> DatagramSocket::look_closer(void*, TakeDatagram, void*) {
  const Errno error = error_of(Call::look_closer);
  return error.ok() ? Errno(EAGAIN) : error;
}

Result<size_t> DatagramSocket::send(const OutgoingDatagram* list, size_t count) {
  if (!part.model->open) stop("a datagram socket that isn't open sends");
  if (count == 0 || count > most_at_once) stop("a list of datagrams that is too short or too long");
  const Errno error = error_of(Call::send);
  if (!error.ok()) return error;
  for (size_t i = 0; i < count; ++i) deliver(*part.model, list[i]);
  return count;
}

Errno DatagramSocket::room() {
  if (!part.model->open) stop("a datagram socket that isn't open is asked for room");
  return error_of(Call::udp_room);
}

Source& DatagramSocket::readable() {
  DatagramModel* model = &*part.model;
  return source_of(part.readable, [model] { return !model->queue.empty(); });
}
Source& DatagramSocket::writable() {
  return source_of(part.writable, [] { return true; });
}

}  // namespace posix_sockets::host

namespace scripted {

void World::arrives(uint16_t port, const std::string& data, uint16_t from) {
  if (auto* receiver = posix_sockets::host::find(Family::ipv4, port))
    receiver->queue.push_back({data, SocketAddress::loopback(Family::ipv4, from)});
}

}  // namespace scripted

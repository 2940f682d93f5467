// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: socket, bind, connect and its dissolving, names, shutdown, options.
#include "kinds/udp_socket.h"
#include "support/errno_of.h"
#include "support/memory.h"

namespace posix_sockets {

UdpSocket::UdpSocket(Family family, wasi::UdpSocket host)
    : Socket(family, SocketType::datagram), host_(static_cast<wasi::UdpSocket&&>(host)) {}

UdpSocket::~UdpSocket() {
  while (stash_ != nullptr) drop_first();
}

void UdpSocket::release() { destroy(this); }

Result<Socket*> create_udp_socket(Family family) {
  wasi::Result<wasi::UdpSocket> host = wasi::UdpSocket::create(family);
  if (!host.ok()) return host.error() == wasi::ErrorCode::not_supported ? Errno(EAFNOSUPPORT) : errno_of(host.error());
  auto* socket = create<UdpSocket>(family, static_cast<wasi::UdpSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

Errno UdpSocket::bind(const SocketAddress& address) {
  if (bound_) return EINVAL;
  wasi::Result<wasi::Unit> result = host_.start_bind(address);
  if (result.ok()) result = host_.finish_bind();  // binding has no asynchronous part in any kernel
  if (!result.ok()) {
    if (result.error() == wasi::ErrorCode::invalid_argument) return EADDRNOTAVAIL;
    return errno_of(result.error());
  }
  bound_ = true;
  bind_address_ = address;
  port_settled_ = address.port != 0;
  // A bound socket receives from now on.
  return open_streams(nullptr);
}

// Linux gives up a port that it chose itself when the socket is disconnected. A new host socket takes the port by number; what
// has arrived at the old one is taken over.
Errno UdpSocket::settle_port() {
  if (port_settled_) return success;
  wasi::Result<SocketAddress> local = host_.local_address();
  if (!local.ok()) return errno_of(local.error());
  constexpr int most_taken_over = 1024;  // a sender that never stops must not stop us
  for (int i = 0; i < most_taken_over && ask_host(1, nullptr, nullptr).ok(); ++i) {
  }
  const wasi::Result<uint8_t> hop_limit = host_.unicast_hop_limit();
  const wasi::Result<uint64_t> receive_buffer = host_.receive_buffer_size();
  const wasi::Result<uint64_t> send_buffer = host_.send_buffer_size();
  wasi::Result<wasi::UdpSocket> fresh = wasi::UdpSocket::create(family());
  if (!fresh.ok()) return errno_of(fresh.error());
  drop_streams();
  host_ = static_cast<wasi::UdpSocket&&>(fresh.value());
  bound_ = false;
  SocketAddress address = bind_address_;
  address.port = local.value().port;
  const Errno error = bind(address);
  if (hop_limit.ok()) (void)host_.set_unicast_hop_limit(hop_limit.value());
  if (receive_buffer.ok()) (void)host_.set_receive_buffer_size(receive_buffer.value());
  if (send_buffer.ok()) (void)host_.set_send_buffer_size(send_buffer.value());
  return error;
}

void UdpSocket::drop_streams() {
  incoming_pollable_.reset();
  outgoing_pollable_.reset();
  incoming_.reset();
  outgoing_.reset();
}

Errno UdpSocket::open_streams(const SocketAddress* remote) {
  drop_streams();
  wasi::Result<wasi::DatagramStreams> streams = host_.stream(remote);
  if (!streams.ok()) {
    if (streams.error() == wasi::ErrorCode::remote_unreachable) return ENETUNREACH;  // only routing can fail here
    return errno_of(streams.error());
  }
  incoming_ = static_cast<wasi::IncomingDatagramStream&&>(streams.value().incoming);
  outgoing_ = static_cast<wasi::OutgoingDatagramStream&&>(streams.value().outgoing);
  return success;
}

Errno UdpSocket::ensure_streams() {
  if (incoming_) return success;
  if (!bound_) return bind(SocketAddress::any(family()));
  return open_streams(connected_ ? &remote_ : nullptr);
}

Errno UdpSocket::connect(const SocketAddress* address) {
  if (address == nullptr) {
    if (!connected_) return success;
    connected_ = false;
    return open_streams(nullptr);
  }
  if (address->is_ipv4_broadcast()) return EACCES;
  const Errno bound = ensure_streams();
  if (!bound.ok()) return bound;
  const SocketAddress remote = as_destination(*address);
  // Port 0 is nobody's: the kernel takes it, the host doesn't, and sending there fails.
  const Errno error = open_streams(remote.port != 0 ? &remote : nullptr);
  if (!error.ok()) {
    // As before: the kernel leaves the old association alone.
    (void)open_streams(connected_ ? &remote_ : nullptr);
    return error;
  }
  connected_ = true;
  remote_ = remote;
  return success;
}

Result<SocketAddress> UdpSocket::local_address() {
  if (bound_) {
    wasi::Result<SocketAddress> address = host_.local_address();
    if (address.ok()) return address.value();
  }
  return SocketAddress::any(family());
}

Result<SocketAddress> UdpSocket::remote_address() {
  if (!connected_) return Errno(ENOTCONN);
  return remote_;
}

Errno UdpSocket::shutdown(unsigned how) {
  if (!connected_) return ENOTCONN;
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) send_shut_ = true;
  return success;
}

namespace {

template <class T>
Result<uint64_t> widen(const wasi::Result<T>& result) {
  if (!result.ok()) return errno_of(result.error());
  return static_cast<uint64_t>(result.value());
}

}  // namespace

Result<uint64_t> UdpSocket::host_option(HostOption option) {
  switch (option) {
    case HostOption::hop_limit:
      return widen(host_.unicast_hop_limit());
    case HostOption::receive_buffer_size:
      return widen(host_.receive_buffer_size());
    case HostOption::send_buffer_size:
      return widen(host_.send_buffer_size());
    default:
      return Errno(ENOPROTOOPT);
  }
}

Errno UdpSocket::set_host_option(HostOption option, uint64_t value) {
  wasi::Result<wasi::Unit> result = wasi::ErrorCode::not_supported;
  switch (option) {
    case HostOption::hop_limit:
      result = host_.set_unicast_hop_limit(static_cast<uint8_t>(value));
      break;
    case HostOption::receive_buffer_size:
      result = host_.set_receive_buffer_size(value);
      break;
    case HostOption::send_buffer_size:
      result = host_.set_send_buffer_size(value);
      break;
    default:
      return ENOPROTOOPT;
  }
  return result.ok() ? success : errno_of(result.error());
}

}  // namespace posix_sockets

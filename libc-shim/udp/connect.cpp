// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: connect and its dissolving, getpeername, shutdown.
#include "udp/socket.h"

namespace posix_sockets {

Result<Endpoint*> UdpSocket::endpoint_for(SocketAddress& address) {
  if (family() == Family::ipv4) return &main_;
  if (!address.is_ipv4_mapped()) {
    if (binding_.source != SourceFamily::ipv4) return &main_;
    if (!address.is_unspecified()) return Errno(EAFNOSUPPORT);
    address = to_family(SocketAddress::loopback(Family::ipv4, address.port), Family::ipv6);
  }
  if (options.v6_only) return Errno(ENETUNREACH);
  address = to_family(address, Family::ipv4);
  if (main_.family() == Family::ipv4) return &main_;
  return binding_.ipv4 ? Result<Endpoint*>(&binding_.ipv4) : Result<Endpoint*>(Errno(ENETUNREACH));
}

Errno UdpSocket::connect(const SocketAddress* address) {
  look_for_error();
  if (address == nullptr) return disconnect();
  if (address->lacks_scope()) return EINVAL;
  const Errno bound = ensure_bound();
  if (!bound.ok()) return bound;
  if (address->is_ipv4_broadcast()) return EACCES;
  SocketAddress remote = *address;
  const Result<Endpoint*> found = endpoint_for(remote);
  if (!found.ok()) return found.error();
  Endpoint& endpoint = *found.value();
  remote = as_destination(remote, binding_.address);
  take_over_arrived(main_);
  take_over_arrived(binding_.ipv4);
  if (remote.port == 0) (void)settle_port();  // the host is disconnected
  const Errno error = reconnect(endpoint, remote);
  if (!error.ok()) return error;
  // Nothing comes for the other family any more.
  (&endpoint == &main_ ? binding_.ipv4 : main_).close();
  peer_ = {to_family(remote, family()), &endpoint};
  if (family() == Family::ipv6 && binding_.source == SourceFamily::open)
    binding_.source = remote.family == Family::ipv4 ? SourceFamily::ipv4 : SourceFamily::ipv6;
  return success;
}

// If the host refuses all stays as it was: the kernel leaves the old association alone.
Errno UdpSocket::reconnect(Endpoint& endpoint, const SocketAddress& remote) {
  const uint16_t number = port_number();
  // Port 0 is nobody's: the kernel takes it, the host doesn't.
  const Errno error = endpoint.connect(remote.port != 0 ? &remote : nullptr);
  if (error.ok()) return success;
  const Result<SocketAddress> local = endpoint.socket().local_address();
  if (number != 0 && local.ok() && local.value().port == 0) (void)settle_port(endpoint, number);
  const SocketAddress old = to_family(peer_.address, endpoint.family());
  (void)endpoint.connect(peer_.endpoint == &endpoint && old.port != 0 ? &old : nullptr);
  if (is_connected() && peer_.endpoint != &endpoint) endpoint.close();
  return error;
}

Errno UdpSocket::disconnect() {
  const bool was_connected = is_connected();
  peer_ = Peer();
  binding_.source = binding_.first_source();
  if (is_bound() && binding_.port != Port::program) return give_up_port();
  if (!was_connected) return success;
  if (binding_.ipv4) (void)binding_.ipv4.connect(nullptr);
  return main_.connect(nullptr);
}

Result<SocketAddress> UdpSocket::remote_address() {
  if (!is_connected() || peer_.address.port == 0) return Errno(ENOTCONN);
  return peer_.address;
}

Errno UdpSocket::shutdown(unsigned how) {
  // Linux remembers it of a socket that it says ENOTCONN of, too.
  shut_ |= how & (shutdown_receive | shutdown_send);
  return is_connected() ? success : ENOTCONN;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: socket, bind and getsockname.
#include "support/memory.h"
#include "udp/socket.h"

namespace posix_sockets {

UdpSocket::UdpSocket(Family family, host::DatagramSocket socket)
    : Socket(family, SocketType::datagram),
      binding_(SocketAddress::any(family)),
      main_(family, static_cast<host::DatagramSocket&&>(socket)) {
  enter_list();
}

UdpSocket::~UdpSocket() { leave_list(); }

void UdpSocket::release() { destroy(this); }

Result<Socket*> create_udp_socket(Family family) {
  Result<host::DatagramSocket> host = host::DatagramSocket::create(family);
  if (!host.ok()) return host.error();
  auto* socket = create<UdpSocket>(family, static_cast<host::DatagramSocket&&>(host.value()));
  if (socket == nullptr) return Errno(ENOMEM);
  return socket;
}

namespace {

// Only a host that binds to it knows whether an address is the machine's.
bool is_own_ipv4(SocketAddress address) {
  if (address.is_loopback()) return true;
  Result<host::DatagramSocket> spare = host::DatagramSocket::create(Family::ipv4);
  if (!spare.ok()) return true;
  address.port = 0;
  return !(spare.value().bind(address) == EADDRNOTAVAIL);
}

}  // namespace

Errno UdpSocket::bind(const SocketAddress& address) {
  // For IPv4 the kernel looks at the address first.
  if (is_bound()) return family() == Family::ipv4 && !is_own_ipv4(address) ? EADDRNOTAVAIL : EINVAL;
  const bool mapped = address.is_ipv4_mapped();
  if (address.lacks_scope() || (mapped && options.v6_only)) return EINVAL;
  const Family host_family = mapped ? Family::ipv4 : family();
  if (main_.family() != host_family) {  // also since an attempt that failed
    const Errno error = main_.renew(host_family);
    if (!error.ok()) return error;
  }
  const bool takes_both = family() == Family::ipv6 && address.is_unspecified() && !options.v6_only;
  Endpoint ipv4;
  const Errno error = takes_both ? bind_both(address, ipv4) : main_.bind(to_family(address, host_family));
  // The address of an earlier bind() is forgotten then, as in the kernel.
  if (error == EADDRINUSE) binding_ = Binding(SocketAddress::any(family()));
  if (!error.ok()) return error;
  keep_to_family_of(address);
  binding_ = Binding(address, address.port != 0 ? Port::program : Port::any);
  binding_.ipv4 = static_cast<Endpoint&&>(ipv4);
  return success;
}

Errno UdpSocket::bind_both(const SocketAddress& address, Endpoint& ipv4) {
  constexpr int attempts = 64;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Result<host::DatagramSocket> socket = host::DatagramSocket::create(Family::ipv4);
    if (!socket.ok() && !(socket.error() == EAFNOSUPPORT)) return socket.error();
    const Errno bound = main_.bind(address);
    if (!bound.ok() || !socket.ok()) return bound;  // or a host without IPv4
    ipv4 = Endpoint(Family::ipv4, static_cast<host::DatagramSocket&&>(socket.value()));
    SocketAddress same_port = SocketAddress::any(Family::ipv4);
    const Result<SocketAddress> local = main_.socket().local_address();
    same_port.port = local.ok() ? local.value().port : address.port;
    const Errno error = ipv4.bind(same_port);
    if (error.ok()) return success;
    ipv4 = Endpoint();
    if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return success;  // no IPv4 here
    const Errno renewed = main_.renew(Family::ipv6);
    if (!renewed.ok()) return renewed;
    // The port that the host chose may be taken in IPv4: then another one.
    if (address.port != 0 || !(error == EADDRINUSE)) return error;
  }
  return EADDRINUSE;
}

Errno UdpSocket::ensure_bound() {
  if (is_bound()) return success;
  const Errno error = bind(binding_.address);
  return error == EADDRINUSE ? Errno(EAGAIN) : error;
}

Result<SocketAddress> UdpSocket::local_address() {
  if (!is_bound()) return binding_.address;
  const Result<SocketAddress> local = endpoint().socket().local_address();
  if (!local.ok()) return SocketAddress::any(family());
  SocketAddress name = local.value();
  // The host isn't connected to port 0, see reconnect().
  if (is_connected() && peer_.address.port == 0 && to_family(peer_.address, name.family).is_loopback() &&
      name.is_unspecified())
    name = SocketAddress::loopback(name.family, name.port);
  return to_family(name, family());
}

}  // namespace posix_sockets

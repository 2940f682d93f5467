// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: a port that the kernel chose, which Linux gives up with the association.
#include "udp/delivery.h"

namespace posix_sockets {

uint16_t UdpSocket::port_number() {
  if (binding_.number == 0 && is_bound()) {
    const Result<SocketAddress> local = endpoint().socket().local_address();
    if (local.ok()) binding_.number = local.value().port;
  }
  return binding_.number;
}

// What has arrived stays readable, also when the host forgets it.
void UdpSocket::take_over_arrived(Endpoint& endpoint) {
  constexpr int most_taken_over = 1024;  // a sender that never stops must not stop us
  if (!endpoint.is_open()) return;
  if (binding_.expected.any()) (void)await_expected();
  Delivery to_queue(*this);
  for (int i = 0; i < most_taken_over && ask_host(endpoint, 1, to_queue).ok(); ++i) {
  }
}

// The host's kernel, too, gives up a port that it chose itself when its socket is disconnected. A new one takes the port by number;
// what has arrived at the old one is taken over.
Errno UdpSocket::settle_port() {
  if (binding_.port != Port::any || !is_connected()) return success;
  return settle_port(endpoint(), port_number());
}

Errno UdpSocket::settle_port(Endpoint& endpoint, uint16_t number) {
  take_over_arrived(endpoint);
  const Family host_family = endpoint.family();
  const Errno error = endpoint.renew(host_family);
  if (!error.ok()) return error;
  SocketAddress address =
      binding_.address.is_unspecified() ? SocketAddress::any(host_family) : to_family(binding_.address, host_family);
  address.port = number;
  const Errno bound = endpoint.bind(address);
  if (bound.ok() && binding_.port == Port::any) binding_.port = Port::settled;
  return bound;
}

// An address that the program chose stays; so does what has arrived.
Errno UdpSocket::give_up_port() {
  take_over_arrived(main_);
  take_over_arrived(binding_.ipv4);
  const Errno error = main_.renew(family());
  if (!error.ok()) return error;
  SocketAddress address = binding_.address.is_unspecified() ? SocketAddress::any(family()) : binding_.address;
  address.port = 0;
  binding_ = Binding(address);
  return success;
}

}  // namespace posix_sockets

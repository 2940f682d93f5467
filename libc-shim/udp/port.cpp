// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: a port that the kernel chose, which Linux gives up with the association, and other host sockets in place of the first.
#include "support/errno_of.h"
#include "udp/socket.h"

namespace posix_sockets {

// What has arrived stays readable, also when the host's stream for it goes.
void UdpSocket::take_over_arrived(Half& half) {
  constexpr int most_taken_over = 1024;  // a sender that never stops must not stop us
  if (!half.incoming) return;
  if (underway_ != 0) (void)await_underway();
  for (int i = 0; i < most_taken_over && ask_host(half, 1, nullptr, nullptr).ok(); ++i) {
  }
}

// Linux gives up a port that it chose itself when the socket is disconnected. A new host socket takes the port by number; what
// has arrived at the old one is taken over.
Errno UdpSocket::settle_port() {
  if (port_settled_ || connected_half_ == nullptr) return success;
  wasi::Result<SocketAddress> local = connected_half_->host.local_address();
  if (!local.ok()) return errno_of(local.error());
  return settle_port(*connected_half_, local.value());
}

Errno UdpSocket::settle_port(Half& half, const SocketAddress& local) {
  take_over_arrived(half);
  const Family host_family = local.family;
  Errno error = half.replace_host(host_family);
  if (!error.ok()) return error;
  SocketAddress address =
      bind_address_.is_unspecified() ? SocketAddress::any(host_family) : to_family(bind_address_, host_family);
  address.port = local.port;
  error = half.bind(address);
  if (error.ok()) port_settled_ = true;
  return error;
}

// A fresh host socket with the old one's options.
Errno UdpSocket::Half::replace_host(Family family) {
  const wasi::Result<uint8_t> hop_limit = host.unicast_hop_limit();
  const wasi::Result<uint64_t> receive_buffer = host.receive_buffer_size();
  const wasi::Result<uint64_t> send_buffer = host.send_buffer_size();
  wasi::Result<wasi::UdpSocket> fresh = wasi::UdpSocket::create(family);
  if (!fresh.ok()) return errno_of_new_socket(fresh.error());
  drop_streams();
  host = static_cast<wasi::UdpSocket&&>(fresh.value());
  if (hop_limit.ok()) (void)host.set_unicast_hop_limit(hop_limit.value());
  if (receive_buffer.ok()) (void)host.set_receive_buffer_size(receive_buffer.value());
  if (send_buffer.ok()) (void)host.set_send_buffer_size(send_buffer.value());
  return success;
}

// Linux gives up a port that it chose when the socket loses its peer; an address that the program chose stays. What has
// arrived stays readable.
Errno UdpSocket::give_up_port() {
  take_over_arrived(main_);
  take_over_arrived(companion_);
  const Errno error = main_.replace_host(family());
  if (!error.ok()) return error;
  companion_.drop();
  main_family_ = family();
  refusal_guessed_ = refusal_sent_ = pollable_stuck_ = false;
  bound_ = false;
  local_port_ = 0;
  underway_ = 0;
  bind_address_.port = 0;
  address_chosen_ = !bind_address_.is_unspecified();
  return success;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: a port that the kernel chose, which Linux gives up with the association, and other host sockets in place of the first.
#include "kinds/udp_socket.h"
#include "support/errno_of.h"

namespace posix_sockets {
namespace {

void copy_options(const wasi::UdpSocket& from, wasi::UdpSocket& to) {
  const wasi::Result<uint8_t> hop_limit = from.unicast_hop_limit();
  const wasi::Result<uint64_t> receive_buffer = from.receive_buffer_size();
  const wasi::Result<uint64_t> send_buffer = from.send_buffer_size();
  if (hop_limit.ok()) (void)to.set_unicast_hop_limit(hop_limit.value());
  if (receive_buffer.ok()) (void)to.set_receive_buffer_size(receive_buffer.value());
  if (send_buffer.ok()) (void)to.set_send_buffer_size(send_buffer.value());
}

}  // namespace

// What has arrived stays readable, also when the host's stream for it goes.
void UdpSocket::take_over_arrived(Half& half) {
  constexpr int most_taken_over = 1024;  // a sender that never stops must not stop us
  if (!half.incoming) return;
  for (int i = 0; i < most_taken_over && ask_host(half, 1, nullptr, nullptr).ok(); ++i) {
  }
}

// The host's kernel would give the port up as well when it is to send elsewhere. A new host socket takes the port by number;
// what has arrived at the old one is taken over.
Errno UdpSocket::settle_port() {
  if (port_settled_ || connected_half_ == nullptr) return success;
  Half& half = *connected_half_;
  wasi::Result<SocketAddress> local = half.host.local_address();
  if (!local.ok()) return errno_of(local.error());
  take_over_arrived(half);
  const Family host_family = local.value().family;
  wasi::Result<wasi::UdpSocket> fresh = wasi::UdpSocket::create(host_family);
  if (!fresh.ok()) return errno_of(fresh.error());
  half.drop_streams();
  copy_options(half.host, fresh.value());
  half.host = static_cast<wasi::UdpSocket&&>(fresh.value());
  SocketAddress address =
      bind_address_.is_unspecified() ? SocketAddress::any(host_family) : to_family(bind_address_, host_family);
  address.port = local.value().port;
  const Errno error = half.bind(address);
  if (error.ok()) port_settled_ = true;
  return error;
}

// The socket is as before bind(), but for the address that was asked for there.
Errno UdpSocket::give_up_port() {
  take_over_arrived(main_);
  take_over_arrived(companion_);
  wasi::Result<wasi::UdpSocket> fresh = wasi::UdpSocket::create(family());
  if (!fresh.ok()) return errno_of(fresh.error());
  companion_.drop_streams();
  companion_.host.reset();
  main_.drop_streams();
  if (main_family_ == family()) copy_options(main_.host, fresh.value());
  main_.host = static_cast<wasi::UdpSocket&&>(fresh.value());
  main_family_ = family();
  bound_ = false;
  return success;
}

}  // namespace posix_sockets

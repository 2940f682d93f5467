// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What TCP_INFO tells of a connection.
#include <netinet/tcp.h>

#include "tcp/socket.h"

namespace posix_sockets {

// Of the two states after this end's shutdown it's the one in which the peer has acknowledged it.
uint8_t TcpSocket::tcp_state() {
  progress();
  if (is_connecting()) return TCP_SYN_SENT;
  if (is_listening()) return TCP_LISTEN;
  const tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected == nullptr) return TCP_CLOSE;
  (void)ready(events::read_hang_up | events::writable, true);
  if (connected->is_over()) return TCP_CLOSE;
  if (!connected->input.is_open()) return TCP_CLOSE_WAIT;
  return send_shut_ ? TCP_FIN_WAIT2 : TCP_ESTABLISHED;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What TCP_INFO tells of a connection.
#include <netinet/tcp.h>

#include "tcp/socket.h"

namespace posix_sockets {

// Of the two states after this end's shutdown it's the one in which the peer has acknowledged it.
uint8_t TcpSocket::tcp_state() {
  progress();
  switch (state_) {
    case State::connecting:
      return TCP_SYN_SENT;
    case State::listening:
      return TCP_LISTEN;
    case State::connected:
      break;
    default:
      return TCP_CLOSE;
  }
  (void)ready(events::read_hang_up | events::writable, true);
  if (is_over()) return TCP_CLOSE;
  if (input_ended_) return TCP_CLOSE_WAIT;
  return send_shut_ ? TCP_FIN_WAIT2 : TCP_ESTABLISHED;
}

}  // namespace posix_sockets

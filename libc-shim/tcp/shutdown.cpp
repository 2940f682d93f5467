// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: shutdown.
#include "tcp/socket.h"

namespace posix_sockets {

using tcp::StateKind;

Errno TcpSocket::tcp_shutdown(unsigned how) {
  const bool receiving = (how & shutdown_receive) != 0;
  const bool sending = (how & shutdown_send) != 0;
  progress();
  // Linux stops listening on SHUT_RD; the host can't, so that a new socket takes its place.
  if (is_listening()) return receiving ? become_unconnected() : success;
  if (is_connecting()) return disconnect();
  if (tcp::Failed* failed = state_.as<tcp::Failed>()) failed->shut_down = true;
  tcp::Connected* connected = state_.as<tcp::Connected>();
  if (connected != nullptr) connected->told = true;  // as far as the kernel's connect() is concerned
  if (connected == nullptr || connected->turns_out_over()) {
    // Linux remembers it of a socket that it says ENOTCONN of, too.
    receive_shut_ |= receiving;
    send_shut_ |= sending;
    return ENOTCONN;
  }
  // The host isn't told of the receiving side: it would close the stream, and the kernel still takes what arrives.
  receive_shut_ |= receiving;
  if (sending) connected->end_sending();
  if (receive_shut_ && send_shut_ && tcp::late.listen != nullptr) tcp::late.listen->deafen_peer(*this);
  tell_change();
  return success;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: shutdown. What close does is in tcp_linger.cpp.
#include "tcp/listener.h"

namespace posix_sockets {

// The FIN follows what is held; drop_held() sends it when that has gone.
void TcpSocket::end_sending() {
  if (send_shut_) return;
  send_shut_ = true;
  fast_.gathered.look_at_next();
  flush_held();
  if (fast_.gathered.size != 0) {
    end_pending_ = true;
  } else {
    send_end();
  }
}

// Linux remembers it of a socket that it says ENOTCONN of, too.
void TcpSocket::mark_shut(unsigned how) {
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) send_shut_ = true;
}

Errno TcpSocket::tcp_shutdown(unsigned how) {
  progress();
  switch (state_) {
    case State::failed:
      dead_ = true;
      [[fallthrough]];
    case State::fresh:
      mark_shut(how);
      return ENOTCONN;
    case State::listening:
      // Linux stops listening on SHUT_RD; the host can't, so a new socket takes its place.
      return (how & shutdown_receive) != 0 ? reopen() : success;
    case State::connecting:
      return disconnect();
    case State::connected:
      connect_reported_ = true;  // as far as the kernel's connect() is concerned
      break;
  }
  if (turns_out_over()) {
    mark_shut(how);
    return ENOTCONN;
  }
  // The host isn't told of the receiving side: it would close the stream, and the kernel still takes what arrives.
  if ((how & shutdown_receive) != 0) receive_shut_ = true;
  if ((how & shutdown_send) != 0) end_sending();
  if (receive_shut_ && send_shut_ && own_peers_ != nullptr) own_peers_->deafen_other_end(*this);
  ++edges;
  return success;
}

void TcpSocket::drop_listener() {
  if (listener_ != nullptr) listener_->release();
  listener_ = nullptr;
}

}  // namespace posix_sockets

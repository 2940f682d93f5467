// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: making and freeing, readiness, sizes of buffers.
#include "unix/socket.h"

#include <limits.h>
#include <sys/socket.h>

#include "support/libc_name.h"
#include "support/memory.h"

WPS_HAS_OWN_ERRNO;  // ESOCKTNOSUPPORT

namespace posix_sockets {

void UnixSocket::let_go() {
  if (--holds_ == 0) destroy(this);
}

void UnixSocket::set_peer(UnixSocket* peer) {
  if (peer != nullptr) peer->hold();
  if (peer_ != nullptr) peer_->let_go();
  peer_ = peer;
}

void UnixSocket::pair_with(UnixSocket& other) {
  set_peer(&other);
  other.set_peer(this);
  state_ = other.state_ = State::connected;
  knows_peer_ = other.knows_peer_ = true;
}

// As unix_release_sock: a connection's other end reads what there is and then the end of the stream, or hears of a reset
// if this end left something unread.
void UnixSocket::release() {
  leave();
  dead_ = true;
  if (peer_ != nullptr && type() != SocketType::datagram) {
    peer_->shut_ = shutdown_receive | shutdown_send;
    peer_->tell_change();
    // The kernel doesn't count an empty packet that comes first.
    const UnixMessage* unread = queue_.first();
    if (unread != nullptr && unread->left() == 0) unread = unread->next;
    if (unread != nullptr) peer_->pending_error_ = ECONNRESET;
  }
  set_peer(nullptr);
  while (UnixSocket* waiting = backlog_.pop()) {
    UnixSocket* client = waiting->peer_;
    client->hold();
    waiting->release();
    client->pending_error_ = ECONNRESET;
    client->let_go();
  }
  purge();
  let_go();
}

// Whether the queue of a peer that doesn't talk to this socket alone is full.
bool UnixSocket::is_crowded_out() {
  const bool crowded = type() != SocketType::stream && peer_ != nullptr && peer_->peer_ != this && peer_->is_full();
  if (crowded_ && !crowded) tell_room();
  crowded_ = crowded;
  return crowded;
}

Events UnixSocket::ready(Events wanted, bool) {
  wanted |= events::error | events::hang_up;
  Events now = 0;
  if (!pending_error_.ok()) now |= events::error;
  if (shut_ == (shutdown_receive | shutdown_send)) now |= events::hang_up;
  if ((shut_ & shutdown_receive) != 0) now |= events::readable | events::read_hang_up;
  if ((shut_ & shutdown_send) != 0) now |= events::write_hang_up;
  if (!queue_.empty() || !backlog_.empty()) now |= events::readable;
  if (type() != SocketType::datagram && state_ == State::fresh) now |= events::hang_up;
  if (state_ != State::listening && has_much_room() && !is_crowded_out()) now |= events::writable;
  return now & wanted;
}

// In the host's measure, which is half of what the kernel says.
Result<uint64_t> UnixSocket::host_option(HostOption option) {
  switch (option) {
    case HostOption::send_buffer_size:
      return send_buffer_ / 2;
    case HostOption::receive_buffer_size:
      return receive_buffer_ / 2;
    default:
      return Errno(ENOPROTOOPT);
  }
}

Errno UnixSocket::set_host_option(HostOption option, uint64_t value) {
  // net.core.wmem_max and rmem_max; SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF.
  if (value > default_buffer) value = default_buffer;
  const auto size = static_cast<size_t>(value) * 2;
  switch (option) {
    case HostOption::send_buffer_size:
      send_buffer_ = size < 4608 ? 4608 : size;
      return success;
    case HostOption::receive_buffer_size:
      receive_buffer_ = size < 2304 ? 2304 : size;
      return success;
    default:
      return ENOPROTOOPT;
  }
}

Result<Socket*> create_unix_socket(int type, int protocol) {
  if (protocol != 0 && protocol != PF_UNIX) return Errno(EPROTONOSUPPORT);
  SocketType kind;
  switch (type) {
    case SOCK_STREAM:
      kind = SocketType::stream;
      break;
    case SOCK_DGRAM:
    case SOCK_RAW:
      kind = SocketType::datagram;
      break;
    case SOCK_SEQPACKET:
      kind = SocketType::packets;
      break;
    default:
      return Errno(type <= SOCK_PACKET ? ESOCKTNOSUPPORT : EINVAL);
  }
  Socket* socket = create<UnixSocket>(kind);
  return socket != nullptr ? Result<Socket*>(socket) : Result<Socket*>(Errno(ENOMEM));
}

void pair_unix_sockets(Socket& first, Socket& second) {
  static_cast<UnixSocket&>(first).pair_with(static_cast<UnixSocket&>(second));
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AF_UNIX: connect, listen, accept, shutdown.
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#include "support/memory.h"
#include "unix/socket.h"

namespace posix_sockets {

Errno UnixSocket::listen(int backlog) {
  constexpr unsigned most = 4096;  // net.core.somaxconn
  if (type() == SocketType::datagram) return EOPNOTSUPP;
  if (!address_.is_named() || state_ == State::connected) return EINVAL;
  const auto wanted = static_cast<unsigned>(backlog);  // a negative one is huge
  most_waiting_ = wanted < most ? wanted : most;
  state_ = State::listening;
  knows_peer_ = true;
  return success;
}

// The order of the checks is the kernel's: that nobody listens comes before EISCONN.
Errno UnixSocket::connect_to(const sockaddr* address, socklen_t length) {
  if (type() == SocketType::datagram) return connect_datagrams(address, length);
  Result<UnixAddress> name = from_sockaddr_un(address, length);
  if (!name.ok()) return name.error();
  if (passes_credentials()) (void)bind_automatically();
  Result<UnixSocket*> found = find(name.value());
  if (!found.ok()) return found.error();
  UnixSocket& listener = *found.value();
  if (listener.state_ != State::listening || (listener.shut_ & shutdown_receive) != 0) return ECONNREFUSED;
  if (listener.is_full()) return EAGAIN;
  if (state_ != State::fresh) return state_ == State::connected ? EISCONN : EINVAL;
  auto* accepted = create<UnixSocket>(type());
  if (accepted == nullptr) return ENOMEM;
  const bool passes = listener.passes_credentials();
  // The new socket has the listener's name, though it isn't found by it.
  accepted->address_.size = listener.address_.size;
  memcpy(accepted->address_.path, listener.address_.path, listener.address_.size);
  accepted->options.set_value(Stored::pass_credentials, passes ? 1 : 0);
  pair_with(*accepted);
  listener.backlog_.push(accepted);
  listener.tell_input();
  return success;
}

Result<Socket*> UnixSocket::accept() {
  if (type() == SocketType::datagram) return Errno(EOPNOTSUPP);
  if (state_ != State::listening) return Errno(EINVAL);
  Socket* accepted = backlog_.pop();
  // Only who waits hears that nobody can come any more.
  const bool ended = (shut_ & shutdown_receive) != 0 && (status_flags & O_NONBLOCK) == 0;
  if (accepted == nullptr) return Errno(ended ? EINVAL : EAGAIN);
  return accepted;
}

// AF_UNSPEC dissolves the association.
Errno UnixSocket::connect_datagrams(const sockaddr* address, socklen_t length) {
  UnixSocket* other = nullptr;
  if (address->sa_family != AF_UNSPEC) {
    Result<UnixAddress> name = from_sockaddr_un(address, length);
    if (!name.ok()) return name.error();
    if (passes_credentials()) (void)bind_automatically();
    Result<UnixSocket*> found = find(name.value());
    if (!found.ok()) return found.error();
    other = found.value();
    if (!may_send_to(*other)) return EPERM;
  }
  if (peer_ != nullptr) tell_room();  // who waits for room at the former peer stops that
  if (other == peer_) return success;
  if (other != nullptr) other->hold();
  forget_peer();
  if (other == nullptr) return success;
  set_peer(other);
  other->let_go();
  state_ = State::connected;
  return success;
}

// As unix_dgram_disconnected: what was sent to this socket is lost, and if there was something, a former peer that was
// connected to this socket hears of that.
void UnixSocket::forget_peer() {
  if (peer_ == nullptr) return;
  const bool loses = !queue_.empty();
  purge();
  if (loses && peer_ != this && !peer_->dead_ && peer_->peer_ == this) {
    peer_->pending_error_ = ECONNRESET;
    peer_->tell_change();
  }
  set_peer(nullptr);
  state_ = State::fresh;
}

Errno UnixSocket::shutdown(unsigned how) {
  shut_ |= static_cast<uint8_t>(how);
  tell_change();
  if (peer_ != nullptr && type() != SocketType::datagram) {
    if ((how & shutdown_receive) != 0) peer_->shut_ |= shutdown_send;
    if ((how & shutdown_send) != 0) peer_->shut_ |= shutdown_receive;
    peer_->tell_change();
  }
  return success;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// bind, listen, accept, connect, shutdown, getsockname, getpeername.
#include <fcntl.h>
#include <sys/socket.h>

#include "api/entry.h"
#include "description/verbs.h"

namespace posix_sockets {
namespace {

bool is_blocking(const Socket& socket) { return (socket.status_flags & O_NONBLOCK) == 0; }

Result<Socket*> accept_blocking(const fd::HeldSocket& held) {
  Socket& socket = *held.value();
  Deadline deadline;
  bool armed = false;
  bool asked_twice = socket.in_process();
  for (;;) {
    Result<Socket*> accepted = verbs::accept(socket);
    if (accepted.ok() || !(accepted.error() == EAGAIN)) return accepted;
    if (!is_blocking(socket)) {
      if (asked_twice || !gave_host_a_turn(true)) return accepted;
      asked_twice = true;
      continue;
    }
    if (!armed) {
      deadline = deadline_after_us(socket.options.receive_timeout_us);
      armed = true;
    }
    const Errno waited = wait_until_ready(held, events::readable, deadline);
    if (waited == ETIMEDOUT) return Errno(EAGAIN);
    if (!waited.ok()) return waited;
  }
}

Errno connect_blocking(const fd::HeldSocket& held, const sockaddr* address, socklen_t length) {
  Socket& socket = *held.value();
  Errno error = verbs::connect(socket, address, length);
  if (!is_blocking(socket) || !(error == EINPROGRESS || error == EALREADY || error == EAGAIN)) return error;
  const Deadline deadline = deadline_after_us(socket.options.send_timeout_us);
  if (error == EAGAIN) {
    if (socket.family() != Family::unix_domain) return error;  // no port is free
    // An AF_UNIX listener's queue is full, and only this program can accept from it.
    const Errno waited = wait_until_ready(held, 0, deadline);
    return waited == ETIMEDOUT ? Errno(EAGAIN) : waited;
  }
  const Errno under_way = error;
  do {
    // It was asked about just now: only if it's over already there is nothing to wait for.
    const Errno waited = socket.is_connecting() ? wait_until_ready(held, events::writable, deadline) : success;
    if (waited == ETIMEDOUT) return under_way;  // as Linux: it goes on by itself
    if (!waited.ok()) return waited;
    error = verbs::finish_connect(socket);
  } while (error == EINPROGRESS);
  return error;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// bind(2). Errors: EBADF, ENOTSOCK; EINVAL bound already, or a length that isn't an address's; EAFNOSUPPORT;
// EADDRNOTAVAIL not an address of this host; EADDRINUSE; EACCES; EFAULT; as socket(), if another one of the host's is needed. Source: wasi:sockets start-bind, finish-bind.
int WPS_ENTRY(bind)(int number, const sockaddr* address, socklen_t length) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(verbs::bind(*socket.value(), address, length));
}

// listen(2). Parameter: backlog, connections that may wait; a hint. Binds an unbound socket to a port of the host's choice.
// Errors: EBADF, ENOTSOCK; EOPNOTSUPP not a stream; EINVAL connected or connecting; EADDRINUSE, EADDRNOTAVAIL; as
// socket(), if another one of the host's is needed.
int WPS_ENTRY(listen)(int number, int backlog) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(verbs::listen(*socket.value(), backlog));
}

// accept4(2). Parameters: flags SOCK_NONBLOCK and SOCK_CLOEXEC; address and length are value-result and may both be null.
// The new socket inherits the listener's options and not its O_NONBLOCK. Errors: EBADF, ENOTSOCK; EOPNOTSUPP not a stream;
// EINVAL not listening, or a flag; EAGAIN nobody waits, or SO_RCVTIMEO passed; EMFILE; EFAULT; ENOMEM.
int WPS_ENTRY(accept4)(int number, sockaddr* address, socklen_t* length, int flags) {
  return restarting<int>([=]() -> Result<int> {
    const fd::HeldSocket listener = fd::find_socket(number);
    if (listener.error() == EBADF) return Errno(EBADF);
    if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) return Errno(EINVAL);
    if (!listener.ok()) return listener.error();
    Result<Socket*> accepted = accept_blocking(listener);
    if (!accepted.ok()) return accepted.error();
    Socket* socket = accepted.value();
    socket->status_flags = O_RDWR | ((flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
    if (address != nullptr) {
      const Errno error = verbs::accepted_name(*socket, address, length);
      if (!error.ok()) {
        socket->release();
        return error == ENOTCONN ? Errno(ECONNABORTED) : error;  // gone already: reset while it waited
      }
    }
    return fd::install(socket, (flags & SOCK_CLOEXEC) != 0);
  });
}

// accept(2): accept4() without flags.
int WPS_ENTRY(accept)(int number, sockaddr* address, socklen_t* length) {
  return WPS_ENTRY(accept4)(number, address, length, 0);
}

// connect(2). The wildcard address means loopback; AF_UNSPEC dissolves a datagram socket's association. Errors: EBADF,
// ENOTSOCK; EINPROGRESS under way (also after SO_SNDTIMEO); EALREADY it was before this call, and still is; EISCONN; ECONNREFUSED; ECONNRESET; ETIMEDOUT;
// ENETUNREACH, EHOSTUNREACH; EADDRNOTAVAIL, or EAGAIN of a datagram socket: no port is free; EADDRINUSE; EAFNOSUPPORT; EINVAL the length; EACCES not granted; EFAULT; as socket(), if another one of the host's is needed.
// After a failure the same descriptor can connect again. Source: POSIX issue 8, connect(2); wasi:sockets start-connect.
int WPS_ENTRY(connect)(int number, const sockaddr* address, socklen_t length) {
  return restarting<int>([=]() -> Result<int> {
    const fd::HeldSocket socket = fd::find_socket(number);
    if (!socket.ok()) return socket.error();
    if (length < sizeof(sa_family_t)) return Errno(EINVAL);
    if (!accessible(address, sizeof(sa_family_t))) return Errno(EFAULT);
    return connect_blocking(socket, address, length);
  });
}

// shutdown(2). Errors: EBADF, ENOTSOCK; EINVAL how; ENOTCONN. Source: wasi:sockets/tcp shutdown.
int WPS_ENTRY(shutdown)(int number, int how) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  switch (how) {
    case SHUT_RD:
      return report(verbs::shutdown(*socket.value(), shutdown_receive));
    case SHUT_WR:
      return report(verbs::shutdown(*socket.value(), shutdown_send));
    case SHUT_RDWR:
      return report(verbs::shutdown(*socket.value(), shutdown_receive | shutdown_send));
    default:
      return report(EINVAL);
  }
}

// getsockname(2). An unbound socket has the wildcard address and port 0. Errors: EBADF, ENOTSOCK, EFAULT, EINVAL.
int WPS_ENTRY(getsockname)(int number, sockaddr* address, socklen_t* length) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(verbs::local_name(*socket.value(), address, length));
}

// getpeername(2). Errors: EBADF, ENOTSOCK, ENOTCONN, EFAULT, EINVAL.
int WPS_ENTRY(getpeername)(int number, sockaddr* address, socklen_t* length) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(verbs::remote_name(*socket.value(), address, length));
}
}

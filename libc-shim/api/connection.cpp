// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// socket, bind, listen, accept, connect, shutdown, getsockname, getpeername.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "api/entry.h"
#include "kinds/local_socket.h"

namespace posix_sockets {
namespace {

bool is_blocking(const Socket& socket) { return (socket.status_flags & O_NONBLOCK) == 0; }

// The checks of Linux's __sock_create and inet_create, in their order.
Result<Socket*> create_socket(int domain, int type, int protocol) {
  constexpr int flag_mask = SOCK_NONBLOCK | SOCK_CLOEXEC;
  constexpr int type_mask = 0xf;
  if ((type & ~type_mask & ~flag_mask) != 0) return Errno(EINVAL);
  type &= type_mask;
  if (domain == AF_UNIX) return create_local_socket(type, protocol);
  if (domain != AF_INET && domain != AF_INET6) return Errno(EAFNOSUPPORT);
  if (protocol < 0 || protocol > 262) return Errno(EINVAL);
  const Family family = domain == AF_INET ? Family::ipv4 : Family::ipv6;
  switch (type) {
    case SOCK_STREAM:
      if (protocol != 0 && protocol != IPPROTO_TCP) return Errno(EPROTONOSUPPORT);
      return create_tcp_socket(family);
    case SOCK_DGRAM:
      // As for a process whose group isn't in ping_group_range.
      if (protocol == (family == Family::ipv4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6})) return Errno(EACCES);
      if (protocol != 0 && protocol != IPPROTO_UDP) return Errno(EPROTONOSUPPORT);
      return create_udp_socket(family);
    case SOCK_RAW:
      return Errno(EPERM);  // as for a process without CAP_NET_RAW
    default:
      return Errno(type <= SOCK_PACKET ? ESOCKTNOSUPPORT : EINVAL);
  }
}

Result<Socket*> accept_blocking(Socket& socket) {
  Deadline deadline;
  bool armed = false;
  bool yielded = socket.in_process();
  for (;;) {
    Result<Socket*> accepted = socket.accept();
    if (accepted.ok() || !(accepted.error() == EAGAIN)) return accepted;
    if (!is_blocking(socket)) {
      // A host that ran out of budget says would-block although somebody waits.
      if (yielded) return accepted;
      yield_to_host();
      yielded = true;
      continue;
    }
    if (!armed) {
      deadline = deadline_after_us(socket.options.receive_timeout_us);
      armed = true;
    }
    const Errno waited = wait_until_ready(socket, events::readable, deadline);
    if (waited == ETIMEDOUT) return Errno(EAGAIN);
    if (!waited.ok()) return waited;
  }
}

Errno connect_blocking(Socket& socket, const sockaddr* address, socklen_t length) {
  Errno error = socket.connect_to(address, length);
  if (!is_blocking(socket) || !(error == EINPROGRESS || error == EALREADY || error == EAGAIN)) return error;
  const Deadline deadline = deadline_after_us(socket.options.send_timeout_us);
  if (error == EAGAIN) {
    // An AF_UNIX listener's queue is full, and only this program can accept from it.
    const Errno waited = wait_until_ready(socket, 0, deadline);
    return waited == ETIMEDOUT ? Errno(EAGAIN) : waited;
  }
  do {
    // It was asked about just now: only if it's over already there is nothing to wait for.
    const Errno waited = socket.is_connecting() ? wait_until_ready(socket, events::writable, deadline) : success;
    if (waited == ETIMEDOUT) return EINPROGRESS;  // as Linux: it goes on by itself
    if (!waited.ok()) return waited;
    error = socket.finish_connect();
  } while (error == EINPROGRESS);
  return error;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// socket(2). Parameters: AF_INET, AF_INET6 or AF_UNIX; SOCK_STREAM or SOCK_DGRAM (AF_UNIX: or SOCK_SEQPACKET), with
// SOCK_NONBLOCK and SOCK_CLOEXEC; 0 or the matching IPPROTO_. Result: the lowest free descriptor. Errors: EAFNOSUPPORT the family isn't there; EINVAL the type or
// protocol is no number of one; EPROTONOSUPPORT it doesn't match; EPERM SOCK_RAW; EACCES the guest was
// granted no network; EMFILE; ENOMEM. Source: POSIX issue 8, socket(2); wasi:sockets/tcp-create-socket, udp-create-socket.
int WPS_ENTRY(socket)(int domain, int type, int protocol) {
  Result<Socket*> socket = create_socket(domain, type, protocol);
  if (!socket.ok()) return report(socket.error());
  socket.value()->status_flags = O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  return report<int>(fd::install(socket.value(), (type & SOCK_CLOEXEC) != 0));
}

// bind(2). Errors: EBADF, ENOTSOCK; EINVAL bound already, or a length that isn't an address's; EAFNOSUPPORT;
// EADDRNOTAVAIL not an address of this host; EADDRINUSE; EACCES; EFAULT. Source: wasi:sockets start-bind, finish-bind.
int WPS_ENTRY(bind)(int number, const sockaddr* address, socklen_t length) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(socket.value()->bind_to(address, length));
}

// listen(2). Parameter: backlog, connections that may wait; a hint. Binds an unbound socket to a port of the host's choice.
// Errors: EBADF, ENOTSOCK; EOPNOTSUPP not a stream; EINVAL connected or connecting; EADDRINUSE.
int WPS_ENTRY(listen)(int number, int backlog) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(socket.value()->listen(backlog));
}

// accept4(2). Parameters: flags SOCK_NONBLOCK and SOCK_CLOEXEC; address and length are value-result and may both be null.
// The new socket inherits the listener's options and not its O_NONBLOCK. Errors: EBADF, ENOTSOCK; EOPNOTSUPP not a stream;
// EINVAL not listening, or a flag; EAGAIN nobody waits, or SO_RCVTIMEO passed; EMFILE; EFAULT; ENOMEM.
int WPS_ENTRY(accept4)(int number, sockaddr* address, socklen_t* length, int flags) {
  Result<Socket*> listener = fd::find_socket(number);
  if (listener.error() == EBADF) return report(EBADF);
  if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) return report(EINVAL);
  if (!listener.ok()) return report(listener.error());
  Result<Socket*> accepted = accept_blocking(*listener.value());
  if (!accepted.ok()) return report(accepted.error());
  Socket* socket = accepted.value();
  socket->status_flags = O_RDWR | ((flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  if (address != nullptr) {
    const Errno error = socket->accepted_name(address, length);
    if (!error.ok()) {
      socket->release();
      return report(error == ENOTCONN ? Errno(ECONNABORTED) : error);  // gone already: reset while it waited
    }
  }
  return report<int>(fd::install(socket, (flags & SOCK_CLOEXEC) != 0));
}

// accept(2): accept4() without flags.
int WPS_ENTRY(accept)(int number, sockaddr* address, socklen_t* length) {
  return WPS_ENTRY(accept4)(number, address, length, 0);
}

// connect(2). The wildcard address means loopback; AF_UNSPEC dissolves a datagram socket's association. Errors: EBADF,
// ENOTSOCK; EINPROGRESS under way (also after SO_SNDTIMEO); EALREADY still under way; EISCONN; ECONNREFUSED; ETIMEDOUT;
// ENETUNREACH, EHOSTUNREACH; EADDRNOTAVAIL; EAFNOSUPPORT; EINVAL the length; EACCES not granted; EFAULT.
// After a failure the same descriptor can connect again. Source: POSIX issue 8, connect(2); wasi:sockets start-connect.
int WPS_ENTRY(connect)(int number, const sockaddr* address, socklen_t length) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  if (length < sizeof(sa_family_t)) return report(EINVAL);
  if (!accessible(address, sizeof(sa_family_t))) return report(EFAULT);
  return report(connect_blocking(*socket.value(), address, length));
}

// shutdown(2). Errors: EBADF, ENOTSOCK; EINVAL how; ENOTCONN. Source: wasi:sockets/tcp shutdown.
int WPS_ENTRY(shutdown)(int number, int how) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  switch (how) {
    case SHUT_RD:
      return report(socket.value()->shutdown(shutdown_receive));
    case SHUT_WR:
      return report(socket.value()->shutdown(shutdown_send));
    case SHUT_RDWR:
      return report(socket.value()->shutdown(shutdown_receive | shutdown_send));
    default:
      return report(EINVAL);
  }
}

// getsockname(2). An unbound socket has the wildcard address and port 0. Errors: EBADF, ENOTSOCK, EFAULT, EINVAL.
int WPS_ENTRY(getsockname)(int number, sockaddr* address, socklen_t* length) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(socket.value()->local_name(address, length));
}

// getpeername(2). Errors: EBADF, ENOTSOCK, ENOTCONN, EFAULT, EINVAL.
int WPS_ENTRY(getpeername)(int number, sockaddr* address, socklen_t* length) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  return report(socket.value()->remote_name(address, length));
}
}

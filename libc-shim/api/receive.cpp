// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// read, readv, recv, recvfrom, recvmsg.
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "api/control.h"
#include "api/file_transfer.h"

namespace posix_sockets {
namespace {

// The same on what isn't a socket.
Result<size_t> read_into_nowhere(const fd::Held& held) {
  Description& description = *held.ours;
  for (;;) {
    const Events now = description.ready(events::readable, true);
    if ((now & events::readable) != 0) return Errno(EFAULT);
    if (now != 0) return size_t{0};  // the end
    if ((description.status_flags & O_NONBLOCK) != 0) return Errno(EAGAIN);
    const Errno waited = wait_until_ready(held, events::readable, Deadline{});
    if (!waited.ok()) return waited;
  }
}

// The kernel finds out that memory is bad when it has something to write there.
Result<size_t> receive_into_nowhere(const fd::Held& held, int flags) {
  char byte;
  const iovec piece = {&byte, 1};
  ReceiveRequest look;
  look.buffers = {&piece, 1};
  look.size = 1;
  look.flags = (flags & MSG_DONTWAIT) | MSG_PEEK;
  Result<size_t> seen = receive_blocking(held, look);
  if (!seen.ok()) return seen;
  if (!held.ours->is_stream() && (flags & MSG_PEEK) == 0) {
    look.flags = MSG_DONTWAIT;  // a datagram is gone all the same
    (void)receive_blocking(held, look);
  }
  return seen.value() == 0 ? seen : Result<size_t>(Errno(EFAULT));
}

Result<size_t> receive(const fd::Held& held, const iovec* vector, int count, int flags, ReceiveRequest& request) {
  // MSG_TRUNC on a TCP stream throws the bytes away: nothing is written.
  const Socket* socket = as<Socket>(held.ours);
  const bool discards = (flags & MSG_TRUNC) != 0 && socket != nullptr && socket->type() == SocketType::stream &&
                        socket->family() != Family::unix_domain;
  Result<size_t> size = check_buffers(vector, count, !discards);
  if (size.error() == EFAULT && check_buffers(vector, count, false).ok()) {
    return socket != nullptr ? receive_into_nowhere(held, flags) : read_into_nowhere(held);
  }
  if (!size.ok()) return size;
  request.buffers = {vector, count};
  request.size = size.value();
  request.flags = flags;
  return receive_blocking(held, request);
}

// The part of the flags that says no at once. The urgent mark doesn't exist here: as a kernel without urgent data.
Errno check_receive_flags(const Socket& socket, int flags) {
  if ((flags & MSG_ERRQUEUE) != 0 && socket.family() != Family::unix_domain)
    return EAGAIN;  // AF_UNIX doesn't look at it
  if ((flags & MSG_OOB) != 0) {
    if (socket.family() == Family::unix_domain) return socket.type() == SocketType::stream ? EINVAL : EOPNOTSUPP;
    if (socket.type() == SocketType::stream) return socket.is_listening() ? ENOTCONN : EINVAL;
    // Linux's UDP doesn't look at it.
  }
  return success;
}

// As the kernel cuts a size that no buffer has.
size_t real_size(const void* buffer, size_t size) {
  if (size <= SSIZE_MAX) return size;
#if defined(__wasm__)
  const size_t memory = __builtin_wasm_memory_size(0) * 65536;
  const auto begin = reinterpret_cast<uintptr_t>(buffer);
  return begin < memory ? memory - begin : 0;
#else
  return SSIZE_MAX;
#endif
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

ssize_t WPS_REAL(read)(int, void*, size_t);
WPS_TAKE_FROM_LIBC(read)

static Result<size_t> read_from_libc(int libc_descriptor, const iovec* vector, int count) {
  const auto read_some = [=](void* base, size_t size) { return WPS_REAL(read)(libc_descriptor, base, size); };
  return from_libc(result_of_read(libc_descriptor, read_file(libc_descriptor, vector, count, read_some)));
}

// read(2). POSIX issue 8. On a socket as recv() without flags, except that size 0 returns 0 at once.
ssize_t WPS_ENTRY(read)(int number, void* buffer, size_t size) {
  if (fd::take_ahead(number, buffer, size)) return static_cast<ssize_t>(size);
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::Target target = fd::enter(number);
    const iovec piece = {buffer, size};
    if (target.ours == nullptr) return read_from_libc(target.libc, &piece, 1);
    if (size == 0 && (target.libc >= 0 || target.ours->is(kinds::sockets))) return size_t{0};
    ReceiveRequest request;
    return receive(target, &piece, 1, 0, request);
  });
}

// readv(2). Fills the buffers in order. Otherwise as read().
ssize_t WPS_ENTRY(readv)(int number, const iovec* vector, int count) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::Target target = fd::enter(number);
    if (target.ours == nullptr) {
      if (!libc::is_open(target.libc)) return Errno(EBADF);
      return read_from_libc(target.libc, vector, count);
    }
    Result<size_t> size = check_buffers(vector, count);
    if (!size.ok() || size.value() == 0) {
      if ((target.ours->status_flags & O_ACCMODE) == O_WRONLY) return Errno(EBADF);
      return size;
    }
    ReceiveRequest request;
    return receive(target, vector, count, 0, request);
  });
}

// recvfrom(2). Parameters: flags of MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_TRUNC; address and length are value-result.
// Result: bytes received, 0 at the end of a stream. Errors: EBADF, ENOTSOCK; EAGAIN nothing there, or SO_RCVTIMEO passed;
// ECONNRESET the peer reset the connection (once, then 0), EPIPE after its end; ETIMEDOUT, EHOSTUNREACH the peer is gone (once);
// ECONNREFUSED (UDP) nobody listens at the peer; ENOTCONN; EFAULT; EINVAL MSG_OOB, as there is no urgent data; ENOMEM. Source: POSIX issue 8, recv(2), tcp(7);
// wasi:io/streams input-stream.read, wasi:sockets/udp incoming-datagram-stream.receive.
ssize_t WPS_ENTRY(recvfrom)(int number, void* buffer, size_t size, int flags, sockaddr* address, socklen_t* length) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::HeldSocket socket = fd::find_socket(number);
    if (!socket.ok()) return socket.error();
    const Errno refused = check_receive_flags(*socket.value(), flags);
    if (!refused.ok()) return refused;
    const iovec piece = {buffer, real_size(buffer, size)};
    ReceiveRequest request;
    Result<size_t> received = receive(socket, &piece, 1, flags, request);
    const bool gone = socket.ours == nullptr;  // a handler closed it when part was there already
    if (received.ok() && address != nullptr && !gone) {
      if (!accessible(length)) return Errno(EFAULT);
      if (static_cast<int>(*length) < 0) return Errno(EINVAL);
      const Errno error = socket.value()->source_name(request, address, length);
      if (!error.ok()) return error;
    }
    return received;
  });
}

// recv(2): recvfrom() that doesn't ask who sent.
ssize_t WPS_ENTRY(recv)(int number, void* buffer, size_t size, int flags) {
  constexpr int plain = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_WAITALL;
  if ((flags & ~plain) == 0 && fd::take_ahead(number, buffer, size)) return static_cast<ssize_t>(size);
  return WPS_ENTRY(recvfrom)(number, buffer, size, flags, nullptr, nullptr);
}

// recvmsg(2). msg_flags becomes MSG_TRUNC for a cut datagram. The control messages are SCM_RIGHTS of AF_UNIX sockets
// and SCM_TIMESTAMP of datagrams; MSG_CTRUNC: some didn't fit. Errors: as recvfrom().
ssize_t WPS_ENTRY(recvmsg)(int number, msghdr* message, int flags) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::HeldSocket socket = fd::find_socket(number);
    if (!socket.ok()) return socket.error();
    if (!accessible(message)) return Errno(EFAULT);
    const Errno refused = check_receive_flags(*socket.value(), flags);
    if (!refused.ok()) return refused;
    ReceiveRequest request;
    if (message->msg_iovlen < 0 || message->msg_iovlen > 1024) return Errno(EMSGSIZE);
    if (message->msg_name != nullptr && static_cast<int>(message->msg_namelen) < 0) return Errno(EINVAL);
    Result<size_t> received = receive(socket, message->msg_iov, static_cast<int>(message->msg_iovlen), flags, request);
    if (!received.ok() || socket.ours == nullptr) return received;
    if (message->msg_name != nullptr) {
      const Errno error =
          socket.value()->source_name(request, static_cast<sockaddr*>(message->msg_name), &message->msg_namelen);
      if (!error.ok()) return error;
    }
    request.out_flags |= flags & MSG_CMSG_CLOEXEC;  // told again, as the kernel does
    write_control(*socket.value(), request, received.value(), *message);
    message->msg_flags = request.out_flags;
    return received;
  });
}
}

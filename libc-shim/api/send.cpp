// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// write, writev, send, sendto, sendmsg.
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "api/control.h"
#include "api/file_transfer.h"
#include "api/standard_stream.h"
#include "file/libc.h"

namespace posix_sockets {
namespace {

Result<size_t> send(const fd::Held& held, SendRequest& request) {
  Result<size_t> size = check_buffers(request.buffers.vector, request.buffers.count);
  // The kernel finds out that memory is bad when it could send what is there.
  if (size.error() == EFAULT && held.ours->is({Kind::tcp, Kind::udp})) {
    const Result<size_t> apart_from_memory = check_buffers(request.buffers.vector, request.buffers.count, false);
    if (!apart_from_memory.ok()) return size;
    request.buffers = {};
    if (held.ours->is(Kind::udp)) {
      size = apart_from_memory;
    } else {
      const Errno error = send_blocking(held, request).error();  // nothing
      if (!error.ok()) return error;
    }
  }
  if (!size.ok()) return size;
  request.size = size.value();
  return send_blocking(held, request);
}

// The short way of small vectors, as Description::send_plain; 0: there is more to look at.
size_t send_joined(Description& description, const iovec* vector, int count) {
  constexpr size_t most = 16384;
  if (before_call != nullptr || !description.is(Kind::tcp)) return 0;
  const Result<size_t> size = check_buffers(vector, count);
  if (!size.ok() || size.value() == 0 || size.value() > most) return 0;
  uint8_t* joined = scratch(size.value());
  if (joined == nullptr) return 0;
  gather({vector, count}, joined, size.value());
  return description.send_plain(joined, size.value());
}

Result<size_t> send_pieces(const fd::Held& held, const iovec* vector, int count) {
  size_t done = 0;
  for (int i = 0; i < count; ++i) {
    SendRequest request;
    request.buffers = {vector + i, 1};
    Result<size_t> sent = send(held, request);
    if (!sent.ok()) return done != 0 ? Result<size_t>(done) : sent;
    done += sent.value();
  }
  return done;
}

// What sendto and sendmsg have in common: all but the buffers, and the control messages of `request`. No address: null.
Errno address_request(const fd::HeldSocket& held, int flags, const void* address, socklen_t length,
                      SendRequest& request) {
  Socket& socket = *held.value();
  request.flags = flags;
  if (address != nullptr) {
    // As the kernel copies it, whether or not the socket looks at it.
    if (length > largest_sockaddr) return EINVAL;
    if (!accessible(address, length)) return EFAULT;
  }
  // Linux's UDP over IPv6 doesn't look at MSG_OOB.
  const bool ignores_urgent = socket.is(Kind::udp) && socket.family() == Family::ipv6;
  if ((flags & MSG_OOB) != 0 && !ignores_urgent) {
    if (!socket.is(Kind::tcp)) return EOPNOTSUPP;
    request.flags &= ~MSG_OOB;
    const Errno error = send_blocking(held, request).error();  // what any send fails with
    return error.ok() ? Errno(EOPNOTSUPP) : error;
  }
  if (address == nullptr) return success;
  return socket.set_destination(request, static_cast<const sockaddr*>(address), length);
}

// With the hop limit that a control message asked for.
Result<size_t> send_with_hop_limit(const fd::HeldSocket& held, SendRequest& request) {
  if (request.hop_limit == 0) return send(held, request);
  Socket& socket = *held.value();
  const Result<uint64_t> usual = socket.host_option(HostOption::hop_limit);
  (void)socket.set_host_option(HostOption::hop_limit, request.hop_limit);
  const Result<size_t> sent = send(held, request);
  if (usual.ok() && held.ours != nullptr) (void)socket.set_host_option(HostOption::hop_limit, usual.value());
  return sent;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

ssize_t WPS_REAL(write)(int, const void*, size_t);
WPS_TAKE_FROM_LIBC(write)

static ssize_t write_to_libc(int libc_descriptor, const iovec* vector, int count) {
  const ssize_t written =
      transfer_file(libc_descriptor, vector, count, FileDirection::out, [=](const void* base, size_t size, size_t) {
        if (base == nullptr && size != 0) return ssize_t(report(EFAULT));  // unless it can't be written at all: below
        return WPS_REAL(write)(libc_descriptor, base, size);
      });
  if (written >= 0) return written;
  // As wasip2's libc doesn't tell.
  if ((errno == EIO || errno == EFAULT) && !libc::is_writable(libc_descriptor)) errno = EBADF;
  return failed_write(libc_descriptor, vector, count);
}

// write(2). POSIX issue 8. On a socket as send() without flags.
ssize_t WPS_ENTRY(write)(int number, const void* buffer, size_t size) {
  if (fd::send_plain(number, buffer, size, false)) return static_cast<ssize_t>(size);
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::Target target = fd::enter(number);
    const iovec piece = {const_cast<void*>(buffer), size};
    if (target.ours == nullptr || target.libc >= 0) return from_libc(write_to_libc(target.libc, &piece, 1));
    SendRequest request;
    request.buffers = {&piece, 1};
    return send(target, request);
  });
}

// writev(2). All buffers go out as one write where the host takes that much. Errors: as send().
ssize_t WPS_ENTRY(writev)(int number, const iovec* vector, int count) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::Target target = fd::enter(number);
    if (target.ours == nullptr || target.libc >= 0) return from_libc(write_to_libc(target.libc, vector, count));
    const size_t sent = send_joined(*target.ours, vector, count);
    if (sent != 0) return sent;
    Result<size_t> size = check_buffers(vector, count, false);
    if (!size.ok() || size.value() == 0) {
      if ((target.ours->status_flags & O_ACCMODE) == O_RDONLY) return Errno(EBADF);
      return size;
    }
    if (target.ours->writes_pieces()) return send_pieces(target, vector, count);
    SendRequest request;
    request.buffers = {vector, count};
    return send(target, request);
  });
}

// sendto(2). Result: bytes taken. Errors: EBADF, ENOTSOCK; EAGAIN no room, or SO_SNDTIMEO passed; EPIPE the connection is
// over in this direction, or was never made (no signal is raised); ECONNRESET, ETIMEDOUT, EHOSTUNREACH (once); EDESTADDRREQ (UDP) no address; EADDRNOTAVAIL (UDP) no port is free; ECONNREFUSED,
// ENETUNREACH, EHOSTUNREACH (UDP) what became of this datagram, or of one before;
// EMSGSIZE; EAFNOSUPPORT, EINVAL the address; EACCES a broadcast address; EOPNOTSUPP MSG_OOB; EFAULT; ENOMEM.
// Source: POSIX issue 8, send(2); wasi:io/streams output-stream.write, wasi:sockets/udp outgoing-datagram-stream.send.
ssize_t WPS_ENTRY(sendto)(int number, const void* buffer, size_t size, int flags, const sockaddr* address,
                          socklen_t length) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::HeldSocket socket = fd::find_socket(number);
    if (!socket.ok()) return socket.error();
    const iovec piece = {const_cast<void*>(buffer), size};
    SendRequest request;
    request.buffers = {&piece, 1};
    const Errno error = address_request(socket, flags, address, length, request);
    if (!error.ok()) return error;
    return send(socket, request);
  });
}

// send(2): sendto() on a connected socket.
ssize_t WPS_ENTRY(send)(int number, const void* buffer, size_t size, int flags) {
  constexpr int plain = MSG_DONTWAIT | MSG_NOSIGNAL;
  if ((flags & ~(plain | MSG_MORE)) == 0 && fd::send_plain(number, buffer, size, (flags & MSG_MORE) != 0))
    return static_cast<ssize_t>(size);
  return WPS_ENTRY(sendto)(number, buffer, size, flags, nullptr, 0);
}

// sendmsg(2). Of control messages SCM_RIGHTS on AF_UNIX sockets works, and IP_PKTINFO with the address that the socket
// has; others could not be honoured: EINVAL. Other errors: as sendto().
ssize_t WPS_ENTRY(sendmsg)(int number, const msghdr* message, int flags) {
  return restarting<ssize_t>([=]() -> Result<size_t> {
    const fd::HeldSocket socket = fd::find_socket(number);
    if (!socket.ok()) return socket.error();
    if (!accessible(message)) return Errno(EFAULT);
    if (message->msg_iovlen < 0 || message->msg_iovlen > 1024) return Errno(EMSGSIZE);
    // As the kernel copies the header: a name of no length is none, a longer one than can be is cut.
    socklen_t length = message->msg_name != nullptr ? message->msg_namelen : 0;
    if (static_cast<int>(length) < 0) return Errno(EINVAL);
    if (length > largest_sockaddr) length = largest_sockaddr;
    constexpr size_t control_limit = 131072;  // net.core.optmem_max
    if (message->msg_controllen >= control_limit) return Errno(ENOBUFS);
    SendRequest request;
    request.buffers = {message->msg_iov, static_cast<int>(message->msg_iovlen)};
    Errno error = address_request(socket, flags, length != 0 ? message->msg_name : nullptr, length, request);
    if (error.ok()) error = read_control(*socket.value(), *message, request);
    if (!error.ok()) return error;
    return send_with_hop_limit(socket, request);
  });
}
}

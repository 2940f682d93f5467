// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// write, writev, send, sendto, sendmsg.
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "api/control.h"
#include "api/transfer.h"
#include "kinds/libc.h"
#include "kinds/verbs.h"

namespace posix_sockets {
namespace {

bool is_ip(Description& description, SocketType type) {
  const Socket* socket = description.socket();
  return socket != nullptr && socket->type() == type && socket->family() != Family::local;
}
bool is_tcp(Description& description) { return is_ip(description, SocketType::stream); }
bool is_udp(Description& description) { return is_ip(description, SocketType::datagram); }

// What a send on a TCP socket fails with, whatever it has to send.
Errno could_send(Description& description, int flags) {
  SendRequest nothing;
  nothing.buffers = {nullptr, 0};
  nothing.flags = flags;
  return send_blocking(description, nothing).error();
}

Result<size_t> send(Description& description, SendRequest& request) {
  Result<size_t> size = check_buffers(request.buffers.vector, request.buffers.count);
  // The kernel finds out that memory is bad when it could send what is there.
  if (size.error() == EFAULT && is_tcp(description)) {
    if (!check_buffers(request.buffers.vector, request.buffers.count, false).ok()) return size;
    const Errno error = could_send(description, request.flags);
    if (!error.ok()) return error;
  }
  if (size.error() == EFAULT && is_udp(description)) {
    size = check_buffers(request.buffers.vector, request.buffers.count, false);
    request.buffers = {nullptr, 0};
  }
  if (!size.ok()) return size;
  request.size = size.value();
  return send_blocking(description, request);
}

Result<size_t> send_pieces(Description& description, const iovec* vector, int count) {
  size_t done = 0;
  for (int i = 0; i < count; ++i) {
    SendRequest request;
    request.buffers = {vector + i, 1};
    Result<size_t> sent = send(description, request);
    if (!sent.ok()) return done != 0 ? Result<size_t>(done) : sent;
    done += sent.value();
  }
  return done;
}

using ReadControl = Errno (*)(Socket&, const msghdr&, SendRequest&);

// sendto and sendmsg, whose address is null for a connected socket; `read`: what reads the control messages of `message`.
Result<size_t> send_to(int number, const iovec* vector, int count, int flags, const void* address, socklen_t length,
                       const msghdr* message = nullptr, ReadControl read = nullptr) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return socket.error();
  if (address != nullptr) {
    // As the kernel copies it, whether or not the socket looks at it.
    if (length > largest_sockaddr) return Errno(EINVAL);
    if (!accessible(address, length)) return Errno(EFAULT);
  }
  // Linux's UDP over IPv6 doesn't look at MSG_OOB.
  const bool ignores_urgent = is_udp(*socket.value()) && socket.value()->family() == Family::ipv6;
  if ((flags & MSG_OOB) != 0 && !ignores_urgent) {
    if (!is_tcp(*socket.value())) return Errno(EOPNOTSUPP);
    const Errno error = could_send(*socket.value(), flags & ~MSG_OOB);
    return error.ok() ? Errno(EOPNOTSUPP) : error;
  }
  SendRequest request;
  request.buffers = {vector, count};
  request.flags = flags;
  if (address != nullptr) {
    const Errno error = socket.value()->set_destination(request, static_cast<const sockaddr*>(address), length);
    if (!error.ok()) return error;
  }
  if (read != nullptr) {
    const Errno error = read(*socket.value(), *message, request);
    if (!error.ok()) return error;
  }
  if (request.hop_limit == 0) return send(*socket.value(), request);
  const Result<uint64_t> usual = verbs::host_option(*socket.value(), HostOption::hop_limit);
  (void)verbs::set_host_option(*socket.value(), HostOption::hop_limit, request.hop_limit);
  const Result<size_t> sent = send(*socket.value(), request);
  if (usual.ok()) (void)verbs::set_host_option(*socket.value(), HostOption::hop_limit, usual.value());
  return sent;
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

ssize_t WPS_REAL(write)(int, const void*, size_t);
ssize_t WPS_REAL(writev)(int, const iovec*, int);

// write(2). POSIX issue 8. On a socket as send() without flags.
ssize_t WPS_ENTRY(write)(int number, const void* buffer, size_t size) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr || target.libc >= 0) {
    const ssize_t written = WPS_REAL(write)(target.libc, buffer, size);
    if (written < 0 && errno == EIO && !libc::is_writable(target.libc)) errno = EBADF;  // as wasip2's libc doesn't tell
    return written;
  }
  const iovec piece = {const_cast<void*>(buffer), size};
  SendRequest request;
  request.buffers = {&piece, 1};
  return report<ssize_t>(send(*target.ours, request));
}

// writev(2). All buffers go out as one write where the host takes that much.
ssize_t WPS_ENTRY(writev)(int number, const iovec* vector, int count) {
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr || target.libc >= 0) {
    InsideLibc inside;
    const ssize_t written = WPS_REAL(writev)(target.libc, vector, count);
    if (written < 0 && errno == EIO && !libc::is_writable(target.libc)) errno = EBADF;
    return written;
  }
  Result<size_t> size = check_buffers(vector, count, false);
  if (!size.ok() || size.value() == 0) return report<ssize_t>(size);
  if (target.ours->writes_pieces()) return report<ssize_t>(send_pieces(*target.ours, vector, count));
  SendRequest request;
  request.buffers = {vector, count};
  return report<ssize_t>(send(*target.ours, request));
}

// sendto(2). Result: bytes taken. Errors: EBADF, ENOTSOCK; EAGAIN no room, or SO_SNDTIMEO passed; EPIPE the connection is
// over in this direction, or was never made (no signal is raised); ECONNRESET (once); EDESTADDRREQ (UDP) no address;
// EMSGSIZE; EAFNOSUPPORT, EINVAL the address; EACCES a broadcast address; EOPNOTSUPP MSG_OOB; EFAULT; ENOMEM.
// Source: POSIX issue 8, send(2); wasi:io/streams output-stream.write, wasi:sockets/udp outgoing-datagram-stream.send.
ssize_t WPS_ENTRY(sendto)(int number, const void* buffer, size_t size, int flags, const sockaddr* address,
                          socklen_t length) {
  const iovec piece = {const_cast<void*>(buffer), size};
  return report<ssize_t>(send_to(number, &piece, 1, flags, address, length));
}

// send(2): sendto() on a connected socket.
ssize_t WPS_ENTRY(send)(int number, const void* buffer, size_t size, int flags) {
  return WPS_ENTRY(sendto)(number, buffer, size, flags, nullptr, 0);
}

// sendmsg(2). Of control messages SCM_RIGHTS on AF_UNIX sockets works; others could not be honoured: EINVAL.
ssize_t WPS_ENTRY(sendmsg)(int number, const msghdr* message, int flags) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  if (!accessible(message)) return report(EFAULT);
  if (message->msg_iovlen < 0 || message->msg_iovlen > 1024) return report(EMSGSIZE);
  // As the kernel copies the header: a name of no length is none, a longer one than can be is cut.
  socklen_t length = message->msg_name != nullptr ? message->msg_namelen : 0;
  if (static_cast<int>(length) < 0) return report(EINVAL);
  if (length > largest_sockaddr) length = largest_sockaddr;
  if (message->msg_controllen > INT_MAX) return report(ENOBUFS);
  return report<ssize_t>(send_to(number, message->msg_iov, static_cast<int>(message->msg_iovlen), flags,
                                 length != 0 ? message->msg_name : nullptr, length, message, read_control));
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// recvmmsg, sendmmsg.
#include <sys/socket.h>

#include "api/transfer.h"
#include "udp/socket.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr unsigned most_messages = 1024;  // UIO_MAXIOV: the kernel takes no more of a longer vector

// The vector's part that is looked at, or EFAULT.
Result<unsigned> check_messages(const mmsghdr* messages, unsigned count) {
  if (count > most_messages) count = most_messages;
  if (!accessible(messages, count * sizeof *messages)) return Errno(EFAULT);
  return count;
}

constexpr size_t most_at_once = 16;

// Whether the message can go with others: nothing about it is wrong or needs more than the socket's send_list() can do.
bool prepare(Socket& socket, const msghdr& message, int flags, SendRequest& request) {
  if (message.msg_control != nullptr && message.msg_controllen != 0) return false;
  if (message.msg_iovlen <= 0 || (flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_CONFIRM)) != 0) return false;
  Result<size_t> size = check_buffers(message.msg_iov, static_cast<int>(message.msg_iovlen));
  if (!size.ok()) return false;
  request.buffers = {message.msg_iov, static_cast<int>(message.msg_iovlen)};
  request.size = size.value();
  request.flags = flags;
  if (message.msg_name == nullptr || message.msg_namelen == 0) return true;
  if (message.msg_namelen > largest_sockaddr) return false;
  return socket.set_destination(request, static_cast<const sockaddr*>(message.msg_name), message.msg_namelen).ok();
}

// What went out together of the messages at the beginning of the vector; none: the first one is sendmsg()'s.
SentList send_together(Socket& socket, mmsghdr* messages, unsigned count, int flags) {
  if (count < 2 || socket.type() != SocketType::datagram || socket.family() == Family::unix_domain) return {};
  SendRequest requests[most_at_once];
  size_t prepared = 0;
  while (prepared < count && prepared < most_at_once &&
         prepare(socket, messages[prepared].msg_hdr, flags, requests[prepared]))
    ++prepared;
  if (prepared < 2) return {};
  const SentList sent = static_cast<UdpSocket&>(socket).send_list(requests, prepared);
  for (size_t i = 0; i < sent.count; ++i) messages[i].msg_len = static_cast<unsigned>(requests[i].size);
  return sent;
}

void tell_what_is_left(timespec& timeout, Deadline deadline) {
  constexpr uint64_t ns_per_s = 1000000000;
  const uint64_t now = host::now();
  const uint64_t left = deadline.is_immediate() || now >= deadline.instant ? 0 : deadline.instant - now;
  timeout.tv_sec = static_cast<time_t>(left / ns_per_s);
  timeout.tv_nsec = static_cast<long>(left % ns_per_s);
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Not by their plain names, see CONTRIBUTING.md.
ssize_t WPS_ENTRY(recvmsg)(int, msghdr*, int);
ssize_t WPS_ENTRY(sendmsg)(int, const msghdr*, int);

// recvmmsg(2). Parameters: flags as of recvmsg(), and MSG_WAITFORONE: don't wait after the first message; timeout, looked at
// after each message as Linux does, so that it bounds only a busy receiver; it becomes what was left then. Result: messages received. An error behind the
// first message stays for the next call. Errors: as recvmsg(); EINVAL the timeout.
int recvmmsg(int number, mmsghdr* messages, unsigned count, unsigned flags, timespec* timeout) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  Result<unsigned> checked = check_messages(messages, count);
  if (!checked.ok()) return report(checked.error());
  unsigned done = 0;
  while (done < checked.value()) {
    const ssize_t received =
        WPS_ENTRY(recvmsg)(number, &messages[done].msg_hdr, static_cast<int>(flags) & ~MSG_WAITFORONE);
    if (received < 0) {
      if (done == 0) return -1;
      const bool gone = !socket.is_current();  // a signal handler closed it
      if (errno != EAGAIN && !gone) socket.value()->restore_error(errno);
      break;
    }
    messages[done++].msg_len = static_cast<unsigned>(received);
    if ((flags & MSG_WAITFORONE) != 0) flags |= MSG_DONTWAIT;
    if (timeout == nullptr) continue;
    tell_what_is_left(*timeout, deadline);
    if (timeout->tv_sec == 0 && timeout->tv_nsec == 0) break;
  }
  return static_cast<int>(done);
}

// sendmmsg(2). Datagrams go out up to 16 a host call. Result: messages sent; an error behind the first one is told by the next
// call. Errors: as sendmsg(). Source: wasi:sockets/udp outgoing-datagram-stream.send.
int sendmmsg(int number, mmsghdr* messages, unsigned count, unsigned flags) {
  const fd::HeldSocket socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  Result<unsigned> checked = check_messages(messages, count);
  if (!checked.ok()) return report(checked.error());
  unsigned done = 0;
  while (done < checked.value()) {
    const SentList together =
        send_together(*socket.value(), messages + done, checked.value() - done, static_cast<int>(flags));
    done += static_cast<unsigned>(together.count);
    if (together.stopped) break;
    if (together.count != 0) continue;
    const ssize_t sent = WPS_ENTRY(sendmsg)(number, &messages[done].msg_hdr, static_cast<int>(flags));
    if (sent < 0) return done != 0 ? static_cast<int>(done) : -1;
    messages[done++].msg_len = static_cast<unsigned>(sent);
    if (!socket.is_current()) break;  // a handler closed it when part of this one was sent
  }
  return static_cast<int>(done);
}
}

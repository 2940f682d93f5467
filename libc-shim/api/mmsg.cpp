// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// recvmmsg, sendmmsg.
#include <sys/socket.h>

#include "api/entry.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

constexpr unsigned most_messages = 1024;  // UIO_MAXIOV: the kernel takes no more of a longer vector

// The vector's part that is looked at, or EFAULT.
Result<unsigned> check_messages(const mmsghdr* messages, unsigned count) {
  if (count > most_messages) count = most_messages;
  if (!accessible(messages, count * sizeof *messages)) return Errno(EFAULT);
  return count;
}

void tell_what_is_left(timespec& timeout, Deadline deadline) {
  constexpr uint64_t ns_per_s = 1000000000;
  const uint64_t now = wasi::monotonic_clock::now();
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
// after each message as Linux does, so that it bounds only a busy receiver; it becomes what is left of it. Result: messages received. An error behind the
// first message stays for the next call. Errors: as recvmsg(); EINVAL the timeout.
int recvmmsg(int number, mmsghdr* messages, unsigned count, unsigned flags, timespec* timeout) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  Result<unsigned> checked = check_messages(messages, count);
  if (!checked.ok()) return report(checked.error());
  unsigned done = 0;
  while (done < checked.value()) {
    const ssize_t received =
        WPS_ENTRY(recvmsg)(number, &messages[done].msg_hdr, static_cast<int>(flags) & ~MSG_WAITFORONE);
    if (received < 0) {
      if (done == 0) return -1;
      if (errno != EAGAIN) socket.value()->restore_error(errno);
      break;
    }
    messages[done++].msg_len = static_cast<unsigned>(received);
    if ((flags & MSG_WAITFORONE) != 0) flags |= MSG_DONTWAIT;
    if (!deadline.is_never() && (deadline.is_immediate() || wasi::monotonic_clock::now() >= deadline.instant)) break;
  }
  if (timeout != nullptr) tell_what_is_left(*timeout, deadline);
  return static_cast<int>(done);
}

// sendmmsg(2). Result: messages sent; an error behind the first one is told by the next call. Errors: as sendmsg().
int sendmmsg(int number, mmsghdr* messages, unsigned count, unsigned flags) {
  Result<Socket*> socket = fd::find_socket(number);
  if (!socket.ok()) return report(socket.error());
  Result<unsigned> checked = check_messages(messages, count);
  if (!checked.ok()) return report(checked.error());
  unsigned done = 0;
  while (done < checked.value()) {
    const ssize_t sent = WPS_ENTRY(sendmsg)(number, &messages[done].msg_hdr, static_cast<int>(flags));
    if (sent < 0) return done != 0 ? static_cast<int>(done) : -1;
    messages[done++].msg_len = static_cast<unsigned>(sent);
  }
  return static_cast<int>(done);
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_channel.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// By the names of the entry points: a plain `socket` of ours, which wasi-libc doesn't define on wasm32-wasi, would make the
// linker refuse a program that declares it otherwise, as every configure script does (char socket();).
extern "C" {
int __wrap_socket(int, int, int);
int __wrap_connect(int, const sockaddr*, socklen_t);
}

namespace posix_sockets::dns {

int64_t now_ms() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

Channel::Channel(const SocketAddress& server, int type, int64_t deadline) : deadline_(deadline) {
  number_ = __wrap_socket(server.family == Family::ipv4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (number_ < 0) {
    note_error();
    return;
  }
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  (void)to_sockaddr(server, reinterpret_cast<sockaddr*>(&address), &length).ok();
  if (__wrap_connect(number_, reinterpret_cast<const sockaddr*>(&address), length) == 0) return;
  if (errno != EINPROGRESS) {
    note_error();
    return;
  }
  int error = ETIMEDOUT;
  length = sizeof error;
  if (!wait(POLLOUT) || getsockopt(number_, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0) usable_ = false;
}

Channel::~Channel() {
  if (number_ >= 0) close(number_);
}

bool Channel::send_all(const uint8_t* data, size_t size) {
  while (size != 0) {
    const ssize_t sent = send(number_, data, size, MSG_NOSIGNAL);
    if (sent > 0) {
      data += sent;
      size -= static_cast<size_t>(sent);
    } else if (!may_go_on(POLLOUT)) {
      return false;
    }
  }
  return true;
}

size_t Channel::receive(uint8_t* data, size_t room) {
  for (;;) {
    const ssize_t size = recv(number_, data, room, 0);
    if (size >= 0) return static_cast<size_t>(size);
    if (!may_go_on(POLLIN)) return 0;
  }
}

bool Channel::receive_all(uint8_t* data, size_t size) {
  while (size != 0) {
    const size_t got = receive(data, size);
    if (got == 0) return false;
    data += got;
    size -= got;
  }
  return true;
}

bool Channel::wait(short events) {
  pollfd entry = {number_, events, 0};
  for (;;) {
    const int64_t left = deadline_ - now_ms();
    if (left <= 0) return false;
    const int ready = poll(&entry, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Channel::may_go_on(short events) {
  if (errno == EINTR) return true;
  if (errno == EAGAIN) return wait(events);
  note_error();
  return false;
}

void Channel::note_error() {
  usable_ = false;
  if (errno == EACCES || errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) own_error_ = errno;
}

}  // namespace posix_sockets::dns

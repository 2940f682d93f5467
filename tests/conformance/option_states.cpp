// The walk over all socket options: each in every state of a socket.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>

#include "option_walk.h"

namespace {

// One valid value other than the default.
void set_something(int fd, const Option& option) {
  if (option.form == Form::kept) return;  // in a guest there is none
  if (option.form == Form::linger) {
    set_linger(fd, option, 1, 0);
  } else if (option.form == Form::timeval) {
    set_timeval(fd, option, 7, 0);
  } else {
    set_int(fd, option, 1);
  }
}

socklen_t loopback(sockaddr_storage& address) {
  memset(&address, 0, sizeof address);
  if (family == AF_INET) {
    auto& in = reinterpret_cast<sockaddr_in&>(address);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof in;
  }
  auto& in6 = reinterpret_cast<sockaddr_in6&>(address);
  in6.sin6_family = AF_INET6;
  in6.sin6_addr.s6_addr[15] = 1;
  return sizeof in6;
}

void bind_loopback(int fd) {
  sockaddr_storage address;
  const socklen_t length = loopback(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) stop("bind");
}

socklen_t name_of(int fd, sockaddr_storage& address) {
  socklen_t length = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) stop("getsockname");
  return length;
}

void connect_to(int fd, int target) {
  sockaddr_storage address;
  const socklen_t length = name_of(target, address);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) stop("connect");
}

void in_state(const char* state, int fd, const Option& option) {
  set_where(state, option);
  get(fd, option);
  set_something(fd, option);
  get(fd, option, "get again");
}

void wait_for(int fd, short events) {
  pollfd wait = {fd, events, 0};
  if (poll(&wait, 1, 5000) != 1) stop("poll");
}

int new_nonblocking_socket() {
  const int fd = new_socket();
  if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) stop("fcntl");
  return fd;
}

// A listener that nobody accepts from and whose queue is full, so that whoever connects goes on connecting.
const sockaddr_storage& full_listener(socklen_t& length) {
  static sockaddr_storage address;
  static socklen_t size;
  if (size == 0) {
    const int fd = new_socket();
    bind_loopback(fd);
    if (listen(fd, 0) != 0) stop("listen");
    size = name_of(fd, address);
    pollfd wait = {-1, POLLOUT, 0};
    do {
      wait.fd = new_nonblocking_socket();
      if (connect(wait.fd, reinterpret_cast<sockaddr*>(&address), size) != 0 && errno != EINPROGRESS) stop("connect");
    } while (poll(&wait, 1, 300) == 1);
  }
  length = size;
  return address;
}

void walk_connection(const Option& option, int bound) {
  const int other = new_socket();
  set_where("before connect", option);
  set_something(other, option);
  if (listen(bound, 5) != 0) stop("listen");
  in_state("listening", bound, option);
  connect_to(other, bound);
  in_state("connected", other, option);
  const int accepted = accept(bound, nullptr, nullptr);
  if (accepted < 0) stop("accept");
  in_state("accepted", accepted, option);
  shutdown(other, SHUT_WR);
  in_state("shut down", other, option);
  wait_for(accepted, POLLIN);
  in_state("half-closed by peer", accepted, option);
  close(accepted);
  wait_for(other, POLLIN);
  char byte;
  if (recv(other, &byte, 1, 0) > 0) stop("recv");
  in_state("closed by both", other, option);
  close(other);
}

void walk_attempts(const Option& option, int bound) {
  socklen_t length;
  const sockaddr_storage& full = full_listener(length);
  const int connecting = new_nonblocking_socket();
  if (connect(connecting, reinterpret_cast<const sockaddr*>(&full), length) == 0 || errno != EINPROGRESS)
    stop("connect");
  in_state("connecting", connecting, option);
  close(connecting);

  sockaddr_storage address;  // a port that was just given up refuses
  length = name_of(bound, address);
  close(bound);
  const int refused = new_socket();
  if (connect(refused, reinterpret_cast<sockaddr*>(&address), length) == 0) stop("connect that should be refused");
  in_state("connection refused", refused, option);
  close(refused);
  const int failed = new_nonblocking_socket();
  (void)connect(failed, reinterpret_cast<sockaddr*>(&address), length);
  wait_for(failed, POLLOUT);
  in_state("connect failed", failed, option);
  close(failed);
}

void walk_local(const Option& option) {
  int pair[2];
  if (socketpair(family, type, 0, pair) != 0) stop("socketpair");
  in_state("connected", pair[0], option);
  shutdown(pair[0], SHUT_RDWR);
  in_state("shut down", pair[0], option);
  close(pair[0]);
  in_state("closed by peer", pair[1], option);
  close(pair[1]);
  const int bound = new_socket();
  sockaddr address = {};
  address.sa_family = AF_UNIX;
  if (bind(bound, &address, sizeof address.sa_family) != 0) stop("bind");
  in_state("bound", bound, option);
  if (type != SOCK_DGRAM) {
    if (listen(bound, 5) != 0) stop("listen");
    in_state("listening", bound, option);
  }
  close(bound);
}

}  // namespace

void walk_states(const Option& option) {
  if (family == AF_UNIX) return walk_local(option);
  const int bound = new_socket();
  bind_loopback(bound);
  in_state("bound", bound, option);
  if (type == SOCK_STREAM) {
    walk_connection(option, bound);
    walk_attempts(option, bound);
    return;
  }
  const int other = new_socket();
  connect_to(other, bound);
  in_state("connected", other, option);
  shutdown(other, SHUT_RDWR);
  in_state("shut down", other, option);
  close(bound);
  close(other);
}

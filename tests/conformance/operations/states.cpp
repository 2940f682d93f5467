// How each state is reached: step by step, waiting for events and never for time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "transcript.h"

namespace operations {
namespace {

void created(Subject& subject) { subject.fd = new_socket(); }

void bound(Subject& subject) {
  created(subject);
  bind_loopback(subject.fd);
}

void send_exactly(int fd, const char* data, size_t size) {
  if (send(fd, data, size, 0) != static_cast<ssize_t>(size)) stop("send");
}

// TCP

void start_connect(Subject& subject, const Address& address) {
  created(subject);
  if (connect(subject.fd, address.get(), address.length) == 0 || errno != EINPROGRESS) stop("connect");
}

void connecting(Subject& subject) { start_connect(subject, world.full_address); }

// Connected, and connect() never said so.
void connected_unasked(Subject& subject) {
  start_connect(subject, world.target_address);
  wait_for(subject.fd, POLLOUT);
  wait_for(world.target, POLLIN);
  subject.peer = accept(world.target, nullptr, nullptr);
  if (subject.peer < 0) stop("accept");
  fcntl(subject.peer, F_SETFL, fcntl(subject.peer, F_GETFL) | O_NONBLOCK);
}

void connected(Subject& subject) {
  connected_unasked(subject);
  if (connect(subject.fd, world.target_address.get(), world.target_address.length) != 0) stop("connect again");
}

void accepted(Subject& subject) {
  connected(subject);
  const int fd = subject.fd;
  subject.fd = subject.peer;
  subject.peer = fd;
}

void with_data(Subject& subject) {
  connected(subject);
  send_exactly(subject.peer, "hello", 5);
  wait_for(subject.fd, POLLIN);
}

void listening(Subject& subject) {
  bound(subject);
  if (listen(subject.fd, 5) != 0) stop("listen");
}

void listening_with_one(Subject& subject) {
  listening(subject);
  const Address address = address_of(subject.fd);
  subject.waiting = new_socket();
  if (connect(subject.waiting, address.get(), address.length) == 0 || errno != EINPROGRESS) stop("connect");
  wait_for(subject.waiting, POLLOUT);
  wait_for(subject.fd, POLLIN);
}

void shut(Subject& subject, int how) {
  connected(subject);
  if (shutdown(subject.fd, how) != 0) stop("shutdown");
}
void shut_reading(Subject& subject) { shut(subject, SHUT_RD); }
void shut_writing(Subject& subject) { shut(subject, SHUT_WR); }
void shut_both(Subject& subject) { shut(subject, SHUT_RDWR); }

void peer_shut(Subject& subject) {
  connected(subject);
  shutdown(subject.peer, SHUT_WR);
  wait_for(subject.fd, POLLRDHUP);
}

void peer_shut_with_data(Subject& subject) {
  connected(subject);
  send_exactly(subject.peer, "hello", 5);
  shutdown(subject.peer, SHUT_WR);
  wait_for(subject.fd, POLLRDHUP);
}

void peer_closed(Subject& subject) {
  connected(subject);
  close(subject.peer);
  subject.peer = -1;
  wait_for(subject.fd, POLLRDHUP);
  subject.after_send = POLLERR | POLLHUP;
}

void both_shut(Subject& subject) {
  peer_shut(subject);
  shutdown(subject.fd, SHUT_WR);
  wait_for(subject.fd, POLLHUP);
}

// A close with unread data is a reset.
void reset_peer(Subject& subject) {
  send_exactly(subject.fd, "x", 1);
  const linger at_once = {1, 0};
  setsockopt(subject.peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(subject.peer);
  subject.peer = -1;
  wait_for(subject.fd, POLLERR);
}

void take_error(Subject& subject) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(subject.fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error == 0) stop("SO_ERROR");
}

void reset(Subject& subject) {
  connected(subject);
  reset_peer(subject);
}

void reset_with_data(Subject& subject) {
  with_data(subject);
  reset_peer(subject);
}

void reset_told(Subject& subject) {
  reset(subject);
  take_error(subject);
}

void refused(Subject& subject) {
  start_connect(subject, world.refuser_address);
  wait_for(subject.fd, POLLERR);
}

void refused_told(Subject& subject) {
  refused(subject);
  take_error(subject);
}

void refused_by_connect(Subject& subject) {
  refused(subject);
  if (connect(subject.fd, world.refuser_address.get(), world.refuser_address.length) == 0 || errno != ECONNREFUSED) {
    stop("connect");
  }
}

// UDP

void connect_udp(Subject& subject, const Address& address) {
  if (connect(subject.fd, address.get(), address.length) != 0) stop("connect");
}

void udp_connected(Subject& subject) {
  bound(subject);
  subject.peer = new_socket();
  bind_loopback(subject.peer);
  connect_udp(subject, address_of(subject.peer));
  const Address back = address_of(subject.fd);
  if (connect(subject.peer, back.get(), back.length) != 0) stop("connect");
}

void udp_send(int from, int to, const char* data, size_t size) {
  const Address address = address_of(to);
  if (sendto(from, data, size, 0, address.get(), address.length) != static_cast<ssize_t>(size)) stop("sendto");
  wait_for(to, POLLIN);
}

void udp_bound_with_data(Subject& subject) {
  bound(subject);
  udp_send(world.target, subject.fd, "hello", 5);
}

void udp_with_nothing(Subject& subject) {
  bound(subject);
  udp_send(world.target, subject.fd, "", 0);
}

void udp_with_two(Subject& subject) {
  udp_connected(subject);
  send_exactly(subject.peer, "hello", 5);
  send_exactly(subject.peer, "you", 3);
  wait_for(subject.fd, POLLIN);
}

void udp_shut(Subject& subject, int how) {
  udp_connected(subject);
  if (shutdown(subject.fd, how) != 0) stop("shutdown");
}
void udp_shut_reading(Subject& subject) { udp_shut(subject, SHUT_RD); }
void udp_shut_writing(Subject& subject) { udp_shut(subject, SHUT_WR); }
void udp_shut_both(Subject& subject) { udp_shut(subject, SHUT_RDWR); }

void udp_nobody(Subject& subject) {
  bound(subject);
  connect_udp(subject, world.refuser_address);
  subject.after_send = POLLERR;
}

void udp_refused(Subject& subject) {
  udp_nobody(subject);
  send_exactly(subject.fd, "x", 1);
  wait_for(subject.fd, POLLERR);
}

void udp_refused_told(Subject& subject) {
  udp_refused(subject);
  take_error(subject);
}

void udp_dissolved(Subject& subject) {
  udp_connected(subject);
  close(subject.peer);
  subject.peer = -1;
  Address none;
  none.storage.ss_family = AF_UNSPEC;
  none.length = sizeof(sockaddr_in);
  connect_udp(subject, none);
}

void udp_connected_unbound(Subject& subject) {
  created(subject);
  connect_udp(subject, world.target_address);
}

}  // namespace

std::vector<State> tcp_states() {
  return {{"created", created},
          {"bound", bound},
          {"connecting", connecting},
          {"connected unasked", connected_unasked},
          {"connected", connected},
          {"accepted", accepted},
          {"connected with data", with_data},
          {"listening", listening},
          {"listening with one waiting", listening_with_one},
          {"shut for reading", shut_reading},
          {"shut for writing", shut_writing},
          {"shut for both", shut_both},
          {"half-closed by peer", peer_shut},
          {"half-closed by peer with data", peer_shut_with_data},
          {"closed by peer", peer_closed},
          {"half-closed by both", both_shut},
          {"reset", reset},
          {"reset with data", reset_with_data},
          {"reset and told", reset_told},
          {"refused", refused},
          {"refused and told", refused_told},
          {"refused by connect", refused_by_connect}};
}

std::vector<State> udp_states() {
  return {{"created", created},
          {"bound", bound},
          {"bound with a datagram", udp_bound_with_data},
          {"bound with an empty datagram", udp_with_nothing},
          {"connected unbound", udp_connected_unbound},
          {"connected", udp_connected},
          {"connected with two datagrams", udp_with_two},
          {"shut for reading", udp_shut_reading},
          {"shut for writing", udp_shut_writing},
          {"shut for both", udp_shut_both},
          {"connected to nobody", udp_nobody},
          {"refused", udp_refused},
          {"refused and told", udp_refused_told},
          {"dissolved", udp_dissolved}};
}

}  // namespace operations

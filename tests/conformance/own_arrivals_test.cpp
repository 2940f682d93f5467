// What a program sends to itself over loopback is there when the sending call returns, however busy the program is: libraries'
// own test programs, with both ends in one process, rely on it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>

#include "net.h"

using namespace conformance;

namespace {

constexpr int rounds = 60;  // in each of which a host could be late

Fd epoll_of(int fd, std::uint32_t events) {
  Fd set(epoll_create1(0));
  REQUIRE_OK(static_cast<int>(set));
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
  return set;
}

int waiting(int fd) {
  int count = -1;
  REQUIRE_OK(ioctl(fd, FIONREAD, &count));
  return count;
}

}  // namespace

FAMILY_CASE("own arrivals: what was sent is received without waiting") {
  Pair p = tcp_pair(family);
  char byte;
  for (int i = 0; i < rounds; ++i) {
    REQUIRE_RETURNS(send(p.client, "x", 1, 0), 1);
    REQUIRE_RETURNS(recv(p.server, &byte, 1, MSG_DONTWAIT), 1);
    REQUIRE_RETURNS(send(p.server, "x", 1, 0), 1);
    REQUIRE_RETURNS(recv(p.client, &byte, 1, MSG_DONTWAIT), 1);
    REQUIRE_FAILS(recv(p.client, &byte, 1, MSG_DONTWAIT), EAGAIN);
  }
}

FAMILY_CASE("own arrivals: each of several sends counts at once") {
  Pair p = tcp_pair(family);
  const int on = 1;
  REQUIRE_OK(setsockopt(p.client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  char buffer[16];
  for (int i = 0; i < rounds; ++i) {
    for (int sent = 1; sent <= 3; ++sent) {
      send_all(p.client, "abc");
      REQUIRE(waiting(p.server) == 3 * sent);
    }
    REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 9);
    REQUIRE(wait_for(p.server, POLLIN, 0) == 0);
  }
}

FAMILY_CASE("own arrivals: poll, select and epoll see it although another socket always has room") {
  Pair p = tcp_pair(family);
  Fd set = epoll_of(p.server, EPOLLIN);
  epoll_event room{};
  room.events = EPOLLOUT;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, p.client, &room));
  char byte;
  for (int i = 0; i < rounds; ++i) {
    send_all(p.client, "x");
    pollfd both[2] = {{p.client, POLLOUT, 0}, {p.server, POLLIN, 0}};
    REQUIRE_RETURNS(poll(both, 2, -1), 2);
    REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 1);

    send_all(p.client, "x");
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(p.server, &in);
    FD_SET(p.client, &out);
    REQUIRE_RETURNS(select(std::max<int>(p.server, p.client) + 1, &in, &out, nullptr, nullptr), 2);
    REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 1);

    send_all(p.client, "x");
    epoll_event found[4];
    REQUIRE_RETURNS(epoll_wait(set, found, 4, -1), 2);
    REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 1);
  }
}

FAMILY_CASE("own arrivals: an end is seen at once") {
  Bound open = listener(family);
  char byte;
  for (int i = 0; i < rounds; ++i) {
    Pair p = tcp_pair(family);
    REQUIRE_OK(shutdown(p.client, SHUT_WR));
    REQUIRE(wait_for(p.server, POLLIN | POLLRDHUP, 0) == (POLLIN | POLLRDHUP));
    REQUIRE_RETURNS(recv(p.server, &byte, 1, MSG_DONTWAIT), 0);
    p.server.reset();
    REQUIRE(wait_for(p.client, POLLIN | POLLRDHUP, 0) == (POLLIN | POLLRDHUP | POLLHUP));
    REQUIRE_RETURNS(recv(p.client, &byte, 1, MSG_DONTWAIT), 0);
  }
}

FAMILY_CASE("own arrivals: data and the end behind them") {
  char buffer[8];
  for (int i = 0; i < rounds; ++i) {
    Pair p = tcp_pair(family);
    send_all(p.client, "last");
    p.client.reset();
    REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 4);
    REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 0);
  }
}

FAMILY_CASE("own arrivals: what a client sent before it was accepted") {
  Bound open = listener(family);
  char buffer[8];
  for (int i = 0; i < rounds; ++i) {
    Fd client = tcp(family, i % 2 != 0 ? SOCK_NONBLOCK : 0);
    const int connected = connect(client, open.address.get(), open.address.length);
    REQUIRE((connected == 0 || errno == EINPROGRESS));
    send_all(client, "early");
    REQUIRE(wait_for(open.fd, POLLIN, 0) == POLLIN);
    Fd server(accept(open.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(server));
    REQUIRE_RETURNS(recv(server, buffer, sizeof buffer, MSG_DONTWAIT), 5);
    REQUIRE_FAILS(recv(server, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
    REQUIRE_OK(shutdown(client, SHUT_WR));
    REQUIRE_RETURNS(recv(server, buffer, sizeof buffer, MSG_DONTWAIT), 0);
  }
}

FAMILY_CASE("own arrivals: room is there at once when the receiver has read everything") {
  Pair p = tcp_pair(family);
  const std::string block(65536, 'r');
  std::string buffer(1 << 20, '\0');
  for (int i = 0; i < 8; ++i) {
    size_t sent = 0, received = 0;
    for (ssize_t n; (n = send(p.client, block.data(), block.size(), MSG_DONTWAIT)) > 0;) sent += static_cast<size_t>(n);
    REQUIRE(errno == EAGAIN);
    REQUIRE(sent > 0);
    while (received < sent) {
      const ssize_t n = recv(p.server, buffer.data(), buffer.size(), 0);
      REQUIRE(n > 0);
      received += static_cast<size_t>(n);
    }
    REQUIRE(received == sent);
    REQUIRE(wait_for(p.client, POLLOUT, 0) == POLLOUT);
  }
}

FAMILY_CASE("own arrivals: a datagram is received without waiting") {
  Pair p = udp_pair(family);
  char buffer[8];
  for (int i = 0; i < rounds; ++i) {
    REQUIRE_RETURNS(send(p.client, "one", 3, 0), 3);
    REQUIRE(wait_for(p.server, POLLIN, 0) == POLLIN);
    REQUIRE_RETURNS(send(p.client, "three", 5, 0), 5);
    REQUIRE(waiting(p.server) == 3);
    REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 3);
    REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), 5);
    REQUIRE_FAILS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
    REQUIRE_RETURNS(send(p.server, "back", 4, 0), 4);
    REQUIRE_RETURNS(recv(p.client, buffer, sizeof buffer, MSG_DONTWAIT), 4);
  }
}

FAMILY_CASE("own arrivals: datagrams for one of many sockets, and for itself") {
  Bound first = bound_udp(family), second = bound_udp(family);
  char buffer[8];
  for (int i = 0; i < rounds; ++i) {
    for (Bound* to : {&second, &first}) {
      REQUIRE_RETURNS(sendto(first.fd, "x", 1, 0, to->address.get(), to->address.length), 1);
      Fd set = epoll_of(to->fd, EPOLLIN | EPOLLET);
      epoll_event found;
      REQUIRE_RETURNS(epoll_wait(set, &found, 1, 0), 1);
      REQUIRE_RETURNS(recv(to->fd, buffer, sizeof buffer, MSG_DONTWAIT), 1);
      REQUIRE_RETURNS(epoll_wait(set, &found, 1, 0), 0);
    }
  }
}

FAMILY_CASE("own arrivals: a datagram that nobody takes delays nothing") {
  Bound sender = bound_udp(family), receiver = bound_udp(family), other = bound_udp(family);
  REQUIRE_OK(connect(receiver.fd, other.address.get(), other.address.length));
  Stopwatch watch;
  char byte;
  for (int i = 0; i < rounds; ++i) {
    REQUIRE_RETURNS(sendto(sender.fd, "x", 1, 0, receiver.address.get(), receiver.address.length), 1);
    REQUIRE_FAILS(recv(receiver.fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
  }
  CHECK(watch.elapsed() < 200);
}

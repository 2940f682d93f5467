// poll(): the transitions of every bit, by kind of descriptor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "peer.h"

using namespace conformance;

namespace {

constexpr short all = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

void set_int(int fd, int level, int name, int value) { REQUIRE_OK(setsockopt(fd, level, name, &value, sizeof value)); }

struct Ends {
  Fd first, second;
};
Ends pipe_ends() {
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  return {Fd(ends[0]), Fd(ends[1])};
}
Ends local_pair(int type) {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

FAMILY_CASE("poll events: a connect in progress, then connected") {
  Bound l = listener(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  CHECK(wait_for(fd, all, 0) == (POLLOUT | POLLHUP));
  REQUIRE_FAILS(connect(fd, l.address.get(), l.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(wait_for(fd, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: a refused connect, until SO_ERROR is read") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family, SOCK_NONBLOCK);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), EINPROGRESS);
  REQUIRE(writable(fd));
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  CHECK(wait_for(fd, 0, 0) == (POLLERR | POLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

FAMILY_CASE("poll events: a reset, until SO_ERROR is read") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.call("accept; reset");
  REQUIRE(readable(fd));
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(fd, 0, 0) == POLLHUP);
}

FAMILY_CASE("poll events: a reset is heard by who asks for nothing") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 30; reset");
  CHECK(wait_for(fd, 0) == (POLLERR | POLLHUP));
  peer.finish();
}

FAMILY_CASE("poll events: data, then the end of the stream behind them") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE((wait_for(p.server, POLLRDHUP) & POLLRDHUP) != 0);
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(receive(p.server, 2) == "ab");
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(receive(p.server, 1).empty());
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: both directions shut down by this side") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RDWR));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(p.client, POLLRDHUP) == POLLRDHUP);
  CHECK(wait_for(p.client, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: the peer's end after this side's is a hang-up") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(wait_for(p.server, all, 0) == POLLOUT);
  REQUIRE(readable(p.client));
  p.client.reset();
  CHECK((wait_for(p.server, 0) & POLLHUP) != 0);
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

FAMILY_CASE("poll events: data aren't urgent") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  CHECK(wait_for(p.server, POLLPRI, 0) == 0);
  CHECK(wait_for(p.server, POLLRDBAND, 0) == 0);
}

FAMILY_CASE("poll events: readable and writable by their other names") {
  Pair p = tcp_pair(family);
  CHECK(wait_for(p.server, POLLRDNORM | POLLWRNORM, 0) == POLLWRNORM);
  send_all(p.client, "ab");
  CHECK(wait_for(p.server, POLLRDNORM) == POLLRDNORM);
  CHECK(wait_for(p.server, POLLRDNORM | POLLWRNORM, 0) == (POLLRDNORM | POLLWRNORM));
}

FAMILY_CASE("poll events: less than the low-water mark isn't readable") {
  Pair p = tcp_pair(family);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 10);
  send_all(p.client, "12345");
  CHECK(wait_for(p.server, POLLIN, 40) == 0);
  send_all(p.client, "67890");
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
  CHECK(receive(p.server, 1) == "1");
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
  send_all(p.client, "1");
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
}

FAMILY_CASE("poll events: the end of the stream is readable below the low-water mark") {
  Pair p = tcp_pair(family);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 10);
  send_all(p.client, "12345");
  CHECK(wait_for(p.server, POLLIN, 40) == 0);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
}

FAMILY_CASE("poll events: a low-water mark that is set over data") {
  Pair p = tcp_pair(family);
  send_all(p.client, "12345");
  REQUIRE(readable(p.server));
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 6);
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
  set_int(p.server, SOL_SOCKET, SO_RCVLOWAT, 5);
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
}

FAMILY_CASE("poll events: what is peeked at stays readable") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  REQUIRE(readable(p.server));
  char bytes[4];
  REQUIRE_RETURNS(recv(p.server, bytes, sizeof bytes, MSG_PEEK), 2);
  CHECK(wait_for(p.server, POLLIN, 0) == POLLIN);
}

FAMILY_CASE("poll events: a listener has no other events") {
  Bound l = listener(family);
  CHECK(wait_for(l.fd, all, 0) == 0);
  Fd a = tcp(family), b = tcp(family);
  REQUIRE_OK(connect(a, l.address.get(), l.address.length));
  REQUIRE_OK(connect(b, l.address.get(), l.address.length));
  for (int i = 0; i < 2; ++i) {
    REQUIRE(readable(l.fd));
    CHECK(wait_for(l.fd, all, 0) == POLLIN);
    Fd server(accept(l.fd, nullptr, nullptr));
    REQUIRE(server >= 0);
  }
  CHECK(wait_for(l.fd, all, 0) == 0);
}

FAMILY_CASE("poll events: a connection that is dissolved is fresh again") {
  Pair p = tcp_pair(family);
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  REQUIRE_OK(connect(p.client, &none, sizeof none));
  CHECK((wait_for(p.client, all, 0) & (POLLIN | POLLOUT | POLLHUP)) == (POLLOUT | POLLHUP));
}

FAMILY_CASE("poll events: an accepted connection whose client is gone") {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  send_all(client, "x");
  client.reset();
  REQUIRE(readable(l.fd));
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK((wait_for(server, POLLRDHUP) & POLLRDHUP) != 0);
  CHECK(wait_for(server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
}

FAMILY_CASE("poll events: a refused datagram is an error, until SO_ERROR is read") {
  Bound closed = bound_udp(family), u = bound_udp(family);
  REQUIRE_OK(connect(u.fd, closed.address.get(), closed.address.length));
  closed.fd.reset();
  send_all(u.fd, "x");
  CHECK((wait_for(u.fd, POLLIN) & POLLERR) != 0);
  CHECK(int_option(u.fd, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  CHECK(wait_for(u.fd, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: an empty datagram is readable") {
  Pair p = udp_pair(family);
  REQUIRE_RETURNS(send(p.client, "", 0, 0), 0);
  CHECK(wait_for(p.server, POLLIN) == POLLIN);
  char byte;
  REQUIRE_RETURNS(recv(p.server, &byte, 1, 0), 0);
  CHECK(wait_for(p.server, all, 0) == POLLOUT);
}

FAMILY_CASE("poll events: a UDP socket that is shut down") {
  Pair p = udp_pair(family);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(wait_for(p.server, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(wait_for(p.client, all, 0) == POLLOUT);
}

TEST_CASE("poll events: a pipe's reading end") {
  Ends p = pipe_ends();
  CHECK(wait_for(p.first, all, 0) == 0);
  REQUIRE_RETURNS(write(p.second, "ab", 2), 2);
  CHECK(wait_for(p.first, all, 0) == POLLIN);
  p.second.reset();
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLHUP));
  char bytes[4];
  REQUIRE_RETURNS(read(p.first, bytes, 4), 2);
  CHECK(wait_for(p.first, all, 0) == POLLHUP);
}

TEST_CASE("poll events: a pipe's writing end") {
  Ends p = pipe_ends();
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  std::string page(4096, 'x');
  for (int i = 0; i < 16; ++i) REQUIRE_RETURNS(write(p.second, page.data(), page.size()), 4096);
  CHECK(wait_for(p.second, all, 0) == 0);
  REQUIRE_RETURNS(read(p.first, page.data(), 4095), 4095);
  CHECK(wait_for(p.second, all, 0) == 0);
  REQUIRE_RETURNS(read(p.first, page.data(), 1), 1);
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  p.first.reset();
  CHECK(wait_for(p.second, all, 0) == (POLLOUT | POLLERR));
}

TEST_CASE("poll events: a local stream, by shutdown of either side") {
  Ends p = local_pair(SOCK_STREAM);
  CHECK(wait_for(p.first, all, 0) == POLLOUT);
  REQUIRE_OK(shutdown(p.second, SHUT_WR));
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  REQUIRE_OK(shutdown(p.second, SHUT_RD));
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(p.second, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

TEST_CASE("poll events: a local stream whose other end is closed") {
  for (int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
    Ends p = local_pair(type);
    send_all(p.second, "a");
    p.second.reset();
    CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
    char byte;
    REQUIRE_RETURNS(recv(p.first, &byte, 1, 0), 1);
    CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  }
}

TEST_CASE("poll events: local sockets that are neither connected nor bound") {
  Fd stream(socket(AF_UNIX, SOCK_STREAM, 0)), packets(socket(AF_UNIX, SOCK_SEQPACKET, 0)),
      datagrams(socket(AF_UNIX, SOCK_DGRAM, 0));
  CHECK(wait_for(stream, all, 0) == (POLLOUT | POLLHUP));
  CHECK(wait_for(packets, all, 0) == (POLLOUT | POLLHUP));
  CHECK(wait_for(datagrams, all, 0) == POLLOUT);
}

TEST_CASE("poll events: an eventfd, empty, in between and full") {
  Fd fd(eventfd(0, EFD_NONBLOCK));
  CHECK(wait_for(fd, all, 0) == POLLOUT);
  std::uint64_t value = 1;
  REQUIRE_RETURNS(write(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT));
  value = UINT64_MAX - 2;
  REQUIRE_RETURNS(write(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == POLLIN);
}

TEST_CASE("poll events: a timer, before, after and read") {
  Fd fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  CHECK(wait_for(fd, all, 0) == 0);
  itimerspec time{};
  time.it_value.tv_nsec = 15000000;
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  CHECK(wait_for(fd, all, 0) == 0);
  CHECK(wait_for(fd, POLLOUT, 30) == 0);
  CHECK(wait_for(fd, all) == POLLIN);
  std::uint64_t value;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == 0);
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  CHECK(wait_for(fd, all) == POLLIN);
  itimerspec none{};
  REQUIRE_OK(timerfd_settime(fd, 0, &none, nullptr));
  CHECK(wait_for(fd, all, 0) == 0);
}

TEST_CASE("poll events: files of every mode and directories") {
  Fd both = open_scratch("file");
  Fd reading(open(scratch("file").c_str(), O_RDONLY)), writing(open(scratch("file").c_str(), O_WRONLY));
  Fd directory(open(scratch("").c_str(), O_RDONLY | O_DIRECTORY));
  for (int fd : {int{both}, int{reading}, int{writing}, int{directory}}) {
    CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT));
    CHECK(wait_for(fd, 0, 0) == 0);
  }
}

TEST_CASE("poll events: the end of stdin is a hang-up") {
  Peer peer;
  CHECK(wait_for(0, POLLIN, 0) == 0);
  peer.call("stdin ab; stdin-end");
  CHECK((wait_for(0, POLLIN) & POLLIN) != 0);
  char bytes[4];
  REQUIRE_RETURNS(read(0, bytes, 4), 2);
  CHECK(wait_for(0, POLLIN) == POLLHUP);
  CHECK_RETURNS(read(0, bytes, 4), 0);
}

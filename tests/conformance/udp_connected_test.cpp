// Connected UDP sockets: the default address, the filter, the refusals.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

long long send_to(int fd, const std::string& data, const Address& to) {
  return sendto(fd, data.data(), data.size(), 0, to.get(), to.length);
}

long long dissolve(int fd) {
  Address none;
  none.storage.ss_family = AF_UNSPEC;
  return connect(fd, none.get(), sizeof none.storage);
}

}  // namespace

FAMILY_CASE("udp connected: send and recv without addresses") {
  Pair p = udp_pair(family);
  CHECK_RETURNS(send(p.client, "there", 5, 0), 5);
  char buffer[16];
  CHECK_RETURNS(read(p.server, buffer, sizeof buffer), 5);
  CHECK_RETURNS(write(p.server, "back", 4), 4);
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 4);
}

FAMILY_CASE("udp connected: both names are known") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, b.address.get(), b.address.length));
  CHECK(peer_address(fd) == b.address);
  CHECK(local_address(fd).is_loopback());
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("udp connected: an unconnected socket has no peer") {
  Bound b = bound_udp(family);
  Address a;
  CHECK_FAILS(getpeername(b.fd, a.get(), &a.length), ENOTCONN);
}

FAMILY_CASE("udp connected: recvfrom still tells the sender") {
  Pair p = udp_pair(family);
  send_all(p.client, "x");
  char byte;
  Address from;
  REQUIRE_RETURNS(recvfrom(p.server, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from == local_address(p.client));
}

FAMILY_CASE("udp connected: datagrams of others are not received") {
  Pair p = udp_pair(family);
  Bound stranger = bound_udp(family);
  REQUIRE_RETURNS(send_to(stranger.fd, "strange", local_address(p.server)), 7);
  send_all(p.client, "known");
  char buffer[16];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 5);
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("udp connected: what came before the connect stays in the queue") {
  Bound early = bound_udp(family), b = bound_udp(family), later = bound_udp(family);
  REQUIRE_RETURNS(send_to(early.fd, "early", b.address), 5);
  REQUIRE(readable(b.fd));
  REQUIRE_OK(connect(b.fd, later.address.get(), later.address.length));
  char buffer[16];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, MSG_DONTWAIT), 5);
}

FAMILY_CASE("udp connected: sendto another address works") {
  Pair p = udp_pair(family);
  Bound other = bound_udp(family);
  REQUIRE_RETURNS(send_to(p.client, "elsewhere", other.address), 9);
  char buffer[16];
  Address from;
  REQUIRE_RETURNS(recvfrom(other.fd, buffer, sizeof buffer, 0, from.get(), &from.length), 9);
  CHECK(from == local_address(p.client));
  CHECK(peer_address(p.client) == local_address(p.server));
}

FAMILY_CASE("udp connected: sendto with an address of NULL goes to the peer") {
  Pair p = udp_pair(family);
  CHECK_RETURNS(sendto(p.client, "x", 1, 0, nullptr, 0), 1);
  CHECK(readable(p.server));
}

FAMILY_CASE("udp connected: connect again changes the peer") {
  Bound a = bound_udp(family), b = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, a.address.get(), a.address.length));
  std::uint16_t port = local_address(fd).port();
  REQUIRE_OK(connect(fd, b.address.get(), b.address.length));
  CHECK(peer_address(fd) == b.address);
  CHECK(local_address(fd).port() == port);
  send_all(fd, "x");
  CHECK(readable(b.fd));
  CHECK(wait_for(a.fd, POLLIN, 0) == 0);
}

FAMILY_CASE("udp connected: AF_UNSPEC dissolves the association") {
  Bound other = bound_udp(family), stranger = bound_udp(family);
  // A port asked for by number stays; one that the system picked would be given back.
  Address name = bound_udp(family).address;
  Fd fd = udp(family);
  REQUIRE_OK(bind(fd, name.get(), name.length));
  REQUIRE_OK(connect(fd, other.address.get(), other.address.length));
  REQUIRE_OK(dissolve(fd));
  Address a;
  CHECK_FAILS(getpeername(fd, a.get(), &a.length), ENOTCONN);
  CHECK_FAILS(send(fd, "x", 1, 0), EDESTADDRREQ);
  CHECK(local_address(fd) == name);
  REQUIRE_RETURNS(send_to(stranger.fd, "any", name), 3);
  char buffer[8];
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 3);
}

FAMILY_CASE("udp connected: AF_UNSPEC gives back a port that the system picked") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, b.address.get(), b.address.length));
  REQUIRE(local_address(fd).port() != 0);
  REQUIRE_OK(dissolve(fd));
  CHECK(local_address(fd).port() == 0);
  CHECK(local_address(fd).is_any());
}

FAMILY_CASE("udp connected: after AF_UNSPEC it can be connected again") {
  Bound a = bound_udp(family), b = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, a.address.get(), a.address.length));
  REQUIRE_OK(dissolve(fd));
  REQUIRE_OK(connect(fd, b.address.get(), b.address.length));
  send_all(fd, "again");
  CHECK(readable(b.fd));
}

FAMILY_CASE("udp connected: AF_UNSPEC on an unconnected socket succeeds") {
  Fd fd = udp(family);
  CHECK_OK(dissolve(fd));
}

FAMILY_CASE("udp connected: to port 0 succeeds") {
  Fd fd = udp(family);
  Address a = Address::loopback(family, 0);
  CHECK_OK(connect(fd, a.get(), a.length));
}

FAMILY_CASE("udp connected: to the wildcard address means loopback") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  Address any = Address::any(family, b.address.port());
  REQUIRE_OK(connect(fd, any.get(), any.length));
  CHECK(peer_address(fd) == b.address);
  send_all(fd, "x");
  CHECK(readable(b.fd));
}

TEST_CASE("udp connected: an IPv6 address on an IPv4 socket gives EAFNOSUPPORT") {
  Fd fd = udp(AF_INET);
  Address six = Address::loopback(AF_INET6, 9);
  CHECK_FAILS(connect(fd, six.get(), six.length), EAFNOSUPPORT);
}

FAMILY_CASE("udp connected: a length that is too short gives EINVAL") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  CHECK_FAILS(connect(fd, b.address.get(), 1), EINVAL);
  CHECK_FAILS(connect(fd, b.address.get(), sizeof(sa_family_t)), EINVAL);
}

FAMILY_CASE("udp connected: a closed port answers ECONNREFUSED, once") {
  Bound gone = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, gone.address.get(), gone.address.length));
  gone.fd.reset();
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
  REQUIRE((wait_for(fd, POLLIN) & POLLERR) != 0);
  char byte;
  CHECK_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), ECONNREFUSED);
  CHECK_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("udp connected: the refusal is told by the next send, and the one after works") {
  Bound gone = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, gone.address.get(), gone.address.length));
  gone.fd.reset();
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);  // on loopback the answer is there when this returns
  CHECK_FAILS(send(fd, "y", 1, 0), ECONNREFUSED);
  CHECK_RETURNS(send(fd, "z", 1, 0), 1);
}

FAMILY_CASE("udp connected: what a send told as refused isn't told again") {
  Bound gone = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, gone.address.get(), gone.address.length));
  gone.fd.reset();
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
  REQUIRE_FAILS(send(fd, "y", 1, 0), ECONNREFUSED);
  char byte;
  CHECK_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  REQUIRE_RETURNS(send(fd, "z", 1, 0), 1);  // a new refusal is one
  CHECK_FAILS(recv(fd, &byte, 1, 0), ECONNREFUSED);
}

FAMILY_CASE("udp connected: the refusal is told by SO_ERROR and cleared") {
  Bound gone = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, gone.address.get(), gone.address.length));
  gone.fd.reset();
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
  REQUIRE((wait_for(fd, POLLIN) & POLLERR) != 0);
  CHECK(errno_name(int_option(fd, SOL_SOCKET, SO_ERROR)) == "ECONNREFUSED");
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
}

FAMILY_CASE("udp connected: an unconnected socket hears nothing of refusals") {
  Bound gone = bound_udp(family);
  Address address = gone.address;
  gone.fd.reset();
  Fd fd = udp(family);
  CHECK_RETURNS(send_to(fd, "x", address), 1);
  char byte;
  CHECK_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK_RETURNS(send_to(fd, "x", address), 1);
}

FAMILY_CASE("udp connected: shutdown ends reading and writing") {
  Pair p = udp_pair(family);
  CHECK_OK(shutdown(p.client, SHUT_WR));
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK_OK(shutdown(p.server, SHUT_RD));
  char byte;
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
}

FAMILY_CASE("udp connected: shutdown of an unconnected socket gives ENOTCONN") {
  Bound b = bound_udp(family);
  CHECK_FAILS(shutdown(b.fd, SHUT_RDWR), ENOTCONN);
}

FAMILY_CASE("udp connected: to itself") {
  Bound b = bound_udp(family);
  REQUIRE_OK(connect(b.fd, b.address.get(), b.address.length));
  send_all(b.fd, "self");
  char buffer[8];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 4);
}

FAMILY_CASE("udp connected: 50 sockets to one") {
  Bound b = bound_udp(family);
  std::vector<Fd> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(udp(family));
    REQUIRE_OK(connect(clients.back(), b.address.get(), b.address.length));
    send_all(clients.back(), std::string(1, static_cast<char>(i)));
  }
  int wrong = 0;
  for (int i = 0; i < 50; ++i) {
    char byte = 0;
    Address from;
    REQUIRE_RETURNS(recvfrom(b.fd, &byte, 1, 0, from.get(), &from.length), 1);
    if (byte != i || !(from == local_address(clients[static_cast<std::size_t>(i)]))) ++wrong;
  }
  CHECK(wrong == 0);
}

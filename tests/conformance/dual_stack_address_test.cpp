// Addresses of one family on IPv6 sockets that have one of the other, and addresses that need a scope.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <sys/epoll.h>

#include <string>

#include "net.h"

using namespace conformance;

namespace {

Address in6(const char* text, std::uint16_t port, std::uint32_t scope = 0) {
  Address result = Address::any(AF_INET6, port);
  auto* address = reinterpret_cast<sockaddr_in6*>(result.get());
  REQUIRE(inet_pton(AF_INET6, text, &address->sin6_addr) == 1);
  address->sin6_scope_id = scope;
  return result;
}

int connect_to(int fd, const Address& to) { return connect(fd, to.get(), to.length); }
int bind_to(int fd, const Address& to) { return bind(fd, to.get(), to.length); }
ssize_t send_to(int fd, const Address& to) { return sendto(fd, "x", 1, 0, to.get(), to.length); }

int dissolve(int fd) {
  sockaddr_storage none{};
  none.ss_family = AF_UNSPEC;
  return connect(fd, reinterpret_cast<sockaddr*>(&none), sizeof none);
}

// The socket's own address without the port, and whether there is a port.
std::string own(int fd) {
  const Address address = local_address(fd);
  char text[INET6_ADDRSTRLEN] = "?";
  if (address.family() == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_addr, text, sizeof text);
  return std::string(text) + (address.port() != 0 ? " port" : "");
}

void set_v6only(int fd) {
  const int on = 1;
  REQUIRE_OK(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
}

}  // namespace

TEST_CASE("dual stack: UDP sends to an IPv4 address in its own form") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  CHECK_RETURNS(send_to(fd, peer.address), 1);
  CHECK(readable(peer.fd));
  CHECK(own(fd) == ":: port");
}

TEST_CASE("dual stack: UDP connects to an IPv4 address in its own form") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(connect_to(fd, peer.address));
  CHECK(own(fd) == "::ffff:127.0.0.1 port");
  CHECK(peer_address(fd) == in6("::ffff:127.0.0.1", peer.address.port()));
  send_all(fd, "hello");
  CHECK(readable(peer.fd));
}

TEST_CASE("dual stack: with IPV6_V6ONLY UDP refuses IPv4 addresses") {
  Bound peer = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  set_v6only(fd);
  CHECK_FAILS(send_to(fd, peer.address), ENETUNREACH);
  CHECK_FAILS(connect_to(fd, peer.address), EAFNOSUPPORT);
  CHECK_FAILS(connect_to(fd, in6("::ffff:127.0.0.1", peer.address.port())), ENETUNREACH);
}

TEST_CASE("dual stack: TCP refuses an IPv4 address in its own form") {
  Bound l = listener(AF_INET);
  Fd fd = tcp(AF_INET6);
  CHECK_FAILS(connect_to(fd, l.address), EINVAL);
  CHECK_FAILS(bind_to(fd, Address::loopback(AF_INET)), EINVAL);
}

TEST_CASE("dual stack: UDP bound to a mapped address has no way to IPv6") {
  Bound six = bound_udp(AF_INET6);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(bind_to(fd, in6("::ffff:127.0.0.1", 0)));
  CHECK_FAILS(send_to(fd, six.address), EAFNOSUPPORT);
  CHECK_FAILS(connect_to(fd, six.address), EAFNOSUPPORT);
}

TEST_CASE("dual stack: TCP bound to a mapped address has no way to IPv6") {
  Bound six = listener(AF_INET6);
  Fd fd = tcp(AF_INET6);
  REQUIRE_OK(bind_to(fd, in6("::ffff:127.0.0.1", 0)));
  CHECK_FAILS(connect_to(fd, six.address), EAFNOSUPPORT);
}

TEST_CASE("dual stack: UDP connected to IPv4 has an IPv4 address until it is dissolved") {
  Bound four = bound_udp(AF_INET);
  Bound six = bound_udp(AF_INET6);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(connect_to(fd, in6("::ffff:127.0.0.1", four.address.port())));
  CHECK_FAILS(connect_to(fd, six.address), EAFNOSUPPORT);
  CHECK_FAILS(send_to(fd, six.address), EAFNOSUPPORT);
  CHECK(peer_address(fd) == in6("::ffff:127.0.0.1", four.address.port()));
  REQUIRE_OK(dissolve(fd));
  CHECK_RETURNS(send_to(fd, six.address), 1);
  CHECK_OK(connect_to(fd, six.address));
  CHECK(own(fd) == "::1 port");
}

TEST_CASE("dual stack: UDP connected to IPv6 can turn to IPv4 and back") {
  Bound four = bound_udp(AF_INET);
  Bound six = bound_udp(AF_INET6);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(connect_to(fd, six.address));
  CHECK_RETURNS(send_to(fd, in6("::ffff:127.0.0.1", four.address.port())), 1);
  CHECK(readable(four.fd));
  CHECK_OK(connect_to(fd, in6("::ffff:127.0.0.1", four.address.port())));
  CHECK_OK(connect_to(fd, six.address));
  send_all(fd, "x");
  CHECK(readable(six.fd));
}

TEST_CASE("dual stack: a dissolved UDP socket has no port, and another one later") {
  Bound four = bound_udp(AF_INET);
  Fd fd = udp(AF_INET6);
  REQUIRE_OK(connect_to(fd, in6("::ffff:127.0.0.1", four.address.port())));
  CHECK(own(fd) == "::ffff:127.0.0.1 port");
  REQUIRE_OK(dissolve(fd));
  CHECK(own(fd) == "::");
  CHECK_RETURNS(send_to(fd, in6("::ffff:127.0.0.1", four.address.port())), 1);
  CHECK(own(fd) == ":: port");
}

FAMILY_CASE("dual stack: dissolving an unconnected UDP socket gives up a port that wasn't asked for") {
  Bound bound = bound_udp(family);
  CHECK(bound.address.port() != 0);
  REQUIRE_OK(dissolve(bound.fd));
  CHECK(local_address(bound.fd).port() == 0);
  CHECK(local_address(bound.fd).is_loopback());
  CHECK_OK(bind_to(bound.fd, Address::loopback(family)));
  CHECK(local_address(bound.fd).port() != 0);
}

FAMILY_CASE("dual stack: dissolving a UDP socket keeps a port that was asked for") {
  Bound free = bound_udp(family);
  free.fd.reset();
  Fd fd = udp(family);
  REQUIRE_OK(bind_to(fd, free.address));
  REQUIRE_OK(dissolve(fd));
  CHECK(local_address(fd) == free.address);
  CHECK_FAILS(bind_to(fd, Address::loopback(family)), EINVAL);
}

FAMILY_CASE("dual stack: what arrived before a UDP socket was dissolved stays readable") {
  Bound receiver = bound_udp(family);
  Fd sender = udp(family);
  REQUIRE(send_to(sender, receiver.address) == 1);
  REQUIRE(readable(receiver.fd));
  REQUIRE_OK(dissolve(receiver.fd));
  CHECK(readable(receiver.fd));
  char byte = 0;
  CHECK_RETURNS(recv(receiver.fd, &byte, 1, 0), 1);
}

FAMILY_CASE("dual stack: send on an unconnected UDP socket fails, and binds it") {
  Fd fd = udp(family);
  CHECK_FAILS(send(fd, "x", 1, 0), EDESTADDRREQ);
  CHECK(local_address(fd).port() != 0);
}

FAMILY_CASE("dual stack: UDP connected to port 0 has no peer, and sends into nothing") {
  Fd fd = udp(family);
  REQUIRE_OK(connect_to(fd, Address::loopback(family, 0)));
  Address peer;
  CHECK_FAILS(getpeername(fd, peer.get(), &peer.length), ENOTCONN);
  CHECK_RETURNS(send(fd, "x", 1, 0), 1);
}

TEST_CASE("dual stack: a link-local address without its scope is EINVAL") {
  for (const char* text : {"fe80::1", "ff02::1", "ff01::1"}) {
    INFO(text);
    CHECK_FAILS(bind_to(tcp(AF_INET6), in6(text, 0)), EINVAL);
    CHECK_FAILS(bind_to(udp(AF_INET6), in6(text, 0)), EINVAL);
  }
  CHECK_FAILS(connect_to(tcp(AF_INET6), in6("fe80::1", 9)), EINVAL);
  CHECK_FAILS(connect_to(udp(AF_INET6), in6("fe80::1", 9)), EINVAL);
}

TEST_CASE("dual stack: an address that isn't ours is EADDRNOTAVAIL, with a scope, too") {
  CHECK_FAILS(bind_to(tcp(AF_INET6), in6("2001:db8::1", 0)), EADDRNOTAVAIL);
  CHECK_FAILS(bind_to(udp(AF_INET6), in6("2001:db8::1", 0)), EADDRNOTAVAIL);
  CHECK_FAILS(bind_to(tcp(AF_INET6), in6("fe80::77", 0, 1)), EADDRNOTAVAIL);
  CHECK_FAILS(bind_to(tcp(AF_INET6), in6("::ffff:192.0.2.77", 0)), EADDRNOTAVAIL);
}

TEST_CASE("dual stack: no TCP socket is bound to a group") {
  CHECK_FAILS(bind_to(tcp(AF_INET6), in6("ff05::1", 0)), EINVAL);
  CHECK_FAILS(bind_to(tcp(AF_INET6), in6("ff0e::1", 0)), EINVAL);
}

namespace {

// The events that one look at an edge-triggered set tells.
int news(int set, int milliseconds) {
  epoll_event event;
  return epoll_wait(set, &event, 1, milliseconds);
}

Fd edge_set(int fd) {
  Fd set(epoll_create1(0));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
  return set;
}

}  // namespace

FAMILY_CASE("dual stack: an edge for each datagram, though none was received") {
  Bound receiver = bound_udp(family);
  Fd sender = udp(family);
  Fd set = edge_set(receiver.fd);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(send_to(sender, receiver.address) == 1);
    CHECK(news(set, 4000) == 1);
    CHECK(news(set, 0) == 0);
  }
  char bytes[4];
  for (int i = 0; i < 3; ++i) CHECK_RETURNS(recv(receiver.fd, bytes, sizeof bytes, MSG_DONTWAIT), 1);
  CHECK_FAILS(recv(receiver.fd, bytes, sizeof bytes, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("dual stack: an edge for each connection, though none was accepted") {
  Bound l = listener(family);
  set_nonblocking(l.fd);
  Fd set = edge_set(l.fd);
  Fd clients[3];
  for (Fd& client : clients) {
    client = tcp(family);
    REQUIRE_OK(connect_to(client, l.address));
    CHECK(news(set, 4000) == 1);
    CHECK(news(set, 0) == 0);
  }
  for (Fd& client : clients) {
    Address peer;
    Fd accepted(accept(l.fd, peer.get(), &peer.length));
    REQUIRE_OK(static_cast<int>(accepted));
    CHECK(peer == local_address(client));
  }
  CHECK_FAILS(accept(l.fd, nullptr, nullptr), EAGAIN);
}

TEST_CASE("dual stack: an edge for each family's connection and datagram") {
  Fd l = tcp(AF_INET6);
  REQUIRE_OK(bind_to(l, Address::any(AF_INET6)));
  REQUIRE_OK(listen(l, 4));
  Fd set = edge_set(l);
  Fd four = tcp(AF_INET);
  REQUIRE_OK(connect_to(four, Address::loopback(AF_INET, local_address(l).port())));
  CHECK(news(set, 4000) == 1);
  Fd six = tcp(AF_INET6);
  REQUIRE_OK(connect_to(six, Address::loopback(AF_INET6, local_address(l).port())));
  CHECK(news(set, 4000) == 1);

  Fd receiver = udp(AF_INET6);
  REQUIRE_OK(bind_to(receiver, Address::any(AF_INET6)));
  set = edge_set(receiver);
  for (int family : {AF_INET, AF_INET6}) {
    Fd sender = udp(family);
    REQUIRE(send_to(sender, Address::loopback(family, local_address(receiver).port())) == 1);
    CHECK(news(set, 4000) == 1);
  }
  CHECK(news(set, 0) == 0);
}

FAMILY_CASE("dual stack: connections that waited with an edge are reset when the listener is closed") {
  Bound l = listener(family);
  Fd set = edge_set(l.fd);
  Fd clients[2];
  for (Fd& client : clients) {
    client = tcp(family);
    REQUIRE_OK(connect_to(client, l.address));
    CHECK(news(set, 4000) == 1);
  }
  l.fd.reset();
  for (Fd& client : clients) {
    REQUIRE(readable(client));
    char byte;
    const ssize_t got = recv(client, &byte, 1, 0);
    CHECK(got <= 0);
  }
}

// connect() of TCP sockets, blocking.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "peer.h"

using namespace conformance;

FAMILY_CASE("connect: to a listener succeeds and names both ends") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, l.address.get(), l.address.length));
  CHECK(peer_address(fd) == l.address);
  Address own = local_address(fd);
  CHECK(own.is_loopback());
  CHECK(own.port() != 0);
  CHECK(own.length == size_of(family));
}

FAMILY_CASE("connect: to a closed port gives ECONNREFUSED") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family);
  CHECK_FAILS(connect(fd, closed.address.get(), closed.address.length), ECONNREFUSED);
}

FAMILY_CASE("connect: a refusal leaves no error behind") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family);
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), ECONNREFUSED);
  CHECK(int_option(fd, SOL_SOCKET, SO_ERROR) == 0);
  Address a;
  CHECK_FAILS(getpeername(fd, a.get(), &a.length), ENOTCONN);
}

FAMILY_CASE("connect: the same descriptor can try again after a refusal") {
  Bound b = bound_tcp(family);
  Fd fd = tcp(family);
  REQUIRE_FAILS(connect(fd, b.address.get(), b.address.length), ECONNREFUSED);
  REQUIRE_FAILS(connect(fd, b.address.get(), b.address.length), ECONNREFUSED);
  REQUIRE_OK(listen(b.fd, 1));
  REQUIRE_OK(connect(fd, b.address.get(), b.address.length));
  Fd server(accept(b.fd, nullptr, nullptr));
  REQUIRE_RETURNS(send(fd, "now", 3, 0), 3);
  CHECK(receive(server, 3) == "now");
}

FAMILY_CASE("connect: an option set before a refusal is still there after it") {
  Bound closed = bound_tcp(family);
  Fd fd = tcp(family);
  int on = 1;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  REQUIRE_FAILS(connect(fd, closed.address.get(), closed.address.length), ECONNREFUSED);
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
}

FAMILY_CASE("connect: twice gives EISCONN") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, l.address.get(), l.address.length));
  CHECK_FAILS(connect(fd, l.address.get(), l.address.length), EISCONN);
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK_FAILS(connect(server, l.address.get(), l.address.length), EISCONN);
}

FAMILY_CASE("connect: a bound socket keeps its port") {
  Bound l = listener(family);
  Bound b = bound_tcp(family);
  REQUIRE_OK(connect(b.fd, l.address.get(), l.address.length));
  CHECK(local_address(b.fd) == b.address);
  CHECK(peer_address(Fd(accept(l.fd, nullptr, nullptr))) == b.address);
}

FAMILY_CASE("connect: a socket bound to the wildcard gets a real address") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  Address any = Address::any(family);
  REQUIRE_OK(bind(fd, any.get(), any.length));
  std::uint16_t port = local_address(fd).port();
  REQUIRE_OK(connect(fd, l.address.get(), l.address.length));
  CHECK(local_address(fd).is_loopback());
  CHECK(local_address(fd).port() == port);
}

FAMILY_CASE("connect: to the wildcard address means loopback") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  Address any = Address::any(family, l.address.port());
  REQUIRE_OK(connect(fd, any.get(), any.length));
  CHECK(peer_address(fd) == l.address);
}

FAMILY_CASE("connect: getpeername of an unconnected socket gives ENOTCONN") {
  Fd fd = tcp(family);
  Address a;
  CHECK_FAILS(getpeername(fd, a.get(), &a.length), ENOTCONN);
  Bound b = bound_tcp(family);
  CHECK_FAILS(getpeername(b.fd, a.get(), &a.length), ENOTCONN);
}

FAMILY_CASE("connect: a length that is too short gives EINVAL") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  CHECK_FAILS(connect(fd, l.address.get(), 0), EINVAL);
  CHECK_FAILS(connect(fd, l.address.get(), 1), EINVAL);
  CHECK_FAILS(connect(fd, l.address.get(), sizeof(sa_family_t)), EINVAL);
}

FAMILY_CASE("connect: a negative or huge length gives EINVAL") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  CHECK_FAILS(connect(fd, l.address.get(), static_cast<socklen_t>(-1)), EINVAL);
  char space[512] = {};
  std::memcpy(space, l.address.get(), l.address.length);
  CHECK_FAILS(connect(fd, reinterpret_cast<sockaddr*>(space), sizeof space), EINVAL);
}

FAMILY_CASE("connect: the length of the whole storage is fine") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  CHECK_OK(connect(fd, l.address.get(), sizeof l.address.storage));
}

FAMILY_CASE("connect: NULL gives EFAULT") {
  Fd fd = tcp(family);
  const sockaddr* volatile null = nullptr;
  CHECK_FAILS(connect(fd, null, size_of(family)), EFAULT);
}

TEST_CASE("connect: an IPv6 address on an IPv4 socket gives EAFNOSUPPORT") {
  Bound l = listener(AF_INET6);
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(connect(fd, l.address.get(), l.address.length), EAFNOSUPPORT);
}

TEST_CASE("connect: an IPv4 address on an IPv6 socket") {
  Bound l = listener(AF_INET);
  Fd fd = tcp(AF_INET6);
  CHECK_FAILS(connect(fd, l.address.get(), l.address.length), EINVAL);
  CHECK_FAILS(connect(fd, l.address.get(), sizeof l.address.storage), EAFNOSUPPORT);
}

FAMILY_CASE("connect: an unknown family in the address gives EAFNOSUPPORT") {
  Address a = Address::loopback(family, 1);
  a.storage.ss_family = 77;
  Fd fd = tcp(family);
  CHECK_FAILS(connect(fd, a.get(), a.length), EAFNOSUPPORT);
}

FAMILY_CASE("connect: AF_UNSPEC on a fresh socket succeeds") {
  Address a = Address::any(family);
  a.storage.ss_family = AF_UNSPEC;
  Fd fd = tcp(family);
  CHECK_OK(connect(fd, a.get(), a.length));
  Address name;
  CHECK_FAILS(getpeername(fd, name.get(), &name.length), ENOTCONN);
}

FAMILY_CASE("connect: port 0 is refused") {
  Address a = Address::loopback(family, 0);
  Fd fd = tcp(family);
  CHECK_FAILS(connect(fd, a.get(), a.length), ECONNREFUSED);
}

FAMILY_CASE("connect: to a peer outside, which answers") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; echo 5");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  REQUIRE_RETURNS(send(fd, "hello", 5, 0), 5);
  CHECK(receive(fd, 5) == "hello");
  peer.finish();
}

FAMILY_CASE("connect: 200 times to one listener, one after another") {
  Bound l = listener(family);
  int wrong = 0;
  for (int i = 0; i < 200; ++i) {
    Fd client = tcp(family);
    REQUIRE_OK(connect(client, l.address.get(), l.address.length));
    Fd server(accept(l.fd, nullptr, nullptr));
    REQUIRE_OK(int(server));
    char byte = static_cast<char>(i), back = 0;
    if (send(client, &byte, 1, 0) != 1 || recv(server, &back, 1, 0) != 1 || back != byte) ++wrong;
  }
  CHECK(wrong == 0);
}

FAMILY_CASE("connect: SO_SNDTIMEO doesn't get in the way of a quick connect") {
  Bound l = listener(family);
  Fd fd = tcp(family);
  set_timeout(fd, SO_SNDTIMEO, 2000);
  CHECK_OK(connect(fd, l.address.get(), l.address.length));
}

FAMILY_CASE("connect: a full backlog and SO_SNDTIMEO give EINPROGRESS") {
  // Nobody accepts, so that the kernel leaves the handshakes beyond the backlog unanswered.
  Bound l = listener(family, 0);
  std::vector<Fd> clients;
  int error = 0;
  for (int i = 0; i < 8 && error == 0; ++i) {
    clients.push_back(tcp(family));
    set_timeout(clients.back(), SO_SNDTIMEO, 80);
    if (connect(clients.back(), l.address.get(), l.address.length) == -1) error = errno;
  }
  CHECK(errno_name(error) == "EINPROGRESS");
}

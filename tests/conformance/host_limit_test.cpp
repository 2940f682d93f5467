// No descriptor is left: the program's own limit natively, that of its host for a guest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netdb.h>

#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

constexpr int limit = 64;

/// Takes all that there is up to the limit.
std::vector<Fd> use_up(Peer& peer) {
  peer.call("limit " + std::to_string(limit));
  std::vector<Fd> all;
  while (all.size() < 2 * limit) {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd == -1) break;
    all.emplace_back(fd);
  }
  CHECK(errno == EMFILE);
  CHECK(all.size() < limit);
  REQUIRE(all.size() > 3);
  return all;
}

}  // namespace

FAMILY_CASE("host limit: socket of each type fails with EMFILE, and works again") {
  Peer peer;
  std::vector<Fd> all = use_up(peer);
  for (int type : {SOCK_STREAM, SOCK_DGRAM}) CHECK_FAILS(socket(family, type, 0), EMFILE);
  all.pop_back();
  Fd again(socket(family, SOCK_STREAM, 0));
  CHECK(static_cast<int>(again) >= 0);
}

FAMILY_CASE("host limit: accept fails with EMFILE, and the connection waits for later") {
  Peer peer;
  Bound open = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, open.address.get(), open.address.length));
  send_all(client, "still there");
  std::vector<Fd> all = use_up(peer);
  for (int i = 0; i < 3; ++i) {
    CHECK(readable(open.fd));
    CHECK_FAILS(accept(open.fd, nullptr, nullptr), EMFILE);
  }
  set_nonblocking(open.fd);
  CHECK_FAILS(accept(open.fd, nullptr, nullptr), EMFILE);
  all.pop_back();
  all.pop_back();
  REQUIRE(readable(open.fd));
  Fd accepted(accept(open.fd, nullptr, nullptr));
  REQUIRE(static_cast<int>(accepted) >= 0);
  CHECK(receive(accepted, 11) == "still there");
  send_all(accepted, "and back");
  CHECK(receive(client, 8) == "and back");
  CHECK_FAILS(accept(open.fd, nullptr, nullptr), EAGAIN);
}

FAMILY_CASE("host limit: an accept that had failed leaves no error behind") {
  Peer peer;
  Bound open = listener(family, 16, SOCK_NONBLOCK);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, open.address.get(), open.address.length));
  std::vector<Fd> all = use_up(peer);
  CHECK(readable(open.fd));
  all.clear();
  REQUIRE(readable(open.fd));
  Fd accepted(accept(open.fd, nullptr, nullptr));
  CHECK(static_cast<int>(accepted) >= 0);
  CHECK_FAILS(accept(open.fd, nullptr, nullptr), EAGAIN);
}

FAMILY_CASE("host limit: what is open already goes on") {
  Peer peer;
  Pair tcp = tcp_pair(family), udp = udp_pair(family);
  Bound refusing = bound_tcp(family);
  Fd other = conformance::tcp(family);
  Bound open = listener(family);
  Fd late = conformance::tcp(family);
  std::vector<Fd> all = use_up(peer);
  send_all(tcp.client, "x");
  CHECK(receive(tcp.server, 1) == "x");
  CHECK_RETURNS(send(udp.client, "y", 1, 0), 1);
  CHECK(receive(udp.server, 1) == "y");
  REQUIRE_OK(connect(late, open.address.get(), open.address.length));
  CHECK_FAILS(connect(other, refusing.address.get(), refusing.address.length), ECONNREFUSED);
  REQUIRE_OK(shutdown(tcp.client, SHUT_WR));
  CHECK(receive_to_end(tcp.server).empty());
  all.clear();
  REQUIRE_OK(connect(other, open.address.get(), open.address.length));
}

TEST_CASE("host limit: an IPv6 wildcard that has no descriptor for IPv4 says so, and binds later") {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    Peer peer;
    Fd fd(socket(AF_INET6, type, 0));
    std::vector<Fd> all = use_up(peer);
    sockaddr_in6 any = {};
    any.sin6_family = AF_INET6;
    const int bound = bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any);
    const std::string result = bound == 0 ? "0" : errno_name(errno);
    CHECK(result ==
          DIFFERS_ON_WASI("A WASI socket takes one family, so the IPv6 wildcard takes two of the host's descriptors",
                          "0", "EMFILE"));
    all.clear();
    if (bound != 0) REQUIRE_OK(bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any));
    if (type == SOCK_STREAM) REQUIRE_OK(listen(fd, 4));
    const Address name = local_address(fd);
    Fd client(socket(AF_INET, type, 0));
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = reinterpret_cast<const sockaddr_in6*>(name.get())->sin6_port;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE_OK(connect(client, reinterpret_cast<sockaddr*>(&to), sizeof to));
    if (type == SOCK_DGRAM) CHECK_RETURNS(send(client, "x", 1, 0), 1);
    CHECK(readable(fd));
    all.clear();
  }
}

TEST_CASE("host limit: getaddrinfo of a number needs no descriptor") {
  Peer peer;
  std::vector<Fd> all = use_up(peer);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  CHECK(getaddrinfo("127.0.0.1", "80", &hints, &list) == 0);
  REQUIRE(list != nullptr);
  CHECK(list->ai_family == AF_INET);
  freeaddrinfo(list);
}

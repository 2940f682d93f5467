// Which addresses with one port can be bound beside each other: of both families, with and without SO_REUSEADDR.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>

#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

// An address as text; "::" with "only" in front has IPV6_V6ONLY.
struct Place {
  std::string text;
  bool v6_only = false;

  Place(const char* name) : text(name) {
    if (text.rfind("only ", 0) == 0) {
      v6_only = true;
      text.erase(0, 5);
    }
  }
  int family() const { return text.find(':') == std::string::npos ? AF_INET : AF_INET6; }
  Address address(std::uint16_t port) const {
    Address result = Address::any(family(), port);
    void* bytes = family() == AF_INET ? static_cast<void*>(&reinterpret_cast<sockaddr_in*>(result.get())->sin_addr)
                                      : &reinterpret_cast<sockaddr_in6*>(result.get())->sin6_addr;
    REQUIRE(inet_pton(family(), text.c_str(), bytes) == 1);
    return result;
  }
};

void set(int fd, int level, int name) {
  const int on = 1;
  REQUIRE_OK(setsockopt(fd, level, name, &on, sizeof on));
}

Fd make(const Place& place, bool stream, bool reuse) {
  Fd fd = stream ? tcp(place.family()) : udp(place.family());
  if (place.v6_only) set(fd, IPPROTO_IPV6, IPV6_V6ONLY);
  if (reuse) set(fd, SOL_SOCKET, SO_REUSEADDR);
  return fd;
}

int bind_to(int fd, const Place& place, std::uint16_t port) {
  const Address address = place.address(port);
  return bind(fd, address.get(), address.length);
}

Fd bound_at(const Place& place, bool stream, bool reuse = false) {
  Fd fd = make(place, stream, reuse);
  REQUIRE_OK(bind_to(fd, place, 0));
  return fd;
}

// Binds to a port that nobody in this program has. Other programs may have it for the moment, in the family where the kernel
// didn't choose it: then `again` chooses another port.
template <class Again>
bool bound_beside_others(Again again) {
  constexpr int attempts = 50;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const int result = again();
    if (result == 0 || errno != EADDRINUSE) return result == 0;
  }
  return false;
}

// All of `places`, pairwise in both orders, can't have one port.
void check_exclude(const std::vector<Place>& places, bool stream) {
  for (const Place& first : places) {
    for (const Place& second : places) {
      INFO(first.text << " then " << second.text);
      Fd owner = bound_at(first, stream);
      Fd other = make(second, stream, false);
      const std::uint16_t port = local_address(owner).port();
      CHECK_FAILS(bind_to(other, second, port), EADDRINUSE);
      owner.reset();
      CHECK(bound_beside_others([&] {
        Fd next = bound_at(first, stream);
        const std::uint16_t freed = local_address(next).port();
        next.reset();
        return bind_to(other, second, freed);
      }));
    }
  }
}

void check_beside(const Place& a, const Place& b, bool stream) {
  for (int order = 0; order < 2; ++order) {
    const Place& first = order == 0 ? a : b;
    const Place& second = order == 0 ? b : a;
    INFO(first.text << " then " << second.text);
    Fd owner;
    Fd other = make(second, stream, false);
    CHECK(bound_beside_others([&] {
      owner = bound_at(first, stream);
      return bind_to(other, second, local_address(owner).port());
    }));
    if (stream) {
      CHECK_OK(listen(owner, 1));
      CHECK_OK(listen(other, 1));
    }
  }
}

// Two sockets with SO_REUSEADDR, the first of which may listen.
int bind_again(const Place& first, bool first_reuses, bool listens, const Place& second, bool second_reuses) {
  Fd owner = bound_at(first, true, first_reuses);
  if (listens) REQUIRE_OK(listen(owner, 1));
  Fd other = make(second, true, second_reuses);
  const int result = bind_to(other, second, local_address(owner).port());
  return result == 0 ? 0 : errno;
}

}  // namespace

TEST_CASE("port in use: TCP, IPv4") { check_exclude({"0.0.0.0", "127.0.0.1"}, true); }
TEST_CASE("port in use: UDP, IPv4") { check_exclude({"0.0.0.0", "127.0.0.1"}, false); }
TEST_CASE("port in use: TCP, IPv6") { check_exclude({"::", "only ::", "::1"}, true); }
TEST_CASE("port in use: UDP, IPv6") { check_exclude({"::", "only ::", "::1"}, false); }
TEST_CASE("port in use: TCP, the wildcard of both families and IPv4") { check_exclude({"::", "0.0.0.0"}, true); }
TEST_CASE("port in use: UDP, the wildcard of both families and IPv4") { check_exclude({"::", "0.0.0.0"}, false); }
TEST_CASE("port in use: TCP, the wildcard of both families and an IPv4 address") {
  check_exclude({"::", "127.0.0.1"}, true);
}
TEST_CASE("port in use: UDP, the wildcard of both families and an IPv4 address") {
  check_exclude({"::", "127.0.0.1"}, false);
}
TEST_CASE("port in use: TCP, an IPv4 address and the same one mapped") {
  check_exclude({"::ffff:127.0.0.1", "127.0.0.1", "::ffff:0.0.0.0", "0.0.0.0"}, true);
}
TEST_CASE("port in use: UDP, an IPv4 address and the same one mapped") {
  check_exclude({"::ffff:127.0.0.1", "127.0.0.1", "::ffff:0.0.0.0", "0.0.0.0"}, false);
}

TEST_CASE("port in use: TCP, not by another address") {
  check_beside("127.0.0.1", "127.0.0.2", true);
  check_beside("127.0.0.1", "::ffff:127.0.0.2", true);
}
TEST_CASE("port in use: UDP, not by another address") {
  check_beside("127.0.0.1", "127.0.0.2", false);
  check_beside("127.0.0.1", "::ffff:127.0.0.2", false);
}
TEST_CASE("port in use: TCP, not by the other family") {
  check_beside("only ::", "0.0.0.0", true);
  check_beside("::1", "127.0.0.1", true);
  check_beside("::1", "0.0.0.0", true);
  check_beside("only ::", "::ffff:127.0.0.1", true);
}
TEST_CASE("port in use: UDP, not by the other family") {
  check_beside("only ::", "0.0.0.0", false);
  check_beside("::1", "127.0.0.1", false);
  check_beside("::1", "0.0.0.0", false);
  check_beside("only ::", "::ffff:127.0.0.1", false);
}

TEST_CASE("port in use: SO_REUSEADDR on both lets a second TCP socket be bound, unless the first listens") {
  for (const char* place : {"127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"}) {
    INFO(place);
    CHECK(bind_again(place, true, false, place, true) == 0);
    CHECK(bind_again(place, true, true, place, true) == EADDRINUSE);
  }
}

TEST_CASE("port in use: SO_REUSEADDR on one of them isn't enough") {
  CHECK(bind_again("127.0.0.1", true, false, "127.0.0.1", false) == EADDRINUSE);
  CHECK(bind_again("127.0.0.1", false, false, "127.0.0.1", true) == EADDRINUSE);
  CHECK(bind_again("::", true, false, "0.0.0.0", false) == EADDRINUSE);
  CHECK(bind_again("0.0.0.0", false, false, "::", true) == EADDRINUSE);
}

TEST_CASE("port in use: of two that share a port only one can listen") {
  Fd first = bound_at("127.0.0.1", true, true);
  Fd second = make("127.0.0.1", true, true);
  REQUIRE_OK(bind_to(second, "127.0.0.1", local_address(first).port()));
  CHECK_OK(listen(first, 1));
  CHECK_FAILS(listen(second, 1), EADDRINUSE);
}

FAMILY_CASE("port in use: accepted connections keep their listener's port") {
  const Place place = family == AF_INET ? "127.0.0.1" : "::1";
  Fd server = bound_at(place, true);
  REQUIRE_OK(listen(server, 4));
  const std::uint16_t port = local_address(server).port();
  const Address address = place.address(port);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, address.get(), address.length));
  Fd accepted(accept(server, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  server.reset();
  Fd next = make(place, true, false);
  CHECK_FAILS(bind_to(next, place, port), EADDRINUSE);
}

FAMILY_CASE("port in use: with SO_REUSEADDR a server starts again beside its old connections") {
  const Place place = family == AF_INET ? "127.0.0.1" : "::1";
  Fd server = bound_at(place, true, true);
  REQUIRE_OK(listen(server, 4));
  const std::uint16_t port = local_address(server).port();
  const Address address = place.address(port);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, address.get(), address.length));
  Fd accepted(accept(server, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(accepted));
  server.reset();
  Fd next = make(place, true, true);
  REQUIRE_OK(bind_to(next, place, port));
  CHECK_OK(listen(next, 4));
}

FAMILY_CASE("port in use: by the client's end of a connection") {
  const Place place = family == AF_INET ? "127.0.0.1" : "::1";
  Pair pair = tcp_pair(family);
  Fd other = make(place, true, false);
  CHECK_FAILS(bind_to(other, place, local_address(pair.client).port()), EADDRINUSE);
}

FAMILY_CASE("port in use: not by one that failed to be bound") {
  const Place place = family == AF_INET ? "127.0.0.1" : "::1";
  Fd owner = bound_at(place, true);
  const std::uint16_t port = local_address(owner).port();
  Fd failed = make(place, true, false);
  CHECK_FAILS(bind_to(failed, place, port), EADDRINUSE);
  CHECK(local_address(failed).is_any());
  CHECK_OK(bind_to(failed, place, 0));
  owner.reset();
  Fd other = make(place, true, false);
  CHECK_OK(bind_to(other, place, port));
}

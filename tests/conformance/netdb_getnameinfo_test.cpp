// getnameinfo(): numeric forms, services, scopes, buffers and errors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/un.h>

#include <cstddef>
#include <string>

#include "net.h"

using namespace conformance;

namespace {

Address ipv6(const char* text, std::uint16_t port, std::uint32_t scope = 0) {
  Address address = Address::any(AF_INET6, port);
  auto* name = reinterpret_cast<sockaddr_in6*>(address.get());
  REQUIRE(inet_pton(AF_INET6, text, &name->sin6_addr) == 1);
  name->sin6_scope_id = scope;
  return address;
}

Address local(const char* path) {
  Address address;
  auto* name = reinterpret_cast<sockaddr_un*>(&address.storage);
  name->sun_family = AF_UNIX;
  std::strcpy(name->sun_path, path);
  address.length = offsetof(sockaddr_un, sun_path) + std::strlen(path) + 1;
  return address;
}

struct Names {
  int code;
  std::string host;
  std::string service;
};

// Buffers of just these sizes, in the middle of bytes that nobody may touch.
Names names(const Address& address, int flags, std::size_t host_size = 256, std::size_t service_size = 64) {
  std::string host(host_size + 16, '#');
  std::string service(service_size + 16, '#');
  Names result;
  result.code =
      getnameinfo(address.get(), address.length, host.data() + 8, host_size, service.data() + 8, service_size, flags);
  for (int i = 0; i < 8; ++i) {
    CHECK(host[i] == '#');
    CHECK(host[8 + host_size + i] == '#');
    CHECK(service[i] == '#');
    CHECK(service[8 + service_size + i] == '#');
  }
  if (result.code == 0 && host_size > 0) result.host = host.c_str() + 8;
  if (result.code == 0 && service_size > 0) result.service = service.c_str() + 8;
  return result;
}

constexpr int numeric = NI_NUMERICHOST | NI_NUMERICSERV;

}  // namespace

FAMILY_CASE("getnameinfo: numeric host and service") {
  const Names n = names(Address::loopback(family, 8080), numeric);
  REQUIRE(n.code == 0);
  CHECK(n.host == (family == AF_INET ? "127.0.0.1" : "::1"));
  CHECK(n.service == "8080");
}

FAMILY_CASE("getnameinfo: a well-known port has its service's name") {
  CHECK(names(Address::loopback(family, 80), NI_NUMERICHOST).service == "http");
  CHECK(names(Address::loopback(family, 22), NI_NUMERICHOST).service == "ssh");
}

TEST_CASE("getnameinfo: NI_DGRAM asks for UDP's name") {
  CHECK(names(Address::loopback(AF_INET, 514), NI_NUMERICHOST).service == "shell");
  CHECK(names(Address::loopback(AF_INET, 514), NI_NUMERICHOST | NI_DGRAM).service == "syslog");
  CHECK(names(Address::loopback(AF_INET, 69), NI_NUMERICHOST).service == "69");
  CHECK(names(Address::loopback(AF_INET, 69), NI_NUMERICHOST | NI_DGRAM).service == "tftp");
}

TEST_CASE("getnameinfo: a port without a service is written as a number") {
  CHECK(names(Address::loopback(AF_INET, 60123), NI_NUMERICHOST).service == "60123");
  CHECK(names(Address::loopback(AF_INET, 0), NI_NUMERICHOST).service == "0");
  CHECK(names(Address::loopback(AF_INET, 65535), NI_NUMERICHOST).service == "65535");
}

TEST_CASE("getnameinfo: IPv4 loopback is localhost") {
  CHECK(names(Address::loopback(AF_INET, 1), NI_NUMERICSERV).host == "localhost");
  CHECK(names(Address::loopback(AF_INET, 1), NI_NUMERICSERV | NI_NAMEREQD).host == "localhost");
  CHECK(names(Address::loopback(AF_INET, 1), NI_NUMERICSERV | NI_NOFQDN).host == "localhost");
}

TEST_CASE("getnameinfo: the wildcard has no name") {
  CHECK(names(Address::any(AF_INET, 1), numeric).host == "0.0.0.0");
}

TEST_CASE("getnameinfo: scope ids, by the interface's name within a link") {
  CHECK(names(ipv6("fe80::1", 1, 1), numeric).host == "fe80::1%lo");
  CHECK(names(ipv6("ff02::1", 1, 1), numeric).host == "ff02::1%lo");
  CHECK(names(ipv6("fe80::1", 1, 4000000), numeric).host == "fe80::1%4000000");
  CHECK(names(ipv6("2001:db8::1", 1, 1), numeric).host == "2001:db8::1%1");
  CHECK(names(ipv6("fe80::1", 1, 0), numeric).host == "fe80::1");
}

TEST_CASE("getnameinfo: a mapped address") {
  CHECK(names(ipv6("::ffff:192.0.2.1", 1), numeric).host == "::ffff:192.0.2.1");
}

TEST_CASE("getnameinfo: buffers that just fit") {
  const Names n = names(Address::loopback(AF_INET, 80), numeric, sizeof "127.0.0.1", sizeof "80");
  REQUIRE(n.code == 0);
  CHECK(n.host == "127.0.0.1");
  CHECK(n.service == "80");
}

TEST_CASE("getnameinfo: buffers that are one byte too small are EAI_OVERFLOW") {
  const Address address = Address::loopback(AF_INET, 80);
  CHECK(names(address, numeric, sizeof "127.0.0.1" - 1).code == EAI_OVERFLOW);
  CHECK(names(address, numeric, 256, sizeof "80" - 1).code == EAI_OVERFLOW);
  CHECK(names(address, NI_NUMERICSERV, sizeof "localhost" - 1).code == EAI_OVERFLOW);
  CHECK(names(address, NI_NUMERICHOST, 256, sizeof "http" - 1).code == EAI_OVERFLOW);
  CHECK(names(ipv6("fe80::1", 1, 1), numeric, sizeof "fe80::1%lo" - 1).code == EAI_OVERFLOW);
  CHECK(names(address, numeric, 1).code == EAI_OVERFLOW);
}

TEST_CASE("getnameinfo: a buffer of size 0 isn't wanted") {
  const Address address = Address::loopback(AF_INET, 80);
  CHECK(names(address, numeric, 0).service == "80");
  CHECK(names(address, numeric, 256, 0).host == "127.0.0.1");
  CHECK(names(address, numeric, 0, 0).code == 0);
}

TEST_CASE("getnameinfo: null buffers aren't wanted") {
  const Address address = Address::loopback(AF_INET, 80);
  char text[64] = "";
  CHECK(getnameinfo(address.get(), address.length, nullptr, 0, text, sizeof text, numeric) == 0);
  CHECK(std::string(text) == "80");
  CHECK(getnameinfo(address.get(), address.length, text, sizeof text, nullptr, 0, numeric) == 0);
  CHECK(std::string(text) == "127.0.0.1");
  CHECK(getnameinfo(address.get(), address.length, nullptr, 0, nullptr, 0, 0) == 0);
}

TEST_CASE("getnameinfo: NI_NAMEREQD and nothing that is wanted is EAI_NONAME") {
  const Address address = Address::loopback(AF_INET, 80);
  CHECK(getnameinfo(address.get(), address.length, nullptr, 0, nullptr, 0, NI_NAMEREQD) == EAI_NONAME);
  CHECK(names(address, NI_NAMEREQD, 0).service == "http");
}

TEST_CASE("getnameinfo: NI_NAMEREQD and NI_NUMERICHOST together are EAI_NONAME") {
  CHECK(names(Address::loopback(AF_INET, 80), NI_NAMEREQD | NI_NUMERICHOST).code == EAI_NONAME);
}

TEST_CASE("getnameinfo: unknown flags are EAI_BADFLAGS") {
  CHECK(names(Address::loopback(AF_INET, 80), 0x8000000).code == EAI_BADFLAGS);
  Address wrong = Address::loopback(AF_INET, 80);
  wrong.length = 1;
  CHECK(names(wrong, 0x8000000).code == EAI_BADFLAGS);
}

FAMILY_CASE("getnameinfo: an address that is too short is EAI_FAMILY") {
  // The end of the structure may be padding: count what it holds.
  const std::size_t whole = family == AF_INET ? 16 : 28;
  Address address = Address::loopback(family, 80);
  for (std::size_t length = 0; length < whole; ++length) {
    CAPTURE(length);
    address.length = length;
    CHECK(names(address, numeric).code == EAI_FAMILY);
  }
}

FAMILY_CASE("getnameinfo: an address that is too long is taken") {
  Address address = Address::loopback(family, 80);
  address.length = sizeof address.storage;
  CHECK(names(address, numeric).service == "80");
}

TEST_CASE("getnameinfo: another family is EAI_FAMILY") {
  Address address = Address::loopback(AF_INET, 80);
  address.storage.ss_family = AF_UNSPEC;
  CHECK(names(address, numeric).code == EAI_FAMILY);
  address.storage.ss_family = 77;
  CHECK(names(address, numeric).code == EAI_FAMILY);
}

TEST_CASE("getnameinfo: a null address is EAI_FAMILY") {
  char text[64];
  CHECK(getnameinfo(nullptr, 0, text, sizeof text, nullptr, 0, numeric) == EAI_FAMILY);
  CHECK(getnameinfo(nullptr, 16, text, sizeof text, nullptr, 0, numeric) == EAI_FAMILY);
}

TEST_CASE("getnameinfo: a local address is localhost and its path") {
  const Names n = names(local("/tmp/some.socket"), numeric);
  REQUIRE(n.code == 0);
  CHECK(n.host == "localhost");
  CHECK(n.service == "/tmp/some.socket");
  CHECK(names(local("/tmp/some.socket"), numeric, 4).code == EAI_OVERFLOW);
  CHECK(names(local("/tmp/some.socket"), numeric, 256, 5).code == EAI_OVERFLOW);
}

FAMILY_CASE("getnameinfo: undoes getaddrinfo") {
  const Address address = Address::loopback(family, 12345);
  const Names n = names(address, numeric);
  REQUIRE(n.code == 0);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo(n.host.c_str(), n.service.c_str(), &hints, &list) == 0);
  Address again;
  again.length = list->ai_addrlen;
  std::memcpy(&again.storage, list->ai_addr, list->ai_addrlen);
  CHECK(again == address);
  freeaddrinfo(list);
}

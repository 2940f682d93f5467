// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The entry points that give entries of /etc/services, /etc/protocols and /etc/networks, and texts of addresses and errors.
#include <arpa/inet.h>
#include <netdb.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <string>

extern "C" {
servent* __wrap_getservbyname(const char*, const char*);
servent* __wrap_getservbyport(int, const char*);
int __wrap_getservbyname_r(const char*, const char*, servent*, char*, size_t, servent**);
void __wrap_setservent(int);
void __wrap_endservent();
int __wrap_getservent_r(servent*, char*, size_t, servent**);
protoent* __wrap_getprotobyname(const char*);
protoent* __wrap_getprotobynumber(int);
int __wrap_getprotobynumber_r(int, protoent*, char*, size_t, protoent**);
void __wrap_setprotoent(int);
int __wrap_getprotoent_r(protoent*, char*, size_t, protoent**);
netent* __wrap_getnetbyname(const char*);
netent* __wrap_getnetbyaddr(uint32_t, int);
const char* __wrap_gai_strerror(int);
int __wrap_inet_aton(const char*, in_addr*);
in_addr_t __wrap_inet_addr(const char*);
in_addr_t __wrap_inet_network(const char*);
const char* __wrap_inet_ntop(int, const void*, char*, socklen_t);
in_addr __wrap_inet_makeaddr(in_addr_t, in_addr_t);
in_addr_t __wrap_inet_lnaof(in_addr);
in_addr_t __wrap_inet_netof(in_addr);
}

namespace {

std::string text_of(int family, const void* address) {
  char text[INET6_ADDRSTRLEN];
  const char* result = __wrap_inet_ntop(family, address, text, sizeof text);
  return result != nullptr ? result : "error " + std::to_string(errno);
}
std::string text_of_six(const char* text) {
  in6_addr address;
  REQUIRE(inet_pton(AF_INET6, text, &address) == 1);
  return text_of(AF_INET6, &address);
}

}  // namespace

TEST_CASE("entries: a service by name and by port, over one protocol or any") {
  const servent* http = __wrap_getservbyname("http", "tcp");
  REQUIRE(http != nullptr);
  CHECK(ntohs(static_cast<uint16_t>(http->s_port)) == 80);
  CHECK(std::string(http->s_proto) == "tcp");
  const servent* ssh = __wrap_getservbyport(htons(22), nullptr);
  REQUIRE(ssh != nullptr);
  CHECK(std::string(ssh->s_name) == "ssh");
  CHECK(__wrap_getservbyname("http", "sctp-or-so") == nullptr);
  CHECK(__wrap_getservbyname(nullptr, nullptr) == nullptr);
  CHECK(__wrap_getservbyport(-1, "tcp") == nullptr);
  CHECK(__wrap_getservbyport(70000, "tcp") == nullptr);
}

TEST_CASE("entries: the caller's own room may be too small, and nothing is found is no error") {
  servent service;
  servent* found = &service;
  char room[400];
  CHECK(__wrap_getservbyname_r("http", "tcp", &service, room, 4, &found) == ERANGE);
  CHECK(found == nullptr);
  CHECK(__wrap_getservbyname_r("http", "tcp", &service, room, sizeof room, &found) == 0);
  CHECK(found == &service);
  CHECK(__wrap_getservbyname_r("no-such-service", "tcp", &service, room, sizeof room, &found) == 0);
  CHECK(found == nullptr);
  protoent protocol;
  protoent* known = nullptr;
  CHECK(__wrap_getprotobynumber_r(17, &protocol, room, sizeof room, &known) == 0);
  REQUIRE(known == &protocol);
  CHECK(std::string(known->p_name) == "udp");
  CHECK(__wrap_getprotobynumber_r(17, &protocol, room, 2, &known) == ERANGE);
}

TEST_CASE("entries: all services and protocols, one after the other, and again from the first") {
  servent service;
  servent* found = nullptr;
  char room[400];
  int count = 0;
  __wrap_setservent(0);
  while (__wrap_getservent_r(&service, room, sizeof room, &found) == 0 && found != nullptr) ++count;
  CHECK(count > 20);
  __wrap_setservent(1);
  REQUIRE(__wrap_getservent_r(&service, room, sizeof room, &found) == 0);
  CHECK(found == &service);
  __wrap_endservent();
  protoent protocol;
  protoent* known = nullptr;
  __wrap_setprotoent(0);
  REQUIRE(__wrap_getprotoent_r(&protocol, room, sizeof room, &known) == 0);
  REQUIRE(known != nullptr);
  CHECK(std::string(known->p_name) == "ip");
  CHECK(std::string(__wrap_getprotobyname("TCP")->p_name) == "tcp");
  CHECK(__wrap_getprotobynumber(255) == nullptr);
  CHECK(__wrap_getprotobyname(nullptr) == nullptr);
}

TEST_CASE("entries: the loopback network is always there") {
  const netent* loopback = __wrap_getnetbyname("loopback");
  REQUIRE(loopback != nullptr);
  CHECK(loopback->n_addrtype == AF_INET);
  CHECK(__wrap_getnetbyaddr(loopback->n_net, AF_INET) != nullptr);
  CHECK(__wrap_getnetbyname("no-such-net") == nullptr);
  CHECK(__wrap_getnetbyname(nullptr) == nullptr);
}

TEST_CASE("texts: every error of getaddrinfo has one") {
  for (const int code : {EAI_AGAIN, EAI_BADFLAGS, EAI_FAIL, EAI_FAMILY, EAI_MEMORY, EAI_NONAME, EAI_NODATA, EAI_SERVICE,
                         EAI_SOCKTYPE, EAI_SYSTEM, EAI_OVERFLOW, EAI_ADDRFAMILY, 0, 12345}) {
    CAPTURE(code);
    const char* text = __wrap_gai_strerror(code);
    REQUIRE(text != nullptr);
    CHECK(std::string(text).size() > 3);
  }
  CHECK(std::string(__wrap_gai_strerror(EAI_NONAME)) != __wrap_gai_strerror(EAI_AGAIN));
}

TEST_CASE("texts: IPv4 addresses in all the forms of inet_aton, and what is none") {
  in_addr address;
  CHECK(__wrap_inet_aton("127.1", &address) == 1);
  CHECK(address.s_addr == htonl(0x7f000001));
  CHECK(__wrap_inet_aton("0x7f.010.2", &address) == 1);
  CHECK(address.s_addr == htonl(0x7f080002));
  CHECK(__wrap_inet_aton("4294967295", &address) == 1);
  CHECK(__wrap_inet_aton("1.2.3.4 and more", &address) == 1);
  for (const char* text :
       {"", "1.2.3.4.5", "1.2.3.256", "256.1", "1..2", "1.2.3.4x", "0x", "09", "4294967296", " 1.2.3.4"})
    CHECK(__wrap_inet_aton(text, &address) == 0);
  CHECK(__wrap_inet_addr("1.2.3") == htonl(0x01020003));
  CHECK(__wrap_inet_addr("nonsense") == INADDR_NONE);
  CHECK(__wrap_inet_network("10.1") == 0x0a01);
  CHECK(__wrap_inet_network("1.2.3.4.5") == INADDR_NONE);
}

TEST_CASE("texts: addresses as text, IPv6 as short as it may be") {
  const in_addr four = {htonl(0x01020304)};
  CHECK(text_of(AF_INET, &four) == "1.2.3.4");
  for (const char* same : {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:db8::1:0:0:1", "::ffff:1.2.3.4", "fe80::1"})
    CHECK(text_of_six(same) == same);
  CHECK(text_of_six("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
  char small[4];
  CHECK(__wrap_inet_ntop(AF_INET, &four, small, sizeof small) == nullptr);
  CHECK(errno == ENOSPC);
  CHECK(__wrap_inet_ntop(77, &four, small, sizeof small) == nullptr);
  CHECK(errno == EAFNOSUPPORT);
}

TEST_CASE("texts: addresses by class") {
  for (const uint32_t whole : {0x0a010203u, 0xac100203u, 0xc0a80203u}) {
    const in_addr address = {htonl(whole)};
    const in_addr again = __wrap_inet_makeaddr(__wrap_inet_netof(address), __wrap_inet_lnaof(address));
    CHECK(again.s_addr == address.s_addr);
  }
  CHECK(__wrap_inet_netof({htonl(0x0a010203)}) == 0x0a);
  CHECK(__wrap_inet_netof({htonl(0xac100203)}) == 0xac10);
  CHECK(__wrap_inet_netof({htonl(0xc0a80203)}) == 0xc0a802);
}

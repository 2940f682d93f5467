// getaddrinfo() in detail: socket types, services, and which addresses stand for no host.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <string>
#include <vector>

#include "net.h"
#include "netdb_help.h"

using namespace conformance;
using namespace netdb;

TEST_CASE("netdb: without type and protocol the answer is stream, datagram and raw") {
  CHECK(ask({.node = "127.0.0.1", .service = "80", .type = 0}) ==
        Lines{"127.0.0.1 80 stream/6", "127.0.0.1 80 dgram/17", "127.0.0.1 80 raw/0"});
}

TEST_CASE("netdb: a protocol alone chooses the type") {
  CHECK(ask({.node = "127.0.0.1", .type = 0, .protocol = IPPROTO_TCP}) == Lines{"127.0.0.1 0 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .type = 0, .protocol = IPPROTO_UDP}) == Lines{"127.0.0.1 0 dgram/17"});
  CHECK(ask({.node = "127.0.0.1", .type = 0, .protocol = IPPROTO_SCTP}) == Lines{"127.0.0.1 0 stream/132"});
  CHECK(ask({.node = "127.0.0.1", .type = 0, .protocol = IPPROTO_UDPLITE}) == Lines{"127.0.0.1 0 dgram/136"});
  CHECK(ask({.node = "127.0.0.1", .type = 0, .protocol = IPPROTO_ICMP}) == Lines{"127.0.0.1 0 raw/1"});
}

TEST_CASE("netdb: raw sockets take any protocol and no service") {
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_RAW, .protocol = 123}) == Lines{"127.0.0.1 0 raw/123"});
  CHECK(ask({.node = "127.0.0.1", .service = "80", .type = SOCK_RAW}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "http", .type = SOCK_RAW}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: SOCK_SEQPACKET is SCTP") {
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_SEQPACKET}) == Lines{"127.0.0.1 0 seqpacket/132"});
}

TEST_CASE("netdb: a type without that protocol is EAI_SOCKTYPE") {
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_STREAM, .protocol = IPPROTO_UDP}) == Lines{"EAI_SOCKTYPE"});
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_DGRAM, .protocol = IPPROTO_TCP}) == Lines{"EAI_SOCKTYPE"});
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_STREAM, .protocol = 99}) == Lines{"EAI_SOCKTYPE"});
  CHECK(ask({.node = "127.0.0.1", .type = SOCK_RDM}) == Lines{"EAI_SOCKTYPE"});
  CHECK(ask({.node = "127.0.0.1", .type = 77}) == Lines{"EAI_SOCKTYPE"});
}

TEST_CASE("netdb: a service's name gives its port for the protocols that have it") {
  CHECK(ask({.node = "127.0.0.1", .service = "http", .type = 0}) == Lines{"127.0.0.1 80 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .service = "domain", .type = 0}) ==
        Lines{"127.0.0.1 53 stream/6", "127.0.0.1 53 dgram/17"});
  CHECK(ask({.node = "127.0.0.1", .service = "ssh"}) == Lines{"127.0.0.1 22 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .service = "ntp", .type = SOCK_DGRAM}) == Lines{"127.0.0.1 123 dgram/17"});
}

TEST_CASE("netdb: a service's alias is as good as its name") {
  CHECK(ask({.node = "127.0.0.1", .service = "www"}) == Lines{"127.0.0.1 80 stream/6"});
}

TEST_CASE("netdb: a service that the type hasn't is EAI_SERVICE") {
  CHECK(ask({.node = "127.0.0.1", .service = "tftp"}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "ssh", .type = SOCK_DGRAM}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "ssh", .type = 0, .protocol = IPPROTO_UDP}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: an unknown service is EAI_SERVICE") {
  CHECK(ask({.node = "127.0.0.1", .service = "no-such-service"}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "no-such-service", .type = 0}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.service = "no-such-service"}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: service names are case-sensitive") {
  CHECK(ask({.node = "127.0.0.1", .service = "HTTP"}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: a port may stand behind blanks and a plus") {
  CHECK(ask({.node = "127.0.0.1", .service = " 80"}) == Lines{"127.0.0.1 80 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .service = "+80", .flags = AI_NUMERICSERV}) == Lines{"127.0.0.1 80 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .service = "0080"}) == Lines{"127.0.0.1 80 stream/6"});
}

TEST_CASE("netdb: a port with something behind it is a name") {
  CHECK(ask({.node = "127.0.0.1", .service = "80 "}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "80x"}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "0x50"}) == Lines{"EAI_SERVICE"});
  CHECK(ask({.node = "127.0.0.1", .service = "80x", .flags = AI_NUMERICSERV}) == Lines{"EAI_NONAME"});
}

TEST_CASE("netdb: a negative port is refused") {
  CHECK(ask({.node = "127.0.0.1", .service = "-1"}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: a port above 65535 is refused") {
  CHECK(ask({.node = "127.0.0.1", .service = "65535"}) == Lines{"127.0.0.1 65535 stream/6"});
  CHECK(ask({.node = "127.0.0.1", .service = "99999"}) ==
        DIFFERS_ON_WASI("glibc takes the low 16 bits and so another port; musl and the BSDs refuse it too",
                        Lines{"127.0.0.1 34463 stream/6"}, Lines{"EAI_SERVICE"}));
}

TEST_CASE("netdb: an empty service is port 0") {
  CHECK(ask({.node = "127.0.0.1", .service = ""}) == Lines{"127.0.0.1 0 stream/6"});
  CHECK(ask({.service = "", .family = AF_INET}) == Lines{"127.0.0.1 0 stream/6"});
}

TEST_CASE("netdb: a star is no host and no service") {
  CHECK(ask({.node = "127.0.0.1", .service = "*"}) == Lines{"127.0.0.1 0 stream/6"});
  CHECK(ask({.node = "*", .service = "80", .flags = AI_PASSIVE, .family = AF_INET}) == Lines{"0.0.0.0 80 stream/6"});
  CHECK(ask({.node = "*", .service = "*"}) == Lines{"EAI_NONAME"});
}

TEST_CASE("netdb: no host is IPv6 loopback, then IPv4 loopback") {
  CHECK(ask({.service = "80"}) == Lines{"::1 80 stream/6", "127.0.0.1 80 stream/6"});
  CHECK(ask({.service = "80", .family = AF_INET6}) == Lines{"::1 80 stream/6"});
}

TEST_CASE("netdb: no host with AI_PASSIVE is the IPv4 wildcard, then the IPv6 one") {
  CHECK(ask({.service = "80", .flags = AI_PASSIVE}) == Lines{"0.0.0.0 80 stream/6", ":: 80 stream/6"});
}

TEST_CASE("netdb: the wildcard isn't mapped") {
  CHECK(ask({.service = "80", .flags = AI_PASSIVE | AI_V4MAPPED | AI_ALL, .family = AF_INET6}) ==
        Lines{":: 80 stream/6"});
}

TEST_CASE("netdb: AI_PASSIVE says nothing about a host that is named") {
  CHECK(ask({.node = "127.0.0.1", .service = "80", .flags = AI_PASSIVE}) == Lines{"127.0.0.1 80 stream/6"});
  CHECK(ask({.node = "0.0.0.0", .service = "80"}) == Lines{"0.0.0.0 80 stream/6"});
  CHECK(ask({.node = "::", .service = "80"}) == Lines{":: 80 stream/6"});
}

// getaddrinfo() in detail: socket types, services, numeric forms, scopes, order and which error comes first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <string>
#include <vector>

#include "net.h"

using namespace conformance;

namespace {

std::string name_of(int code) {
  switch (code) {
#define CODE(name) \
  case name:       \
    return #name;
    CODE(EAI_ADDRFAMILY)
    CODE(EAI_AGAIN)
    CODE(EAI_BADFLAGS)
    CODE(EAI_FAIL)
    CODE(EAI_FAMILY)
    CODE(EAI_MEMORY)
    CODE(EAI_NODATA)
    CODE(EAI_NONAME)
    CODE(EAI_SERVICE)
    CODE(EAI_SOCKTYPE)
    CODE(EAI_SYSTEM)
#undef CODE
    default:
      return "code " + std::to_string(code);
  }
}

std::string entry_text(const addrinfo* entry) {
  char address[INET6_ADDRSTRLEN] = "?";
  int port = 0;
  std::string scope;
  if (entry->ai_family == AF_INET) {
    const auto* name = reinterpret_cast<const sockaddr_in*>(entry->ai_addr);
    inet_ntop(AF_INET, &name->sin_addr, address, sizeof address);
    port = ntohs(name->sin_port);
  } else {
    const auto* name = reinterpret_cast<const sockaddr_in6*>(entry->ai_addr);
    inet_ntop(AF_INET6, &name->sin6_addr, address, sizeof address);
    port = ntohs(name->sin6_port);
    if (name->sin6_scope_id != 0) scope = "%" + std::to_string(name->sin6_scope_id);
    if (name->sin6_flowinfo != 0) scope += " flow";
  }
  std::string type = "type " + std::to_string(entry->ai_socktype);
  if (entry->ai_socktype == SOCK_STREAM) type = "stream";
  if (entry->ai_socktype == SOCK_DGRAM) type = "dgram";
  if (entry->ai_socktype == SOCK_RAW) type = "raw";
  if (entry->ai_socktype == SOCK_SEQPACKET) type = "seqpacket";
  if (entry->ai_addr->sa_family != entry->ai_family) type += " of another family";
  return std::string(address) + scope + " " + std::to_string(port) + " " + type + "/" +
         std::to_string(entry->ai_protocol);
}

struct Question {
  const char* node = nullptr;
  const char* service = nullptr;
  int flags = 0;
  int family = AF_UNSPEC;
  int type = SOCK_STREAM;
  int protocol = 0;
};

using Lines = std::vector<std::string>;

// The answer as one line an entry, or the one line of the error's name.
Lines ask(const Question& question) {
  addrinfo hints{};
  hints.ai_flags = question.flags;
  hints.ai_family = question.family;
  hints.ai_socktype = question.type;
  hints.ai_protocol = question.protocol;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(question.node, question.service, &hints, &list);
  if (code != 0) return {name_of(code)};
  Lines lines;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    CHECK(entry->ai_flags == question.flags);
    CHECK(entry->ai_addrlen == size_of(entry->ai_family));
    lines.push_back(entry_text(entry));
  }
  freeaddrinfo(list);
  return lines;
}

Lines numeric(const char* text, int family = AF_UNSPEC, int flags = 0) {
  return ask({.node = text, .flags = AI_NUMERICHOST | flags, .family = family});
}

}  // namespace

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

TEST_CASE("netdb: a numeric address of the other family is EAI_ADDRFAMILY") {
  CHECK(numeric("127.0.0.1", AF_INET6) == Lines{"EAI_ADDRFAMILY"});
  CHECK(numeric("::1", AF_INET) == Lines{"EAI_ADDRFAMILY"});
  CHECK(numeric("::1", AF_INET, AI_V4MAPPED) == Lines{"EAI_ADDRFAMILY"});
}

TEST_CASE("netdb: AI_V4MAPPED maps a numeric IPv4 address") {
  CHECK(numeric("127.0.0.1", AF_INET6, AI_V4MAPPED) == Lines{"::ffff:127.0.0.1 0 stream/6"});
  CHECK(numeric("127.0.0.1", AF_INET6, AI_V4MAPPED | AI_ALL) == Lines{"::ffff:127.0.0.1 0 stream/6"});
  CHECK(numeric("127.0.0.1", AF_INET6, AI_ALL) == Lines{"EAI_ADDRFAMILY"});
  CHECK(numeric("127.0.0.1", AF_INET, AI_V4MAPPED) == Lines{"127.0.0.1 0 stream/6"});
}

TEST_CASE("netdb: a mapped address is an IPv4 address where one is asked for") {
  CHECK(numeric("::ffff:1.2.3.4", AF_INET) == Lines{"1.2.3.4 0 stream/6"});
  CHECK(numeric("::ffff:1.2.3.4") == Lines{"::ffff:1.2.3.4 0 stream/6"});
}

TEST_CASE("netdb: IPv4 addresses in all the forms of inet_aton") {
  for (const char* text : {"127.1", "127.0.1", "0x7f000001", "2130706433", "0177.0.0.1", "0x7F.0.0.0x1"}) {
    CAPTURE(text);
    CHECK(numeric(text) == Lines{"127.0.0.1 0 stream/6"});
  }
}

TEST_CASE("netdb: text that is nearly an IPv4 address is a name") {
  for (const char* text : {"", "127.0.0.256", "1.2.3.4.5", "127.0.0.1 ", "127.0.0.1.", "1..2", "4294967296", "08.1.1.1",
                           "127.0.0.1%1", "0x"}) {
    CAPTURE(text);
    CHECK(numeric(text) == Lines{"EAI_NONAME"});
  }
}

TEST_CASE("netdb: text that is nearly an IPv6 address is a name") {
  for (const char* text : {"[::1]", "::1 ", "1:2:3:4:5:6:7:8:9", "::12345", "::1.2.3", "1:2", "::ffff:1.2.3.256"}) {
    CAPTURE(text);
    CHECK(numeric(text) == Lines{"EAI_NONAME"});
  }
}

TEST_CASE("netdb: scope ids as numbers") {
  CHECK(numeric("fe80::1%1") == Lines{"fe80::1%1 0 stream/6"});
  CHECK(numeric("fe80::1%77") == Lines{"fe80::1%77 0 stream/6"});
  CHECK(numeric("fe80::1%4294967295") == Lines{"fe80::1%4294967295 0 stream/6"});
  CHECK(numeric("2001:db8::1%3") == Lines{"2001:db8::1%3 0 stream/6"});
  CHECK(numeric("::1%0") == Lines{"::1 0 stream/6"});
}

TEST_CASE("netdb: scope ids as names of interfaces, within a link only") {
  CHECK(numeric("fe80::1%lo") == Lines{"fe80::1%1 0 stream/6"});
  CHECK(numeric("ff02::1%lo") == Lines{"ff02::1%1 0 stream/6"});
  CHECK(numeric("2001:db8::1%lo") == Lines{"EAI_NONAME"});
}

TEST_CASE("netdb: a wrong scope id is EAI_NONAME") {
  for (const char* text : {"fe80::1%", "fe80::1%no-such-if", "fe80::1%4294967296", "fe80::1%1x"}) {
    CAPTURE(text);
    CHECK(numeric(text) == Lines{"EAI_NONAME"});
    CHECK(ask({.node = text}) == Lines{"EAI_NONAME"});
  }
}

TEST_CASE("netdb: without hints the answer says AI_V4MAPPED and AI_ADDRCONFIG") {
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo("127.0.0.1", "80", nullptr, &list) == 0);
  Lines lines;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    CHECK(entry->ai_flags == (AI_V4MAPPED | AI_ADDRCONFIG));
    lines.push_back(entry_text(entry));
  }
  CHECK(lines == Lines{"127.0.0.1 80 stream/6", "127.0.0.1 80 dgram/17", "127.0.0.1 80 raw/0"});
  freeaddrinfo(list);
}

TEST_CASE("netdb: the canonical name is as given, and on the first entry alone") {
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME | AI_NUMERICHOST;
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo("2130706433", nullptr, &hints, &list) == 0);
  REQUIRE(list->ai_canonname != nullptr);
  CHECK(std::string(list->ai_canonname) == "2130706433");
  REQUIRE(list->ai_next != nullptr);
  for (const addrinfo* entry = list->ai_next; entry != nullptr; entry = entry->ai_next)
    CHECK(entry->ai_canonname == nullptr);
  freeaddrinfo(list);
}

TEST_CASE("netdb: localhost in any case, with its canonical name") {
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  for (const char* name : {"localhost", "LocalHost"}) {
    CAPTURE(name);
    addrinfo* list = nullptr;
    REQUIRE(getaddrinfo(name, "7", &hints, &list) == 0);
    CHECK(entry_text(list) == "127.0.0.1 7 stream/6");
    REQUIRE(list->ai_canonname != nullptr);
    CHECK(std::string(list->ai_canonname) == "localhost");
    freeaddrinfo(list);
  }
}

TEST_CASE("netdb: the machine's own name is its own address") {
  char name[256];
  REQUIRE_OK(gethostname(name, sizeof name));
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo(name, nullptr, &hints, &list) == 0);
  CHECK(list->ai_canonname != nullptr);
  Fd fd(socket(list->ai_family, list->ai_socktype, list->ai_protocol));
  CHECK_OK(bind(fd, list->ai_addr, list->ai_addrlen));
  freeaddrinfo(list);
  CHECK(gethostbyname(name) != nullptr);
}

TEST_CASE("netdb: the first of several errors") {
  CHECK(ask({.flags = 0x8000000, .family = 99, .type = 77}) == Lines{"EAI_NONAME"});
  CHECK(ask({.node = "x", .flags = 0x8000000, .family = 99, .type = 77}) == Lines{"EAI_BADFLAGS"});
  CHECK(ask({.service = "80", .flags = AI_CANONNAME, .family = 99}) == Lines{"EAI_BADFLAGS"});
  CHECK(ask({.node = "x", .service = "y", .family = 99, .type = 77}) == Lines{"EAI_FAMILY"});
  CHECK(ask({.node = "x", .service = "y", .flags = AI_NUMERICSERV, .type = 77}) == Lines{"EAI_NONAME"});
  CHECK(ask({.node = "x", .service = "80", .flags = AI_NUMERICHOST, .type = 77}) == Lines{"EAI_SOCKTYPE"});
  CHECK(ask({.node = "x", .service = "no-such-service", .flags = AI_NUMERICHOST}) == Lines{"EAI_SERVICE"});
}

TEST_CASE("netdb: a name that can be none is refused") {
  const std::string longest(300, 'a');
  for (const char* name : {longest.c_str(), "\xff\xfe.invalid", "\xc3\x28.invalid", "a b.invalid"}) {
    CAPTURE(name);
    const Lines answer = ask({.node = name});
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].substr(0, 4) == "EAI_");
  }
}

TEST_CASE("netdb: an answer may be freed in parts, and nothing may be freed") {
  addrinfo hints{};
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo("127.0.0.1", "80", &hints, &list) == 0);
  addrinfo* rest = list->ai_next;
  REQUIRE(rest != nullptr);
  list->ai_next = nullptr;
  freeaddrinfo(list);
  CHECK(entry_text(rest) == "127.0.0.1 80 dgram/17");
  freeaddrinfo(rest);
#ifdef __wasi__
  freeaddrinfo(nullptr);  // ours takes it; POSIX doesn't say
#endif
}

namespace {

int code_of(const char* node, int family, int flags = 0) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(node, "80", &hints, &list);
  if (code == 0) freeaddrinfo(list);
  return code;
}

}  // namespace

TEST_CASE("netdb: of an IPv6 address with a scope that is none IPv4 sees the family") {
  for (const char* node : {"fe80::1%nosuch", "fe80::1%", "::1%lo", "2001:db8::1%lo"}) {
    INFO(node);
    CHECK(code_of(node, AF_INET) == EAI_ADDRFAMILY);
    CHECK(code_of(node, AF_INET6) == EAI_NONAME);
    CHECK(code_of(node, AF_UNSPEC) == EAI_NONAME);
  }
}

TEST_CASE("netdb: what resolvers elsewhere read as an address is no name") {
  for (const char* node : {"[::1]", "[127.0.0.1]", "0x", "1.", "127.0.0.1.", "1.2.3.4.5", "256.1.1.1", "08.1.1.1"}) {
    INFO(node);
    CHECK(code_of(node, AF_UNSPEC) == EAI_NONAME);
    CHECK(code_of(node, AF_INET) == EAI_NONAME);
  }
}

// getaddrinfo() in detail: numeric forms, scopes, canonical names, and which error comes first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <string>
#include <vector>

#include "net.h"
#include "netdb_help.h"

using namespace conformance;
using namespace netdb;

namespace {

Lines numeric(const char* text, int family = AF_UNSPEC, int flags = 0) {
  return ask({.node = text, .flags = AI_NUMERICHOST | flags, .family = family});
}

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

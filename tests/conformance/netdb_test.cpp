// getaddrinfo(), freeaddrinfo() and gai_strerror().
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netdb.h>

#include <vector>

#include "net.h"

using namespace conformance;

namespace {

struct Found {
  int code;
  addrinfo* list = nullptr;

  Found(const char* host, const char* service, const addrinfo& hints) {
    code = getaddrinfo(host, service, &hints, &list);
  }
  Found(const Found&) = delete;
  ~Found() {
    if (code == 0) freeaddrinfo(list);
  }
  int count() const {
    int n = 0;
    for (const addrinfo* at = list; at != nullptr; at = at->ai_next) ++n;
    return n;
  }
  Address address() const {
    Address a;
    a.length = list->ai_addrlen;
    std::memcpy(&a.storage, list->ai_addr, list->ai_addrlen);
    return a;
  }
};

addrinfo hints(int flags, int family = AF_UNSPEC, int type = SOCK_STREAM) {
  addrinfo made{};
  made.ai_flags = flags;
  made.ai_family = family;
  made.ai_socktype = type;
  return made;
}

const char* loopback_text(int family) { return family == AF_INET ? "127.0.0.1" : "::1"; }

}  // namespace

FAMILY_CASE("getaddrinfo: a numeric address and port") {
  Found f(loopback_text(family), "8080", hints(AI_NUMERICHOST | AI_NUMERICSERV));
  REQUIRE(f.code == 0);
  CHECK(f.count() == 1);
  CHECK(f.list->ai_family == family);
  CHECK(f.list->ai_socktype == SOCK_STREAM);
  CHECK(f.list->ai_protocol == IPPROTO_TCP);
  CHECK(f.list->ai_addrlen == size_of(family));
  CHECK(f.address() == Address::loopback(family, 8080));
}

FAMILY_CASE("getaddrinfo: a numeric address needs no flag") {
  Found f(loopback_text(family), nullptr, hints(0));
  REQUIRE(f.code == 0);
  CHECK(f.address() == Address::loopback(family, 0));
}

FAMILY_CASE("getaddrinfo: the result connects") {
  Bound l = listener(family);
  Found f(loopback_text(family), std::to_string(l.address.port()).c_str(), hints(AI_NUMERICHOST));
  REQUIRE(f.code == 0);
  Fd fd(socket(f.list->ai_family, f.list->ai_socktype, f.list->ai_protocol));
  CHECK_OK(connect(fd, f.list->ai_addr, f.list->ai_addrlen));
}

FAMILY_CASE("getaddrinfo: SOCK_DGRAM gives UDP") {
  Found f(loopback_text(family), "53", hints(AI_NUMERICHOST, family, SOCK_DGRAM));
  REQUIRE(f.code == 0);
  CHECK(f.list->ai_socktype == SOCK_DGRAM);
  CHECK(f.list->ai_protocol == IPPROTO_UDP);
}

FAMILY_CASE("getaddrinfo: without a type there is an entry for stream and for datagram") {
  Found f(loopback_text(family), "80", hints(AI_NUMERICHOST, family, 0));
  REQUIRE(f.code == 0);
  bool stream = false, datagram = false;
  for (const addrinfo* at = f.list; at != nullptr; at = at->ai_next) {
    stream = stream || (at->ai_socktype == SOCK_STREAM && at->ai_protocol == IPPROTO_TCP);
    datagram = datagram || (at->ai_socktype == SOCK_DGRAM && at->ai_protocol == IPPROTO_UDP);
  }
  CHECK(stream);
  CHECK(datagram);
}

FAMILY_CASE("getaddrinfo: AI_PASSIVE without a host gives the wildcard") {
  Found f(nullptr, "80", hints(AI_PASSIVE, family));
  REQUIRE(f.code == 0);
  CHECK(f.address() == Address::any(family, 80));
}

FAMILY_CASE("getaddrinfo: without AI_PASSIVE and a host it is loopback") {
  Found f(nullptr, "80", hints(0, family));
  REQUIRE(f.code == 0);
  CHECK(f.address() == Address::loopback(family, 80));
}

TEST_CASE("getaddrinfo: localhost resolves to loopback") {
  Found f("localhost", "80", hints(0, AF_INET));
  REQUIRE(f.code == 0);
  CHECK(f.address() == Address::loopback(AF_INET, 80));
}

TEST_CASE("getaddrinfo: an address of the other family gives an error") {
  Found six("::1", nullptr, hints(AI_NUMERICHOST, AF_INET));
  CHECK((six.code == EAI_ADDRFAMILY || six.code == EAI_NONAME));
  Found four("127.0.0.1", nullptr, hints(AI_NUMERICHOST, AF_INET6));
  CHECK((four.code == EAI_ADDRFAMILY || four.code == EAI_NONAME));
}

TEST_CASE("getaddrinfo: AI_NUMERICHOST refuses a name") {
  Found f("localhost", nullptr, hints(AI_NUMERICHOST));
  CHECK(f.code == EAI_NONAME);
}

TEST_CASE("getaddrinfo: AI_NUMERICSERV refuses a service name") {
  Found f("127.0.0.1", "http", hints(AI_NUMERICSERV));
  CHECK(f.code == EAI_NONAME);
}

TEST_CASE("getaddrinfo: neither host nor service gives EAI_NONAME") {
  Found f(nullptr, nullptr, hints(0));
  CHECK(f.code == EAI_NONAME);
}

TEST_CASE("getaddrinfo: an unknown family gives EAI_FAMILY") {
  Found f("127.0.0.1", nullptr, hints(0, 12345));
  CHECK(f.code == EAI_FAMILY);
}

TEST_CASE("getaddrinfo: unknown flags give EAI_BADFLAGS") {
  Found f("127.0.0.1", nullptr, hints(0x40000000));
  CHECK(f.code == EAI_BADFLAGS);
}

TEST_CASE("getaddrinfo: AI_CANONNAME without a host gives EAI_BADFLAGS") {
  Found f(nullptr, "80", hints(AI_CANONNAME));
  CHECK(f.code == EAI_BADFLAGS);
}

TEST_CASE("getaddrinfo: AI_CANONNAME of a number is the number") {
  Found f("127.0.0.1", "80", hints(AI_CANONNAME | AI_NUMERICHOST));
  REQUIRE(f.code == 0);
  REQUIRE(f.list->ai_canonname != nullptr);
  CHECK(std::string(f.list->ai_canonname) == "127.0.0.1");
}

TEST_CASE("getaddrinfo: a type that doesn't exist gives an error") {
  Found f("127.0.0.1", "80", hints(0, AF_INET, 77));
  CHECK((f.code == EAI_SOCKTYPE || f.code == EAI_SERVICE));
}

TEST_CASE("getaddrinfo: a type and a protocol that don't fit give an error") {
  addrinfo wrong = hints(AI_NUMERICHOST, AF_INET, SOCK_STREAM);
  wrong.ai_protocol = IPPROTO_UDP;
  Found f("127.0.0.1", "80", wrong);
  CHECK((f.code == EAI_SOCKTYPE || f.code == EAI_SERVICE));
}

TEST_CASE("getaddrinfo: no hints at all") {
  addrinfo* list = nullptr;
  REQUIRE(getaddrinfo("127.0.0.1", "80", nullptr, &list) == 0);
  REQUIRE(list != nullptr);
  CHECK(list->ai_family == AF_INET);
  freeaddrinfo(list);
}

TEST_CASE("getaddrinfo: a name under .invalid doesn't resolve") {
  Found f("no-such-host.invalid", "80", hints(0));
  CHECK((f.code == EAI_NONAME || f.code == EAI_AGAIN || f.code == EAI_FAIL));
}

TEST_CASE("getaddrinfo: text that is no address and no name doesn't resolve") {
  for (const char* text : {"300.1.2.3.4", "1.2.3.4.5", ":::", "::1::2", "a b"}) {
    CAPTURE(text);
    Found f(text, nullptr, hints(AI_NUMERICHOST));
    CHECK(f.code == EAI_NONAME);
  }
}

TEST_CASE("getaddrinfo: IPv6 text in its many forms") {
  for (const char* text : {"::1", "0:0:0:0:0:0:0:1", "0000:0000::0001"}) {
    CAPTURE(text);
    Found f(text, "7", hints(AI_NUMERICHOST));
    REQUIRE(f.code == 0);
    CHECK(f.address() == Address::loopback(AF_INET6, 7));
  }
}

TEST_CASE("getaddrinfo: a port out of range isn't taken for a number") {
  Found f("127.0.0.1", "99999", hints(AI_NUMERICSERV));
  CHECK((f.code == 0 || f.code == EAI_SERVICE || f.code == EAI_NONAME));
}

TEST_CASE("gai_strerror: each code has a text of its own") {
  std::vector<std::string> texts;
  for (int code :
       {EAI_AGAIN, EAI_BADFLAGS, EAI_FAIL, EAI_FAMILY, EAI_MEMORY, EAI_NONAME, EAI_SERVICE, EAI_SOCKTYPE, EAI_SYSTEM}) {
    const char* text = gai_strerror(code);
    REQUIRE(text != nullptr);
    CHECK(text[0] != '\0');
    for (const std::string& other : texts) CHECK(other != text);
    texts.emplace_back(text);
  }
  CHECK(gai_strerror(12345) != nullptr);
}

TEST_CASE("gai_strerror: the texts") {
  CHECK(std::string(gai_strerror(EAI_BADFLAGS)) == "Bad value for ai_flags");
  CHECK(std::string(gai_strerror(EAI_NONAME)) == "Name or service not known");
  CHECK(std::string(gai_strerror(EAI_AGAIN)) == "Temporary failure in name resolution");
  CHECK(std::string(gai_strerror(EAI_FAIL)) == "Non-recoverable failure in name resolution");
  CHECK(std::string(gai_strerror(EAI_FAMILY)) == "ai_family not supported");
  CHECK(std::string(gai_strerror(EAI_SOCKTYPE)) == "ai_socktype not supported");
  CHECK(std::string(gai_strerror(EAI_SERVICE)) == "Servname not supported for ai_socktype");
  CHECK(std::string(gai_strerror(EAI_MEMORY)) == "Memory allocation failure");
  CHECK(std::string(gai_strerror(EAI_SYSTEM)) == "System error");
  // These are extensions, whose numbers glibc's header gives to GNU programs.
  CHECK(std::string(gai_strerror(-5)) == "No address associated with hostname");
  CHECK(std::string(gai_strerror(-9)) == "Address family for hostname not supported");
  CHECK(std::string(gai_strerror(-100)) == "Processing request in progress");
  CHECK(std::string(gai_strerror(-101)) == "Request canceled");
  CHECK(std::string(gai_strerror(-102)) == "Request not canceled");
  CHECK(std::string(gai_strerror(-103)) == "All requests done");
  CHECK(std::string(gai_strerror(-104)) == "Interrupted by a signal");
  CHECK(std::string(gai_strerror(-105)) == "Parameter string not correctly encoded");
  for (int code : {0, EAI_OVERFLOW, 12345}) CHECK(std::string(gai_strerror(code)) == "Unknown error");
}

// getaddrinfo over a fake host: the resolver's answers and errors, AI_ADDRCONFIG, the order, and every way to run
// out of memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <netdb.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <string>
#include <vector>

#include "allocation.h"
#include "fake_resolver.h"
#include "netdb_help.h"

using namespace netdb_help;

namespace {

std::string text_of(const sockaddr* name) {
  char text[64] = "?";
  if (name->sa_family == AF_INET) inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(name)->sin_addr, text, 64);
  if (name->sa_family == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(name)->sin6_addr, text, 64);
  return text;
}

// The addresses of the answer, or the one error as text.
Texts ask(const char* name, int flags = 0, int family = AF_UNSPEC) {
  addrinfo hints{};
  hints.ai_flags = flags;
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = __wrap_getaddrinfo(name, "80", &hints, &list);
  if (error != 0) {
    CHECK(list == nullptr);
    return {std::to_string(error)};
  }
  Texts found;
  for (addrinfo* at = list; at != nullptr; at = at->ai_next) found.push_back(text_of(at->ai_addr));
  __wrap_freeaddrinfo(list);
  return found;
}

}  // namespace

TEST_CASE("getaddrinfo: the resolver's order is kept") {
  Fresh fresh;
  answer("a.test", {"192.0.2.1", "2001:db8::1", "192.0.2.2", "::1"});
  CHECK(ask("a.test") == Texts{"192.0.2.1", "2001:db8::1", "192.0.2.2", "::1"});
  CHECK(host().sockets_created == 0);
}

TEST_CASE("getaddrinfo: waits for the answer") {
  Fresh fresh;
  answer("a.test", {"192.0.2.1"});
  host().names["a.test"].pending = 3;
  CHECK(ask("a.test") == Texts{"192.0.2.1"});
  CHECK(host().waits == 3);
}

TEST_CASE("getaddrinfo: one family of the resolver's answer") {
  Fresh fresh;
  answer("a.test", {"192.0.2.1", "2001:db8::1"});
  CHECK(ask("a.test", 0, AF_INET) == Texts{"192.0.2.1"});
  CHECK(ask("a.test", 0, AF_INET6) == Texts{"2001:db8::1"});
}

TEST_CASE("getaddrinfo: a name without an address of the family has no data") {
  Fresh fresh;
  answer("four.test", {"192.0.2.1"});
  host().names["empty.test"] = {};
  CHECK(ask("four.test", 0, AF_INET6) == error(EAI_NODATA));
  CHECK(ask("empty.test") == error(EAI_NONAME));
}

TEST_CASE("getaddrinfo: each of the resolver's errors") {
  struct Row {
    ErrorCode code;
    int eai;
    int error;
  };
  const bool immediate = GENERATE(false, true);
  const Row row =
      GENERATE(Row{ErrorCode::name_unresolvable, EAI_NONAME, 0}, Row{ErrorCode::invalid_argument, EAI_NONAME, 0},
               Row{ErrorCode::temporary_resolver_failure, EAI_AGAIN, 0}, Row{ErrorCode::timeout, EAI_AGAIN, 0},
               Row{ErrorCode::permanent_resolver_failure, EAI_FAIL, 0}, Row{ErrorCode::out_of_memory, EAI_MEMORY, 0},
               Row{ErrorCode::access_denied, EAI_SYSTEM, EACCES}, Row{ErrorCode::unknown, EAI_SYSTEM, EIO},
               Row{ErrorCode::not_supported, EAI_SYSTEM, EOPNOTSUPP});
  Fresh fresh;
  fake::Answer& failing = host().names["a.test"];
  (immediate ? failing.immediate_error : failing.error) = row.code;
  errno = 0;
  CHECK(ask("a.test") == error(row.eai));
  CHECK(errno == row.error);
}

TEST_CASE("getaddrinfo: an error after some addresses is an error") {
  Fresh fresh;
  answer("a.test", {"192.0.2.1"});
  host().names["a.test"].error = ErrorCode::temporary_resolver_failure;
  host().names["a.test"].pending = 1;
  CHECK(ask("a.test") == error(EAI_AGAIN));
}

TEST_CASE("getaddrinfo: AI_V4MAPPED and AI_ALL") {
  Fresh fresh;
  answer("four.test", {"192.0.2.1"});
  answer("both.test", {"192.0.2.1", "2001:db8::1"});
  CHECK(ask("four.test", AI_V4MAPPED, AF_INET6) == Texts{"::ffff:192.0.2.1"});
  CHECK(ask("both.test", AI_V4MAPPED, AF_INET6) == Texts{"2001:db8::1"});
  CHECK(ask("both.test", AI_V4MAPPED | AI_ALL, AF_INET6) == Texts{"::ffff:192.0.2.1", "2001:db8::1"});
  CHECK(ask("both.test", AI_ALL, AF_INET6) == Texts{"2001:db8::1"});
  CHECK(ask("both.test", AI_V4MAPPED | AI_ALL) == Texts{"192.0.2.1", "2001:db8::1"});
}

TEST_CASE("getaddrinfo: AI_ADDRCONFIG leaves out a family that the machine hasn't") {
  Fresh fresh;
  answer("both.test", {"2001:db8::1", "192.0.2.1", "2001:db8::2"});
  answer("six.test", {"2001:db8::1"});
  CHECK(ask("both.test", AI_ADDRCONFIG) == Texts{"2001:db8::1", "192.0.2.1", "2001:db8::2"});
  host().families_refused[Family::ipv6] = ErrorCode::not_supported;
  CHECK(ask("both.test", AI_ADDRCONFIG) == Texts{"192.0.2.1"});
  CHECK(ask("six.test", AI_ADDRCONFIG) == error(EAI_NODATA));
  CHECK(ask("both.test") == Texts{"2001:db8::1", "192.0.2.1", "2001:db8::2"});
}

TEST_CASE("getaddrinfo: AI_ADDRCONFIG believes a host that doesn't let it ask") {
  Fresh fresh;
  answer("both.test", {"2001:db8::1", "192.0.2.1"});
  host().unrouted = ErrorCode::access_denied;
  CHECK(ask("both.test", AI_ADDRCONFIG) == Texts{"2001:db8::1", "192.0.2.1"});
}

TEST_CASE("getaddrinfo: no hints are AI_V4MAPPED and AI_ADDRCONFIG") {
  Fresh fresh;
  answer("both.test", {"2001:db8::1", "192.0.2.1"});
  host().families_refused[Family::ipv6] = ErrorCode::not_supported;
  addrinfo* list = nullptr;
  REQUIRE(__wrap_getaddrinfo("both.test", nullptr, nullptr, &list) == 0);
  CHECK(list->ai_flags == (AI_V4MAPPED | AI_ADDRCONFIG));
  CHECK(list->ai_family == AF_INET);
  __wrap_freeaddrinfo(list);
}

TEST_CASE("getaddrinfo: loopback of both families, sorted by what can be reached") {
  Fresh fresh;
  CHECK(ask(nullptr) == Texts{"::1", "127.0.0.1"});
  CHECK(ask("x.localhost") == Texts{"::1", "127.0.0.1"});
  host().families_refused[Family::ipv6] = ErrorCode::not_supported;
  CHECK(ask(nullptr) == Texts{"127.0.0.1", "::1"});
  CHECK(ask("x.localhost") == Texts{"127.0.0.1", "::1"});
  CHECK(host().asked.empty());
}

TEST_CASE("getaddrinfo: one family of loopback asks nobody") {
  Fresh fresh;
  CHECK(ask("x.localhost", 0, AF_INET6) == Texts{"::1"});
  CHECK(ask(nullptr, 0, AF_INET) == Texts{"127.0.0.1"});
  CHECK(ask(nullptr, AI_PASSIVE) == Texts{"0.0.0.0", "::"});
  CHECK(host().sockets_created == 0);
}

TEST_CASE("getaddrinfo: numbers and impossible names never reach the resolver") {
  Fresh fresh;
  CHECK(ask("192.0.2.1") == Texts{"192.0.2.1"});
  CHECK(ask("fe80::1%nothing") == error(EAI_NONAME));
  CHECK(ask("") == error(EAI_NONAME));
  CHECK(ask("\xff.test") == error(EAI_NONAME));
  CHECK(ask("a b.test") == error(EAI_NONAME));
  CHECK(ask(std::string(64, 'a').c_str()) == error(EAI_NONAME));
  CHECK(ask(std::string(255, 'a').c_str()) == error(EAI_NONAME));
  CHECK(host().asked.empty());
  CHECK(ask(std::string(63, 'a').c_str()) == error(EAI_NONAME));
  CHECK(host().asked.size() == 1);
}

TEST_CASE("getaddrinfo: a null result is refused") {
  Fresh fresh;
  CHECK(__wrap_getaddrinfo("192.0.2.1", "80", nullptr, nullptr) == EAI_SYSTEM);
  CHECK(errno == EFAULT);
}

TEST_CASE("getaddrinfo: parts of the answer can be freed apart") {
  Fresh fresh;
  answer("a.test", {"192.0.2.1", "192.0.2.2", "192.0.2.3"});
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  REQUIRE(__wrap_getaddrinfo("a.test", nullptr, &hints, &list) == 0);
  CHECK(std::string(list->ai_canonname) == "a.test");
  addrinfo* rest = list->ai_next;
  list->ai_next = nullptr;
  CHECK(rest->ai_canonname == nullptr);
  __wrap_freeaddrinfo(list);
  __wrap_freeaddrinfo(rest);
  __wrap_freeaddrinfo(nullptr);
}

TEST_CASE("getaddrinfo: each missing piece of memory is EAI_MEMORY and nothing leaks") {
  struct Question {
    const char* name;
    int flags;
    int family;
  };
  const Question question = GENERATE(
      Question{"a.test", AI_CANONNAME | AI_ADDRCONFIG, AF_UNSPEC}, Question{"a.test", AI_V4MAPPED | AI_ALL, AF_INET6},
      Question{"192.0.2.1", AI_CANONNAME, AF_UNSPEC}, Question{"x.localhost", AI_CANONNAME, AF_UNSPEC},
      Question{nullptr, 0, AF_UNSPEC}, Question{nullptr, AI_PASSIVE, AF_UNSPEC});
  host() = {};
  answer("a.test", {"192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3", "2001:db8::2", "2001:db8::3"});
  host().names["a.test"].pending = 1;
  int failures = 0;
  for (int at = 1;; ++at) {
    const int live = allocation::live();
    allocation::fail_at(at);
    addrinfo hints{};
    hints.ai_flags = question.flags;
    hints.ai_family = question.family;
    addrinfo* list = nullptr;
    const int result = __wrap_getaddrinfo(question.name, "80", &hints, &list);
    allocation::fail_at(0);
    if (result == 0) __wrap_freeaddrinfo(list);
    CHECK(host().handles == 0);
    CHECK(allocation::live() == live);
    CHECK(result == (allocation::failed() ? EAI_MEMORY : 0));
    if (!allocation::failed()) break;
    ++failures;
  }
  CHECK(failures >= 3);
}

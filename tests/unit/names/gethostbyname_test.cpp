// gethostbyname and its kin over a fake host: the resolver's answers and errors.
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

TEST_CASE("gethostbyname: the resolver's errors in h_errno") {
  struct Row {
    ErrorCode code;
    int h_error;
  };
  const Row row =
      GENERATE(Row{ErrorCode::name_unresolvable, HOST_NOT_FOUND}, Row{ErrorCode::temporary_resolver_failure, TRY_AGAIN},
               Row{ErrorCode::permanent_resolver_failure, NO_RECOVERY}, Row{ErrorCode::access_denied, NETDB_INTERNAL});
  Fresh fresh;
  host().names["a.test"].error = row.code;
  errno = 0;
  CHECK(__wrap_gethostbyname("a.test") == nullptr);
  CHECK(h_errno == row.h_error);
  CHECK(errno == (row.h_error == NETDB_INTERNAL ? EACCES : 0));
}

TEST_CASE("gethostbyname: all addresses of the one family") {
  host() = {};
  answer("a.test", {"192.0.2.1", "2001:db8::1", "192.0.2.2"});
  const hostent* four = __wrap_gethostbyname("a.test");
  REQUIRE(four != nullptr);
  CHECK(std::string(four->h_name) == "a.test");
  CHECK(four->h_addrtype == AF_INET);
  CHECK(std::string(four->h_addr_list[1], 4) == std::string("\xc0\x00\x02\x02", 4));
  CHECK(four->h_addr_list[2] == nullptr);
  const hostent* six = __wrap_gethostbyname2("a.test", AF_INET6);
  REQUIRE(six != nullptr);
  CHECK(six->h_length == 16);
  CHECK(six->h_addr_list[1] == nullptr);
  CHECK(host().handles == 0);
}

TEST_CASE("gethostbyname: more addresses than the static buffer first holds") {
  host() = {};
  for (int i = 0; i < 500; ++i)
    host().names["many.test"].addresses.push_back(
        address(("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)).c_str()));
  const hostent* many = __wrap_gethostbyname("many.test");
  REQUIRE(many != nullptr);
  int count = 0;
  while (many->h_addr_list[count] != nullptr) ++count;
  CHECK(count == 500);
  CHECK(host().handles == 0);
}

TEST_CASE("gethostbyname_r: a temporary failure is EAGAIN") {
  Fresh fresh;
  host().names["a.test"].error = ErrorCode::temporary_resolver_failure;
  hostent entry, *result = &entry;
  char buffer[256];
  int h_error = 0;
  CHECK(__wrap_gethostbyname_r("a.test", &entry, buffer, sizeof buffer, &result, &h_error) == EAGAIN);
  CHECK(result == nullptr);
  CHECK(h_error == TRY_AGAIN);
}

TEST_CASE("gethostbyaddr: an address without a name") {
  Fresh fresh;
  const fake::SocketAddress unknown = address("192.0.2.77");
  CHECK(__wrap_gethostbyaddr(unknown.bytes, 4, AF_INET) == nullptr);
  CHECK(h_errno == HOST_NOT_FOUND);
}

TEST_CASE("getnameinfo: a null address or a short one is refused") {
  Fresh fresh;
  char text[64];
  sockaddr_in name{};
  name.sin_family = AF_INET;
  const auto* generic = reinterpret_cast<const sockaddr*>(&name);
  CHECK(__wrap_getnameinfo(nullptr, 16, text, sizeof text, nullptr, 0, 0) == EAI_FAMILY);
  for (socklen_t length = 0; length < sizeof name; ++length)
    CHECK(__wrap_getnameinfo(generic, length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == EAI_FAMILY);
  CHECK(__wrap_getnameinfo(generic, sizeof name, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0);
  CHECK(std::string(text) == "0.0.0.0");
}

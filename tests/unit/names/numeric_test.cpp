// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/numeric.h"

#include <catch_amalgamated.hpp>
#include <string>

#include "fake_resolver.h"

using namespace posix_sockets;

namespace {

std::string parsed(const char* text) {
  SocketAddress address;
  switch (parse_numeric(text, address)) {
    case Numeric::not_numeric:
      return "no";
    case Numeric::bad_scope:
      return "bad scope";
    case Numeric::address:
      break;
  }
  return fake::text(address) + (address.scope_id != 0 ? " " + std::to_string(address.scope_id) : "");
}

std::string formatted(const char* text, std::uint32_t scope, bool numeric_scope = false) {
  SocketAddress address = fake::address(text);
  address.scope_id = scope;
  char out[numeric_size];
  format_numeric(address, numeric_scope, out);
  return out;
}

}  // namespace

TEST_CASE("numeric: IPv4 in the forms of inet_aton") {
  CHECK(parsed("127.0.0.1") == "127.0.0.1");
  CHECK(parsed("127.1") == "127.0.0.1");
  CHECK(parsed("1.2.3") == "1.2.0.3");
  CHECK(parsed("1.2.65535") == "1.2.255.255");
  CHECK(parsed("1.16777215") == "1.255.255.255");
  CHECK(parsed("2130706433") == "127.0.0.1");
  CHECK(parsed("0x7f.0.0.1") == "127.0.0.1");
  CHECK(parsed("0XFFFFFFFF") == "255.255.255.255");
  CHECK(parsed("0177.0.0.01") == "127.0.0.1");
  CHECK(parsed("0") == "0.0.0.0");
}

TEST_CASE("numeric: what isn't an IPv4 address") {
  for (const char* text : {"",
                           ".",
                           "1.",
                           ".1",
                           "1..2",
                           "256.0.0.1",
                           "1.256.0.1",
                           "1.2.65536",
                           "1.16777216",
                           "4294967296",
                           "99999999999999999999",
                           "1.2.3.4.5",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.4x",
                           "08",
                           "0x",
                           "0x1g",
                           "1.2.3.-4",
                           "+1.2.3.4",
                           "a",
                           "localhost"}) {
    CAPTURE(text);
    CHECK(parsed(text) == "no");
  }
}

TEST_CASE("numeric: IPv6 with and without scope") {
  CHECK(parsed("::1") == "::1");
  CHECK(parsed("2001:db8::1") == "2001:db8::1");
  CHECK(parsed("fe80::1%7") == "fe80::1 7");
  CHECK(parsed("fe80::1%4294967295") == "fe80::1 4294967295");
  CHECK(parsed("2001:db8::1%3") == "2001:db8::1 3");
  CHECK(parsed("::1%0") == "::1");
}

TEST_CASE("numeric: an interface's name is the scope of link-local addresses only") {
  CHECK(parsed("fe80::1%lo") == "fe80::1 1");
  CHECK(parsed("ff02::1%lo") == "ff02::1 1");
  CHECK(parsed("2001:db8::1%lo") == "bad scope");
}

TEST_CASE("numeric: a wrong scope") {
  for (const char* text : {"fe80::1%", "fe80::1%none", "fe80::1%4294967296", "fe80::1%1x", "fe80::1%-1"}) {
    CAPTURE(text);
    CHECK(parsed(text) == "bad scope");
  }
}

TEST_CASE("numeric: what isn't an IPv6 address") {
  for (const char* text : {":", ":::", "1::2::3", "12345::", "::1 ", "[::1]", "%1", "127.0.0.1%1",
                           "0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
    CAPTURE(text);
    CHECK(parsed(text) == "no");
  }
}

TEST_CASE("numeric: writes addresses with their scope") {
  CHECK(formatted("127.0.0.1", 0) == "127.0.0.1");
  CHECK(formatted("2001:db8::1", 0) == "2001:db8::1");
  CHECK(formatted("2001:db8::1", 5) == "2001:db8::1%5");
  CHECK(formatted("fe80::1", 1) == "fe80::1%lo");
  CHECK(formatted("fe80::1", 1, true) == "fe80::1%1");
  CHECK(formatted("fe80::1", 4000000000) == "fe80::1%4000000000");
  CHECK(formatted("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 4294967295).size() < numeric_size);
}

TEST_CASE("numeric: decimal numbers") {
  for (std::uint32_t value : {0u, 1u, 10u, 65535u, 4294967295u}) {
    char text[11];
    CHECK(format_decimal(value, text) == text + std::to_string(value).size());
    CHECK(std::string(text) == std::to_string(value));
  }
}

TEST_CASE("numeric: mapped addresses there and back") {
  const SocketAddress address = fake::address("192.0.2.7", 80);
  CHECK(fake::text(to_mapped(address)) == "::ffff:192.0.2.7");
  CHECK(to_mapped(address).is_ipv4_mapped());
  CHECK(from_mapped(to_mapped(address)) == address);
}

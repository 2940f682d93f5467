// Names and addresses of DNS: the query of a name, which names are host names, and the addresses in a reply.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/dns_message.h"

#include <catch_amalgamated.hpp>
#include <memory>
#include <random>
#include <string>

#include "allocation.h"
#include "dns_help.h"
#include "fake_resolver.h"

using namespace posix_sockets;
using dns::Query;
using dns::Reply;

using namespace dns_help;

TEST_CASE("dns: the query of a name") {
  const Query four = dns::make_query("www.Example.", 12, Family::ipv4, 7);
  CHECK(std::string(reinterpret_cast<const char*>(four.bytes), four.size) ==
        number(7) + number(0x0100) + number(1) + std::string(6, '\0') + labels("www.Example") + number(1) + number(1));
  CHECK(dns::make_query("a", 1, Family::ipv6, 7).bytes[12 + 3 + 1] == 28);
  std::string longest;
  for (int i = 0; i < 4; ++i) longest += std::string(i == 3 ? 61 : 63, 'x') + ".";
  REQUIRE(longest.size() == 254);
  CHECK(dns::is_host_name(longest.data(), longest.size()));
  Query large = dns::make_query(longest.data(), longest.size(), Family::ipv6, 7);
  dns::allow_size(large, 1200);
  CHECK(large.size == sizeof large.bytes);
  CHECK(large.bytes[11] == 1);
}

TEST_CASE("dns: which names are host names") {
  for (const std::string name : {"a", "a.", "a-b_c.0", "_a", "a-", "a.-b", "x.123", "node.1", "1.2.3.4.5", "xn--a.b"})
    CHECK(dns::is_host_name(name.data(), name.size()));
  for (const std::string name : {"", ".", "..", "a..b", ".a", "a..", "-a", "a b", "a*", "a\\.b", "a:b", "[a]",
                                 "b\xfc"
                                 "r",
                                 "a%41"})
    CHECK_FALSE(dns::is_host_name(name.data(), name.size()));
  CHECK_FALSE(dns::is_host_name(std::string(64, 'a').data(), 64));
  std::string long_name;
  while (long_name.size() < 254) long_name += "aa.";
  CHECK_FALSE(dns::is_host_name(long_name.data(), 254));
}

// What is found for a name: its names, and its addresses.
static std::string read_addresses(const std::string& answers, unsigned count, Family family = Family::ipv4) {
  const Query asked = dns::make_query("www.test", 8, family, 0x1234);
  const std::string its_question(reinterpret_cast<const char*>(asked.bytes) + 12, asked.size - 12);
  const std::string message =
      number(0x1234) + number(0x8180) + number(1) + number(count) + number(0) + number(0) + its_question + answers;
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[message.size()]);
  std::copy(message.begin(), message.end(), exact.get());
  Host host;
  const Reply outcome = dns::read_reply(exact.get(), message.size(), asked, true, host);
  if (outcome != Reply::found) return std::to_string(static_cast<int>(outcome));
  std::string all = host.name() != nullptr ? host.name() : "?";
  for (const char* alias = host.aliases(); *alias != '\0'; alias = next_word(alias)) all += std::string(" ") + alias;
  for (const SocketAddress& address : host.addresses) all += " " + fake::text(address);
  return all;
}

TEST_CASE("dns: the addresses of a name") {
  const std::string one = record("@12", 1, std::string("\xc0\0\2\1", 4));
  const std::string two = record("www.TEST", 1, std::string("\xc0\0\2\2", 4));
  const std::string six = record("@12", 28, std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\1");
  const std::string no_use = std::to_string(static_cast<int>(Reply::no_use));
  CHECK(read_addresses(one + two, 2) == "www.test 192.0.2.1 192.0.2.2");
  CHECK(read_addresses(six + one, 2) == "www.test 192.0.2.1");
  CHECK(read_addresses(six + one, 2, Family::ipv6) == "www.test 2001:db8::1");
  CHECK(read_addresses(record("other.test", 1, "\1\1\1\1") + two, 2) == "www.test 192.0.2.2");
  CHECK(read_addresses(record("@12", 1, "\1\1\1\1", 3) + two, 2) == "www.test 192.0.2.2");
  CHECK(read_addresses(record("@12", 1, "\1\1\1\1\1") + record("@12", 1, "\1\1\1"), 2) == no_use);
  CHECK(read_addresses(record("@12", txt, "\1x"), 1) == no_use);
}

TEST_CASE("dns: aliases on the way to an address") {
  const std::string no_use = std::to_string(static_cast<int>(Reply::no_use));
  const std::string alias = record("@12", cname, labels("web.test"));
  const std::string second = record("web.test", cname, labels("host.test"));
  const std::string address = record("host.test", 1, "\1\2\3\4");
  CHECK(read_addresses(alias + second + address, 3) == "host.test www.test web.test 1.2.3.4");
  CHECK(read_addresses(alias + second, 2) == no_use);
  CHECK(read_addresses(alias + record("web.test", cname, labels("www.test")), 2) == no_use);
  CHECK(read_addresses(record("@12", cname, labels("a b.test")) + record("a b.test", 1, "\1\2\3\4"), 2) ==
        "www.test 1.2.3.4");
  CHECK(read_addresses(record("@12", cname, labels("1.2.3.4")) + record("1.2.3.4", 1, "\1\2\3\4"), 2) ==
        "www.test 1.2.3.4");
  // A loop of pointers in the name of the alias.
  CHECK(read_addresses(record("@12", cname, "\xc0\x26"), 1) == std::to_string(static_cast<int>(Reply::failure)));
}

TEST_CASE("dns: without memory the reply says so") {
  const std::string message = reply(record("@12", ptr, labels("one.example")), 1);
  const int live = allocation::live();
  {
    Host host;
    allocation::fail_at(1);
    const Reply outcome =
        dns::read_reply(reinterpret_cast<const uint8_t*>(message.data()), message.size(), query, true, host);
    allocation::fail_at(0);
    CHECK(allocation::failed());
    CHECK(outcome == Reply::out_of_memory);
  }
  CHECK(allocation::live() == live);
}

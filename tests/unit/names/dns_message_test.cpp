// Queries byte by byte, and replies: right ones, wrong ones, and a great many damaged ones.
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

namespace {

// The outcome, and the name that was found.
std::string read(const std::string& message, bool may_be_cut = true, const Query& of = query) {
  // A block of just this size, so that a sanitizer sees what reads beyond.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[message.size()]);
  std::copy(message.begin(), message.end(), exact.get());
  Host host;
  const Reply outcome = dns::read_reply(exact.get(), message.size(), of, may_be_cut, host);
  static constexpr const char* texts[] = {"found",          "no such name", "no records", "no use",       "truncated",
                                          "server failure", "failure",      "unrelated",  "out of memory"};
  const std::string text = texts[static_cast<int>(outcome)];
  CHECK((host.name() != nullptr) == (outcome == Reply::found));
  return host.name() != nullptr ? host.name() : text;
}

}  // namespace

TEST_CASE("dns: the query of an IPv4 address") {
  const std::string expected = number(0x1234) + number(0x0100) + number(1) + std::string(6, '\0') +
                               labels("1.2.0.192.in-addr.arpa") + number(ptr) + number(1);
  CHECK(std::string(reinterpret_cast<const char*>(query.bytes), query.size) == expected);
  const Query largest = dns::make_reverse_query(fake::address("255.255.255.255"), 0);
  CHECK(std::string(reinterpret_cast<const char*>(largest.bytes) + 12, largest.size - 16) ==
        labels("255.255.255.255.in-addr.arpa"));
}

TEST_CASE("dns: the query of an IPv6 address, and of a mapped one") {
  const Query six = dns::make_reverse_query(fake::address("2001:db8::567:89ab"), 1);
  REQUIRE(six.size <= sizeof six.bytes);
  CHECK(std::string(reinterpret_cast<const char*>(six.bytes) + 12, six.size - 16) ==
        labels("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"));
  const Query mapped = dns::make_reverse_query(fake::address("::ffff:192.0.2.1"), 0x1234);
  CHECK(std::string(reinterpret_cast<const char*>(mapped.bytes), mapped.size) ==
        std::string(reinterpret_cast<const char*>(query.bytes), query.size));
}

TEST_CASE("dns: a name, with and without compression") {
  CHECK(read(reply(record("@12", ptr, labels("one.example")), 1)) == "one.example");
  CHECK(read(reply(record("1.2.0.192.in-addr.arpa", ptr, labels("one.example")), 1)) == "one.example");
  CHECK(read(reply(record("1.2.0.192.IN-ADDR.@30", ptr, labels("x")), 1)) == "x");  // 30: "arpa"
  CHECK(read(reply(record("@12", ptr, labels("one.@30")), 1)) == "one.arpa");
  CHECK(read(reply(record("@12", ptr, labels("@30")), 1)) == "arpa");
}

TEST_CASE("dns: the first of several names counts, and records of others don't") {
  const std::string right = record("@12", ptr, labels("right.example"));
  CHECK(read(reply(right + record("@12", ptr, labels("other.example")), 2)) == "right.example");
  CHECK(read(reply(record("other", ptr, labels("wrong.example")) + right, 2)) == "right.example");
  CHECK(read(reply(record("@12", ptr, labels("wrong.example"), 3) + right, 2)) == "right.example");
  CHECK(read(reply(record("@12", txt, "\5wrong") + right, 2)) == "right.example");
  CHECK(read(reply(record("@12", ptr, labels("not a name")) + right, 2)) == "right.example");
}

TEST_CASE("dns: aliases are followed") {
  const std::string alias = record("@12", cname, labels("1.0-25.2.0.192.in-addr.arpa"));
  CHECK(read(reply(alias + record("1.0-25.2.0.192.in-addr.arpa", ptr, labels("one.example")), 2)) == "one.example");
  CHECK(read(reply(alias + record("@12", ptr, labels("one.example")), 2)) == "no use");
  CHECK(read(reply(alias, 1)) == "no use");
}

TEST_CASE("dns: what a server says in its header") {
  CHECK(read(reply("", 0)) == "no records");
  CHECK(read(reply("", 0, 0x8183)) == "no such name");
  CHECK(read(reply("", 0, 0x8182)) == "server failure");
  for (unsigned code : {1, 6, 9, 15}) CHECK(read(reply("", 0, 0x8180 | code)) == "no use");
  for (unsigned code : {4, 5}) CHECK(read(reply("", 0, 0x8180 | code)) == "failure");
  CHECK(read(reply("", 0, 0x8380)) == "truncated");
  CHECK(read(reply("", 0, 0x8380), false) == "no records");
  // A server that couldn't read the question leaves it out.
  CHECK(read(number(0x1234) + number(0x8181) + std::string(8, '\0')) == "failure");
  CHECK(read(number(0x1234) + number(0x8180) + std::string(8, '\0')) == "unrelated");
}

TEST_CASE("dns: messages that aren't the answer to the query are told apart") {
  const std::string answer = record("@12", ptr, labels("wrong.example"));
  CHECK(read(reply(answer, 1, 0x8180, 0x1235)) == "unrelated");
  CHECK(read(reply(answer, 1, 0x0180)) == "unrelated");  // a query
  CHECK(read(reply(answer, 1, 0x8980)) == "unrelated");  // of another operation
  const Query other = dns::make_reverse_query(fake::address("192.0.2.2"), 0x1234);
  CHECK(read(reply(answer, 1), true, other) == "unrelated");
  std::string message = reply(answer, 1);
  message[records - 3] = txt;
  CHECK(read(message) == "unrelated");
  message[records - 3] = ptr;
  message[records - 1] = 3;  // class
  CHECK(read(message) == "unrelated");
  message[records - 1] = 1;
  message[5] = 2;  // questions
  CHECK(read(message) == "unrelated");
  CHECK(read("") == "unrelated");
  CHECK(read(std::string(11, '\0')) == "unrelated");
}

TEST_CASE("dns: what isn't a host name isn't given to the program") {
  for (const char* bad :
       {"one;two", "one two", "-one", "a\nb", "a/b", "\xc3\xa4", "127.0.0.1", "1", "0x7f.1", "a\\b"}) {
    CAPTURE(bad);
    CHECK(read(reply(record("@12", ptr, labels(bad)), 1)) == "no use");
  }
  CHECK(read(reply(record("@12", ptr, std::string("\3a.b\0", 5)), 1)) == "no use");  // a dot within a label
  CHECK(read(reply(record("@12", ptr, std::string("\3a\0b\0", 5)), 1)) == "no use");
  CHECK(read(reply(record("@12", ptr, std::string(1, '\0')), 1)) == "no use");  // the root
  for (const char* good : {"a", "A-1", "_a._tcp.example", "1a", "x--y", "1.2.3.4.example"}) {
    CAPTURE(good);
    CHECK(read(reply(record("@12", ptr, labels(good)), 1)) == good);
  }
}

TEST_CASE("dns: names as long as they may be") {
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, static_cast<char>('a' + i)) + '.';
  CHECK(read(reply(record("@12", ptr, labels(name + std::string(61, 'd'))), 1)) == name + std::string(61, 'd'));
  CHECK(read(reply(record("@12", ptr, labels(name + std::string(62, 'd'))), 1)) == "failure");
  // The same by compression: each part is short.
  std::string chain;
  std::string target = "@12";
  size_t at = records;
  for (int i = 0; i < 6; ++i) {
    const std::string data = labels(std::string(60, 'x') + '.' + target);
    chain += record("other", ptr, data);
    at += record("other", ptr, data).size();
    target = pointer(at - data.size());
  }
  CHECK(read(reply(chain + record("@12", ptr, labels(target)), 7)) == "failure");
}

TEST_CASE("dns: pointers that lead on or in circles end the reading") {
  // The data of a record whose name is a pointer begins at its 12th byte.
  CHECK(read(reply(record("@12", ptr, labels(pointer(records + 12))), 1)) == "failure");
  CHECK(read(reply(record("@12", ptr, labels("a." + pointer(records + 12))), 1)) == "failure");
  CHECK(read(reply(record("@12", ptr, labels(pointer(records + 13))), 1)) == "failure");
  CHECK(read(reply(record("@12", ptr, labels("@16383")), 1)) == "failure");
  CHECK(read(reply(record(pointer(records), ptr, labels("x")), 1)) == "failure");
  CHECK(read(reply(record("@12", ptr, "\x40x"), 1)) == "failure");  // labels of other kinds
  CHECK(read(reply(record("@12", ptr, "\x80x"), 1)) == "failure");
  // Two records that point at each other.
  const std::string first = record("@12", txt, labels(pointer(records + 26)));
  CHECK(read(reply(first + record("@12", ptr, labels(pointer(records + 12))), 2)) == "failure");
}

TEST_CASE("dns: lengths that lie") {
  std::string answer = record("@12", ptr, labels("one.example"));
  answer[11] = static_cast<char>(answer[11] + 1);
  CHECK(read(reply(answer, 1)) == "failure");        // beyond the end
  CHECK(read(reply(answer + "x", 1)) == "failure");  // a byte behind the name
  answer[11] = static_cast<char>(answer[11] - 2);
  CHECK(read(reply(answer, 1)) == "failure");  // the name goes on behind the data
  CHECK(read(reply(record("@12", txt, "x"), 65535)) == "failure");
}

TEST_CASE("dns: a reply that is cut anywhere is none") {
  const std::string whole =
      reply(record("@12", cname, labels("a.b.@30")) + record("a.b.arpa", ptr, labels("one.example")), 2);
  REQUIRE(read(whole) == "one.example");
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string got = read(whole.substr(0, size));
    CAPTURE(size);
    CHECK((got == "unrelated" || got == "failure"));
  }
}

TEST_CASE("dns: damaged replies never read beyond the message, loop, or give what isn't a name") {
  const std::string whole = reply(record("@12", cname, labels("a.b.@30")) + record("other.@30", ptr, labels("x.@12")) +
                                      record("a.b.arpa", ptr, labels("one.example")),
                                  3);
  std::mt19937 random(20240601);
  int names = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string message = whole;
    const unsigned damages = 1 + random() % 4;
    for (unsigned i = 0; i < damages; ++i) {
      // The header's first bytes only now and then: a wrong id ends the reading at once.
      const size_t at = random() % 8 == 0 ? random() % message.size() : 4 + random() % (message.size() - 4);
      switch (random() % 4) {
        case 0:
          message[at] = static_cast<char>(random());
          break;
        case 1:
          message[at] = static_cast<char>(message[at] ^ (1 << random() % 8));
          break;
        case 2:
          message[at] = static_cast<char>(0xc0);
          break;
        default:
          message.resize(at + 1);
          break;
      }
      if (message.size() < 6) break;
    }
    const std::unique_ptr<uint8_t[]> exact(new uint8_t[message.size()]);
    std::copy(message.begin(), message.end(), exact.get());
    Host host;
    if (dns::read_reply(exact.get(), message.size(), query, round % 2 == 0, host) != Reply::found) continue;
    ++names;
    for (const char* c = host.name(); *c != '\0'; ++c)
      if (std::isalnum(static_cast<unsigned char>(*c)) == 0 && std::string("-_.").find(*c) == std::string::npos)
        FAIL("a name with " << static_cast<int>(*c));
  }
  CHECK(names > 1000);
}

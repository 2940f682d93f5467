// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/hosts.h"

#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <string>

#include "allocation.h"
#include "fake_resolver.h"
#include "names/host_entry.h"

using namespace posix_sockets;

namespace {

constexpr char text[] =
    "# comment\n"
    "127.0.0.1\tlocalhost\n"
    "::1 localhost ip6-localhost\n"
    "192.0.2.1 one.example one uno\n"
    "2001:db8::1 one.example eins\n"
    "192.0.2.11 one.example one\n"
    "not-an-address two.example\n"
    "192.0.2.2\n"
    "fe80::3%7 three\n"
    "010.0.0.1 padded\n"
    "127.1 short\n"
    "0x7f.0.0.1 hex\n"
    "::ffff:198.51.100.7 mapped\n"
    "192.0.2.5 dot.\n"
    "192.0.2.4 Four.Example\n";

struct HostsFile {
  char path[32] = "/tmp/hosts-XXXXXX";
  HostsFile() {
    const int fd = mkstemp(path);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, text, sizeof text - 1) == static_cast<ssize_t>(sizeof text - 1));
    close(fd);
  }
  ~HostsFile() { unlink(path); }
};

std::string described(const Host& host) {
  if (host.name() == nullptr) return "none";
  std::string all = host.name();
  for (const char* alias = host.aliases(); *alias != '\0'; alias = next_word(alias)) all += std::string(" ") + alias;
  all += " =";
  for (const SocketAddress& address : host.addresses) all += " " + fake::text(address);
  return all;
}

std::string by_name(const char* name, Families families) {
  HostsFile file;
  Host host;
  REQUIRE(find_host_by_name(name, families, host, file.path));
  return described(host);
}

std::string by_address(const char* address) {
  HostsFile file;
  Host host;
  REQUIRE(find_host_by_address(fake::address(address), host, file.path));
  return described(host);
}

}  // namespace

TEST_CASE("hosts: all lines of a name are put together") {
  CHECK(by_name("one.example", Families::ipv4) == "one.example one uno one = 192.0.2.1 192.0.2.11");
  CHECK(by_name("one.example", Families::ipv6) == "one.example eins = 2001:db8::1");
  CHECK(by_name("one.example", Families::both) == "one.example one uno eins one = 192.0.2.1 2001:db8::1 192.0.2.11");
}

TEST_CASE("hosts: an alias finds its lines") {
  CHECK(by_name("one", Families::both) == "one.example one uno one = 192.0.2.1 192.0.2.11");
  CHECK(by_name("uno", Families::both) == "one.example one uno = 192.0.2.1");
  CHECK(by_name("uno", Families::ipv6) == "none");
}

TEST_CASE("hosts: names compare without case and with the final dot") {
  CHECK(by_name("FOUR.example", Families::both) == "Four.Example = 192.0.2.4");
  CHECK(by_name("four.example.", Families::both) == "none");
  CHECK(by_name("dot", Families::both) == "none");
  CHECK(by_name("dot.", Families::both) == "dot. = 192.0.2.5");
  CHECK(by_name("four.exampl", Families::both) == "none");
}

TEST_CASE("hosts: lines without an address or a name are passed over") {
  CHECK(by_name("two.example", Families::both) == "none");
  CHECK(by_address("192.0.2.2") == "none");
}

TEST_CASE("hosts: addresses are in the one form that inet_pton takes") {
  for (const char* name : {"padded", "short", "hex", "three"}) {
    CAPTURE(name);
    CHECK(by_name(name, Families::both) == "none");
    CHECK(by_name(name, Families::ipv4) == "none");
    CHECK(by_name(name, Families::ipv6) == "none");
  }
  CHECK(by_address("8.0.0.1") == "none");
  CHECK(by_address("fe80::3") == "none");
}

TEST_CASE("hosts: who asks for IPv4 only gets ::1 and mapped addresses, too") {
  CHECK(by_name("localhost", Families::ipv4) == "localhost ip6-localhost = 127.0.0.1 127.0.0.1");
  CHECK(by_name("localhost", Families::both) == "localhost ip6-localhost = 127.0.0.1 ::1");
  CHECK(by_name("ip6-localhost", Families::ipv4) == "localhost ip6-localhost = 127.0.0.1");
  CHECK(by_name("mapped", Families::ipv4) == "mapped = 198.51.100.7");
  CHECK(by_name("mapped", Families::ipv6) == "mapped = ::ffff:198.51.100.7");
  CHECK(by_name("eins", Families::ipv4) == "none");
  CHECK(by_address("198.51.100.7") == "mapped = 198.51.100.7");
  CHECK(by_address("::ffff:198.51.100.7") == "mapped = ::ffff:198.51.100.7");
  CHECK(by_address("::ffff:192.0.2.1") == "none");
}

TEST_CASE("hosts: the first line of an address names it") {
  CHECK(by_address("192.0.2.1") == "one.example one uno = 192.0.2.1");
  CHECK(by_address("::1") == "localhost ip6-localhost = ::1");
  CHECK(by_address("192.0.2.77") == "none");
}

TEST_CASE("hosts: without the file nothing is found and nothing fails") {
  Host host;
  CHECK(find_host_by_name("one", Families::both, host, "/nonexistent/hosts"));
  CHECK(find_host_by_address(fake::address("192.0.2.1"), host, "/nonexistent/hosts"));
  CHECK(described(host) == "none");
}

TEST_CASE("hosts: which names are this machine's") {
  for (const char* name : {"localhost", "LocalHost", "localhost.", "a.localhost", "a.b.localhost."}) {
    CAPTURE(name);
    CHECK(is_localhost(name));
  }
  for (const char* name : {"", ".", "localhos", "notlocalhost", "localhost.example", "localhost.."}) {
    CAPTURE(name);
    CHECK_FALSE(is_localhost(name));
  }
}

TEST_CASE("hosts: each missing piece of memory is reported and nothing leaks") {
  HostsFile file;
  const int live = allocation::live();
  int failures = 0;
  for (int at = 1;; ++at) {
    bool found;
    {
      Host host;
      allocation::fail_at(at);
      found = find_host_by_name("one.example", Families::both, host, file.path);
      allocation::fail_at(0);
    }
    CHECK(allocation::live() == live);
    CHECK(found != allocation::failed());
    if (!allocation::failed()) break;
    ++failures;
  }
  CHECK(failures >= 3);
}

TEST_CASE("hosts: an entry is packed whole or not at all, its addresses aligned") {
  Host host;
  REQUIRE(host.add_names("name\0alias\0"));
  REQUIRE(host.addresses.add(fake::address("192.0.2.1")));
  REQUIRE(host.addresses.add(fake::address("192.0.2.2")));
  alignas(8) char buffer[256];
  for (int shift = 0; shift < 8; ++shift) {
    hostent entry;
    std::size_t size = 0;
    while (pack(host, &entry, buffer + shift, size) != 0) REQUIRE(++size < 200);
    CHECK(std::string(entry.h_name) == "name");
    CHECK(std::string(entry.h_aliases[0]) == "alias");
    CHECK(entry.h_aliases[1] == nullptr);
    CHECK(entry.h_length == 4);
    CHECK(entry.h_addr_list[2] == nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(entry.h_addr_list[1]) % 4 == 0);
    CHECK(std::string(entry.h_addr_list[1], 4) == std::string("\xc0\x00\x02\x02", 4));
  }
}

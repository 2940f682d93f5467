// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/protocols.h"

#include <netinet/in.h>

#include <catch_amalgamated.hpp>
#include <cerrno>
#include <set>
#include <string>

#include "names/networks.h"

using namespace posix_sockets;

namespace {

constexpr char no_file[] = "/nonexistent/protocols";

int number_of(const char* name) {
  LineReader reader;
  Protocol protocol;
  return find_protocol(reader, name, 0, protocol, no_file) ? protocol.number : -1;
}

std::string name_of(int number) {
  LineReader reader;
  Protocol protocol;
  return find_protocol(reader, nullptr, number, protocol, no_file) ? protocol.name : "none";
}

}  // namespace

TEST_CASE("protocols: by name and alias") {
  CHECK(number_of("tcp") == IPPROTO_TCP);
  CHECK(number_of("TCP") == IPPROTO_TCP);
  CHECK(number_of("Tcp") == -1);
  CHECK(number_of("udp") == IPPROTO_UDP);
  CHECK(number_of("ipv6-icmp") == IPPROTO_ICMPV6);
  CHECK(number_of("no-such-protocol") == -1);
}

TEST_CASE("protocols: by number the first name") {
  CHECK(name_of(0) == "ip");
  CHECK(name_of(6) == "tcp");
  CHECK(name_of(262) == "mptcp");
  CHECK(name_of(255) == "none");
  CHECK(name_of(-1) == "none");
}

TEST_CASE("protocols: every built-in row is well formed") {
  LineReader lines, reader;
  open_protocols(lines, no_file);
  int count = 0;
  while (lines.next() != nullptr) ++count;
  open_protocols(reader, no_file);
  Protocol protocol;
  std::set<std::string> names;
  int parsed = 0;
  while (next_protocol(reader, protocol)) {
    ++parsed;
    CHECK(names.insert(protocol.name).second);
  }
  CHECK(parsed == count);
  CHECK(count > 40);
}

TEST_CASE("protocols: malformed rows are passed over") {
  LineReader reader;
  reader.open_text("a\nb x\nc 1x\nd 999999999999\ne 7 E\n");
  Protocol protocol;
  REQUIRE(next_protocol(reader, protocol));
  CHECK(std::string(protocol.name) == "e");
  CHECK(protocol.number == 7);
  CHECK_FALSE(next_protocol(reader, protocol));
}

TEST_CASE("protocols: an entry is packed whole or not at all") {
  LineReader reader;
  Protocol protocol;
  REQUIRE(find_protocol(reader, "rspf", 0, protocol, no_file));
  char buffer[128];
  protoent entry;
  std::size_t size = 0;
  while (pack(protocol, &entry, buffer, size) == ERANGE) REQUIRE(++size < sizeof buffer);
  CHECK(std::string(entry.p_name) == "rspf");
  CHECK(std::string(entry.p_aliases[1]) == "CPHB");
  CHECK(entry.p_aliases[2] == nullptr);
  CHECK(entry.p_proto == 73);
}

TEST_CASE("networks: numbers with fewer than four parts are filled up") {
  LineReader reader;
  reader.open_text("a 127\nb 10.1\nc 192.0.2.0 d\ni 1.2.3.4\nj 010.0x10\ne 256\nf 1.2.3.4.5\ng 1..2\nh x\nk 12.\nl\n");
  Network network;
  for (const uint32_t number : {0x7f000000U, 0x0a010000U, 0xc0000200U, 0x01020304U, 0x08100000U}) {
    REQUIRE(next_network(reader, network));
    CHECK(network.number == number);
  }
  // What is no number is INADDR_NONE, as on Linux.
  for (int i = 0; i < 6; ++i) {
    REQUIRE(next_network(reader, network));
    CHECK(network.number == 0xffffffff);
  }
  CHECK_FALSE(next_network(reader, network));
}

TEST_CASE("networks: loopback is always there") {
  LineReader reader;
  Network network;
  REQUIRE(find_network(reader, "LOOPBACK", 0, network, no_file));
  CHECK(network.number == 0x7f000000);
  REQUIRE(find_network(reader, nullptr, 0x7f000000, network, no_file));
  CHECK(std::string(network.name) == "loopback");
  CHECK_FALSE(find_network(reader, nullptr, 127, network, no_file));
}

// Ethernet addresses as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/ether.h>

#include <string>

#include "net.h"

using namespace conformance;

namespace {

std::string through(const char* text) {
  ether_addr address{};
  return ether_aton_r(text, &address) == &address ? ether_ntoa(&address) : "none";
}

}  // namespace

TEST_CASE("ether: an address and its text, without leading zeros") {
  CHECK(through("0:1:2:3:4:5") == "0:1:2:3:4:5");
  CHECK(through("00:11:22:aa:BB:0c") == "0:11:22:aa:bb:c");
}

TEST_CASE("ether: what is no address") {
  for (const char* text :
       {"", "1:2:3:4:5", "1:2:3:4:5:6:7", "g:1:2:3:4:5", "001:1:1:1:1:1", " 1:2:3:4:5:6", "1-2-3-4-5-6"})
    CHECK(std::string(text) + through(text) == std::string(text) + "none");
}

TEST_CASE("ether: white space may follow") { CHECK(through("1:2:3:4:5:6 x") == "1:2:3:4:5:6"); }

TEST_CASE("ether: the forms with storage of their own") {
  const ether_addr* address = ether_aton("1:2:3:4:5:ff");
  REQUIRE(address != nullptr);
  CHECK(address->ether_addr_octet[5] == 0xff);
  CHECK(std::string(ether_ntoa(address)) == "1:2:3:4:5:ff");
}

TEST_CASE("ether_line: an address, a name and a comment") {
  ether_addr address{};
  char name[32] = "";
  CHECK_RETURNS(ether_line("1:2:3:4:5:6 gate # the way out", &address, name), 0);
  CHECK(std::string(name) == "gate");
  CHECK(address.ether_addr_octet[0] == 1);
}

TEST_CASE("ether_line: a comment alone is none") {
  ether_addr address{};
  char name[32] = "";
  CHECK(ether_line("# 1:2:3:4:5:6 gate", &address, name) == -1);
}

TEST_CASE("ether: names that nobody knows") {
  ether_addr address{};
  char name[256];
  CHECK(ether_hostton("no such name", &address) != 0);
  CHECK(ether_ntohost(name, &address) != 0);
}

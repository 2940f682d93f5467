// inet_aton(), inet_addr(), inet_network(), inet_ntop() and the functions by classes: texts and addresses of every odd form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>

#include <cstdint>
#include <string>

#include "net.h"

using namespace conformance;

namespace {

// The address in hexadecimal, or "none".
std::string hex(std::uint32_t value) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(value));
  return text;
}

std::string aton(const char* text) {
  in_addr address{};
  return inet_aton(text, &address) != 0 ? hex(ntohl(address.s_addr)) : "none";
}

std::string network(const char* text) { return hex(inet_network(text)); }

std::string ntop(const char* text) {
  in6_addr address;
  char out[INET6_ADDRSTRLEN] = "";
  REQUIRE(inet_pton(AF_INET6, text, &address) == 1);
  CHECK(inet_ntop(AF_INET6, &address, out, sizeof out) == out);
  return out;
}

in_addr address_of(std::uint32_t value) {
  in_addr address;
  address.s_addr = htonl(value);
  return address;
}

}  // namespace

TEST_CASE("inet_aton: one to four parts") {
  CHECK(aton("1") == "00000001");
  CHECK(aton("127.1") == "7f000001");
  CHECK(aton("1.2.3") == "01020003");
  CHECK(aton("1.2.3.4") == "01020304");
  CHECK(aton("1.2.3.4.5") == "none");
}

TEST_CASE("inet_aton: octal and hexadecimal parts") {
  CHECK(aton("01.02.03.010") == "01020308");
  CHECK(aton("0x1.0XfF.3.4") == "01ff0304");
  CHECK(aton("037777777777") == "ffffffff");
  CHECK(aton("0000000000001.2.3.4") == "01020304");
  CHECK(aton("08") == "none");
  CHECK(aton("0x") == "none");
  CHECK(aton("1.0x") == "none");
}

TEST_CASE("inet_aton: no part overflows") {
  CHECK(aton("4294967295") == "ffffffff");
  CHECK(aton("4294967296") == "none");
  CHECK(aton("0x100000000") == "none");
  CHECK(aton("99999999999999999999") == "none");
  CHECK(aton("256.1.1.1") == "none");
  CHECK(aton("1.1.65535") == "0101ffff");
  CHECK(aton("1.1.65536") == "none");
  CHECK(aton("1.16777215") == "01ffffff");
  CHECK(aton("1.16777216") == "none");
}

TEST_CASE("inet_aton: white space may follow, and anything after it") {
  CHECK(aton("1.2.3.4 ") == "01020304");
  CHECK(aton("1.2.3.4\n") == "01020304");
  CHECK(aton("1.2.3.4\tfoo") == "01020304");
  CHECK(aton("1.2.3.4x") == "none");
  CHECK(aton(" 1.2.3.4") == "none");
}

TEST_CASE("inet_aton: what is no address") {
  for (const char* text : {"", ".", ".1", "1.", "1..2", "-1", "+1", "a.b.c.d", "1,2,3,4", "1.2.3.4/24", "1.2.3.-4"})
    CHECK(std::string(text) + aton(text) == std::string(text) + "none");
}

TEST_CASE("inet_aton: an address isn't needed") {
  CHECK(inet_aton("1.2.3.4", nullptr) == 1);
  CHECK(inet_aton("x", nullptr) == 0);
}

TEST_CASE("inet_addr: as inet_aton, and INADDR_NONE") {
  CHECK(inet_addr("127.1") == htonl(INADDR_LOOPBACK));
  CHECK(inet_addr("1.2.3.4 behind") == htonl(0x01020304));
  CHECK(inet_addr("4294967296") == INADDR_NONE);
  CHECK(inet_addr("255.255.255.255") == INADDR_NONE);
  CHECK(inet_addr("") == INADDR_NONE);
}

TEST_CASE("inet_network: as many bytes as parts") {
  CHECK(network("127.1") == "00007f01");
  CHECK(network("1.2.3") == "00010203");
  CHECK(network("1.2.3.4") == "01020304");
  CHECK(network("0x7f.01") == "00007f01");
}

TEST_CASE("inet_network: parts above 255, and text behind") {
  CHECK(network("1.1.65535") == "ffffffff");
  CHECK(network("256") == "ffffffff");
  CHECK(network("1.2.3.4 ") == "01020304");
  CHECK(network("1.2.3.4 x") == "ffffffff");
  CHECK(network("1.2.3.4.5") == "ffffffff");
  CHECK(network("1.") == "ffffffff");
  CHECK(network("") == "ffffffff");
}

TEST_CASE("inet_ntop: the longest run of zeros is shortened, the first of two") {
  CHECK(ntop("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
  CHECK(ntop("1:0:0:2:0:0:3:4") == "1::2:0:0:3:4");
  CHECK(ntop("0:1:0:1:0:1:0:1") == "0:1:0:1:0:1:0:1");
  CHECK(ntop("1:2:3:4:5:6:7::") == "1:2:3:4:5:6:7:0");
  CHECK(ntop("::") == "::");
  CHECK(ntop("1::") == "1::");
  CHECK(ntop("ABCD::EF01") == "abcd::ef01");
}

TEST_CASE("inet_ntop: mapped and compatible IPv4 addresses in decimal") {
  CHECK(ntop("::ffff:1.2.3.4") == "::ffff:1.2.3.4");
  CHECK(ntop("::1.2.3.4") == "::1.2.3.4");
  CHECK(ntop("::1:0") == "::0.1.0.0");
  CHECK(ntop("::1") == "::1");
  CHECK(ntop("::ffff:0:1.2.3.4") == "::ffff:0:102:304");
  CHECK(ntop("64:ff9b::1.2.3.4") == "64:ff9b::102:304");
}

TEST_CASE("inet_ntop: ENOSPC below the size that is needed, EAFNOSUPPORT") {
  char text[INET6_ADDRSTRLEN];
  const in_addr in4 = address_of(0xc0a80102);
  CHECK(inet_ntop(AF_INET, &in4, text, sizeof "192.168.1.2") == text);
  errno = 0;
  CHECK(inet_ntop(AF_INET, &in4, text, sizeof "192.168.1.2" - 1) == nullptr);
  CHECK(errno == ENOSPC);
  errno = 0;
  CHECK(inet_ntop(AF_INET6, &in6addr_loopback, text, 3) == nullptr);
  CHECK(errno == ENOSPC);
  CHECK(inet_ntop(AF_INET6, &in6addr_loopback, text, 4) == text);
  errno = 0;
  CHECK(inet_ntop(AF_UNIX, &in4, text, sizeof text) == nullptr);
  CHECK(errno == EAFNOSUPPORT);
}

TEST_CASE("inet_makeaddr: the network decides where the host begins") {
  const auto made = [](std::uint32_t net, std::uint32_t host) { return hex(ntohl(inet_makeaddr(net, host).s_addr)); };
  CHECK(made(127, 1) == "7f000001");
  CHECK(made(127, 0x1234) == "7f001234");
  CHECK(made(127, 0xffffffff) == "7fffffff");
  CHECK(made(0x8001, 2) == "80010002");
  CHECK(made(0xc00002, 3) == "c0000203");
  CHECK(made(0x0a000000, 4) == "0a000004");
}

TEST_CASE("inet_lnaof and inet_netof: the parts by class") {
  CHECK(hex(inet_lnaof(address_of(0x0a020304))) == "00020304");
  CHECK(hex(inet_netof(address_of(0x0a020304))) == "0000000a");
  CHECK(hex(inet_lnaof(address_of(0x81020304))) == "00000304");
  CHECK(hex(inet_netof(address_of(0x81020304))) == "00008102");
  CHECK(hex(inet_lnaof(address_of(0xc1020304))) == "00000004");
  CHECK(hex(inet_netof(address_of(0xc1020304))) == "00c10203");
}

TEST_CASE("IN6_IS_ADDR_V4COMPAT: neither ::, ::1 nor a mapped address") {
  const auto compatible = [](const char* text) {
    in6_addr address;
    REQUIRE(inet_pton(AF_INET6, text, &address) == 1);
    return IN6_IS_ADDR_V4COMPAT(&address) ? true : false;
  };
  CHECK(compatible("::1.2.3.4"));
  CHECK(compatible("::1.2.3.0"));
  CHECK(compatible("::1:0"));
  CHECK(compatible("::2"));
  CHECK(!compatible("::"));
  CHECK(!compatible("::1"));
  CHECK(!compatible("::ffff:1.2.3.4"));
  CHECK(!compatible("1::1.2.3.4"));
}

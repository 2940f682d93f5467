// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What ioctl tells of network interfaces: of the loopback interface, the only one that a guest knows.
#include <net/if.h>
#include <net/if_arp.h>

#include "scene.h"

namespace {

ifreq named(const char* name) {
  ifreq request = {};
  std::strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
  return request;
}

std::string address_of(const ifreq& request) {
  sockaddr_in address;
  std::memcpy(&address, &request.ifr_addr, sizeof address);
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
}

}  // namespace

TEST_CASE("interfaces: the list has the loopback interface, if it fits") {
  Scene scene;
  const int number = guest::socket(AF_INET, SOCK_DGRAM, 0);
  ifconf list = {};
  REQUIRE(guest::ioctl(number, SIOCGIFCONF, &list) == 0);
  CHECK(list.ifc_len == static_cast<int>(sizeof(ifreq)));
  ifreq entries[2] = {};
  list.ifc_req = entries;
  list.ifc_len = sizeof entries;
  REQUIRE(guest::ioctl(number, SIOCGIFCONF, &list) == 0);
  CHECK(list.ifc_len == static_cast<int>(sizeof(ifreq)));
  CHECK(std::string(entries[0].ifr_name) == "lo");
  CHECK(address_of(entries[0]) == "127.0.0.1");
  list.ifc_len = sizeof(ifreq) - 1;
  REQUIRE(guest::ioctl(number, SIOCGIFCONF, &list) == 0);
  CHECK(list.ifc_len == 0);
}

TEST_CASE("interfaces: its addresses are those of Linux's loopback, for IPv4 sockets") {
  Scene scene;
  const int number = guest::socket(AF_INET, SOCK_DGRAM, 0), six = guest::socket(AF_INET6, SOCK_DGRAM, 0);
  ifreq request = named("lo");
  REQUIRE(guest::ioctl(number, SIOCGIFADDR, &request) == 0);
  CHECK(address_of(request) == "127.0.0.1");
  REQUIRE(guest::ioctl(number, SIOCGIFNETMASK, &request) == 0);
  CHECK(address_of(request) == "255.0.0.0");
  REQUIRE(guest::ioctl(number, SIOCGIFBRDADDR, &request) == 0);
  CHECK(address_of(request) == "0.0.0.0");
  CHECK_THAT(guest::ioctl(six, SIOCGIFADDR, &request), Fails(ENOTTY));
  request = named("lo:1");
  CHECK_THAT(guest::ioctl(number, SIOCGIFADDR, &request), Fails(EADDRNOTAVAIL));
}

TEST_CASE("interfaces: what is known of the device") {
  Scene scene;
  const int number = guest::socket(AF_INET, SOCK_STREAM, 0);
  ifreq request = named("lo");
  REQUIRE(guest::ioctl(number, SIOCGIFFLAGS, &request) == 0);
  CHECK((request.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
  REQUIRE(guest::ioctl(number, SIOCGIFINDEX, &request) == 0);
  CHECK(request.ifr_ifindex == 1);
  REQUIRE(guest::ioctl(number, SIOCGIFMTU, &request) == 0);
  CHECK(request.ifr_mtu == 65536);
  REQUIRE(guest::ioctl(number, SIOCGIFMETRIC, &request) == 0);
  CHECK(request.ifr_metric == 0);
  REQUIRE(guest::ioctl(number, SIOCGIFTXQLEN, &request) == 0);
  CHECK(request.ifr_qlen == 1000);
  REQUIRE(guest::ioctl(number, SIOCGIFHWADDR, &request) == 0);
  CHECK(request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK);
  request.ifr_ifindex = 1;
  REQUIRE(guest::ioctl(number, SIOCGIFNAME, &request) == 0);
  CHECK(std::string(request.ifr_name) == "lo");
}

TEST_CASE("interfaces: what isn't there or can't be changed") {
  Scene scene;
  const int number = guest::socket(AF_INET, SOCK_DGRAM, 0);
  ifreq request = named("eth0");
  CHECK_THAT(guest::ioctl(number, SIOCGIFFLAGS, &request), Fails(ENODEV));
  request = named("lo");
  CHECK_THAT(guest::ioctl(number, SIOCSIFMTU, &request), Fails(EPERM));
  request.ifr_ifindex = 7;
  CHECK_THAT(guest::ioctl(number, SIOCGIFNAME, &request), Fails(ENODEV));
  CHECK_THAT(guest::ioctl(number, SIOCGIFADDR, nullptr), Fails(EFAULT));
  CHECK_THAT(guest::ioctl(number, SIOCGIFCONF, nullptr), Fails(EFAULT));
  CHECK_THAT(guest::ioctl(number, SIOCGIFNAME, nullptr), Fails(EFAULT));
}

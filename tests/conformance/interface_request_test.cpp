// The requests of ioctl() about interfaces, of which the loopback interface is everywhere; netdevice(7).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>

#include <vector>

#include "local.h"
#include "net.h"

using namespace conformance;

namespace {

ifreq named(const char* name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  return request;
}

// The IPv4 address in the answer.
std::string address_of(const ifreq& request) {
  sockaddr_in address{};
  std::memcpy(&address, &request.ifr_ifru, sizeof address);
  char text[INET_ADDRSTRLEN];
  return address.sin_family == AF_INET ? inet_ntop(AF_INET, &address.sin_addr, text, sizeof text) : "no IPv4 address";
}

std::string ask_address(int fd, unsigned long question) {
  ifreq request = named("lo");
  return ioctl(fd, question, &request) == 0 ? address_of(request) : errno_name(errno);
}

}  // namespace

TEST_CASE("interface: the flags, size and kind of the loopback interface") {
  for (int family : {AF_INET, AF_INET6, AF_UNIX}) {
    Fd fd{socket(family, SOCK_DGRAM, 0)};
    REQUIRE(fd >= 0);
    ifreq request = named("lo");
    REQUIRE_OK(ioctl(fd, SIOCGIFFLAGS, &request));
    CHECK((request.ifr_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING)) == (IFF_UP | IFF_LOOPBACK | IFF_RUNNING));
    CHECK((request.ifr_flags & (IFF_BROADCAST | IFF_POINTOPOINT)) == 0);
    REQUIRE_OK(ioctl(fd, SIOCGIFMTU, &request));
    CHECK(request.ifr_mtu == 65536);
    REQUIRE_OK(ioctl(fd, SIOCGIFMETRIC, &request));
    CHECK(request.ifr_metric == 0);
    REQUIRE_OK(ioctl(fd, SIOCGIFTXQLEN, &request));
    CHECK(request.ifr_qlen == 1000);
    REQUIRE_OK(ioctl(fd, SIOCGIFHWADDR, &request));
    CHECK(request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK);
    CHECK(std::string(request.ifr_name) == "lo");
  }
}

TEST_CASE("interface: number and name belong together") {
  Fd fd = tcp(AF_INET);
  ifreq request = named("lo");
  REQUIRE_OK(ioctl(fd, SIOCGIFINDEX, &request));
  CHECK(static_cast<unsigned>(request.ifr_ifindex) == if_nametoindex("lo"));
  std::memset(request.ifr_name, 'x', IFNAMSIZ);
  REQUIRE_OK(ioctl(fd, SIOCGIFNAME, &request));
  CHECK(std::string(request.ifr_name) == "lo");
  request.ifr_ifindex = 7777;
  CHECK_FAILS(ioctl(fd, SIOCGIFNAME, &request), ENODEV);
}

TEST_CASE("interface: the addresses of the loopback interface") {
  Fd fd = udp(AF_INET);
  CHECK(ask_address(fd, SIOCGIFADDR) == "127.0.0.1");
  CHECK(ask_address(fd, SIOCGIFDSTADDR) == "127.0.0.1");
  CHECK(ask_address(fd, SIOCGIFNETMASK) == "255.0.0.0");
  CHECK(ask_address(fd, SIOCGIFBRDADDR) == "0.0.0.0");
}

TEST_CASE("interface: sockets of other families know no IPv4 address") {
  for (int family : {AF_INET6, AF_UNIX}) {
    Fd fd{socket(family, SOCK_STREAM, 0)};
    REQUIRE(fd >= 0);
    for (unsigned long question : {SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK})
      CHECK(ask_address(fd, question) == "ENOTTY");
  }
}

TEST_CASE("interface: an interface that isn't there") {
  Fd fd = udp(AF_INET);
  for (unsigned long question : {SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFMTU, SIOCGIFINDEX, SIOCGIFHWADDR}) {
    ifreq request = named("nosuch");
    CHECK_FAILS(ioctl(fd, question, &request), ENODEV);
    request = named("");
    CHECK_FAILS(ioctl(fd, question, &request), ENODEV);
  }
}

TEST_CASE("interface: an alias has the interface's properties and no address") {
  Fd fd = udp(AF_INET);
  ifreq request = named("lo:1");
  REQUIRE_OK(ioctl(fd, SIOCGIFMTU, &request));
  CHECK(request.ifr_mtu == 65536);
  CHECK(std::string(request.ifr_name) == "lo:1");
  CHECK_FAILS(ioctl(fd, SIOCGIFADDR, &request), EADDRNOTAVAIL);
}

TEST_CASE("interface: the list has the loopback interface") {
  for (int family : {AF_INET, AF_INET6, AF_UNIX}) {
    Fd fd{socket(family, SOCK_STREAM, 0)};
    REQUIRE(fd >= 0);
    ifconf list{};
    REQUIRE_OK(ioctl(fd, SIOCGIFCONF, &list));
    REQUIRE(list.ifc_len >= static_cast<int>(sizeof(ifreq)));
    std::vector<ifreq> entries(static_cast<std::size_t>(list.ifc_len) / sizeof(ifreq));
    list.ifc_req = entries.data();
    REQUIRE_OK(ioctl(fd, SIOCGIFCONF, &list));
    CHECK(list.ifc_len == static_cast<int>(entries.size() * sizeof(ifreq)));
    bool found = false;
    for (const ifreq& entry : entries) found |= std::string(entry.ifr_name) == "lo" && address_of(entry) == "127.0.0.1";
    CHECK(found);
  }
}

TEST_CASE("interface: a list without room is empty") {
  Fd fd = tcp(AF_INET);
  ifreq entry{};
  ifconf list{};
  list.ifc_req = &entry;
  list.ifc_len = sizeof entry - 1;
  REQUIRE_OK(ioctl(fd, SIOCGIFCONF, &list));
  CHECK(list.ifc_len == 0);
  list.ifc_len = sizeof entry;
  REQUIRE_OK(ioctl(fd, SIOCGIFCONF, &list));
  CHECK(list.ifc_len == static_cast<int>(sizeof entry));
}

TEST_CASE("interface: bad pointers and what isn't a socket") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(ioctl(fd, SIOCGIFFLAGS, nullptr), EFAULT);
  CHECK_FAILS(ioctl(fd, SIOCGIFCONF, nullptr), EFAULT);
  CHECK_FAILS(ioctl(fd, SIOCGIFNAME, nullptr), EFAULT);
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]};
  ifreq request = named("lo");
  CHECK_FAILS(ioctl(reader, SIOCGIFFLAGS, &request), ENOTTY);
  CHECK_FAILS(ioctl(-1, SIOCGIFFLAGS, &request), EBADF);
}

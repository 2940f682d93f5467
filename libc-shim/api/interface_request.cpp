// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/interface_request.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

#include "support/pointer.h"

namespace posix_sockets {
namespace {

// The loopback interface, which is the only one that a guest knows of, as Linux has it.
constexpr char loopback_name[] = "lo";
constexpr int loopback_index = 1;
constexpr int loopback_mtu = 65536;
constexpr int loopback_queue = 1000;
constexpr uint32_t loopback_mask = 0xff000000;

static_assert(sizeof(sockaddr_in) <= sizeof(ifreq::ifr_ifru));

void set_address(ifreq& request, uint32_t address) {
  sockaddr_in full = {};
  full.sin_family = AF_INET;
  full.sin_addr.s_addr = htonl(address);
  memcpy(&request.ifr_ifru, &full, sizeof full);
}

// The whole interfaces that fit; without a buffer, the room for all.
Errno list_interfaces(void* argument) {
  if (!accessible(argument, sizeof(ifconf))) return EFAULT;
  auto& list = *static_cast<ifconf*>(argument);
  if (list.ifc_buf == nullptr) {
    list.ifc_len = sizeof(ifreq);
    return success;
  }
  if (list.ifc_len < static_cast<int>(sizeof(ifreq))) {
    list.ifc_len = 0;
    return success;
  }
  if (!accessible(list.ifc_buf, sizeof(ifreq))) return EFAULT;
  ifreq entry = {};
  memcpy(entry.ifr_name, loopback_name, sizeof loopback_name);
  set_address(entry, INADDR_LOOPBACK);
  memcpy(list.ifc_buf, &entry, sizeof entry);
  list.ifc_len = sizeof entry;
  return success;
}

Errno name_interface(void* argument) {
  if (!accessible(argument, sizeof(ifreq))) return EFAULT;
  auto& asked = *static_cast<ifreq*>(argument);
  if (asked.ifr_ifindex != loopback_index) return ENODEV;
  memcpy(asked.ifr_name, loopback_name, sizeof loopback_name);
  return success;
}

// What is asked of addresses, which IPv4 sockets alone know: an alias, lo:1, has none.
Errno ask_address(unsigned long request, ifreq& asked, bool is_alias) {
  if (is_alias) return EADDRNOTAVAIL;
  uint32_t address = INADDR_LOOPBACK;
  if (request == SIOCGIFNETMASK) address = loopback_mask;
  if (request == SIOCGIFBRDADDR) address = INADDR_ANY;
  set_address(asked, address);
  return success;
}

Errno ask_device(unsigned long request, ifreq& asked) {
  switch (request) {
    case SIOCGIFFLAGS:
      asked.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
      return success;
    case SIOCGIFMETRIC:
      asked.ifr_metric = 0;
      return success;
    case SIOCGIFMTU:
      asked.ifr_mtu = loopback_mtu;
      return success;
    case SIOCGIFINDEX:
      asked.ifr_ifindex = loopback_index;
      return success;
    case SIOCGIFTXQLEN:
      asked.ifr_qlen = loopback_queue;
      return success;
    case SIOCGIFHWADDR:
      memset(&asked.ifr_hwaddr, 0, sizeof asked.ifr_hwaddr);
      asked.ifr_hwaddr.sa_family = ARPHRD_LOOPBACK;
      return success;
    default:
      return EPERM;  // changes, without privileges
  }
}

}  // namespace

Errno interface_request(Family family, unsigned long request, void* argument) {
  bool of_address = false;
  switch (request) {
    case SIOCGIFCONF:
      return list_interfaces(argument);
    case SIOCGIFNAME:
      return name_interface(argument);
    case SIOCGIFADDR:
    case SIOCGIFDSTADDR:
    case SIOCGIFBRDADDR:
    case SIOCGIFNETMASK:
      if (family != Family::ipv4) return ENOTTY;
      of_address = true;
      break;
    case SIOCGIFFLAGS:
    case SIOCGIFMETRIC:
    case SIOCGIFMTU:
    case SIOCGIFHWADDR:
    case SIOCGIFINDEX:
    case SIOCGIFTXQLEN:
    case SIOCSIFFLAGS:
    case SIOCSIFMTU:
      break;
    default:
      return ENOTTY;
  }
  if (!accessible(argument, sizeof(ifreq))) return EFAULT;
  auto& asked = *static_cast<ifreq*>(argument);
  constexpr size_t length = sizeof loopback_name - 1;
  const bool is_loopback = strncmp(asked.ifr_name, loopback_name, length) == 0 &&
                           (asked.ifr_name[length] == 0 || asked.ifr_name[length] == ':');
  if (!is_loopback) return request == SIOCSIFFLAGS || request == SIOCSIFMTU ? EPERM : ENODEV;
  return of_address ? ask_address(request, asked, asked.ifr_name[length] == ':') : ask_device(request, asked);
}

}  // namespace posix_sockets

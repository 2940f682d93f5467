// Network interfaces: WASI shows none, so a guest sees the loopback interface, which is always there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

namespace {

constexpr unsigned loopback_index = 1;
constexpr char loopback_name[] = "lo";

struct NameList {
  struct if_nameindex entries[2];
  char name[sizeof loopback_name];
};

struct AddressList {
  struct ifaddrs entries[2];
  struct sockaddr_in address4;
  struct sockaddr_in mask4;
  struct sockaddr_in6 address6;
  struct sockaddr_in6 mask6;
  char name[sizeof loopback_name];
};

void set_entry(AddressList* list, int index, void* address, void* mask) {
  struct ifaddrs& entry = list->entries[index];
  entry.ifa_name = list->name;
  entry.ifa_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
  entry.ifa_addr = static_cast<struct sockaddr*>(address);
  entry.ifa_netmask = static_cast<struct sockaddr*>(mask);
}

}  // namespace

extern "C" {

// 0, and ENODEV: no such interface.
unsigned if_nametoindex(const char* name) {
  if (strcmp(name, loopback_name) == 0) return loopback_index;
  errno = ENODEV;
  return 0;
}

// Null, and ENXIO: no such interface.
char* if_indextoname(unsigned index, char* name) {
  if (index == loopback_index) return strcpy(name, loopback_name);
  errno = ENXIO;
  return nullptr;
}

// Null, and ENOBUFS: no memory.
struct if_nameindex* if_nameindex() {
  NameList* list = static_cast<NameList*>(calloc(1, sizeof(NameList)));
  if (list == nullptr) {
    errno = ENOBUFS;
    return nullptr;
  }
  memcpy(list->name, loopback_name, sizeof loopback_name);
  list->entries[0] = {loopback_index, list->name};
  return list->entries;
}
void if_freenameindex(struct if_nameindex* list) { free(list); }

// ENOMEM: no memory.
int getifaddrs(struct ifaddrs** result) {
  AddressList* list = static_cast<AddressList*>(calloc(1, sizeof(AddressList)));
  if (list == nullptr) {
    errno = ENOMEM;
    return -1;
  }
  memcpy(list->name, loopback_name, sizeof loopback_name);
  list->address4.sin_family = list->mask4.sin_family = AF_INET;
  list->address4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  list->mask4.sin_addr.s_addr = htonl(0xff000000);
  list->address6.sin6_family = list->mask6.sin6_family = AF_INET6;
  list->address6.sin6_addr.s6_addr[15] = 1;
  memset(&list->mask6.sin6_addr, 0xff, sizeof list->mask6.sin6_addr);
  set_entry(list, 0, &list->address4, &list->mask4);
  set_entry(list, 1, &list->address6, &list->mask6);
  list->entries[0].ifa_next = &list->entries[1];
  list->entries[0].ifa_dstaddr = list->entries[0].ifa_addr;  // as Linux has it of this interface
  *result = list->entries;
  return 0;
}
void freeifaddrs(struct ifaddrs* list) { free(list); }

}  // extern "C"

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// inet_makeaddr, inet_lnaof, inet_netof: addresses by their classes, in place of wasi-libc's, which take the bytes in the wrong
// order.
#include <arpa/inet.h>

namespace {

// How many bits of an address are the host's, by its class.
unsigned host_bits(uint32_t address) {
  if ((address & 0x80000000) == 0) return 24;
  return (address & 0xc0000000) == 0x80000000 ? 16 : 8;
}

}  // namespace

extern "C" {

// The address of host `host` in network `network`, both in host byte order; the network's number is of one, two, three or,
// if it's larger than those, four bytes. Source: inet(3).
in_addr __wrap_inet_makeaddr(in_addr_t network, in_addr_t host) {
  in_addr result;
  if (network < 0x80) {
    result.s_addr = htonl(network << 24 | (host & 0xffffff));
  } else if (network < 0x10000) {
    result.s_addr = htonl(network << 16 | (host & 0xffff));
  } else if (network < 0x1000000) {
    result.s_addr = htonl(network << 8 | (host & 0xff));
  } else {
    result.s_addr = htonl(network | host);
  }
  return result;
}

// The host's part of an address, by its class, in host byte order. Source: inet(3).
in_addr_t __wrap_inet_lnaof(in_addr address) {
  const uint32_t value = ntohl(address.s_addr);
  return value & ((1u << host_bits(value)) - 1);
}

// The network's number. Source: inet(3).
in_addr_t __wrap_inet_netof(in_addr address) {
  const uint32_t value = ntohl(address.s_addr);
  return value >> host_bits(value);
}

}  // extern "C"

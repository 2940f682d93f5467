// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/network.h"

#include <string.h>

#include "wit-bindings/0.2/raw.h"

namespace wasi {
namespace {

// IPv6 addresses are eight u16 in host order; SocketAddress has the 16 bytes of the wire.
uint16_t group(const SocketAddress& address, int index) {
  return static_cast<uint16_t>((address.bytes[2 * index] << 8) | address.bytes[2 * index + 1]);
}

RawHandle network_handle;

}  // namespace

RawHandle instance_network() {
  if (network_handle == 0) network_handle = raw::wps_instance_network();
  return network_handle;
}

SocketAddress from_wit(const raw::IpSocketAddress& address) {
  SocketAddress result;
  if (address.family == static_cast<uint8_t>(Family::ipv4)) {
    result.family = Family::ipv4;
    result.port = address.v4.port;
    memcpy(result.bytes, address.v4.address, 4);
    return result;
  }
  result.family = Family::ipv6;
  result.port = address.v6.port;
  result.flow_info = address.v6.flow_info;
  result.scope_id = address.v6.scope_id;
  for (int i = 0; i < 8; ++i) {
    result.bytes[2 * i] = static_cast<uint8_t>(address.v6.address[i] >> 8);
    result.bytes[2 * i + 1] = static_cast<uint8_t>(address.v6.address[i]);
  }
  return result;
}

raw::FlatAddress flatten(const SocketAddress& address) {
  raw::FlatAddress flat = {};
  flat.family = static_cast<int32_t>(address.family);
  flat.slots[0] = address.port;
  if (address.family == Family::ipv4) {
    for (int i = 0; i < 4; ++i) flat.slots[1 + i] = address.bytes[i];
    return flat;
  }
  flat.slots[1] = static_cast<int32_t>(address.flow_info);
  for (int i = 0; i < 8; ++i) flat.slots[2 + i] = group(address, i);
  flat.slots[10] = static_cast<int32_t>(address.scope_id);
  return flat;
}

void to_wit(const SocketAddress& address, raw::IpSocketAddress& out) {
  out.family = static_cast<uint8_t>(address.family);
  if (address.family == Family::ipv4) {
    out.v4.port = address.port;
    memcpy(out.v4.address, address.bytes, 4);
    return;
  }
  out.v6.port = address.port;
  out.v6.flow_info = address.flow_info;
  out.v6.scope_id = address.scope_id;
  for (int i = 0; i < 8; ++i) out.v6.address[i] = group(address, i);
}

}  // namespace wasi

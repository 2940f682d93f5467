// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.2/name_lookup.h"

#include "wit-bindings/0.2/results.h"

namespace wasi {

Result<ResolveAddressStream> ResolveAddressStream::resolve_addresses(const char* name, size_t length) {
  raw::ResultOf<RawHandle> result = {};
  raw::wps_resolve_addresses(instance_network(), name, length, &result);
  if (result.is_error != 0) return error_code(result.error);
  return ResolveAddressStream(result.value);
}

Result<ResolveAddressStream::Next> ResolveAddressStream::resolve_next_address() {
  raw::ResultOf<raw::OptionIpAddress> result = {};
  raw::wps_resolve_next_address(borrow(), &result);
  if (result.is_error != 0) return error_code(result.error);
  Next next;
  if (result.value.is_some == 0) return next;
  next.found = true;
  // An ip-address is an ip-socket-address without port: go through the one conversion.
  raw::IpSocketAddress address = {};
  address.family = result.value.value.family;
  if (address.family == static_cast<uint8_t>(Family::ipv4)) {
    __builtin_memcpy(address.v4.address, result.value.value.v4, sizeof address.v4.address);
  } else {
    __builtin_memcpy(address.v6.address, result.value.value.v6, sizeof address.v6.address);
  }
  next.address = from_wit(address);
  return next;
}

Pollable ResolveAddressStream::subscribe() const {
  return Pollable(raw::wps_resolve_address_stream_subscribe(borrow()));
}

}  // namespace wasi

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Look-ups of names by the host.
#include <string.h>

#include "wit-bindings/0.2/errno_of.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/results.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

using namespace wasi::raw;

namespace {

// wasi:sockets/ip-name-lookup says which of its errors stands for what.
Lookup::Status status_of(wasi::ErrorCode code, Errno& error) {
  switch (code) {
    case wasi::ErrorCode::would_block:
      return Lookup::Status::pending;
    case wasi::ErrorCode::name_unresolvable:
    case wasi::ErrorCode::invalid_argument:  // not the form of a name
      return Lookup::Status::no_such_name;
    case wasi::ErrorCode::temporary_resolver_failure:
    case wasi::ErrorCode::timeout:
      return Lookup::Status::try_again;
    case wasi::ErrorCode::permanent_resolver_failure:
      return Lookup::Status::failed;
    case wasi::ErrorCode::out_of_memory:
      return Lookup::Status::out_of_memory;
    default:
      error = errno_of(code);
      return Lookup::Status::refused;
  }
}

}  // namespace

parts::Lookup& parts::Lookup::operator=(Lookup&& other) noexcept {
  source = static_cast<Source&&>(other.source);
  stream = static_cast<decltype(stream)&&>(other.stream);
  return *this;
}

Lookup::Status Lookup::start(const char* name, size_t length) {
  ResultOf<wasi::RawHandle> result = {};
  wps_resolve_addresses(wasi::instance_network(), name, length, &result);
  if (result.is_error != 0) return status_of(wasi::error_code(result.error), error);
  part.source.reset();
  part.stream = decltype(part.stream)(result.value);
  return Status::pending;
}

Lookup::Status Lookup::next(SocketAddress& address) {
  ResultOf<OptionIpAddress> result = {};
  wps_resolve_next_address(part.stream.borrow(), &result);
  if (result.is_error != 0) return status_of(wasi::error_code(result.error), error);
  if (result.value.is_some == 0) return Status::finished;
  // An ip-address is an ip-socket-address without port: go through the one conversion.
  IpSocketAddress found = {};
  found.family = result.value.value.family;
  if (found.family == static_cast<uint8_t>(Family::ipv4)) {
    memcpy(found.v4.address, result.value.value.v4, sizeof found.v4.address);
  } else {
    memcpy(found.v6.address, result.value.value.v6, sizeof found.v6.address);
  }
  address = wasi::from_wit(found);
  return Status::found;
}

Source& Lookup::answered() { return part.source.of(part.stream.borrow(), wps_resolve_address_stream_subscribe); }

}  // namespace posix_sockets::host

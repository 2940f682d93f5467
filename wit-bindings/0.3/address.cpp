// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wit-bindings/0.3/address.h"

#include <stdlib.h>
#include <string.h>

namespace posix_sockets::host {

using namespace wasi3;

namespace {

// IPv6 addresses are eight u16 in host order; SocketAddress has the 16 bytes of the wire.
void to_groups(const uint8_t* bytes, uint16_t* groups) {
  for (int i = 0; i < 8; ++i) groups[i] = static_cast<uint16_t>((bytes[2 * i] << 8) | bytes[2 * i + 1]);
}
void from_groups(const uint16_t* groups, uint8_t* bytes) {
  for (int i = 0; i < 8; ++i) {
    bytes[2 * i] = static_cast<uint8_t>(groups[i] >> 8);
    bytes[2 * i + 1] = static_cast<uint8_t>(groups[i]);
  }
}

// In the order of error-code.
constexpr int errnos[] = {
    EACCES,         // access-denied
    EOPNOTSUPP,     // not-supported
    EINVAL,         // invalid-argument
    ENOMEM,         // out-of-memory
    ETIMEDOUT,      // timeout
    EINVAL,         // invalid-state
    EADDRNOTAVAIL,  // address-not-bindable
    EADDRINUSE,     // address-in-use
    EHOSTUNREACH,   // remote-unreachable
    ECONNREFUSED,   // connection-refused
    EPIPE,          // connection-broken
    ECONNRESET,     // connection-reset
    ECONNABORTED,   // connection-aborted
    EMSGSIZE,       // datagram-too-large
    EIO,            // other
};
static_assert(sizeof errnos / sizeof errnos[0] == static_cast<size_t>(ErrorCode::other) + 1);

}  // namespace

SocketAddress from_wit(const IpSocketAddress& address) {
  SocketAddress result;
  if (address.family == static_cast<uint8_t>(Family::ipv4)) {
    result.port = address.v4.port;
    memcpy(result.bytes, address.v4.address, sizeof address.v4.address);
    return result;
  }
  result.family = Family::ipv6;
  result.port = address.v6.port;
  result.flow_info = address.v6.flow_info;
  result.scope_id = address.v6.scope_id;
  from_groups(address.v6.address, result.bytes);
  return result;
}

SocketAddress from_wit(const IpAddress& address) {
  SocketAddress result;
  if (address.family == static_cast<uint8_t>(Family::ipv4)) {
    memcpy(result.bytes, address.v4, sizeof address.v4);
    return result;
  }
  result.family = Family::ipv6;
  from_groups(address.v6, result.bytes);
  return result;
}

void to_wit(const SocketAddress& address, IpSocketAddress& out) {
  out.family = static_cast<uint8_t>(address.family);
  if (address.family == Family::ipv4) {
    out.v4.port = address.port;
    memcpy(out.v4.address, address.bytes, sizeof out.v4.address);
    return;
  }
  out.v6.port = address.port;
  out.v6.flow_info = address.flow_info;
  out.v6.scope_id = address.scope_id;
  to_groups(address.bytes, out.v6.address);
}

FlatAddress flatten(const SocketAddress& address) {
  FlatAddress flat = {};
  flat.family = static_cast<int32_t>(address.family);
  flat.slots[0] = address.port;
  if (address.family == Family::ipv4) {
    for (int i = 0; i < 4; ++i) flat.slots[1 + i] = address.bytes[i];
    return flat;
  }
  uint16_t groups[8];
  to_groups(address.bytes, groups);
  flat.slots[1] = static_cast<int32_t>(address.flow_info);
  for (int i = 0; i < 8; ++i) flat.slots[2 + i] = groups[i];
  flat.slots[10] = static_cast<int32_t>(address.scope_id);
  return flat;
}

template <class Code>
Code take_code(Failure<Code>& failure) {
  if (failure.code < Code::other) return failure.code;
  if (failure.code == Code::other && failure.other.is_some != 0 && failure.other.text.length != 0)
    free(failure.other.text.data);
  return Code::other;
}
template ErrorCode take_code(Failure<ErrorCode>& failure);
template LookupError take_code(Failure<LookupError>& failure);

Errno errno_of(ErrorCode code) { return errnos[static_cast<int>(code)]; }

Errno errno_of_answer(ErrorCode code) {
  if (code == ErrorCode::not_supported) return ENOPROTOOPT;          // protocol unreachable
  return code == ErrorCode::other ? Errno(EPROTO) : errno_of(code);  // parameter problem
}

Errno errno_of_new_socket(ErrorCode code) {
  if (code == ErrorCode::other) return EMFILE;
  return code == ErrorCode::not_supported ? Errno(EAFNOSUPPORT) : errno_of(code);
}

Errno to_errno(ResultUnit& result) { return result.is_error != 0 ? errno_of(take_code(result.error)) : success; }

Result<SocketAddress> local_address(RawHandle socket, void (*import)(RawHandle, ResultOf<IpSocketAddress>*)) {
  ResultOf<IpSocketAddress> result = {};
  import(socket, &result);
  if (result.is_error != 0) return errno_of(take_code(result.error));
  return from_wit(result.value);
}

}  // namespace posix_sockets::host

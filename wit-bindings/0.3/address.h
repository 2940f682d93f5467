// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses to and from their canonical form, and what the host says to errno.
#pragma once

#include "support/address.h"
#include "support/result.h"
#include "wit-bindings/0.3/raw.h"

namespace posix_sockets::host {

SocketAddress from_wit(const wasi3::IpSocketAddress& address);
SocketAddress from_wit(const wasi3::IpAddress& address);
void to_wit(const SocketAddress& address, wasi3::IpSocketAddress& out);
wasi3::FlatAddress flatten(const SocketAddress& address);

// Frees the text that may come with it.
template <class Code>
Code take_code(wasi3::Failure<Code>& failure);

Errno errno_of(wasi3::ErrorCode code);
// Of what somebody answered to a SYN or a datagram (ICMP).
Errno errno_of_answer(wasi3::ErrorCode code);
// Of a call that makes a socket, or accepts one: a host without descriptors says `other`.
Errno errno_of_new_socket(wasi3::ErrorCode code);

Errno to_errno(wasi3::ResultUnit& result);
Result<SocketAddress> local_address(wasi3::RawHandle socket,
                                    void (*import)(wasi3::RawHandle, wasi3::ResultOf<wasi3::IpSocketAddress>*));

// Every option import has one of these two shapes.
template <class T>
Result<uint64_t> get_number(wasi3::RawHandle socket, void (*import)(wasi3::RawHandle, wasi3::ResultOf<T>*)) {
  wasi3::ResultOf<T> result = {};
  import(socket, &result);
  if (result.is_error != 0) return errno_of(take_code(result.error));
  return static_cast<uint64_t>(result.value);
}
template <class T>
Errno set_number(wasi3::RawHandle socket, T value, void (*import)(wasi3::RawHandle, T, wasi3::ResultUnit*)) {
  wasi3::ResultUnit result = {};
  import(socket, value, &result);
  return to_errno(result);
}

}  // namespace posix_sockets::host

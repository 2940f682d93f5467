// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/ip-name-lookup.
#pragma once

#include "wit-bindings/0.2/drops.h"
#include "wit-bindings/0.2/io.h"
#include "wit-bindings/0.2/network.h"

namespace wasi {

// resource resolve-address-stream.
class ResolveAddressStream : public Handle<raw::wps_resolve_address_stream_drop> {
 public:
  using Handle::Handle;

  // resolve-addresses: starts looking up `length` bytes of UTF-8.
  static Result<ResolveAddressStream> resolve_addresses(const char* name, size_t length);

  struct Next {
    bool found = false;  // false: that was the last one
    SocketAddress address;
  };
  // resolve-next-address; ErrorCode::would_block while the answer is under way.
  Result<Next> resolve_next_address();
  Pollable subscribe() const;
};

}  // namespace wasi

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/ip-name-lookup: not for these tests; tests/unit/names has a resolver of its own.
#include "internal.h"

using namespace fake;

extern "C" {

void wps_resolve_addresses(RawHandle, const char*, size_t, raw::ResultOf<RawHandle>*) { trap("resolve-addresses"); }
void wps_resolve_next_address(RawHandle, raw::ResultOf<raw::OptionIpAddress>*) { trap("resolve-next-address"); }
RawHandle wps_resolve_address_stream_subscribe(RawHandle) { trap("resolve-address-stream.subscribe"); }
void wps_resolve_address_stream_drop(RawHandle handle) { drop(handle, Kind::resolve_address_stream); }
}

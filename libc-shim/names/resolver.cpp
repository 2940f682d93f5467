// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/resolver.h"

#include <errno.h>
#include <netdb.h>

#include "names/dns_exchange.h"
#include "names/resolver_settings.h"
#include "support/errno_of.h"
#include "wait/poll_set.h"
#include "wit-bindings/name_lookup.h"

namespace posix_sockets {
namespace {

// wasi:sockets/ip-name-lookup says which of its errors stands for which of these.
int eai_of(wasi::ErrorCode code) {
  switch (code) {
    case wasi::ErrorCode::name_unresolvable:
    case wasi::ErrorCode::invalid_argument:  // not the form of a name
      return EAI_NONAME;
    case wasi::ErrorCode::temporary_resolver_failure:
    case wasi::ErrorCode::timeout:
      return EAI_AGAIN;
    case wasi::ErrorCode::permanent_resolver_failure:
      return EAI_FAIL;
    case wasi::ErrorCode::out_of_memory:
      return EAI_MEMORY;
    default:
      errno = errno_of(code).value();
      return EAI_SYSTEM;
  }
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// What a host might read as an address: "0x" as 0.0.0.0, "1.2.3.4.5".
bool ends_in_a_number(const char* name, size_t length) {
  if (length != 0 && name[length - 1] == '.') --length;
  size_t label = length;
  while (label > 0 && name[label - 1] != '.') --label;
  const bool hex = length - label >= 2 && name[label] == '0' && (name[label + 1] == 'x' || name[label + 1] == 'X');
  if (length == label) return true;
  for (size_t i = hex ? label + 2 : label; i < length; ++i)
    if (hex ? !is_hex(name[i]) : name[i] < '0' || name[i] > '9') return false;
  return true;
}

}  // namespace

int resolve(const char* name, size_t length, Families families, AddressList& addresses) {
  if (ends_in_a_number(name, length)) return EAI_NONAME;
  wasi::Result<wasi::ResolveAddressStream> stream = wasi::ResolveAddressStream::resolve_addresses(name, length);
  if (!stream.ok()) return eai_of(stream.error());
  wasi::Pollable answer;
  bool any = false;
  for (;;) {
    const wasi::Result<wasi::ResolveAddressStream::Next> next = stream.value().resolve_next_address();
    if (next.ok()) {
      if (!next.value().found) break;
      any = true;
      if (includes(families, next.value().address.family) && !addresses.add(next.value().address)) return EAI_MEMORY;
    } else if (next.error() != wasi::ErrorCode::would_block) {
      return eai_of(next.error());
    } else {
      if (!answer) answer = stream.value().subscribe();
      const Errno error = wait_for(answer, Deadline{});
      if (!error.ok()) {
        errno = error.value();
        return EAI_SYSTEM;
      }
    }
  }
  if (!addresses.empty()) return 0;
  return any ? EAI_NODATA : EAI_NONAME;
}

int resolve_address(const SocketAddress& address, Host& host) {
  ResolverSettings settings;
  switch (read_resolver_settings(settings)) {
    case SettingsStatus::absent:
      return EAI_NONAME;
    case SettingsStatus::out_of_memory:
      return EAI_MEMORY;
    case SettingsStatus::read:
      break;
  }
  const int error = dns::ask_for_name(settings, address, host);
  if (error != 0) return error;
  return host.addresses.add(address) ? 0 : EAI_MEMORY;
}

}  // namespace posix_sockets

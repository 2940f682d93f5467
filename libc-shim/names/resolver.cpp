// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/resolver.h"

#include <errno.h>
#include <netdb.h>

#include "names/dns_exchange.h"
#include "names/resolver_settings.h"
#include "wait/poll_set.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

int eai_of(const host::Lookup& lookup, host::Lookup::Status status) {
  using Status = host::Lookup::Status;
  switch (status) {
    case Status::no_such_name:
      return EAI_NONAME;
    case Status::try_again:
      return EAI_AGAIN;
    case Status::failed:
      return EAI_FAIL;
    case Status::out_of_memory:
      return EAI_MEMORY;
    default:
      errno = lookup.error.value();
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
  using Status = host::Lookup::Status;
  host::Lookup lookup;
  Status status = lookup.start(name, length);
  if (status != Status::pending) return eai_of(lookup, status);
  bool any = false;
  SocketAddress found;
  while ((status = lookup.next(found)) != Status::finished) {
    if (status == Status::found) {
      any = true;
      if (includes(families, found.family) && !addresses.add(found)) return EAI_MEMORY;
    } else if (status != Status::pending) {
      return eai_of(lookup, status);
    } else {
      const Errno error = wait_for(lookup.answered(), Deadline{});
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

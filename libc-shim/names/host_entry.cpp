// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/host_entry.h"

#include <errno.h>
#include <string.h>

#include "names/look_up.h"
#include "names/numeric.h"
#include "names/packer.h"
#include "names/storage.h"

namespace posix_sockets {
namespace {

Storage storage;
hostent static_entry;

HostStatus status_of(int eai) {
  switch (eai) {
    case 0:
      return host_found;
    case EAI_NONAME:
      return {0, HOST_NOT_FOUND};
    case EAI_NODATA:
      return {0, NO_DATA};
    case EAI_AGAIN:
      return {EAGAIN, TRY_AGAIN};
    case EAI_MEMORY:
      return internal(ENOMEM);
    case EAI_SYSTEM:
      return internal(errno);
    default:
      return {EBADMSG, NO_RECOVERY};
  }
}

HostStatus status_of(int eai, const Host& host) {
  return status_of(eai == EAI_NONAME && host.no_recovery ? EAI_FAIL : eai);
}

size_t size_of(Family family) { return family == Family::ipv4 ? 4 : 16; }

}  // namespace

HostStatus find_by_name(const char* name, int family, Host& host) {
  if (family != AF_INET && family != AF_INET6) return internal(EAFNOSUPPORT);
  if (name == nullptr) return {0, HOST_NOT_FOUND};
  const Family wanted = family == AF_INET ? Family::ipv4 : Family::ipv6;
  SocketAddress address;
  const Numeric numeric = parse_numeric(name, address);
  // Of IPv4 addresses only decimal and octal ones: whatever has another letter is a name. A name is no number to its end.
  const size_t digits = strspn(name, "0123456789.");
  const bool number = name[0] >= '0' && name[0] <= '9' && name[digits] == '\0' && name[digits - 1] != '.';
  if (number && numeric == Numeric::not_numeric) return {0, HOST_NOT_FOUND};
  if (numeric == Numeric::not_numeric || (!number && numeric == Numeric::address && address.family == Family::ipv4)) {
    return status_of(look_up(name, wanted == Family::ipv4 ? Families::ipv4 : Families::ipv6, host), host);
  }
  // struct hostent has no place for a scope.
  if (numeric == Numeric::bad_scope || address.family != wanted || address.scope_id != 0) return {0, HOST_NOT_FOUND};
  char words[numeric_size + 1] = {};
  const size_t length = strlen(name);
  if (length >= numeric_size) return {0, HOST_NOT_FOUND};
  memcpy(words, name, length);
  return host.add_names(words) && host.addresses.add(address) ? host_found : internal(ENOMEM);
}

HostStatus find_by_address(const void* address, socklen_t length, int family, Host& host) {
  if (family != AF_INET && family != AF_INET6) return internal(EAFNOSUPPORT);
  SocketAddress wanted;
  wanted.family = family == AF_INET ? Family::ipv4 : Family::ipv6;
  const size_t size = size_of(wanted.family);
  if (address == nullptr || length < size) return internal(EAFNOSUPPORT);
  if (length != size) return {0, HOST_NOT_FOUND};
  memcpy(wanted.bytes, address, size);
  return status_of(look_up_address(wanted, host), host);
}

int pack(const Host& host, hostent* entry, char* buffer, size_t size) {
  Packer packer(buffer, size);
  const size_t count = host.addresses.size();
  const Family family = host.addresses[0].family;
  entry->h_addrtype = family == Family::ipv4 ? AF_INET : AF_INET6;
  entry->h_length = static_cast<int>(size_of(family));
  entry->h_addr_list = packer.pointers(count);
  entry->h_aliases = packer.words(host.aliases());
  // Programs cast an address to struct in_addr: it has to be aligned like one.
  for (size_t i = 0; entry->h_addr_list != nullptr && i < count; ++i) {
    char* place = packer.reserve(size_of(family), alignof(uint32_t));
    if (place != nullptr) memcpy(place, host.addresses[i].bytes, size_of(family));
    entry->h_addr_list[i] = place;
  }
  entry->h_name = packer.text(host.name());
  return packer.overflowed() ? ERANGE : 0;
}

int finish(HostStatus status, const Host& host, hostent* entry, char* buffer, size_t size, hostent** result,
           int* h_error) {
  *result = nullptr;
  if (status.h_error == NETDB_SUCCESS) {
    const int error = pack(host, entry, buffer, size);
    if (error != 0) {
      status = internal(error);
    } else {
      *result = entry;
    }
  }
  if (h_error != nullptr) *h_error = status.h_error;
  if (status.error == ERANGE) errno = ERANGE;  // as Linux has it, though nobody promises it
  return status.error;
}

hostent* finish_static(HostStatus status, const Host& host) {
  hostent* result = nullptr;
  if (status.h_error == NETDB_SUCCESS) {
    const int error = storage.fit([&](char* buffer, size_t size) { return pack(host, &static_entry, buffer, size); });
    if (error != 0) {
      status = internal(error);
    } else {
      result = &static_entry;
    }
  }
  if (status.h_error == NETDB_INTERNAL) errno = status.error;
  h_errno = status.h_error;
  return result;
}

}  // namespace posix_sockets

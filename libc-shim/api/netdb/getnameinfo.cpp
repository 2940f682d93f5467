// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// getnameinfo.
#include <netdb.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "names/look_up.h"
#include "names/numeric.h"
#include "names/plain_name.h"
#include "names/services.h"

namespace posix_sockets {
namespace {

#ifndef NI_NUMERICSCOPE
#define NI_NUMERICSCOPE 0
#endif
constexpr int known_flags = NI_NUMERICHOST | NI_NUMERICSERV | NI_NOFQDN | NI_NAMEREQD | NI_DGRAM | NI_NUMERICSCOPE;

// What the caller wants to know; without room it isn't wanted.
struct Output {
  char* text;
  socklen_t size;

  bool wanted() const { return text != nullptr && size > 0; }
  int write(const char* string, size_t length) const {
    if (length >= size) return EAI_OVERFLOW;
    memcpy(text, string, length);
    text[length] = '\0';
    return 0;
  }
  int write(const char* string) const { return write(string, strlen(string)); }
};

int write_host(const SocketAddress& address, const Output& output, int flags) {
  if ((flags & NI_NUMERICHOST) == 0) {
    Host host;
    const int error = look_up_address(address, host);
    if (error == 0) return output.write(host.name());
    if (error != EAI_NONAME) return error;
  }
  if ((flags & NI_NAMEREQD) != 0) return EAI_NONAME;
  char text[numeric_size];
  format_numeric(address, (flags & NI_NUMERICSCOPE) != 0, text);
  return output.write(text);
}

int write_service(uint16_t port, const Output& output, int flags) {
  if ((flags & NI_NUMERICSERV) == 0) {
    LineReader reader;
    Service service;
    if (find_service(reader, {nullptr, (flags & NI_DGRAM) != 0 ? "udp" : "tcp", port}, service))
      return output.write(service.name);
    if (reader.out_of_memory()) return EAI_MEMORY;
  }
  char text[11];
  format_decimal(port, text);
  return output.write(text);
}

// An AF_UNIX address is on this machine, and its path is its service.
int write_local(const sockaddr* address, socklen_t length, const Output& host, const Output& service) {
  if (host.wanted()) {
    const int error = host.write("localhost");
    if (error != 0) return error;
  }
  if (!service.wanted()) return 0;
  constexpr size_t header = offsetof(sockaddr_un, sun_path);
  const size_t room = length > header ? length - header : 0;
  const char* path = reinterpret_cast<const char*>(address) + header;
  return service.write(path,
                       strnlen(path, room < sizeof(sockaddr_un::sun_path) ? room : sizeof(sockaddr_un::sun_path)));
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// Translates a socket address of `length` bytes to the names of its host and service, each written with its NUL to a
// buffer that may be null or of size 0 when it isn't wanted. A host without a name, and with NI_NUMERICHOST every host,
// is written as its numeric address with its scope id; NI_NUMERICSERV and NI_DGRAM choose the form of the service.
// NI_NOFQDN has no effect, as a guest has no domain of its own. Host names come from /etc/hosts if the guest may read
// it; 127.0.0.1 and ::1 are "localhost"; else from the name servers of /etc/resolv.conf if the guest may read that.
// Returns 0 or:
//   EAI_FAMILY    not AF_INET, AF_INET6 or AF_UNIX, or `length` is too short for the family
//   EAI_NONAME    NI_NAMEREQD and no name is known; or NI_NAMEREQD and nothing is wanted
//   EAI_AGAIN     no name server gives an answer
//   EAI_OVERFLOW  a buffer is too small
//   EAI_BADFLAGS  unknown flags
//   EAI_MEMORY    no memory
//   EAI_SYSTEM    no socket to ask the name servers: errno, EACCES without a network
// Source: POSIX.1-2024 getnameinfo; getnameinfo(3); RFC 3493 section 6.2.
int __wrap_getnameinfo(const sockaddr* address, socklen_t length, char* host, socklen_t host_size, char* service,
                       socklen_t service_size, int flags) {
  if ((flags & ~known_flags) != 0) return EAI_BADFLAGS;
  if (address == nullptr || length < sizeof address->sa_family) return EAI_FAMILY;
  const Output host_output = {host, host_size};
  const Output service_output = {service, service_size};
  if ((flags & NI_NAMEREQD) != 0 && host == nullptr && service == nullptr) return EAI_NONAME;
  if (address->sa_family == AF_UNIX) return write_local(address, length, host_output, service_output);
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return EAI_FAMILY;
  const bool ipv4 = address->sa_family == AF_INET;
  // All of sin6_scope_id must be there, unlike in connect().
  constexpr socklen_t whole_ipv6 = offsetof(sockaddr_in6, sin6_scope_id) + sizeof(sockaddr_in6::sin6_scope_id);
  if (!ipv4 && length < whole_ipv6) return EAI_FAMILY;
  const Result<SocketAddress> parsed = from_sockaddr(address, length, ipv4 ? Family::ipv4 : Family::ipv6);
  if (!parsed.ok()) return EAI_FAMILY;
  if (host_output.wanted()) {
    const int error = write_host(parsed.value(), host_output, flags);
    if (error != 0) return error;
  }
  return service_output.wanted() ? write_service(parsed.value().port, service_output, flags) : 0;
}

}  // extern "C"

PLAIN_NAME(getnameinfo)

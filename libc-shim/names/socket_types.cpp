// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "names/socket_types.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "names/services.h"

namespace posix_sockets {
namespace {

struct Kind {
  int type;
  int protocol;
  const char* name;  // of the protocol in /etc/services; null: it has no services
  bool common;       // part of an answer to hints that ask for nothing
};

// The kinds that glibc knows, in its order: the first that fits the hints is taken.
constexpr Kind kinds[] = {
    {SOCK_STREAM, IPPROTO_TCP, "tcp", true},
    {SOCK_DGRAM, IPPROTO_UDP, "udp", true},
    {SOCK_DCCP, IPPROTO_DCCP, "dccp", false},
    {SOCK_DGRAM, IPPROTO_UDPLITE, "udplite", false},
    {SOCK_STREAM, IPPROTO_SCTP, "sctp", false},
    {SOCK_SEQPACKET, IPPROTO_SCTP, "sctp", false},
    {SOCK_RAW, 0, nullptr, true},  // with any protocol
};

bool fits(const Kind& kind, const addrinfo& hints) {
  if (hints.ai_socktype != 0 && hints.ai_socktype != kind.type) return false;
  return hints.ai_protocol == 0 || kind.type == SOCK_RAW || hints.ai_protocol == kind.protocol;
}

void add(SocketTypes& types, const Kind& kind, const addrinfo& hints, uint16_t port) {
  const int protocol = kind.type == SOCK_RAW ? hints.ai_protocol : kind.protocol;
  types.items[types.count++] = {kind.type, protocol, port};
}

enum class Port { number, name, out_of_range };

// As strtoul reads it: leading blanks and a sign are taken.
Port parse_port(const char* text, uint16_t& port) {
  while (*text == ' ' || (*text >= '\t' && *text <= '\r')) ++text;
  if (*text == '+') ++text;
  if (*text == '\0') return Port::name;
  uint32_t value = 0;
  for (; *text >= '0' && *text <= '9'; ++text)
    if (value <= 65535) value = value * 10 + static_cast<uint32_t>(*text - '0');
  if (*text != '\0') return Port::name;
  port = static_cast<uint16_t>(value);
  return value <= 65535 ? Port::number : Port::out_of_range;
}

// Adds one kind if it has a service of that name. EAI_SERVICE: it hasn't.
int add_named(SocketTypes& types, const Kind& kind, const addrinfo& hints, const char* name) {
  LineReader reader;
  Service service;
  if (!find_service(reader, {name, kind.name, -1}, service)) return reader.out_of_memory() ? EAI_MEMORY : EAI_SERVICE;
  add(types, kind, hints, service.port);
  return 0;
}

// A service as it was given: none, a number, or a name.
struct Asked {
  const char* service;
  Port form;
  uint16_t port;
  bool has_service() const { return service != nullptr && *service != '\0'; }
};

// The first kind that fits a type or a protocol that was asked for.
int find_wanted(const Asked& asked, const addrinfo& hints, SocketTypes& types) {
  for (const Kind& kind : kinds) {
    if (!fits(kind, hints)) continue;
    if (asked.has_service() && kind.name == nullptr) return EAI_SERVICE;
    if (asked.form == Port::out_of_range) return EAI_SERVICE;
    if (asked.form == Port::name) return add_named(types, kind, hints, asked.service);
    add(types, kind, hints, asked.port);
    return 0;
  }
  return hints.ai_socktype != 0 ? EAI_SOCKTYPE : EAI_SERVICE;
}

}  // namespace

int find_socket_types(const char* service, const addrinfo& hints, SocketTypes& types) {
  Asked asked = {service, Port::number, 0};
  if (asked.has_service()) asked.form = parse_port(service, asked.port);
  if (asked.form == Port::name && (hints.ai_flags & AI_NUMERICSERV) != 0) return EAI_NONAME;
  if (hints.ai_socktype != 0 || hints.ai_protocol != 0) return find_wanted(asked, hints, types);
  if (asked.form == Port::out_of_range) return EAI_SERVICE;
  for (const Kind& kind : kinds) {
    if (!kind.common) continue;
    if (asked.form == Port::number) {
      add(types, kind, hints, asked.port);
    } else if (kind.name != nullptr && add_named(types, kind, hints, service) == EAI_MEMORY) {
      return EAI_MEMORY;
    }
  }
  return types.count != 0 ? 0 : EAI_SERVICE;
}

}  // namespace posix_sockets

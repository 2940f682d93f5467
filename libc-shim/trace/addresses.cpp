// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Socket addresses.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "support/pointer.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {
namespace {

void put_port(uint16_t port) {
  put("htons(");
  put(ntohs(port));
  put(')');
}

void put_ipv4(const sockaddr_in& address) {
  put("sin_port=");
  put_port(address.sin_port);
  put(", sin_addr=inet_addr(");
  put(NumericAddress{AF_INET, &address.sin_addr});
  put(')');
}

void put_ipv6(const sockaddr_in6& address) {
  put("sin6_port=");
  put_port(address.sin6_port);
  put(", sin6_flowinfo=htonl(");
  put(static_cast<long long>(ntohl(address.sin6_flowinfo)));
  put("), inet_pton(AF_INET6, ");
  put(NumericAddress{AF_INET6, &address.sin6_addr});
  put(", &sin6_addr), sin6_scope_id=");
  put(address.sin6_scope_id);
}

void put_local(const sockaddr* address, size_t length) {
  constexpr size_t start = offsetof(sockaddr_un, sun_path);
  const char* path = reinterpret_cast<const char*>(address) + start;
  const size_t size = length - start;
  put("sun_path=");
  if (path[0] == '\0') {
    put('@');
    put(Data{path + 1, size - 1});
  } else {
    put(Data{path, strnlen(path, size)});
  }
}

}  // namespace

void put(NumericAddress address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(address.family, address.bytes, text, sizeof text);
  put('"');
  put(text);
  put('"');
}

void put(Address address) {
  sockaddr_storage copy = {};
  if (address.length < sizeof(sa_family_t) || address.length > sizeof copy ||
      !accessible(address.address, address.length))
    return put(Pointer{address.address});
  memcpy(&copy, address.address, address.length);
  put("{sa_family=");
  put(Named{families, copy.ss_family});
  if (copy.ss_family == AF_INET && address.length >= offsetof(sockaddr_in, sin_addr) + sizeof(in_addr)) {
    put(", ");
    put_ipv4(reinterpret_cast<const sockaddr_in&>(copy));
  } else if (copy.ss_family == AF_INET6 && address.length >= offsetof(sockaddr_in6, sin6_scope_id)) {
    put(", ");
    put_ipv6(reinterpret_cast<const sockaddr_in6&>(copy));
  } else if (copy.ss_family == AF_UNIX && address.length > offsetof(sockaddr_un, sun_path)) {
    put(", ");
    put_local(reinterpret_cast<const sockaddr*>(&copy), address.length);
  } else if (address.length > sizeof(sa_family_t) && copy.ss_family != AF_UNIX) {
    put(", sa_data=");
    put(Data{reinterpret_cast<const char*>(&copy) + sizeof(sa_family_t), address.length - sizeof(sa_family_t)});
  }
  put('}');
}

FilledAddress::FilledAddress(const sockaddr* address, const socklen_t* length) : address_(address), length_(length) {
  if (length != nullptr && accessible(length)) room_ = *length;
}

void FilledAddress::put(bool failed) const {
  const bool has_length = length_ != nullptr && accessible(length_);
  const socklen_t length = has_length ? *length_ : 0;
  if (failed || address_ == nullptr || !has_length) {
    trace::put(Pointer{address_});
  } else {
    trace::put(Address{address_, length < room_ ? length : room_});
  }
  trace::put(", ");
  if (!has_length) return trace::put(Pointer{length_});
  trace::put('[');
  trace::put(static_cast<long long>(room_));
  if (length != room_) {
    trace::put(" => ");
    trace::put(static_cast<long long>(length));
  }
  trace::put(']');
}

}  // namespace posix_sockets::trace

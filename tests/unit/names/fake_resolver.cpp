// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "fake_resolver.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <errno.h>

#include <catch_amalgamated.hpp>
#include <cstring>

#include "names/dns_channel.h"
#include "wait/poll_set.h"
#include "wit-bindings/0.2/network.h"
#include "wit-bindings/0.2/raw.h"

using wasi::ErrorCode;
using wasi::RawHandle;
namespace raw = wasi::raw;

namespace fake {

SocketAddress address(const char* text, std::uint16_t port) {
  SocketAddress made;
  made.port = port;
  if (inet_pton(AF_INET, text, made.bytes) == 1) return made;
  made.family = Family::ipv6;
  REQUIRE(inet_pton(AF_INET6, text, made.bytes) == 1);
  return made;
}

std::string text(const SocketAddress& address) {
  char text[64] = "";
  inet_ntop(address.family == Family::ipv4 ? AF_INET : AF_INET6, address.bytes, text, sizeof text);
  return text;
}

Host& host() {
  static Host only;
  return only;
}

namespace {

// What a handle stands for; nothing but streams and sockets needs a state.
struct Object {
  std::string kind;
  Answer answer;
  std::size_t next = 0;
  SocketAddress local;
};
std::map<RawHandle, Object> objects;
RawHandle last_handle = 0;

RawHandle make(Object object) {
  ++host().handles;
  objects[++last_handle] = std::move(object);
  return last_handle;
}

Object& get(RawHandle handle, const char* kind) {
  auto found = objects.find(handle);
  INFO(kind);
  REQUIRE(found != objects.end());
  REQUIRE(found->second.kind == kind);
  return found->second;
}

void drop(RawHandle handle, const char* kind) {
  get(handle, kind);
  objects.erase(handle);
  --host().handles;
}

template <class T>
void fail(raw::ResultOf<T>* result, ErrorCode error) {
  result->is_error = 1;
  result->error = static_cast<std::uint8_t>(error);
}

}  // namespace
}  // namespace fake

using namespace fake;

namespace posix_sockets {

Errno wait_for(const host::Source& source, Deadline deadline) {
  REQUIRE(deadline.is_never());
  const auto stream = static_cast<RawHandle>(get(source.id(), "pollable").next);
  ++fake::host().waits;
  --get(stream, "resolve-address-stream").answer.pending;
  return success;
}

}  // namespace posix_sockets

// The host's imports, as raw.h declares them.
extern "C" {

RawHandle wps_instance_network() { return 7; }
void wps_network_drop(RawHandle) {}

void wps_resolve_addresses(RawHandle network, const char* name, size_t length, raw::ResultOf<RawHandle>* result) {
  REQUIRE(network == 7);
  const std::string asked(name, length);
  host().asked.push_back(asked);
  Answer answer;
  answer.error = ErrorCode::name_unresolvable;
  if (auto found = host().names.find(asked); found != host().names.end()) answer = found->second;
  if (answer.immediate_error) return fail(result, *answer.immediate_error);
  result->value = make({.kind = "resolve-address-stream", .answer = answer, .next = 0, .local = {}});
}

void wps_resolve_next_address(RawHandle handle, raw::ResultOf<raw::OptionIpAddress>* result) {
  Object& stream = get(handle, "resolve-address-stream");
  if (stream.answer.pending > 0) return fail(result, ErrorCode::would_block);
  if (stream.next < stream.answer.addresses.size()) {
    const SocketAddress& address = stream.answer.addresses[stream.next++];
    result->value.is_some = 1;
    result->value.value.family = static_cast<std::uint8_t>(address.family);
    if (address.family == Family::ipv4) {
      std::memcpy(result->value.value.v4, address.bytes, 4);
    } else {
      for (int i = 0; i < 8; ++i)
        result->value.value.v6[i] = static_cast<std::uint16_t>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
    }
    return;
  }
  if (stream.answer.error) return fail(result, *stream.answer.error);
}

RawHandle wps_resolve_address_stream_subscribe(RawHandle handle) {
  get(handle, "resolve-address-stream");
  return make({.kind = "pollable", .answer = {}, .next = static_cast<std::size_t>(handle), .local = {}});
}
void wps_resolve_address_stream_drop(RawHandle handle) {
  for (auto& [number, object] : objects)
    if (object.kind == "pollable") REQUIRE(object.next != static_cast<std::size_t>(handle));  // it would trap
  drop(handle, "resolve-address-stream");
}
void wps_pollable_drop(RawHandle handle) { drop(handle, "pollable"); }

void wps_create_udp_socket(std::int32_t family, raw::ResultOf<RawHandle>* result) {
  ++host().sockets_created;
  const auto wanted = static_cast<Family>(family);
  if (auto found = host().families_refused.find(wanted); found != host().families_refused.end())
    return fail(result, found->second);
  result->value = make({.kind = "udp-socket", .answer = {}, .next = 0, .local = SocketAddress::any(wanted)});
}
void wps_udp_socket_drop(RawHandle handle) { drop(handle, "udp-socket"); }
void wps_incoming_datagram_stream_drop(RawHandle handle) { drop(handle, "incoming-datagram-stream"); }
void wps_outgoing_datagram_stream_drop(RawHandle handle) { drop(handle, "outgoing-datagram-stream"); }
void wps_tcp_socket_drop(RawHandle handle) { drop(handle, "tcp-socket"); }
void wps_input_stream_drop(RawHandle handle) { drop(handle, "input-stream"); }
void wps_output_stream_drop(RawHandle handle) { drop(handle, "output-stream"); }

#define FLAT                                                                                                \
  std::int32_t family, std::int32_t a0, std::int32_t a1, std::int32_t a2, std::int32_t a3, std::int32_t a4, \
      std::int32_t a5, std::int32_t a6, std::int32_t a7, std::int32_t a8, std::int32_t a9, std::int32_t a10

static SocketAddress unflatten(FLAT) {
  const std::int32_t slots[] = {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10};
  SocketAddress address;
  address.family = static_cast<Family>(family);
  address.port = static_cast<std::uint16_t>(slots[0]);
  if (address.family == Family::ipv4) {
    for (int i = 0; i < 4; ++i) address.bytes[i] = static_cast<std::uint8_t>(slots[1 + i]);
  } else {
    for (int i = 0; i < 8; ++i) {
      address.bytes[2 * i] = static_cast<std::uint8_t>(slots[2 + i] >> 8);
      address.bytes[2 * i + 1] = static_cast<std::uint8_t>(slots[2 + i]);
    }
  }
  return address;
}

void wps_udp_start_bind(RawHandle handle, RawHandle, FLAT, raw::ResultUnit*) {
  Object& socket = get(handle, "udp-socket");
  const SocketAddress to = unflatten(family, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
  REQUIRE(to == SocketAddress::any(socket.local.family));
}
void wps_udp_finish_bind(RawHandle handle, raw::ResultUnit*) { get(handle, "udp-socket").local.port = 40000; }

void wps_udp_stream(RawHandle handle, std::int32_t has_remote, FLAT, raw::ResultOf<raw::StreamPair>* result) {
  Object& socket = get(handle, "udp-socket");
  REQUIRE(socket.local.port != 0);  // it must be bound
  REQUIRE(has_remote == 1);
  const SocketAddress remote = unflatten(family, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10);
  REQUIRE(remote.port != 0);
  if (auto found = host().sources.find(text(remote)); found != host().sources.end()) {
    socket.local = address(found->second.c_str(), socket.local.port);
  } else if (host().unrouted) {
    return fail(result, *host().unrouted);
  } else {
    socket.local = SocketAddress::loopback(remote.family, socket.local.port);
  }
  result->value.input = make({.kind = "incoming-datagram-stream", .answer = {}, .next = 0, .local = {}});
  result->value.output = make({.kind = "outgoing-datagram-stream", .answer = {}, .next = 0, .local = {}});
}

void wps_udp_local_address(RawHandle handle, raw::ResultOf<raw::IpSocketAddress>* result) {
  wasi::to_wit(get(handle, "udp-socket").local, result->value);
}

}  // extern "C"

// There is no network for the resolver's own sockets: what the host says is all there is.
namespace posix_sockets::dns {

Deadline in_seconds(int) { return {}; }
Channel::Channel(const SocketAddress&, Transport transport, Deadline deadline)
    : transport_(transport), deadline_(deadline), usable_(false), own_error_(EACCES) {}
Channel::~Channel() = default;
bool Channel::send_all(const uint8_t*, size_t) { return false; }
size_t Channel::receive(uint8_t*, size_t) { return 0; }
bool Channel::receive_all(uint8_t*, size_t) { return false; }
bool Channel::in_time() const { return false; }

}  // namespace posix_sockets::dns

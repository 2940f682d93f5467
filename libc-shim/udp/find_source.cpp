// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "udp/find_source.h"

#include "wit-bindings/udp.h"

namespace posix_sockets {
namespace {

// Any port does, as nothing is sent: "discard".
constexpr uint16_t probed_port = 9;

SourceStatus status_of(wasi::ErrorCode code) {
  switch (code) {
    case wasi::ErrorCode::not_supported:  // a host without this family
    case wasi::ErrorCode::remote_unreachable:
    case wasi::ErrorCode::address_not_bindable:  // no address of this family
      return SourceStatus::unreachable;
    default:
      return SourceStatus::unknown;
  }
}

}  // namespace

SourceStatus find_source(const SocketAddress& destination, SocketAddress& source) {
  // A new socket each time: a socket that is connected again keeps its first source.
  wasi::Result<wasi::UdpSocket> socket = wasi::UdpSocket::create(destination.family);
  if (!socket.ok()) return status_of(socket.error());
  wasi::Result<wasi::Unit> bound = socket.value().start_bind(SocketAddress::any(destination.family));
  if (bound.ok()) bound = socket.value().finish_bind();
  if (!bound.ok()) return status_of(bound.error());
  SocketAddress remote = destination;
  remote.port = probed_port;
  wasi::Result<wasi::DatagramStreams> streams = socket.value().stream(&remote);
  if (!streams.ok()) return status_of(streams.error());
  wasi::Result<SocketAddress> local = socket.value().local_address();
  if (!local.ok()) return status_of(local.error());
  source = local.value();
  return SourceStatus::found;
}

}  // namespace posix_sockets

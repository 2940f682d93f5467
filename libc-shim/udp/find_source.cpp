// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "udp/find_source.h"

#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

// Any port does, as nothing is sent: "discard".
constexpr uint16_t probed_port = 9;

SourceStatus status_of(Errno error) {
  // A host without this family, or a machine without a route or an address of it.
  const bool unreachable = error == EAFNOSUPPORT || error == ENETUNREACH || error == EADDRNOTAVAIL;
  return unreachable ? SourceStatus::unreachable : SourceStatus::unknown;
}

}  // namespace

SourceStatus find_source(const SocketAddress& destination, SocketAddress& source) {
  // A new socket each time: a socket that is connected again keeps its first source.
  Result<host::DatagramSocket> socket = host::DatagramSocket::create(destination.family);
  if (!socket.ok()) return status_of(socket.error());
  Errno error = socket.value().bind(SocketAddress::any(destination.family));
  if (!error.ok()) return status_of(error);
  SocketAddress remote = destination;
  remote.port = probed_port;
  error = socket.value().connect(&remote);
  if (!error.ok()) return status_of(error);
  const Result<SocketAddress> local = socket.value().local_address();
  if (!local.ok()) return status_of(local.error());
  source = local.value();
  return SourceStatus::found;
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What TCP binds late, for the sake of size: every socket may come to these places, but only one that went through the operation
// named has anything to do there, and a program that never calls that doesn't link it. The operation sets the pointer.
#pragma once

#include <stdint.h>

#include "description/waitable.h"
#include "support/address.h"
#include "support/result.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

class PollSet;
class TcpSocket;

namespace tcp {

class Connected;
class Listener;

// What one end of a connection has done that concerns the other one, in the same program.
enum class PeerEvent : uint8_t {
  sent,  // `size` bytes
  sent_end,
  took_all,  // that was there: there is room
  left,
};

// listen: of listeners; and of connections with both ends in this program, which only one that listens can have.
struct ListenFunctions {
  void (*drop)(Listener& listener);
  void (*reset_waiting)(Listener& listener);
  Events (*ready)(Listener& listener, Events wanted, bool probe);
  void (*subscribe)(Listener& listener, Events wanted, PollSet& set, uint32_t tag);

  void (*reset_peer)(TcpSocket& socket);
  void (*deafen_peer)(TcpSocket& socket);
  bool (*send_into_reset)(TcpSocket& socket);
  void (*tell_peer)(Connected& connection, PeerEvent event, uint32_t size);
  bool (*await_arrival)(Connected& connection);
  bool (*listens_at)(uint16_t port);
};

// bind, also by listen.
struct BindFunctions {
  Errno (*bind)(TcpSocket& socket, const SocketAddress& address);
  Errno (*before_connect)(TcpSocket& socket);
  Result<SocketAddress> (*host_address)(TcpSocket& socket);
};

struct LateFunctions {
  const ListenFunctions* listen;                                          // listen
  const BindFunctions* bind;                                              // bind
  void (*finish_connect)(TcpSocket& socket);                              // connect
  void (*apply_options)(const TcpSocket& socket, host::TcpSocket& host);  // setsockopt of what the host keeps
  void (*apply_options_to)(const TcpSocket& socket, host::Connection& host);
};
inline constinit LateFunctions late = {};

}  // namespace tcp
}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the program's own sockets know of each other. A host neither resets a connection nor tells at once what has arrived; where
// both ends are the program's own, the library does as the kernel would.
#pragma once

#include "tcp/socket.h"

namespace posix_sockets::tcp {

struct Peers {
  // The other end of a connection, if it is the program's; null: it isn't.
  static TcpSocket* peer_of(TcpSocket& socket);
  // The program's socket that is connected from `local` to `remote`.
  static TcpSocket* find_connected(const SocketAddress& local, const SocketAddress& remote);
  // The listener's host knows of a connection before that of the client does. Whether one has been made meanwhile.
  static bool finish_connecting();
  // Whether a socket of the program listens at the port.
  static bool listens_at(uint16_t port);
  // An accepted connection finds its client, which may have sent something already.
  static void pair_with_client(TcpSocket& accepted);

  // What `from` has done concerns its peer, which is the program's.
  static void tell(Connected& from, PeerEvent event, uint32_t size);

  // As the kernel's tcp_reset(): what has arrived stays readable, the error comes behind it. `after_end`: so does the end.
  static void reset(TcpSocket& socket, bool after_end);
  // The kernel resets a connection that is closed with unread data, and one that is broken off.
  static void reset_peer(TcpSocket& socket);
  static void deafen_peer(TcpSocket& socket);
  // The kernel resets a connection when something arrives for a socket that was shut down in both directions, or closed. False: the
  // peer takes it after all.
  static bool send_into_reset(TcpSocket& socket);

  // The client of the connection that accept() took last, if that had been reset before.
  static SocketAddress reset_client();
};

}  // namespace posix_sockets::tcp

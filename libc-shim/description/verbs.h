// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operations that one entry point alone needs, for all kinds. Those of TCP are called by name and not by the
// vtable, which would link all of them into every program that has a socket.
#pragma once

#include "tcp/socket.h"

namespace posix_sockets::verbs {

// Null: another kind.
inline TcpSocket* as_tcp(Description& description) { return as<TcpSocket>(description); }

Errno bind(Socket& socket, const sockaddr* address, socklen_t length);
Errno connect(Socket& socket, const sockaddr* address, socklen_t length);
Errno local_name(Socket& socket, sockaddr* out, socklen_t* length);
Errno remote_name(Socket& socket, sockaddr* out, socklen_t* length);

inline Errno listen(Socket& socket, int backlog) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_listen(backlog) : socket.listen(backlog);
}
inline Errno finish_connect(Socket& socket) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_finish_connect() : socket.finish_connect();
}
inline Result<Socket*> accept(Socket& socket) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_accept() : socket.accept();
}
// Of a socket that was just accepted, also if the connection has been reset since.
inline Errno accepted_name(Socket& socket, sockaddr* out, socklen_t* length) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->accepted_name(out, length) : remote_name(socket, out, length);
}
inline Errno shutdown(Socket& socket, unsigned how) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_shutdown(how) : socket.shutdown(how);
}
inline Result<uint64_t> host_option(Socket& socket, HostOption option) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_host_option(option) : socket.host_option(option);
}
inline Errno set_host_option(Socket& socket, HostOption option, uint64_t value) {
  TcpSocket* tcp = as_tcp(socket);
  return tcp != nullptr ? tcp->tcp_set_host_option(option, value) : socket.set_host_option(option, value);
}
// TCP_CORK or TCP_NODELAY was set.
inline void gathering_changed(Socket& socket, bool cork, bool no_delay) {
  TcpSocket* tcp = as_tcp(socket);
  if (tcp != nullptr) tcp->tcp_gathering_changed(cork, no_delay);
}
inline Result<int> readable_bytes(Description& description) {
  TcpSocket* tcp = as_tcp(description);
  return tcp != nullptr ? tcp->tcp_readable_bytes() : description.readable_bytes();
}
inline Result<int> unsent_bytes(Description& description) {
  TcpSocket* tcp = as_tcp(description);
  if (tcp != nullptr) return tcp->tcp_unsent_bytes();
  Socket* socket = as<Socket>(description);
  return socket != nullptr ? socket->unsent_bytes() : Errno(ENOTTY);
}
inline int64_t buffered(Description& description) {
  TcpSocket* tcp = as_tcp(description);
  return tcp != nullptr ? tcp->tcp_buffered() : description.buffered();
}
inline int64_t room(Description& description) {
  TcpSocket* tcp = as_tcp(description);
  return tcp != nullptr ? tcp->tcp_room() : description.room();
}

}  // namespace posix_sockets::verbs

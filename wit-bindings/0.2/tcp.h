// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wasi:sockets/tcp and tcp-create-socket.
#pragma once

#include "wit-bindings/0.2/drops.h"
#include "wit-bindings/0.2/io.h"
#include "wit-bindings/0.2/network.h"

namespace wasi {

struct TcpStreams {
  InputStream input;
  OutputStream output;
};

enum class ShutdownType : uint8_t { receive, send, both };

struct AcceptedTcp;

// resource tcp-socket. Its streams must be dropped before it.
class TcpSocket : public Handle<raw::wps_tcp_socket_drop> {
 public:
  using Handle::Handle;

  static Result<TcpSocket> create(Family family);

  Result<Unit> start_bind(const SocketAddress& address);
  Result<Unit> finish_bind();
  Result<Unit> start_connect(const SocketAddress& address);
  Result<TcpStreams> finish_connect();
  Result<Unit> start_listen();
  Result<Unit> finish_listen();
  Result<AcceptedTcp> accept();
  Result<SocketAddress> local_address() const;
  Result<SocketAddress> remote_address() const;
  Result<Unit> shutdown(ShutdownType type);
  Pollable subscribe() const;

  Result<Unit> set_listen_backlog_size(uint64_t value);
  Result<bool> keep_alive_enabled() const;
  Result<Unit> set_keep_alive_enabled(bool value);
  Result<uint64_t> keep_alive_idle_time() const;  // nanoseconds, as all durations
  Result<Unit> set_keep_alive_idle_time(uint64_t value);
  Result<uint64_t> keep_alive_interval() const;
  Result<Unit> set_keep_alive_interval(uint64_t value);
  Result<uint32_t> keep_alive_count() const;
  Result<Unit> set_keep_alive_count(uint32_t value);
  Result<uint8_t> hop_limit() const;
  Result<Unit> set_hop_limit(uint8_t value);
  Result<uint64_t> receive_buffer_size() const;
  Result<Unit> set_receive_buffer_size(uint64_t value);
  Result<uint64_t> send_buffer_size() const;
  Result<Unit> set_send_buffer_size(uint64_t value);
};

// Members in this order: the streams are dropped first. So they are in an assignment, too.
struct AcceptedTcp {
  AcceptedTcp() = default;
  AcceptedTcp(TcpSocket accepted, TcpStreams its_streams)
      : socket(static_cast<TcpSocket&&>(accepted)), streams(static_cast<TcpStreams&&>(its_streams)) {}
  AcceptedTcp(AcceptedTcp&&) = default;
  AcceptedTcp& operator=(AcceptedTcp&& other) noexcept {
    streams = static_cast<TcpStreams&&>(other.streams);
    socket = static_cast<TcpSocket&&>(other.socket);
    return *this;
  }

  TcpSocket socket;
  TcpStreams streams;
};

}  // namespace wasi

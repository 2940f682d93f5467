// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A TCP socket of the fake host.
#pragma once

#include "internal.h"

namespace fake {

enum class TcpState { fresh, bind_started, bound, listen_started, listening, connecting, connected, closed };

struct TcpSocket : Resource {
  static constexpr Kind its_kind = Kind::tcp_socket;
  explicit TcpSocket(Family family);
  ~TcpSocket() override;

  // Whether the kernel's socket can be asked and told options: not while it connects, nor after a failure.
  bool has_kernel_socket() const { return state != TcpState::connecting && state != TcpState::closed; }

  struct Options {
    uint8_t keep_alive = 0;
    uint64_t idle_time = 7200 * s;
    uint64_t interval = 75 * s;
    uint32_t count = 9;
    uint8_t hop_limit = 64;
    uint64_t receive_buffer = 65536;
    uint64_t send_buffer = 65536;
    uint64_t backlog = 128;
  };
  struct Waiting {
    Peer connection;
    std::optional<ErrorCode> error;
  };

  RawHandle handle = 0;
  Family family;
  TcpState state = TcpState::fresh;
  SocketAddress local;
  SocketAddress remote;
  ConnectPlan plan;
  bool syn_sent = false;
  bool outcome = false;  // the attempt is over, one way or the other
  Peer connection;
  std::deque<Waiting> queue;
  Options options;
};

std::vector<TcpSocket*>& tcp_sockets();

}  // namespace fake

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a TCP socket has beside the rest once it listens: the connections that wait for accept(), in the guest.
#pragma once

#include "tcp/socket.h"

namespace posix_sockets {

// Virtual is what every socket calls if it listens: a program that never listens doesn't link it.
struct TcpSocket::Listener {
  explicit Listener(TcpSocket& its_socket) : socket(its_socket) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Frees it with all that waits in it.
  virtual void release();
  virtual Events ready(Events wanted, bool probe);
  virtual void subscribe(Events wanted, PollSet& set, uint32_t tag);
  // What waits here is reset when the listener goes, like what waits in the host.
  virtual void reset_pending();

  // A connection that waited while its client reset it is that when it's accepted.
  void apply_early_reset(TcpSocket& accepted);

  // A connection behind the one that accept() takes next.
  struct Queued {
    Queued* next = nullptr;
    wasi::AcceptedTcp accepted;
    Family family = Family::ipv4;
  };
  // One that was reset while it waited for its accept(), by the client's address.
  struct EarlyReset {
    SocketAddress client;
    bool after_end;  // the client had ended sending before
    EarlyReset* next;
  };

  void take_queued();
  bool wants_connection(Events wanted) const;
  // Accepts ahead of the program, so that readiness is the truth: one connection, or more if each is to be told.
  void accept_ahead(Events wanted);
  bool accept_once(wasi::AcceptedTcp& connection, Family& its_family);

  TcpSocket& socket;
  Family pending_family = Family::ipv4;
  bool companion_turn = false;  // whether the next one is taken from the socket's companion
  uint16_t queued_count = 0;
  Errno error;                // of the last attempt, for accept()
  wasi::AcceptedTcp pending;  // accepted by the host, not yet by the program
  Queued* queue = nullptr;    // what follows it
  EarlyReset* early_resets = nullptr;
};

}  // namespace posix_sockets

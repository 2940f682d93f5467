// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a listening TCP socket has: its host's listeners, and the backlog queue in the guest: the connections that were accepted
// ahead of the program, so that readiness is the truth.
#pragma once

#include "tcp/state.h"

namespace posix_sockets::tcp {

class Listener {
 public:
  explicit Listener(TcpSocket& socket) : socket_(socket) {}
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Errors as host::TcpSocket::listen().
  Errno listen(Unconnected& hosts, uint64_t backlog);
  void set_backlog(uint64_t backlog) { either().set_backlog(backlog); }
  Result<SocketAddress> local_address() const { return either().local_address(); }
  host::Listener& either() { return own_ ? own_ : ipv4_; }
  const host::Listener& either() const { return own_ ? own_ : ipv4_; }
  // Of the second one, if there are two.
  void set_ipv4_option(host::Option option, uint64_t value) {
    if (own_ && ipv4_) (void)ipv4_.set_option(option, value);
  }

  Events ready(Events wanted, bool probe);
  void subscribe(Events wanted, PollSet& set, uint32_t tag);
  // Connections in the queue.
  int waiting() const { return (first_ ? 1 : 0) + behind_count_; }

  // The next connection, which stays in the queue until take_next(). Null: EAGAIN, or what `error` tells.
  host::Connection* next();
  host::Connection take_next() { return static_cast<host::Connection&&>(first_); }
  Errno take_error();

  // What waits here is reset when the listener goes, like what waits in the host.
  void reset_waiting();
  // `client` has reset its connection, which waits for its accept(). `after_end`: it had ended sending before.
  void note_early_reset(const SocketAddress& client, bool after_end);
  // A connection that waited while its client reset it is that when it's accepted.
  void apply_early_reset(TcpSocket& accepted, Connected& connection);

 private:
  // A connection behind the first one.
  struct Queued {
    host::Connection connection;
    Queued* next = nullptr;
  };
  struct EarlyReset {
    SocketAddress client;
    bool after_end;
    EarlyReset* next;
  };

  void move_up();
  bool wants_connection(Events wanted) const;
  // Takes over one connection of the host's, or more if each is to be told.
  void accept_ahead(Events wanted);
  bool accept_once(host::Connection& connection);

  TcpSocket& socket_;
  host::Listener own_;
  host::Listener ipv4_;         // of an IPv6 socket: on an IPv4 address; beside `own_`: on the wildcard
  bool ipv4_has_turn_ = false;  // whether the next one is taken from `ipv4_`, if there are both
  uint16_t behind_count_ = 0;
  Errno error_;  // of the last attempt, for accept()
  host::Connection first_;
  Queued* behind_ = nullptr;
  EarlyReset* early_resets_ = nullptr;
};

}  // namespace posix_sockets::tcp

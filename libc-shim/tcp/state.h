// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The states of a TCP socket. Each owns what only it needs and begins empty; becoming another one drops all that the last one had.
//
//                  connect                      finish
//   Unconnected ------------> Connecting ------------------> Connected -----> Ended
//        |  ^                     |                              |              |
//        |  |                     +-------> Failed               |              |
//        |  |                                  |                 |              |
//        |  +---- the error was told, shutdown, connect(AF_UNSPEC) -------------+
//        |
//        +---- listen ----> Listening
#pragma once

#include <stdint.h>

#include <new>

#include "tcp/connected.h"

namespace posix_sockets::tcp {

// Neither connected nor listening. What a WASI socket can't do once a call has failed on it, a new one can: they are made when
// they are needed.
struct Unconnected {
  static constexpr StateKind kind = StateKind::unconnected;

  host::TcpSocket own;  // in the socket's family
  host::TcpSocket
      ipv4;  // of an IPv6 socket: for an IPv4 address; beside `own`: bound to the wildcard, which takes both

  void drop_own();
  void drop_ipv4();
  void drop_both() {
    drop_own();
    drop_ipv4();
  }
  bool has_host() const { return own || ipv4; }
  bool is_ipv4_only() const { return !own && ipv4; }
};

struct Connecting {
  static constexpr StateKind kind = StateKind::connecting;

  Connecting(host::Connecting the_attempt, AwaitsAccept awaits)
      : attempt(static_cast<host::Connecting&&>(the_attempt)), awaits_accept(static_cast<AwaitsAccept&&>(awaits)) {}

  host::Connecting attempt;
  AwaitsAccept awaits_accept;
};

// A connection that is over and has left the host. What had arrived is still read.
struct Ended {
  static constexpr StateKind kind = StateKind::ended;

  Ended(ReadBuffer the_rest, bool in_order, bool was_told)
      : unread(static_cast<ReadBuffer&&>(the_rest)), ended_in_order(in_order), told(was_told) {}

  ReadBuffer unread;
  bool ended_in_order;  // receiving says 0 behind that, whatever else is to be told
  bool told;            // connect() has returned 0 for the connection
  Unconnected next;     // it can be bound already
};

struct Listening {
  static constexpr StateKind kind = StateKind::listening;

  explicit Listening(Listener& its_listener) : listener(its_listener) {}
  ~Listening() { late.listen->drop(listener); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  Listener& listener;
};

// A connect failed, and connect() hasn't told so yet.
struct Failed {
  static constexpr StateKind kind = StateKind::failed;

  bool shut_down = false;  // then it never connects again
  Unconnected next;        // it can be bound already
};

class State {
 public:
  State() { new (memory_) Unconnected; }
  ~State() { drop(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  StateKind kind() const { return kind_; }
  template <class T>
  bool is() const {
    return kind_ == T::kind;
  }
  // Null: it is another one.
  template <class T>
  T* as() {
    return is<T>() ? reinterpret_cast<T*>(memory_) : nullptr;
  }
  template <class T>
  const T* as() const {
    return is<T>() ? reinterpret_cast<const T*>(memory_) : nullptr;
  }

  // Becomes a T made of `arguments`, which must not be part of the state that goes.
  template <class T, class... Arguments>
  T& become(Arguments&&... arguments) {
    drop();
    kind_ = T::kind;
    return *new (memory_) T(static_cast<Arguments&&>(arguments)...);
  }

 private:
  template <class T>
  void drop_as() {
    reinterpret_cast<T*>(memory_)->~T();
  }
  void drop();

  static_assert(sizeof(Connected) >= sizeof(Ended) && sizeof(Connected) >= sizeof(Failed) &&
                sizeof(Connected) >= sizeof(Connecting) && sizeof(Connected) >= sizeof(Listening));

  alignas(Connected) unsigned char memory_[sizeof(Connected)];
  StateKind kind_ = StateKind::unconnected;
};

}  // namespace posix_sockets::tcp

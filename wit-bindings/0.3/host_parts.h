// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the objects of wit-bindings/host.h are over WASI 0.3. What the host writes to while something is under way stays where it is: it's
// allocated, and the objects own it.
#pragma once

#include <stdint.h>

#include "wit-bindings/0.3/raw.h"

namespace posix_sockets::host {

// A place in the table of what can be waited for, from 1 on.
using SourceId = uint32_t;

// Whether a write takes all that room() has just said.
constexpr bool room_is_promised = false;

namespace parts {

// What a source stands for. look(): whether it's ready; if not, what tells of that is under way afterwards, or it's a matter of time.
struct Watched {
  using Look = bool (*)(Watched& watched);
  Look look;
};

class Source {
 public:
  Source() = default;
  Source(Source&& other) noexcept : id_(other.id_) { other.id_ = 0; }
  Source& operator=(Source&& other) noexcept;
  ~Source() { reset(); }
  explicit operator bool() const { return id_ != 0; }
  SourceId id() const { return id_; }
  // Stands for `watched` from now on. Without memory it stays empty, and whoever waits for it doesn't sleep.
  Source& of(Watched& watched);
  void reset();

 private:
  SourceId id_ = 0;
};

// What a connect or a listener has in the host. Virtual, so that a program that never listens doesn't link it.
struct TcpWork {
  virtual void release() = 0;
  virtual Source& source() = 0;

 protected:
  ~TcpWork() = default;
};

struct TcpSocket {
  TcpSocket() = default;
  TcpSocket(TcpSocket&& other) noexcept : socket(other.socket), work(other.work) { other.forget(); }
  TcpSocket& operator=(TcpSocket&& other) noexcept;
  ~TcpSocket() { drop(); }
  explicit operator bool() const { return socket != 0; }
  void drop();
  void forget() {
    socket = 0;
    work = nullptr;
  }

  wasi3::RawHandle socket = 0;
  TcpWork* work = nullptr;
};

struct ConnectionState;
struct Connection {
  Connection() = default;
  Connection(Connection&& other) noexcept : state(other.state) { other.state = nullptr; }
  Connection& operator=(Connection&& other) noexcept;
  ~Connection() { drop(); }
  explicit operator bool() const { return state != nullptr; }
  void drop();

  ConnectionState* state = nullptr;
};

struct DatagramState;
struct DatagramSocket {
  DatagramSocket() = default;
  DatagramSocket(DatagramSocket&& other) noexcept : state(other.state) { other.state = nullptr; }
  DatagramSocket& operator=(DatagramSocket&& other) noexcept;
  ~DatagramSocket() { drop(); }
  explicit operator bool() const { return state != nullptr; }
  bool is_open() const;
  void drop_streams();
  void drop();

  DatagramState* state = nullptr;
};

struct LookupState;
struct Lookup {
  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup();

  LookupState* state = nullptr;
};

struct Timer : Watched {
  Timer() : Watched{nullptr} {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  uint64_t instant = 0;
  Source source;
  void reset() { source.reset(); }
};

// There is one in a program, and what it needs is static.
struct StandardInput {};

}  // namespace parts
}  // namespace posix_sockets::host

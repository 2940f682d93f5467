// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the objects of wit-bindings/host.h are over WASI 0.2: handles, and pollables that are made when they are first asked for.
// Nothing else, as a server has thousands of them.
#pragma once

#include "wit-bindings/0.2/drops.h"
#include "wit-bindings/0.2/handle.h"
#include "wit-bindings/0.2/refusal.h"

namespace posix_sockets::host {

using SourceId = wasi::RawHandle;

// Whether a write takes all that room() has just said.
constexpr bool room_is_promised = true;

namespace parts {

using wasi::Handle;
using wasi::RawHandle;

// Tells who waits, and drops.
void drop_pollable(RawHandle pollable);
// These forget what they were permitted to write, too.
void drop_output(RawHandle output);
void drop_outgoing(RawHandle outgoing);

struct Source {
  constexpr Source() = default;
  explicit constexpr Source(RawHandle raw) : pollable(raw) {}
  explicit operator bool() const { return static_cast<bool>(pollable); }
  SourceId id() const { return pollable.borrow(); }
  // Makes the pollable if there is none yet.
  Source& of(RawHandle watched, RawHandle (*subscribe)(RawHandle));
  void reset() { pollable.reset(); }
  RawHandle borrow() const { return pollable.borrow(); }
  RawHandle release() { return pollable.release(); }

  Handle<drop_pollable> pollable;
};

// A parent must outlive its children: destruction goes from the last member to the first, and so do the assignments. They aren't
// inline, as a TCP socket has many of them.

struct TcpSocket {
  TcpSocket() = default;
  TcpSocket(TcpSocket&&) noexcept;
  ~TcpSocket();
  TcpSocket& operator=(TcpSocket&& other) noexcept;
  explicit operator bool() const { return static_cast<bool>(socket); }

  enum class Started : uint8_t { nothing, bind, listen };

  Handle<wasi::raw::wps_tcp_socket_drop> socket;
  Source source;
  Started started = Started::nothing;  // and not finished
};

struct Connection {
  Connection() = default;
  Connection(Connection&&) noexcept;
  ~Connection();
  Connection& operator=(Connection&& other) noexcept;
  explicit operator bool() const { return static_cast<bool>(socket); }

  Handle<wasi::raw::wps_tcp_socket_drop> socket;
  Handle<wasi::raw::wps_input_stream_drop> input;
  Handle<drop_output> output;
  Source readable;
  Source writable;
};

struct DatagramSocket {
  // Out of line, as they are long.
  DatagramSocket() = default;
  ~DatagramSocket();
  DatagramSocket(DatagramSocket&& other) noexcept;
  DatagramSocket& operator=(DatagramSocket&& other) noexcept;
  explicit operator bool() const { return static_cast<bool>(socket); }
  bool is_open() const { return static_cast<bool>(incoming); }
  void drop_streams();

  Handle<wasi::raw::wps_udp_socket_drop> socket;
  Handle<wasi::raw::wps_incoming_datagram_stream_drop> incoming;
  Handle<drop_outgoing> outgoing;
  Source readable;
  Source writable;

  bool is_connected = false;
  Refusal refusal;
  // In place of `readable` while that shows nothing: an instant to try again, a little later.
  Source& next_try();
  uint64_t retry_at = 0;
  Source retry;
};

struct Lookup {
  Lookup() = default;
  Lookup(Lookup&&) = default;
  Lookup& operator=(Lookup&& other) noexcept;

  Handle<wasi::raw::wps_resolve_address_stream_drop> stream;
  Source source;
};

struct Timer {
  uint64_t instant = 0;
  Source source;
};

struct StandardInput {
  Handle<wasi::raw::wps_input_stream_drop> input;
  Source source;
};

}  // namespace parts
}  // namespace posix_sockets::host

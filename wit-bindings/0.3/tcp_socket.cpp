// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A TCP socket before there is a connection: bind, connect.
#include "support/memory.h"
#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/connection.h"
#include "wit-bindings/0.3/tcp_handle.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace {

// A connect under way.
struct Attempt final : parts::TcpWork, Call, parts::Watched {
  Attempt()
      : Call([](Flight& flight, uint32_t) { static_cast<Attempt&>(static_cast<Call&>(flight)).done = true; }),
        Watched{look} {}
  static bool look(parts::Watched& watched) { return static_cast<Attempt&>(watched).done; }
  void release() override {
    own_source.reset();
    (void)cancel();
    destroy(this);
  }
  Source& source() override { return own_source.of(*this); }

  Source own_source;
  bool done = false;
  ConnectArguments arguments = {};
  ResultUnit result = {};
};

Attempt& attempt_of(parts::TcpSocket& part) { return static_cast<Attempt&>(*part.work); }

// Bind and listen are through when they return: nobody ever has to wait for them.
struct Always : parts::Watched {
  constexpr Always() : Watched{[](parts::Watched&) { return true; }} {}
};
constinit Always always;

}  // namespace

void parts::TcpSocket::drop() {
  if (work != nullptr) work->release();
  if (socket != 0) wps3_tcp_drop(socket);
  forget();
}

parts::TcpSocket& parts::TcpSocket::operator=(TcpSocket&& other) noexcept {
  if (this == &other) return *this;
  drop();
  socket = other.socket;
  work = other.work;
  other.forget();
  return *this;
}

Result<TcpSocket> TcpSocket::create(Family family) {
  ResultOf<RawHandle> result = {};
  wps3_tcp_create(static_cast<int32_t>(family), &result);
  if (result.is_error != 0) return errno_of_new_socket(take_code(result.error));
  TcpSocket socket;
  socket.part.socket = result.value;
  return socket;
}

Errno TcpSocket::bind(const SocketAddress& address) {
  const FlatAddress flat = flatten(address);
  ResultUnit result = {};
  wps3_tcp_bind(part.socket, WPS_SPREAD(flat), &result);
  if (result.is_error == 0) return success;
  const ErrorCode code = take_code(result.error);
  // The family was checked before: what is left for invalid-argument is an address that can't be a local one.
  return code == ErrorCode::invalid_argument ? Errno(EADDRNOTAVAIL) : errno_of(code);
}

Result<Connecting> TcpSocket::connect(const SocketAddress& remote) {
  auto* attempt = posix_sockets::create<Attempt>();
  if (attempt == nullptr) return Errno(ENOMEM);
  attempt->arguments.self = part.socket;
  to_wit(remote, attempt->arguments.remote);
  switch (attempt->begin(wps3_tcp_connect(&attempt->arguments, &attempt->result))) {
    case Call::Begun::returned:
      attempt->done = true;
      break;
    case Call::Begun::under_way:
      break;
    case Call::Begun::cancelled:
      attempt->release();
      return Errno(ENOMEM);
  }
  Connecting connecting;
  connecting.part = static_cast<parts::TcpSocket&&>(part);
  connecting.part.work = attempt;
  return connecting;
}

Result<SocketAddress> TcpSocket::local_address() const { return tcp::local_address(part.socket); }
Result<uint64_t> TcpSocket::option(Option option) const { return tcp::option(part.socket, option); }
Errno TcpSocket::set_option(Option option, uint64_t value) { return tcp::set_option(part.socket, option, value); }
Source& TcpSocket::progress() {
  static Source source;
  return source.of(always);
}

Result<Connection> Connecting::finish() {
  Attempt& attempt = attempt_of(part);
  if (!attempt.done) take_turn();
  if (!attempt.done) return Errno(EAGAIN);
  if (attempt.result.is_error != 0) return errno_of_answer(take_code(attempt.result.error));
  attempt.release();
  const RawHandle socket = part.socket;
  part.forget();
  return parts::connect_streams(socket);
}

Result<SocketAddress> Connecting::local_address() const { return tcp::local_address(part.socket); }
Source& Connecting::finished() { return part.work->source(); }

}  // namespace posix_sockets::host

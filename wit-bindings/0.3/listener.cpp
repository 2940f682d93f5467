// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A TCP socket that listens: apart from the others, for programs that never do.
#include "support/memory.h"
#include "wit-bindings/0.3/address.h"
#include "wit-bindings/0.3/connection.h"
#include "wit-bindings/0.3/tcp_handle.h"

namespace posix_sockets::host {

using namespace wasi3;

namespace {

// The stream of connections, with one taken from it at the most.
struct Backlog final : parts::TcpWork, Flight, parts::Watched {
  explicit Backlog(RawHandle its_stream) : Flight(landed), Watched{look}, stream(its_stream) {}
  static void landed(Flight& flight, uint32_t result) {
    auto& backlog = static_cast<Backlog&>(flight);
    backlog.has_one = copied(result) != 0;
    backlog.over |= is_dropped(result);
  }
  static bool look(parts::Watched& watched) {
    auto& backlog = static_cast<Backlog&>(watched);
    backlog.put_under_way();
    return backlog.has_one || backlog.over;
  }
  void put_under_way() {
    if (has_one || over || is_under_way()) return;
    const uint32_t result = wps3_accept_read(stream, &connection, 1);
    if (result != blocked) return landed(*this, result);
    if (!take_off(stream)) landed(*this, wps3_accept_cancel(stream));
  }
  void release() override {
    own_source.reset();
    if (take_back() != 0) landed(*this, wps3_accept_cancel(stream));
    if (has_one) wps3_tcp_drop(connection);
    wps3_accept_drop(stream);
    destroy(this);
  }
  Source& source() override { return own_source.of(*this); }

  Source own_source;
  RawHandle stream;
  RawHandle connection = 0;
  bool has_one = false;
  bool over = false;
};

}  // namespace

Result<Listener> TcpSocket::listen(uint64_t backlog) {
  ResultUnit ignored = {};
  wps3_tcp_set_backlog(part.socket, backlog, &ignored);
  (void)to_errno(ignored);
  ResultOf<RawHandle> result = {};
  wps3_tcp_listen(part.socket, &result);
  if (result.is_error != 0) return errno_of(take_code(result.error));
  auto* work = posix_sockets::create<Backlog>(result.value);
  if (work == nullptr) {
    wps3_accept_drop(result.value);
    return Errno(ENOMEM);
  }
  Listener listener;
  listener.part = static_cast<parts::TcpSocket&&>(part);
  listener.part.work = work;
  return listener;
}

Result<Connection> Listener::accept() {
  auto& backlog = static_cast<Backlog&>(*part.work);
  if (backlog.is_under_way()) take_turn();
  backlog.put_under_way();
  if (!backlog.has_one) return backlog.over ? Errno(EINVAL) : Errno(EAGAIN);
  backlog.has_one = false;
  return parts::connect_streams(backlog.connection);
}

void Listener::set_backlog(uint64_t backlog) {
  ResultUnit ignored = {};
  wps3_tcp_set_backlog(part.socket, backlog, &ignored);
  (void)to_errno(ignored);
}
Result<SocketAddress> Listener::local_address() const { return tcp::local_address(part.socket); }
Result<uint64_t> Listener::option(Option option) const { return tcp::option(part.socket, option); }
Errno Listener::set_option(Option option, uint64_t value) { return tcp::set_option(part.socket, option, value); }
Source& Listener::acceptable() { return part.work->source(); }

}  // namespace posix_sockets::host

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The host interface over WASI 0.2: what the host wants to be called in which order, and nothing more.
#include "wit-bindings/host.h"

#include "scene.h"
#include "wait/poll_set.h"

namespace wps = posix_sockets;
using posix_sockets::Deadline;
using posix_sockets::Errno;
using posix_sockets::Family;
using posix_sockets::Result;
using posix_sockets::SocketAddress;
using posix_sockets::success;
using posix_sockets::wait_for;

namespace {

const SocketAddress peer_address = SocketAddress::loopback(Family::ipv4, 80);

wps::host::TcpSocket tcp_socket() {
  auto made = wps::host::TcpSocket::create(Family::ipv4);
  REQUIRE(made.ok());
  return static_cast<wps::host::TcpSocket&&>(made.value());
}

struct Ends {
  wps::host::Connection connection;
  Peer peer;
};

Ends connect_host() {
  Ends ends;
  ends.peer = host().will_connect();
  wps::host::TcpSocket socket = tcp_socket();
  auto connecting = socket.connect(peer_address);
  REQUIRE(connecting.ok());
  CHECK_FALSE(static_cast<bool>(socket));
  CHECK(connecting.value().finish().error() == EAGAIN);
  REQUIRE(wait_for(connecting.value().finished(), Deadline{}).ok());
  auto connection = connecting.value().finish();
  REQUIRE(connection.ok());
  CHECK_FALSE(static_cast<bool>(connecting.value()));
  ends.connection = static_cast<wps::host::Connection&&>(connection.value());
  return ends;
}

constexpr const char* check_write = "output-stream.check-write";

}  // namespace

TEST_CASE("host: a write asks for its permit, and not again after room() did") {
  Scene scene;
  Ends ends = connect_host();
  host().forget_calls();
  CHECK(ends.connection.write("one", 3).count == 3);
  CHECK(host().calls_of(check_write) == 1);
  CHECK(ends.connection.room().count == 65536);
  CHECK(ends.connection.write("two", 3).count == 3);
  CHECK(host().calls_of(check_write) == 2);
  CHECK(ends.connection.write("three", 5).count == 5);
  CHECK(host().calls_of(check_write) == 3);
  CHECK(ends.peer->received() == "onetwothree");
}

TEST_CASE("host: a permit isn't another connection's") {
  Scene scene;
  Ends first = connect_host();
  Ends second = connect_host();
  CHECK(first.connection.room().count != 0);
  CHECK(second.connection.write("x", 1).count == 1);
  CHECK(first.connection.write("y", 1).count == 1);
  // Nor one's that comes after it, with whatever handle.
  CHECK(first.connection.room().count != 0);
  first.connection = static_cast<wps::host::Connection&&>(second.connection);
  CHECK(first.connection.write("z", 1).count == 1);
  CHECK(second.peer->received() == "xz");
}

TEST_CASE("host: a write takes what there is room for, and never more than a host bears") {
  Scene scene;
  host().older = true;
  Ends ends = connect_host();
  const std::string large(100000, 'x');
  CHECK(ends.connection.room().count == 65536);
  CHECK(ends.connection.write(large.data(), large.size()).count == 65536);
  ends.peer->out.permits = {3, 0};
  CHECK(ends.connection.write("four", 4).count == 3);
  const wps::host::StreamResult none = ends.connection.write("four", 4);
  CHECK(none.count == 0);
  CHECK_FALSE(none.over);
}

TEST_CASE("host: the two directions end in order, or for a reason that has an errno") {
  Scene scene;
  char byte;
  {
    Ends ends = connect_host();
    CHECK(ends.connection.read(&byte, 1).count == 0);
    ends.peer->finishes();
    const wps::host::StreamResult end = ends.connection.read(&byte, 1);
    CHECK(end.over);
    CHECK(end.error.ok());
    ends.connection.end_sending();
    const wps::host::StreamResult shut = ends.connection.room();
    CHECK(shut.over);
    CHECK(shut.error.ok());
    CHECK(ends.peer->has_fin());
  }
  struct Case {
    const char* text;
    int error;
  };
  for (const Case& one :
       {Case{"ConnectionReset", ECONNRESET}, Case{"Broken pipe (os error 32)", EPIPE}, Case{"TimedOut", ETIMEDOUT},
        Case{"HostUnreachable", EHOSTUNREACH}, Case{"nobody has ever seen this", ECONNRESET}}) {
    Ends ends = connect_host();
    ends.peer->breaks(one.text, one.text);
    const wps::host::StreamResult read = ends.connection.read(&byte, 1);
    CHECK(read.over);
    CHECK(read.error == one.error);
    CHECK(ends.connection.room().error == one.error);
    const wps::host::StreamResult written = ends.connection.write("x", 1);
    CHECK(written.over);
    CHECK(written.error == one.error);
  }
}

TEST_CASE("host: bind and listen that take their time go on where they were") {
  Scene scene;
  wps::host::TcpSocket socket = tcp_socket();
  host().fails("tcp-socket.finish-bind", ErrorCode::would_block);
  host().fails("tcp-socket.finish-listen", ErrorCode::would_block);
  const SocketAddress address = SocketAddress::loopback(Family::ipv4, 7000);
  CHECK(socket.bind(address) == EAGAIN);
  REQUIRE(wait_for(socket.progress(), Deadline{}).ok());
  CHECK(socket.bind(address) == success);
  CHECK(host().calls_of("tcp-socket.start-bind") == 1);
  CHECK(socket.listen(5).error() == EAGAIN);
  auto listener = socket.listen(5);
  REQUIRE(listener.ok());
  CHECK(host().calls_of("tcp-socket.start-listen") == 1);
  CHECK(listener.value().local_address().value() == address);
  CHECK(listener.value().accept().error() == EAGAIN);
  const Peer peer = host().connects_to(7000);
  REQUIRE(wait_for(listener.value().acceptable(), Deadline{}).ok());
  auto accepted = listener.value().accept();
  REQUIRE(accepted.ok());
  CHECK(accepted.value().remote_address().value() == peer->peer);
}

TEST_CASE("host: what a bind or a connect can't do leaves the socket") {
  Scene scene;
  wps::host::TcpSocket socket = tcp_socket();
  host().fails("tcp-socket.start-bind", ErrorCode::invalid_argument);
  CHECK(socket.bind(peer_address) == EADDRNOTAVAIL);
  host().fails("tcp-socket.start-connect", ErrorCode::invalid_argument);
  CHECK(socket.connect(peer_address).error() == EINVAL);
  host().fails("tcp-socket.start-listen", ErrorCode::address_in_use);
  CHECK(socket.bind(SocketAddress::any(Family::ipv4)) == success);
  CHECK(socket.listen(1).error() == EADDRINUSE);
  CHECK(static_cast<bool>(socket));
}

TEST_CASE("host: a source tells before it goes, in whatever way it goes") {
  Scene scene;
  static wps::host::SourceId gone;
  gone = 0;
  {
    Ends first = connect_host();
    Ends second = connect_host();
    wps::host::before_source_goes = [](wps::host::SourceId id) { gone = id; };
    const wps::host::SourceId id = first.connection.readable().id();
    CHECK(first.connection.readable().id() == id);
    gone = 0;
    first.connection = static_cast<wps::host::Connection&&>(second.connection);
    CHECK(gone == id);
    const wps::host::SourceId writable = first.connection.writable().id();
    first.connection = {};
    CHECK(gone == writable);
  }
  wps::host::Timer timer;
  timer.set(wps::host::now() + fake::ms);
  const wps::host::SourceId id = timer.source().id();
  timer.set(timer.instant());
  CHECK(timer.source().id() == id);
  timer.set(timer.instant() + 1);
  CHECK(gone == id);
  wps::host::before_source_goes = nullptr;
}

TEST_CASE("host: options by their meaning, and those that a kind has not") {
  Scene scene;
  wps::host::TcpSocket socket = tcp_socket();
  for (int i = 0; i < wps::host::option_count; ++i) {
    const auto option = static_cast<wps::host::Option>(i);
    CHECK(socket.set_option(option, 1) == success);
    CHECK(socket.option(option).ok());
  }
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: datagrams with their bounds and senders, errors that arrive later, and a host that has no room.
#include "scene.h"

using fake::ms;

namespace {

const auto somebody = [] { return fake::ipv4("127.0.0.1", 9); };

long long sent_to(int number, const std::string& data, uint16_t port) {
  const sockaddr_in remote = to("127.0.0.1", port);
  return guest::sendto(number, data.data(), data.size(), 0, any(remote), sizeof remote);
}

}  // namespace

TEST_CASE("udp: datagrams keep their bounds, and their senders") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->arrives("one", fake::ipv4("127.0.0.1", 7));
  side->arrives("", fake::ipv4("127.0.0.1", 8));
  side->arrives("three", fake::ipv4("127.0.0.1", 9));
  for (const auto& [data, port] : {std::pair{"one", 7}, std::pair{"", 8}, std::pair{"three", 9}}) {
    char buffer[100];
    sockaddr_in from = {};
    socklen_t length = sizeof from;
    const ssize_t size = guest::recvfrom(number, buffer, sizeof buffer, 0, any(from), &length);
    REQUIRE(size >= 0);
    CHECK(std::string(buffer, static_cast<size_t>(size)) == data);
    CHECK(ntohs(from.sin_port) == port);
    CHECK(length == sizeof from);
  }
  CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
}

TEST_CASE("udp: a datagram is cut to the buffer, and MSG_TRUNC tells its size") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->arrives("0123456789", somebody());
  side->arrives("abc", somebody());
  char buffer[4];
  CHECK_THAT(guest::recv(number, buffer, sizeof buffer, MSG_PEEK | MSG_TRUNC), Returns(10));
  CHECK_THAT(guest::recv(number, buffer, sizeof buffer, 0), Returns(4));
  CHECK(received(number, 10) == "abc");
}

TEST_CASE("udp: the largest datagram arrives whole") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->arrives(std::string(65507, 'x'), somebody());
  CHECK(received(number, 70000).size() == 65507);
}

TEST_CASE("udp: peeking leaves the datagram, FIONREAD is the size of the first") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->arrives("first", somebody());
  side->arrives("second one", somebody());
  int bytes = -1;
  REQUIRE(guest::ioctl(number, FIONREAD, &bytes) == 0);
  CHECK(bytes == 5);
  CHECK(received(number, 100, MSG_PEEK) == "first");
  CHECK(received(number, 100) == "first");
  CHECK(received(number, 100) == "second one");
}

TEST_CASE("udp: a refusal that comes back is told once") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  side->fails(ErrorCode::connection_refused);
  CHECK((polled(number, POLLIN) & POLLERR) != 0);
  SECTION("receive") { CHECK(received(number, 10) == "[ECONNREFUSED]"); }
  SECTION("SO_ERROR") { CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNREFUSED); }
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
}

TEST_CASE("udp: a blocked send waits for room") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->writable = false;
  host().after(15 * ms, [side = side] { side->writable = true; });
  SECTION("with nothing else going on") {}
  SECTION("with datagrams arriving, which don't keep it busy") {
    side->arrives("a", somebody());
    side->arrives("b", somebody());
  }
  host().forget_calls();
  CHECK_MS(15, CHECK_THAT(sent_to(number, "x", 9), Returns(1)));
  CHECK(host().calls_of("poll") < 12);
  CHECK(side->sent.size() == 1);
}

TEST_CASE("udp: without waiting no room is EAGAIN, and SO_SNDTIMEO passes") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  CHECK_THAT(sent_to(number, "first", 9), Returns(5));
  side->writable = false;
  set_timeout(number, SO_SNDTIMEO, 25);
  CHECK_MS(25, CHECK_THAT(sent_to(number, "x", 9), Fails(EAGAIN)));
  guest::fcntl(number, F_SETFL, O_NONBLOCK);
  CHECK_MS(0, CHECK_THAT(sent_to(number, "x", 9), Fails(EAGAIN)));
}

TEST_CASE("udp: a permit that the host doesn't keep is no loss") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->permits = {0, 0, 0};
  CHECK_THAT(sent_to(number, "x", 9), Returns(1));
  REQUIRE(side->sent.size() == 1);
  CHECK(side->sent[0].data == "x");
  CHECK(side->sent[0].address == somebody());
}

TEST_CASE("udp: an unbound socket binds when it sends") {
  Scene scene;
  const int number = udp();
  CHECK_THAT(sent_to(number, "x", 9), Returns(1));
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  REQUIRE(guest::getsockname(number, any(name), &length) == 0);
  CHECK(name.sin_port != 0);
}

TEST_CASE("udp: connecting, sending elsewhere, dissolving: the streams follow without a trap") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  CHECK(polled(number, POLLIN | POLLOUT) == POLLOUT);  // pollables exist
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  CHECK(polled(number, POLLIN | POLLOUT) == POLLOUT);
  CHECK_THAT(guest::send(number, "to nine", 7, 0), Returns(7));
  CHECK_THAT(sent_to(number, "to ten", 10), Returns(6));
  CHECK_THAT(guest::send(number, "nine again", 10, 0), Returns(10));
  const sockaddr_in nobody = {.sin_family = AF_UNSPEC};
  REQUIRE(guest::connect(number, any(nobody), sizeof nobody) == 0);
  CHECK_THAT(guest::send(number, "x", 1, 0), Fails(EDESTADDRREQ));
  CHECK(side->sent.size() == 3);
}

TEST_CASE("udp: a datagram that was looked at survives connecting") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  side->arrives("before", somebody());
  CHECK(polled(number, POLLIN) == POLLIN);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  CHECK(received(number, 10) == "before");
}

TEST_CASE("udp: spurious readiness isn't passed on") {
  Scene scene;
  host().spurious = 1;
  auto [number, side] = bound_udp(5000);
  CHECK(polled(number, POLLIN) == 0);
  CHECK_MS(30, CHECK(polled(number, POLLIN, 30) == 0));
}

TEST_CASE("udp: every error of the host is an errno, and nothing leaks") {
  const char* import =
      GENERATE("create-udp-socket", "udp-socket.start-bind", "udp-socket.finish-bind", "udp-socket.stream",
               "outgoing-datagram-stream.check-send", "outgoing-datagram-stream.send",
               "incoming-datagram-stream.receive", "udp-socket.local-address");
  const auto code = static_cast<ErrorCode>(GENERATE(range(0, wasi::error_code_count)));
  Scene scene;
  CAPTURE(import, static_cast<int>(code));
  const int number = udp(SOCK_NONBLOCK);
  if (number < 0) return;
  host().fails(import, code);
  bind_to(number, "127.0.0.1", 5000);
  connect_to(number, "127.0.0.1", 9);
  guest::send(number, "x", 1, 0);
  received(number, 10);
  guest::close(number);
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("udp: a socket whose pollable lies can be in a poll set twice") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  side->readable = true;
  side->lies = true;
  CHECK((polled(number, POLLIN) & POLLERR) != 0);  // taken for a refusal
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
  pollfd entries[] = {{number, POLLIN, 0}, {number, POLLIN, 0}};
  CHECK_THAT(guest::poll(entries, 2, 30), Returns(0));
  side->arrives("x", somebody());
  CHECK_THAT(guest::poll(entries, 2, 30), Returns(2));
}

// In a process of its own, as the library tries a host out only once.
TEST_CASE("udp: a host whose pollable is always ready refuses nobody") {
  Scene scene;
  host().sticky_datagrams = true;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  side->arrives("x", somebody());
  CHECK(received(number, 10) == "x");
  for (int i = 0; i < 5; ++i) CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
  CHECK(polled(number, POLLIN) == 0);
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK_MS(30, CHECK(polled(number, POLLIN, 30) == 0));
  // A wait sleeps between two looks.
  host().forget_calls();
  host().after(20 * fake::ms, [side = side] { side->arrives("y", somebody()); });
  CHECK(received(number, 10) == "y");
  CHECK(host().calls_of("poll") < 50);
}

TEST_CASE("udp: streams that the host refused to open again are asked for by the next send") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  host().fails("udp-socket.stream", ErrorCode::remote_unreachable, 1);  // on the way back to the peer
  CHECK_THAT(sent_to(number, "elsewhere", 10), Fails(ENETUNREACH));
  CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
  CHECK(polled(number, POLLIN) == 0);
  SECTION("still refused") {
    host().fails("udp-socket.stream", ErrorCode::remote_unreachable);
    CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ENETUNREACH));
  }
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  CHECK(side->sent.back().data == "x");
}

TEST_CASE("udp: without a free port sending and connecting is EAGAIN, and nobody waits") {
  Scene scene;
  const int number = udp();
  const sockaddr_in remote = to("127.0.0.1", 9);
  host().fails("udp-socket.start-bind", wasi::ErrorCode::address_in_use);
  CHECK_MS(0, CHECK_THAT(sent_to(number, "x", 9), Fails(EAGAIN)));
  host().fails("udp-socket.start-bind", wasi::ErrorCode::address_in_use);
  CHECK_MS(0, CHECK_THAT(guest::connect(number, any(remote), sizeof remote), Fails(EAGAIN)));
  host().fails("udp-socket.start-bind", wasi::ErrorCode::address_in_use);
  CHECK_MS(0, CHECK_THAT(guest::send(number, "x", 1, 0), Fails(EDESTADDRREQ)));
  CHECK_THAT(sent_to(number, "x", 9), Returns(1));
  const sockaddr_in own = to("127.0.0.1", 0);
  const int other = udp();
  host().fails("udp-socket.start-bind", wasi::ErrorCode::address_in_use);
  CHECK_THAT(guest::bind(other, any(own), sizeof own), Fails(EADDRINUSE));
}

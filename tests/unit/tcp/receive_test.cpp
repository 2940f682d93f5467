// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP receiving: read-ahead that nobody can see, ends and errors told as the kernel tells them, timeouts to the
// millisecond.
#include "scene.h"

using fake::ms;

namespace {

std::string pattern(size_t size) {
  std::string data(size, '\0');
  for (size_t i = 0; i < size; ++i) data[i] = static_cast<char>('a' + i % 23);
  return data;
}

int available(int number) {
  int bytes = -1;
  REQUIRE(guest::ioctl(number, FIONREAD, &bytes) == 0);
  return bytes;
}

}  // namespace

TEST_CASE("tcp receive: one host read serves many small receives") {
  Scene scene;
  auto [number, peer] = connected();
  const std::string data = pattern(6400);
  peer->sends(data);
  host().forget_calls();
  std::string got;
  for (int i = 0; i < 100; ++i) got += received(number, 64);
  CHECK(got == data);
  CHECK(host().calls_of("input-stream.read") == 1);
}

TEST_CASE("tcp receive: a large read asks the host for the caller's own buffer") {
  Scene scene;
  auto [number, peer] = connected();
  const std::string data = pattern(200000);
  peer->sends(data);
  std::string got;
  while (got.size() < data.size()) got += received(number, 65536);
  CHECK(got == data);
  CHECK(fake::memory::live() <= 8);
}

TEST_CASE("tcp receive: what was read ahead comes before what a large read takes from the host") {
  Scene scene;
  auto [number, peer] = connected();
  const std::string data = pattern(40000);
  peer->sends(data.substr(0, 10000));
  CHECK(received(number, 10) == data.substr(0, 10));
  peer->sends(data.substr(10000));
  std::string got;
  while (got.size() < data.size() - 10) got += received(number, 30000);
  CHECK(got == data.substr(10));
}

TEST_CASE("tcp receive: no false readiness after the last byte was taken") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("abc");
  CHECK(polled(number, POLLIN) == POLLIN);
  CHECK(received(number, 3) == "abc");
  CHECK(polled(number, POLLIN) == 0);
  CHECK_MS(50, CHECK(polled(number, POLLIN, 50) == 0));
}

TEST_CASE("tcp receive: poll that reads ahead leaves the data for receive") {
  Scene scene;
  auto [number, peer] = connected(O_NONBLOCK);
  host().after(20 * ms, [peer = peer] { peer->sends("later"); });
  CHECK_MS(20, CHECK(polled(number, POLLIN, 1000) == POLLIN));
  CHECK(available(number) == 5);
  CHECK(received(number, 100) == "later");
  CHECK(received(number, 100) == "[EAGAIN]");
}

TEST_CASE("tcp receive: peeking takes nothing") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("hello");
  CHECK(received(number, 3, MSG_PEEK) == "hel");
  CHECK(received(number, 100, MSG_PEEK) == "hello");
  peer->sends(" world");
  CHECK(received(number, 100, MSG_PEEK) == "hello world");
  CHECK(received(number, 100) == "hello world");
}

TEST_CASE("tcp receive: peeking with WAITALL waits for all of it") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("he");
  host().after(10 * ms, [peer = peer] { peer->sends("ll"); });
  host().after(30 * ms, [peer = peer] { peer->sends("o"); });
  CHECK_MS(30, CHECK(received(number, 5, MSG_PEEK | MSG_WAITALL) == "hello"));
  CHECK(received(number, 100) == "hello");
}

TEST_CASE("tcp receive: FIONREAD counts all that arrived") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK(available(number) == 0);
  peer->sends(pattern(100000));
  CHECK(available(number) == 100000);
  received(number, 1000);
  CHECK(available(number) == 99000);
}

TEST_CASE("tcp receive: MSG_TRUNC throws bytes away and writes nothing") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("12345678");
  CHECK_THAT(guest::recv(number, nullptr, 5, MSG_TRUNC), Returns(5));
  CHECK(received(number, 10) == "678");
}

TEST_CASE("tcp receive: an idle connection holds no buffer") {
  Scene scene;
  auto [number, peer] = connected(O_NONBLOCK);
  const int before = fake::memory::live();
  CHECK(received(number, 10) == "[EAGAIN]");
  peer->sends("x");
  CHECK(received(number, 10) == "x");
  CHECK(received(number, 10) == "[EAGAIN]");
  CHECK(fake::memory::live() <= before + 1);  // one for all sockets
}

TEST_CASE("tcp receive: readv fills the buffers in order, also from read-ahead and host at once") {
  Scene scene;
  auto [number, peer] = connected();
  const std::string data = pattern(50000);
  peer->sends(data);
  CHECK(received(number, 5) == data.substr(0, 5));
  std::string a(7, 0), b(20000, 0), c(1, 0), d(3000, 0);
  const iovec vector[] = {{a.data(), 7}, {nullptr, 0}, {b.data(), 20000}, {c.data(), 1}, {d.data(), 3000}};
  const ssize_t size = guest::readv(number, vector, 5);
  REQUIRE(size > 7);
  CHECK((a + b + c + d).substr(0, static_cast<size_t>(size)) == data.substr(5, static_cast<size_t>(size)));
}

TEST_CASE("tcp receive: the end of the stream follows the data and stays") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("last");
  peer->finishes();
  CHECK(received(number, 100) == "last");
  CHECK(received(number, 100).empty());
  CHECK(received(number, 100).empty());
  CHECK(polled(number, POLLIN | POLLRDHUP) == (POLLIN | POLLRDHUP));
}

TEST_CASE("tcp receive: a reset is ECONNRESET once and the end afterwards") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK(received(number, 100) == "[ECONNRESET]");
  CHECK(received(number, 100).empty());
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
}

TEST_CASE("tcp receive: a reset seen by poll is still told by receive, and by SO_ERROR once") {
  Scene scene;
  auto [number, peer] = connected();
  peer->resets();
  CHECK((polled(number, POLLIN) & (POLLIN | POLLERR | POLLHUP)) == (POLLIN | POLLERR | POLLHUP));
  SECTION("receive") { CHECK(received(number, 100) == "[ECONNRESET]"); }
  SECTION("SO_ERROR") { CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNRESET); }
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(received(number, 100).empty());
}

TEST_CASE("tcp receive: a reset that ends a wait is told") {
  Scene scene;
  auto [number, peer] = connected();
  host().after(7 * ms, [peer = peer] { peer->resets(); });
  CHECK_MS(7, CHECK(received(number, 100) == "[ECONNRESET]"));
}

TEST_CASE("tcp receive: every spelling of a connection's end becomes its errno") {
  struct Spelling {
    const char* text;
    const char* error;
  };
  const auto [text, error] = GENERATE(
      Spelling{"Os { code: 104, kind: ConnectionReset, message: \"Connection reset by peer\" }", "[ECONNRESET]"},
      Spelling{"connection-reset (error 15)", "[ECONNRESET]"}, Spelling{"ECONNRESET", "[ECONNRESET]"},
      Spelling{"Connection reset by peer (os error 104)", "[ECONNRESET]"},
      Spelling{"Kind(ConnectionAborted)", "[ECONNRESET]"}, Spelling{"Kind(TimedOut)", "[ETIMEDOUT]"},
      Spelling{"Connection timed out (os error 110)", "[ETIMEDOUT]"}, Spelling{"timeout (error 5)", "[ETIMEDOUT]"},
      Spelling{"kind: HostUnreachable", "[EHOSTUNREACH]"}, Spelling{"remote-unreachable", "[EHOSTUNREACH]"},
      Spelling{"", "[ECONNRESET]"}, Spelling{"something else", "[ECONNRESET]"});
  Scene scene;
  auto [number, peer] = connected();
  peer->breaks(text, text);
  CAPTURE(text);
  CHECK(received(number, 10) == error);
  CHECK(received(number, 10).empty());
}

TEST_CASE("tcp receive: a very long error text does no harm") {
  Scene scene;
  auto [number, peer] = connected();
  peer->breaks(std::string(5000, 'x') + "ConnectionReset", "");
  CHECK(received(number, 10) == "[ECONNRESET]");
}

TEST_CASE("tcp receive: SO_RCVTIMEO passes without data") {
  Scene scene;
  auto [number, peer] = connected();
  set_timeout(number, SO_RCVTIMEO, 120);
  CHECK_MS(120, CHECK(received(number, 10) == "[EAGAIN]"));
  CHECK_MS(0, CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]"));
}

TEST_CASE("tcp receive: WAITALL with a timeout that progress restarts") {
  Scene scene;
  auto [number, peer] = connected();
  set_timeout(number, SO_RCVTIMEO, 100);
  for (uint64_t i = 1; i <= 4; ++i) host().after(i * 80 * ms, [peer = peer] { peer->sends("xx"); });
  CHECK_MS(320, CHECK(received(number, 8, MSG_WAITALL) == "xxxxxxxx"));
}

TEST_CASE("tcp receive: WAITALL gives what came before the timeout") {
  Scene scene;
  auto [number, peer] = connected();
  set_timeout(number, SO_RCVTIMEO, 100);
  host().after(30 * ms, [peer = peer] { peer->sends("abc"); });
  CHECK_MS(130, CHECK(received(number, 8, MSG_WAITALL) == "abc"));
  CHECK_MS(100, CHECK(received(number, 8, MSG_WAITALL) == "[EAGAIN]"));
}

TEST_CASE("tcp receive: WAITALL gives what came before the end, or before an error that is told next") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("ab");
  SECTION("end") {
    host().after(5 * ms, [peer = peer] { peer->finishes(); });
    CHECK(received(number, 8, MSG_WAITALL) == "ab");
    CHECK(received(number, 8, MSG_WAITALL).empty());
  }
  SECTION("reset") {
    host().after(5 * ms, [peer = peer] { peer->resets(); });
    CHECK(received(number, 8, MSG_WAITALL) == "ab");
    CHECK(received(number, 8, MSG_WAITALL) == "[ECONNRESET]");
    CHECK(received(number, 8, MSG_WAITALL).empty());
  }
}

TEST_CASE("tcp receive: SO_RCVLOWAT keeps a blocking receive and poll waiting") {
  Scene scene;
  auto [number, peer] = connected();
  REQUIRE(set_option(number, SOL_SOCKET, SO_RCVLOWAT, 4) == 0);
  peer->sends("ab");
  CHECK(polled(number, POLLIN) == 0);
  host().after(9 * ms, [peer = peer] { peer->sends("cdef"); });
  SECTION("poll") { CHECK_MS(9, CHECK(polled(number, POLLIN, 100) == POLLIN)); }
  SECTION("receive") { CHECK_MS(9, CHECK(received(number, 100) == "abcdef")); }
}

TEST_CASE("tcp receive: shutdown keeps what had arrived and then ends") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends("before");
  REQUIRE(guest::shutdown(number, SHUT_RD) == 0);
  CHECK(received(number, 100) == "before");
  CHECK(received(number, 100).empty());
}

TEST_CASE("tcp receive: a host that gives one byte a read loses none") {
  Scene scene;
  auto [number, peer] = connected();
  peer->in.most_per_read = 1;
  peer->sends("slowly");
  CHECK(received(number, 6, MSG_WAITALL) == "slowly");
}

TEST_CASE("tcp receive: spurious readiness isn't passed on") {
  Scene scene;
  host().spurious = 1;
  auto [number, peer] = connected();
  CHECK_MS(0, CHECK(polled(number, POLLIN, 0) == 0));
}

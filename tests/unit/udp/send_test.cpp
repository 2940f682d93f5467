// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UDP: MSG_MORE, and several datagrams by one call.
#include <vector>

#include "scene.h"

namespace {

// `count` messages of one letter each.
struct Messages {
  explicit Messages(unsigned count) : pieces(count), headers(count) {
    for (unsigned i = 0; i < count; ++i) {
      pieces[i] = {&letters[i % 26], 1};
      headers[i].msg_hdr = {};
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }
  char letters[27] = "abcdefghijklmnopqrstuvwxyz";
  std::vector<iovec> pieces;
  std::vector<mmsghdr> headers;
};

}  // namespace

TEST_CASE("udp send: what MSG_MORE holds is one datagram, to the first one's destination") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  const sockaddr_in first = to("127.0.0.1", 9), second = to("127.0.0.1", 10);
  CHECK_THAT(guest::sendto(number, "one ", 4, MSG_MORE, any(first), sizeof first), Returns(4));
  CHECK_THAT(guest::sendto(number, "two ", 4, MSG_MORE, any(second), sizeof second), Returns(4));
  CHECK(side->sent.empty());
  CHECK_THAT(guest::sendto(number, "three", 5, 0, any(second), sizeof second), Returns(5));
  REQUIRE(side->sent.size() == 1);
  CHECK(side->sent[0].data == "one two three");
  CHECK(side->sent[0].address.port == 9);
}

TEST_CASE("udp send: what is held waits for room without doubling, and goes with the socket") {
  Scene scene;
  auto [number, side] = bound_udp(5000, SOCK_NONBLOCK);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  CHECK_THAT(guest::send(number, "first", 5, 0), Returns(5));
  CHECK_THAT(guest::send(number, "held ", 5, MSG_MORE), Returns(5));
  side->writable = false;
  CHECK_THAT(guest::send(number, "end", 3, 0), Fails(EAGAIN));
  side->writable = true;
  CHECK_THAT(guest::send(number, "end", 3, 0), Returns(3));
  REQUIRE(side->sent.size() == 2);
  CHECK(side->sent[1].data == "held end");
  CHECK_THAT(guest::send(number, "never sent", 10, MSG_MORE), Returns(10));
}

TEST_CASE("udp send: more than a datagram holds drops what is held") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  const std::string large(60000, 'x');
  CHECK_THAT(guest::send(number, large.data(), large.size(), MSG_MORE), Returns(60000));
  CHECK_THAT(guest::send(number, large.data(), large.size(), 0), Fails(EMSGSIZE));
  CHECK_THAT(guest::send(number, "x", 1, 0), Returns(1));
  REQUIRE(side->sent.size() == 1);
  CHECK(side->sent[0].data == "x");
}

TEST_CASE("udp send: sendmmsg sends up to 16 datagrams by one call of the host's") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  Messages messages(20);
  host().forget_calls();
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 20, 0), Returns(20));
  CHECK(host().calls_of("outgoing-datagram-stream.send") == 2);
  CHECK(side->sent.size() == 20);
  CHECK(side->sent[19].data == "t");
}

TEST_CASE("udp send: a small permit ends a sendmmsg no sooner than no room does") {
  Scene scene;
  auto [number, side] = bound_udp(5000, SOCK_NONBLOCK);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  Messages messages(6);
  side->permits = {2, 3};
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 6, 0), Returns(6));
  side->permits = {2, 0, 0};
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 6, 0), Returns(2));
  CHECK(side->sent.size() == 8);
  side->writable = false;
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 6, 0), Fails(EAGAIN));
}

TEST_CASE("udp send: an error of sendmmsg behind the first message is told by the next call") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  Messages messages(3);
  std::string large(70000, 'x');
  messages.pieces[1] = {large.data(), large.size()};
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 3, 0), Returns(1));
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data() + 1, 2, 0), Fails(EMSGSIZE));
  CHECK(side->sent.size() == 1);
}

TEST_CASE("udp send: a refusal of sendmmsg's first message is told at once") {
  Scene scene;
  auto [number, side] = bound_udp(5000);
  REQUIRE(connect_to(number, "127.0.0.1", 9) == 0);
  Messages messages(3);
  host().fails("outgoing-datagram-stream.send", ErrorCode::connection_refused);
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 3, 0), Fails(ECONNREFUSED));
  CHECK_THAT(guest::sendmmsg(number, messages.headers.data(), 3, 0), Returns(3));
  CHECK(side->sent.size() == 3);
}

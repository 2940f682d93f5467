// socketpair(AF_UNIX) of SOCK_DGRAM and SOCK_SEQPACKET.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "local.h"

using namespace conformance;

// One case for each type that keeps messages apart.
#define MESSAGE_CASE(name)                                                                             \
  static void CONFORMANCE_JOIN(message_case_, __LINE__)([[maybe_unused]] int type);                    \
  TEST_CASE("socketpair: datagram " name) { CONFORMANCE_JOIN(message_case_, __LINE__)(SOCK_DGRAM); }   \
  TEST_CASE("socketpair: packet " name) { CONFORMANCE_JOIN(message_case_, __LINE__)(SOCK_SEQPACKET); } \
  static void CONFORMANCE_JOIN(message_case_, __LINE__)([[maybe_unused]] int type)

MESSAGE_CASE("borders are kept") {
  Pair p = local_pair(type);
  CHECK_RETURNS(send(p.client, "one", 3, 0), 3);
  CHECK_RETURNS(send(p.client, "second", 6, 0), 6);
  CHECK(read_some(p.server, 100) == "one");
  CHECK(read_some(p.server, 100) == "second");
}

MESSAGE_CASE("what doesn't fit is lost") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "abcdef", 6, 0), 6);
  REQUIRE_RETURNS(send(p.client, "next", 4, 0), 4);
  CHECK(read_some(p.server, 2) == "ab");
  CHECK(read_some(p.server, 10) == "next");
}

MESSAGE_CASE("MSG_TRUNC tells the whole size") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "abcdef", 6, 0), 6);
  char buffer[4];
  CHECK_RETURNS(recv(p.server, buffer, 2, MSG_TRUNC | MSG_PEEK), 6);
  CHECK_RETURNS(recv(p.server, buffer, 2, MSG_TRUNC), 6);
  CHECK(std::string(buffer, 2) == "ab");
}

MESSAGE_CASE("recvmsg says MSG_TRUNC of what was cut") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "abcdef", 6, 0), 6);
  char a[2], b[3];
  iovec pieces[] = {{a, 2}, {b, 3}};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  CHECK_RETURNS(recvmsg(p.server, &message, 0), 5);
  CHECK((message.msg_flags & MSG_TRUNC) != 0);
  CHECK(std::string(a, 2) + std::string(b, 3) == "abcde");
  REQUIRE_RETURNS(send(p.client, "abcde", 5, 0), 5);
  CHECK_RETURNS(recvmsg(p.server, &message, 0), 5);
  CHECK((message.msg_flags & MSG_TRUNC) == 0);
}

MESSAGE_CASE("an empty message is one") {
  Pair p = local_pair(type | SOCK_NONBLOCK);
  CHECK_RETURNS(send(p.client, "", 0, 0), 0);
  CHECK(state_of(p.server) == (POLLIN | POLLOUT));
  CHECK(available(p.server) == 0);
  char buffer[4];
  CHECK_RETURNS(recv(p.server, buffer, 4, 0), 0);
  CHECK_FAILS(recv(p.server, buffer, 4, 0), EAGAIN);
}

MESSAGE_CASE("writev makes one message") {
  Pair p = local_pair(type);
  char one[] = "ab", two[] = "cde";
  iovec out[] = {{one, 2}, {two, 3}};
  CHECK_RETURNS(writev(p.client, out, 2), 5);
  CHECK(read_some(p.server, 10) == "abcde");
}

MESSAGE_CASE("MSG_PEEK leaves the message") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "abc", 3, 0), 3);
  char buffer[4];
  CHECK_RETURNS(recv(p.server, buffer, 4, MSG_PEEK), 3);
  CHECK_RETURNS(recv(p.server, buffer, 4, MSG_PEEK | MSG_WAITALL), 3);
  CHECK(read_some(p.server, 4) == "abc");
}

MESSAGE_CASE("queue gets full") {
  Pair p = local_pair(type | SOCK_NONBLOCK);
  const std::string data = pattern(0, 1000);
  int messages = 0;
  while (send(p.client, data.data(), data.size(), 0) == 1000) ++messages;
  CHECK(errno == EAGAIN);
  CHECK(messages > 20);
  CHECK(messages < 1000);
  CHECK(state_of(p.client) == 0);
  for (int i = 0; i < messages; ++i) REQUIRE(read_some(p.server, 2000) == data);
  CHECK(state_of(p.client) == POLLOUT);
}

MESSAGE_CASE("of more than the buffer holds gives EMSGSIZE") {
  Pair p = local_pair(type);
  const std::string data = pattern(0, 400000);
  CHECK_FAILS(send(p.client, data.data(), data.size(), 0), EMSGSIZE);
  CHECK_RETURNS(send(p.client, data.data(), 200000, 0), 200000);
  char rest[16];
  CHECK_RETURNS(recv(p.server, rest, sizeof rest, MSG_TRUNC), 200000);
}

MESSAGE_CASE("FIONREAD") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "four", 4, 0), 4);
  REQUIRE_RETURNS(send(p.client, "another", 7, 0), 7);
  CHECK(available(p.server) == (type == SOCK_DGRAM ? 4 : 11));
}

MESSAGE_CASE("receive that nothing can end") {
  Pair p = local_pair(type);
  char byte;
  CHECK_NEVER_ENDS(recv(p.server, &byte, 1, 0));
}

MESSAGE_CASE("shutdown of receiving") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(send(p.client, "before", 6, 0), 6);
  REQUIRE_OK(shutdown(p.server, SHUT_RD));
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(read_some(p.server, 10) == "before");
  CHECK(read_some(p.server, 10).empty());
  char byte;
  if (type == SOCK_DGRAM) {
    CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
  } else {
    CHECK_RETURNS(recv(p.server, &byte, 1, MSG_DONTWAIT), 0);
  }
}

MESSAGE_CASE("shutdown of sending") {
  Pair p = local_pair(type);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  if (type == SOCK_DGRAM) {
    CHECK(state_of(p.server) == POLLOUT);
  } else {
    CHECK(state_of(p.server) == (POLLIN | POLLOUT | POLLRDHUP));
  }
  REQUIRE_RETURNS(send(p.server, "back", 4, 0), 4);
  CHECK(read_some(p.client, 10) == "back");
}

TEST_CASE("socketpair: a datagram's peer that is gone gives ECONNREFUSED, then ENOTCONN") {
  Pair p = local_pair(SOCK_DGRAM | SOCK_NONBLOCK);
  REQUIRE_RETURNS(send(p.client, "left", 4, 0), 4);
  p.client.reset();
  CHECK(state_of(p.server) == (POLLIN | POLLOUT));
  CHECK(read_some(p.server, 10) == "left");
  CHECK(state_of(p.server) == POLLOUT);
  CHECK_FAILS(send(p.server, "x", 1, 0), ECONNREFUSED);
  CHECK_FAILS(send(p.server, "x", 1, 0), ENOTCONN);
  Name name;
  CHECK_FAILS(getpeername(p.server, name.get(), &name.length), ENOTCONN);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
}

TEST_CASE("socketpair: finding the datagram peer gone loses what it sent") {
  Pair p = local_pair(SOCK_DGRAM | SOCK_NONBLOCK);
  REQUIRE_RETURNS(send(p.client, "left", 4, 0), 4);
  p.client.reset();
  CHECK_FAILS(send(p.server, "x", 1, 0), ECONNREFUSED);
  char buffer[8];
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, 0), EAGAIN);
}

TEST_CASE("socketpair: a packet peer that is gone is the end") {
  Pair p = local_pair(SOCK_SEQPACKET);
  REQUIRE_RETURNS(send(p.client, "left", 4, 0), 4);
  p.client.reset();
  CHECK(state_of(p.server) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(read_some(p.server, 10) == "left");
  CHECK(read_some(p.server, 10).empty());
  CHECK_FAILS(send(p.server, "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST_CASE("socketpair: a packet peer that is gone with unread packets resets") {
  Pair p = local_pair(SOCK_SEQPACKET);
  REQUIRE_RETURNS(send(p.server, "unread", 6, 0), 6);
  REQUIRE_RETURNS(send(p.client, "left", 4, 0), 4);
  p.client.reset();
  char buffer[8];
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, 0), ECONNRESET);
  CHECK(read_some(p.server, 10) == "left");
  CHECK(read_some(p.server, 10).empty());
}

TEST_CASE("socketpair: a packet's address is ignored, a datagram's is not") {
  Name name = abstract_name("nobody");
  Pair packets = local_pair(SOCK_SEQPACKET);
  CHECK_RETURNS(sendto(packets.client, "x", 1, 0, name.get(), name.length), 1);
  CHECK(read_some(packets.server, 4) == "x");
  Pair datagrams = local_pair(SOCK_DGRAM);
  CHECK_FAILS(sendto(datagrams.client, "x", 1, 0, name.get(), name.length), ECONNREFUSED);
}

TEST_CASE("socketpair: SO_TYPE, SO_DOMAIN and SO_PROTOCOL") {
  Pair stream = local_pair(SOCK_STREAM), datagram = local_pair(SOCK_DGRAM), packets = local_pair(SOCK_SEQPACKET);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_TYPE) == SOCK_STREAM);
  CHECK(int_option(datagram.client, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM);
  CHECK(int_option(packets.client, SOL_SOCKET, SO_TYPE) == SOCK_SEQPACKET);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_DOMAIN) == AF_UNIX);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_PROTOCOL) == 0);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_ACCEPTCONN) == 0);
  CHECK(int_option(stream.client, SOL_SOCKET, SO_SNDBUF) == 212992);
}

TEST_CASE("socketpair: MSG_ERRQUEUE means nothing, as there is no queue of errors") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    Pair p = local_pair(type);
    char data[8];
    CHECK_FAILS(recv(p.server, data, sizeof data, MSG_ERRQUEUE | MSG_DONTWAIT), EAGAIN);
    REQUIRE(send(p.client, "hello", 5, 0) == 5);
    CHECK_RETURNS(recv(p.server, data, sizeof data, MSG_ERRQUEUE | MSG_DONTWAIT), 5);
  }
}

// The MSG_ flags over TCP.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "peer.h"

using namespace conformance;

FAMILY_CASE("tcp flags: MSG_PEEK leaves the data there") {
  Pair p = tcp_pair(family);
  send_all(p.client, "peek");
  char buffer[16] = {};
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_PEEK), 4);
  CHECK(std::string(buffer, 4) == "peek");
  CHECK_RETURNS(recv(p.server, buffer, 2, MSG_PEEK), 2);
  CHECK((wait_for(p.server, POLLIN, 0) & POLLIN) != 0);
  CHECK(receive(p.server, 4) == "peek");
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
}

FAMILY_CASE("tcp flags: MSG_PEEK sees data that comes later") {
  Pair p = tcp_pair(family);
  send_all(p.client, "ab");
  char buffer[16];
  REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_PEEK), 2);
  send_all(p.client, "cd");
  CHECK_RETURNS(recv(p.server, buffer, 4, MSG_PEEK | MSG_WAITALL), 4);
  CHECK(std::string(buffer, 4) == "abcd");
  CHECK(receive(p.server, 4) == "abcd");
}

FAMILY_CASE("tcp flags: MSG_PEEK of the end of the stream") {
  Pair p = tcp_pair(family);
  p.client.reset();
  char byte = 0;
  CHECK_RETURNS(recv(p.server, &byte, 1, MSG_PEEK), 0);
  CHECK_RETURNS(recv(p.server, &byte, 1, 0), 0);
}

FAMILY_CASE("tcp flags: MSG_PEEK without data gives EAGAIN") {
  Pair p = tcp_pair(family);
  char byte = 0;
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("tcp flags: MSG_DONTWAIT is non-blocking for one call") {
  Pair p = tcp_pair(family);
  char byte = 0;
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
  CHECK((fcntl(p.server, F_GETFL) & O_NONBLOCK) == 0);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recv(p.server, &byte, 1, MSG_DONTWAIT), 1);
}

FAMILY_CASE("tcp flags: send with MSG_DONTWAIT ends with EAGAIN") {
  Pair p = small_tcp_pair(family);
  std::string data = pattern(0, 1u << 20);
  ssize_t n = 0;
  int rounds = 0;
  while ((n = send(p.client, data.data(), data.size(), MSG_DONTWAIT)) > 0) REQUIRE(++rounds < 1000);
  CHECK_FAILS(n, EAGAIN);
}

FAMILY_CASE("tcp flags: MSG_WAITALL waits for the whole size") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; send 3; sleep 30; send 4; sleep 30; send 3");
  char buffer[10];
  REQUIRE_RETURNS(recv(fd, buffer, sizeof buffer, MSG_WAITALL), 10);
  CHECK(std::string(buffer, 10) == pattern(0, 10));
  peer.finish();
}

FAMILY_CASE("tcp flags: MSG_WAITALL takes no more than was asked for") {
  Pair p = tcp_pair(family);
  send_all(p.client, "0123456789");
  char buffer[4];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 4);
  CHECK(receive(p.server, 6) == "456789");
}

FAMILY_CASE("tcp flags: MSG_WAITALL of a megabyte") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; send 1048576");
  std::string data(1048576, '\0');
  REQUIRE_RETURNS(recv(fd, data.data(), data.size(), MSG_WAITALL), 1048576);
  CHECK(data == pattern(0, 1048576));
  peer.finish();
}

FAMILY_CASE("tcp flags: MSG_WAITALL is cut short by the end of the stream") {
  Pair p = tcp_pair(family);
  send_all(p.client, "short");
  p.client.reset();
  char buffer[10];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 5);
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 0);
}

FAMILY_CASE("tcp flags: MSG_WAITALL is cut short by SO_RCVTIMEO") {
  Pair p = tcp_pair(family);
  set_timeout(p.server, SO_RCVTIMEO, 60);
  send_all(p.client, "part");
  char buffer[10];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 4);
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), EAGAIN);
}

FAMILY_CASE("tcp flags: MSG_WAITALL doesn't wait on a non-blocking socket") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.server);
  char buffer[10];
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), EAGAIN);
  send_all(p.client, "part");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 4);
}

FAMILY_CASE("tcp flags: MSG_TRUNC throws the data away") {
  Pair p = tcp_pair(family);
  send_all(p.client, "rubbish-good");
  REQUIRE(readable(p.server));
  char buffer[8] = "-------";
  CHECK_RETURNS(recv(p.server, buffer, 8, MSG_TRUNC | MSG_WAITALL), 8);
  CHECK(std::string(buffer) == "-------");
  CHECK(receive(p.server, 4) == "good");
}

FAMILY_CASE("tcp flags: MSG_TRUNC needs no buffer") {
  Pair p = tcp_pair(family);
  send_all(p.client, "rubbish-good");
  void* volatile null = nullptr;
  CHECK_RETURNS(recv(p.server, null, 8, MSG_TRUNC | MSG_WAITALL), 8);
  CHECK(receive(p.server, 4) == "good");
}

FAMILY_CASE("tcp flags: MSG_NOSIGNAL is accepted by send and sendto") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(send(p.client, "a", 1, MSG_NOSIGNAL), 1);
  CHECK_RETURNS(sendto(p.client, "b", 1, MSG_NOSIGNAL, nullptr, 0), 1);
  CHECK(receive(p.server, 2) == "ab");
}

FAMILY_CASE("tcp flags: unknown bits are ignored by send and recv") {
  Pair p = tcp_pair(family);
  constexpr int unknown = 0x00800000;
  CHECK_RETURNS(send(p.client, "a", 1, unknown), 1);
  char byte = 0;
  CHECK_RETURNS(recv(p.server, &byte, 1, unknown), 1);
  CHECK(byte == 'a');
}

FAMILY_CASE("tcp flags: MSG_PEEK on a fresh socket gives ENOTCONN") {
  Fd fd = tcp(family);
  char byte = 0;
  CHECK_FAILS(recv(fd, &byte, 1, MSG_PEEK), ENOTCONN);
}

// socketpair(AF_UNIX, SOCK_STREAM).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "local.h"

using namespace conformance;

TEST_CASE("socketpair: a stream carries data both ways") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "there");
  send_all(p.server, "back");
  CHECK(receive(p.server, 5) == "there");
  CHECK(receive(p.client, 4) == "back");
}

TEST_CASE("socketpair: a stream has no borders") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "one");
  send_all(p.client, "two");
  CHECK(read_some(p.server, 4) == "onet");
  CHECK(read_some(p.server, 10) == "wo");
}

TEST_CASE("socketpair: read, write, readv and writev work") {
  Pair p = local_pair(SOCK_STREAM);
  char one[] = "ab", two[] = "cde";
  iovec out[] = {{one, 2}, {two, 3}};
  CHECK_RETURNS(writev(p.client, out, 2), 5);
  char a[3], b[3];
  iovec in[] = {{a, 3}, {b, 3}};
  CHECK_RETURNS(readv(p.server, in, 2), 5);
  CHECK(std::string(a, 3) + std::string(b, 2) == "abcde");
}

TEST_CASE("socketpair: an empty stream gives EAGAIN") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  char byte;
  CHECK_FAILS(recv(p.client, &byte, 1, 0), EAGAIN);
  set_nonblocking(p.server, false);
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

TEST_CASE("socketpair: closing one end is the other's end of stream") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "last");
  p.client.reset();
  CHECK(receive_to_end(p.server) == "last");
  CHECK_FAILS(send(p.server, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(receive_to_end(p.server).empty());
}

TEST_CASE("socketpair: closing with unread data resets a stream") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "unread");
  send_all(p.server, "answer");
  p.server.reset();
  char buffer[16];
  CHECK(state_of(p.client) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 6);
  CHECK_FAILS(recv(p.client, buffer, sizeof buffer, 0), ECONNRESET);
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 0);
}

TEST_CASE("socketpair: a reset is told by SO_ERROR once") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "unread");
  p.server.reset();
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(int_option(p.client, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  CHECK(int_option(p.client, SOL_SOCKET, SO_ERROR) == 0);
}

TEST_CASE("socketpair: shutdown of sending is the peer's end of stream") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "x");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(receive_to_end(p.server) == "x");
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
  send_all(p.server, "still");
  CHECK(receive(p.client, 5) == "still");
}

TEST_CASE("socketpair: shutdown of receiving stops the peer's sending") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.server, "before");
  REQUIRE_OK(shutdown(p.client, SHUT_RD));
  CHECK_FAILS(send(p.server, "x", 1, MSG_NOSIGNAL), EPIPE);
  CHECK(receive(p.client, 6) == "before");
  CHECK(receive_to_end(p.client).empty());
  send_all(p.client, "other way");
  CHECK(receive(p.server, 9) == "other way");
}

TEST_CASE("socketpair: shutdown refuses what isn't a direction") {
  Pair p = local_pair(SOCK_STREAM);
  CHECK_FAILS(shutdown(p.client, 77), EINVAL);
  CHECK_FAILS(shutdown(p.client, -1), EINVAL);
}

TEST_CASE("socketpair: MSG_PEEK leaves the data of a stream") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "abc");
  send_all(p.client, "def");
  char buffer[8];
  CHECK_RETURNS(recv(p.server, buffer, 5, MSG_PEEK), 5);
  CHECK(std::string(buffer, 5) == "abcde");
  CHECK(receive(p.server, 2) == "ab");
  CHECK_RETURNS(recv(p.server, buffer, 8, MSG_PEEK), 4);
  CHECK(std::string(buffer, 4) == "cdef");
  CHECK(receive(p.server, 4) == "cdef");
}

TEST_CASE("socketpair: MSG_WAITALL takes what a stream has when it ends") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "abc");
  send_all(p.client, "de");
  char buffer[16];
  CHECK_RETURNS(recv(p.server, buffer, 5, MSG_WAITALL), 5);
  send_all(p.client, "xyz");
  p.client.reset();
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_WAITALL), 3);
}

TEST_CASE("socketpair: MSG_TRUNC means nothing to a stream") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "abcd");
  char buffer[8] = "-------";
  CHECK_RETURNS(recv(p.server, buffer, 2, MSG_TRUNC), 2);
  CHECK(std::string(buffer, 2) == "ab");
  CHECK(receive(p.server, 2) == "cd");
}

TEST_CASE("socketpair: sending nothing on a stream") {
  Pair p = local_pair(SOCK_STREAM);
  CHECK_RETURNS(send(p.client, "", 0, 0), 0);
  CHECK(state_of(p.server) == POLLOUT);
  CHECK(available(p.server) == 0);
}

TEST_CASE("socketpair: a stream's send with an address gives EISCONN") {
  Pair p = local_pair(SOCK_STREAM);
  Name name = abstract_name("nobody");
  CHECK_FAILS(sendto(p.client, "x", 1, 0, name.get(), name.length), EISCONN);
}

TEST_CASE("socketpair: recvfrom of a stream whose sender has no name") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "x");
  Name from;
  char byte;
  CHECK_RETURNS(recvfrom(p.server, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from.length == 0);
}

TEST_CASE("socketpair: the ends have no names") {
  Pair p = local_pair(SOCK_STREAM);
  Name name = name_of(p.client);
  CHECK(name.length == sizeof(sa_family_t));
  CHECK(name.address.sun_family == AF_UNIX);
  name = peer_of(p.client);
  CHECK(name.length == sizeof(sa_family_t));
  CHECK(name.address.sun_family == AF_UNIX);
}

TEST_CASE("socketpair: FIONREAD of a stream is all there is") {
  Pair p = local_pair(SOCK_STREAM);
  send_all(p.client, "abc");
  send_all(p.client, "de");
  CHECK(available(p.server) == 5);
  CHECK(receive(p.server, 1) == "a");
  CHECK(available(p.server) == 4);
  CHECK(available(p.client) == 0);
}

TEST_CASE("socketpair: what it refuses") {
  int ends[2];
  int* volatile null = nullptr;
  CHECK_FAILS(socketpair(AF_INET, SOCK_STREAM, 0, ends), EOPNOTSUPP);
  CHECK_FAILS(socketpair(9999, SOCK_STREAM, 0, ends), EAFNOSUPPORT);
  CHECK_FAILS(socketpair(AF_UNIX, SOCK_STREAM, 77, ends), EPROTONOSUPPORT);
  CHECK_FAILS(socketpair(AF_UNIX, 0, 0, ends), ESOCKTNOSUPPORT);
  CHECK_FAILS(socketpair(AF_UNIX, 14, 0, ends), EINVAL);
  CHECK_FAILS(socketpair(AF_UNIX, SOCK_STREAM, 0, null), EFAULT);
  CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, AF_UNIX, ends));
  Fd a(ends[0]), b(ends[1]);
}

TEST_CASE("socketpair: a dup is the same end") {
  Pair p = local_pair(SOCK_STREAM);
  Fd copy(dup(p.client));
  p.client.reset();
  send_all(copy, "alive");
  CHECK(receive(p.server, 5) == "alive");
  copy.reset();
  CHECK(receive_to_end(p.server).empty());
}

TEST_CASE("socketpair: SO_RCVLOWAT makes a blocking read wait, or take what a stream has left") {
  Pair p = local_pair(SOCK_STREAM);
  int low = 4;
  REQUIRE_OK(setsockopt(p.server, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low));
  send_all(p.client, "abcdef");
  CHECK(read_some(p.server, 100) == "abcdef");
  send_all(p.client, "ab");
  p.client.reset();
  CHECK(read_some(p.server, 100) == "ab");
}

TEST_CASE("socketpair: much data through a stream in odd pieces") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  const std::string data = pattern(0, 1500000);
  std::string seen;
  std::size_t sent = 0, step = 1;
  while (seen.size() < data.size()) {
    step = step * 13 % 70001 + 1;
    if (sent < data.size()) {
      ssize_t n = send(p.client, data.data() + sent, data.size() - sent < step ? data.size() - sent : step, 0);
      if (n == -1) {
        REQUIRE(errno == EAGAIN);
      } else {
        sent += static_cast<std::size_t>(n);
      }
    }
    char buffer[60000];
    ssize_t n = recv(p.server, buffer, step % sizeof buffer + 1, 0);
    if (n == -1) {
      REQUIRE(errno == EAGAIN);
    } else {
      seen.append(buffer, static_cast<std::size_t>(n));
    }
  }
  CHECK(seen == data);
}

// socketpair(AF_UNIX, SOCK_STREAM): poll, full buffers, waiting.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "local.h"

using namespace conformance;

TEST_CASE("socketpair: poll of a stream, idle and with data") {
  Pair p = local_pair(SOCK_STREAM);
  CHECK(state_of(p.client) == POLLOUT);
  send_all(p.server, "x");
  CHECK(state_of(p.client) == (POLLIN | POLLOUT));
  CHECK(receive(p.client, 1) == "x");
  CHECK(state_of(p.client) == POLLOUT);
}

TEST_CASE("socketpair: poll of a half-closed stream") {
  Pair p = local_pair(SOCK_STREAM);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(state_of(p.server) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(state_of(p.client) == POLLOUT);
  REQUIRE_OK(shutdown(p.server, SHUT_WR));
  CHECK(state_of(p.client) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

TEST_CASE("socketpair: poll of a stream whose peer is gone") {
  Pair p = local_pair(SOCK_STREAM);
  p.client.reset();
  CHECK(state_of(p.server) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(p.server, 0, 0) == POLLHUP);
}

TEST_CASE("socketpair: a stream gets full, is drained and has room again") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  std::size_t taken = fill(p.client);
  CHECK(taken >= 65536);
  CHECK(taken < 1000000);
  CHECK(state_of(p.client) == 0);
  CHECK(receive(p.server, taken) == pattern(0, 65521 * 20).substr(0, taken));
  CHECK(state_of(p.client) == POLLOUT);
  CHECK(state_of(p.server) == POLLOUT);
}

TEST_CASE("socketpair: a full stream's poll reports room once most is read") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  const std::string piece = pattern(0, 1000);
  std::size_t pieces = 0;
  while (send(p.client, piece.data(), piece.size(), 0) == 1000) ++pieces;
  CHECK(errno == EAGAIN);
  char buffer[1000];
  // A quarter used is the kernel's limit.
  for (std::size_t i = 0; i < pieces / 2; ++i) REQUIRE_RETURNS(recv(p.server, buffer, 1000, 0), 1000);
  CHECK(state_of(p.client) == 0);
  CHECK_RETURNS(send(p.client, piece.data(), 10, 0), 10);
  for (std::size_t i = 0; i < pieces * 3 / 10; ++i) REQUIRE_RETURNS(recv(p.server, buffer, 1000, 0), 1000);
  CHECK(state_of(p.client) == POLLOUT);
}

TEST_CASE("socketpair: SO_SNDBUF limits what a stream holds") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  int size = 8192;
  REQUIRE_OK(setsockopt(p.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  CHECK(int_option(p.client, SOL_SOCKET, SO_SNDBUF) == 16384);
  std::size_t small = fill(p.client);
  std::size_t usual = fill(p.server);
  CHECK(small < 50000);
  CHECK(usual > small);
}

TEST_CASE("socketpair: a receive that nothing can end") {
  Pair p = local_pair(SOCK_STREAM);
  char byte;
  CHECK_NEVER_ENDS(recv(p.server, &byte, 1, 0));
  CHECK_NEVER_ENDS(recv(p.server, &byte, 1, MSG_PEEK));
}

TEST_CASE("socketpair: a send that nothing can end") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK);
  fill(p.client);
  set_nonblocking(p.client, false);
  CHECK_NEVER_ENDS(send(p.client, "x", 1, 0));
}

TEST_CASE("socketpair: SO_RCVTIMEO and SO_SNDTIMEO end a wait") {
  Pair p = local_pair(SOCK_STREAM);
  set_timeout(p.server, SO_RCVTIMEO, 50);
  char byte;
  Stopwatch time;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  CHECK(time.elapsed() >= 40);
  set_nonblocking(p.client);
  fill(p.client);
  set_nonblocking(p.client, false);
  set_timeout(p.client, SO_SNDTIMEO, 50);
  CHECK_FAILS(send(p.client, "x", 1, 0), EAGAIN);
}

TEST_CASE("socketpair: flags, fstat and what it can't do") {
  Pair p = local_pair(SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
  CHECK((fcntl(p.client, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(p.client, F_GETFL) & O_ACCMODE) == O_RDWR);
  CHECK_RETURNS(fcntl(p.server, F_GETFD), FD_CLOEXEC);
  struct stat info{};
  REQUIRE_OK(fstat(p.client, &info));
  CHECK(S_ISSOCK(info.st_mode));
  CHECK_FAILS(lseek(p.client, 0, SEEK_CUR), ESPIPE);
  CHECK_FAILS(listen(p.client, 1), EINVAL);
  CHECK_FAILS(accept(p.client, nullptr, nullptr), EINVAL);
}

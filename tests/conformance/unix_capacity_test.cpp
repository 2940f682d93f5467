// AF_UNIX: how much fits, by the kernel's own measure of memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "local.h"

using namespace conformance;

namespace {

struct Filled {
  int sends = 0;
  long bytes = 0;
  int writable_sends = 0;  // after how many poll says that it isn't writable
};

Filled fill(int fd, std::size_t size) {
  std::vector<char> data(size, 'x');
  Filled filled;
  bool writable = true;
  for (;;) {
    ssize_t sent = send(fd, data.data(), size, MSG_DONTWAIT);
    if (sent < 0) {
      CHECK(errno == EAGAIN);
      return filled;
    }
    ++filled.sends;
    filled.bytes += sent;
    if (writable && (state_of(fd) & POLLOUT) == 0) {
      writable = false;
      filled.writable_sends = filled.sends;
    }
  }
}

void check_fill(int type, std::size_t size, int sends, long bytes, int writable_sends) {
  Pair p = local_pair(type);
  Filled filled = fill(p.client, size);
  CAPTURE(size);
  CHECK(filled.sends == sends);
  CHECK(filled.bytes == bytes);
  CHECK(filled.writable_sends == writable_sends);
}

}  // namespace

TEST_CASE("unix capacity: small messages cost most of what they need around them") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    check_fill(type, 1, 278, 278, 70);
    check_fill(type, 192, 278, 53376, 70);
    check_fill(type, 193, 167, 32231, 42);
    check_fill(type, 704, 167, 117568, 42);
    check_fill(type, 705, 93, 65565, 24);
    check_fill(type, 1728, 93, 160704, 24);
    check_fill(type, 1729, 49, 84721, 13);
  }
}

TEST_CASE("unix capacity: a stream keeps the rest of a piece in pages") {
  check_fill(SOCK_STREAM, 3776, 49, 185024, 13);
  check_fill(SOCK_STREAM, 3777, 44, 166188, 11);
  check_fill(SOCK_STREAM, 5000, 34, 170000, 9);
  check_fill(SOCK_STREAM, 20000, 11, 220000, 3);
}

TEST_CASE("unix capacity: a stream takes pieces of 36544 bytes") {
  check_fill(SOCK_STREAM, 40000, 6, 236544, 2);
  Pair p = local_pair(SOCK_STREAM);
  std::vector<char> data(500000, 'x');
  CHECK_RETURNS(send(p.client, data.data(), data.size(), MSG_DONTWAIT), 219264);
  CHECK(available(p.server) == 219264);
}

TEST_CASE("unix capacity: datagrams are kept in one piece") {
  for (int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    check_fill(type, 3777, 26, 98202, 7);
    check_fill(type, 10000, 13, 130000, 4);
    Pair p = local_pair(type);
    std::vector<char> data(212960, 'x');
    CHECK_RETURNS(send(p.client, data.data(), data.size(), MSG_DONTWAIT), 212960);
    CHECK_FAILS(send(p.client, data.data(), 1, MSG_DONTWAIT), EAGAIN);
  }
}

TEST_CASE("unix capacity: SO_SNDBUF bounds a message and the pieces of a stream") {
  Pair datagrams = local_pair(SOCK_DGRAM), stream = local_pair(SOCK_STREAM);
  int size = 5000;
  REQUIRE_OK(setsockopt(datagrams.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  REQUIRE_OK(setsockopt(stream.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  std::vector<char> data(20000, 'x');
  CHECK_FAILS(send(datagrams.client, data.data(), 9969, MSG_DONTWAIT), EMSGSIZE);
  CHECK_RETURNS(send(datagrams.client, data.data(), 9968, MSG_DONTWAIT), 9968);
  CHECK_RETURNS(send(stream.client, data.data(), data.size(), MSG_DONTWAIT), 9872);
}

TEST_CASE("unix capacity: TIOCOUTQ counts the memory of what wasn't taken") {
  Pair p = local_pair(SOCK_STREAM);
  int bytes = -1;
  CHECK_RETURNS(ioctl(p.client, TIOCOUTQ, &bytes), 0);
  CHECK(bytes == 0);
  REQUIRE_RETURNS(write(p.client, "abc", 3), 3);
  CHECK_RETURNS(ioctl(p.client, TIOCOUTQ, &bytes), 0);
  CHECK(bytes == 768);
  Fd listening = local_listener(SOCK_STREAM, abstract_name("outq"));
  CHECK_RETURNS(ioctl(listening, TIOCOUTQ, &bytes), 0);
  CHECK(bytes == 0);
}

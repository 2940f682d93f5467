// pipe(): reading, writing, capacity, atomic writes, the end of the stream.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <limits.h>
#include <sys/uio.h>

#include "local.h"

using namespace conformance;

TEST_CASE("pipe: what is written comes out in order") {
  Pipe p = make_pipe();
  CHECK_RETURNS(write(p.writer, "hello", 5), 5);
  CHECK_RETURNS(write(p.writer, " world", 6), 6);
  CHECK(read_some(p.reader, 3) == "hel");
  CHECK(read_some(p.reader, 100) == "lo world");
}

TEST_CASE("pipe: takes the two lowest free numbers") {
  int ends[2];
  Fd a(dup(0)), b(dup(0)), c(dup(0));
  int low = a, middle = b;
  a.reset();
  b.reset();
  REQUIRE_OK(pipe(ends));
  Fd reader(ends[0]), writer(ends[1]);
  CHECK(ends[0] == low);
  CHECK(ends[1] == middle);
}

TEST_CASE("pipe: reading an empty one gives EAGAIN") {
  Pipe p = make_pipe(O_NONBLOCK);
  char byte;
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK_RETURNS(read(p.reader, &byte, 1), 1);
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
}

TEST_CASE("pipe: the end of the stream comes after the data") {
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "last", 4), 4);
  p.writer.reset();
  CHECK(read_some(p.reader, 10) == "last");
  CHECK(read_some(p.reader, 10).empty());
  CHECK(read_some(p.reader, 10).empty());
}

TEST_CASE("pipe: writing without a reader gives EPIPE") {
  Pipe p = make_pipe();
  p.reader.reset();
  CHECK_FAILS(write(p.writer, "x", 1), EPIPE);
  CHECK_FAILS(write(p.writer, "x", 1), EPIPE);
  CHECK_RETURNS(write(p.writer, "x", 0), 0);
}

TEST_CASE("pipe: lives until the last copy of an end is closed") {
  Pipe p = make_pipe(O_NONBLOCK);
  Fd copy(dup(p.writer));
  p.writer.reset();
  char byte;
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
  CHECK_RETURNS(write(copy, "y", 1), 1);
  copy.reset();
  CHECK(read_some(p.reader, 2) == "y");
  CHECK_RETURNS(read(p.reader, &byte, 1), 0);
}

TEST_CASE("pipe: the wrong end gives EBADF") {
  Pipe p = make_pipe();
  char byte = 0;
  CHECK_FAILS(write(p.reader, &byte, 1), EBADF);
  CHECK_FAILS(write(p.reader, &byte, 0), EBADF);
  CHECK_FAILS(read(p.writer, &byte, 1), EBADF);
  CHECK_FAILS(read(p.writer, &byte, 0), EBADF);
}

TEST_CASE("pipe: size 0 does nothing") {
  Pipe p = make_pipe();
  char byte;
  CHECK_RETURNS(read(p.reader, &byte, 0), 0);
  CHECK_RETURNS(write(p.writer, &byte, 0), 0);
  CHECK(available(p.reader) == 0);
}

TEST_CASE("pipe: holds 65536 bytes, then EAGAIN") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 100000);
  CHECK_RETURNS(write(p.writer, data.data(), data.size()), 65536);
  CHECK_FAILS(write(p.writer, "x", 1), EAGAIN);
  CHECK(read_some(p.reader, 200000) == data.substr(0, 65536));
  char byte;
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
}

TEST_CASE("pipe: small writes fill it to the last byte") {
  Pipe p = make_pipe(O_NONBLOCK);
  std::size_t taken = 0;
  while (write(p.writer, "x", 1) == 1) ++taken;
  CHECK(errno == EAGAIN);
  CHECK(taken == 65536);
}

TEST_CASE("pipe: a write of PIPE_BUF is taken whole or not at all") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 65536);
  REQUIRE_RETURNS(write(p.writer, data.data(), 65536 - 100), 65536 - 100);
  CHECK_FAILS(write(p.writer, data.data(), 101), EAGAIN);
  CHECK_FAILS(write(p.writer, data.data(), PIPE_BUF), EAGAIN);
  CHECK_RETURNS(write(p.writer, data.data(), 100), 100);
  CHECK_FAILS(write(p.writer, data.data(), 1), EAGAIN);
}

TEST_CASE("pipe: a write of more than PIPE_BUF is taken in part") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 65536);
  REQUIRE_RETURNS(write(p.writer, data.data(), 60000), 60000);
  // 60000 bytes end in the fifteenth page, where 6000 don't find room for what isn't whole pages of them.
  CHECK_RETURNS(write(p.writer, data.data(), 6000), 4096);
  CHECK(available(p.reader) == 64096);
}

TEST_CASE("pipe: writes that don't fit into a page begin another") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 3000);
  int writes = 0;
  while (write(p.writer, data.data(), data.size()) == 3000) ++writes;
  CHECK(errno == EAGAIN);
  CHECK(writes == 16);
}

TEST_CASE("pipe: room comes back a page at a time") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 65536);
  REQUIRE_RETURNS(write(p.writer, data.data(), data.size()), 65536);
  REQUIRE(read_some(p.reader, 4095).size() == 4095);
  CHECK_FAILS(write(p.writer, "x", 1), EAGAIN);
  CHECK(state_of(p.writer) == 0);
  REQUIRE(read_some(p.reader, 1).size() == 1);
  CHECK(state_of(p.writer) == POLLOUT);
  CHECK_RETURNS(write(p.writer, data.data(), 5000), 4096);
}

TEST_CASE("pipe: readv and writev use all buffers") {
  Pipe p = make_pipe();
  char one[] = "ab", two[] = "cde", three[] = "f";
  iovec out[] = {{one, 2}, {two, 3}, {nullptr, 0}, {three, 1}};
  CHECK_RETURNS(writev(p.writer, out, 4), 6);
  char a[4], b[10];
  iovec in[] = {{a, 4}, {b, 10}};
  CHECK_RETURNS(readv(p.reader, in, 2), 6);
  CHECK(std::string(a, 4) + std::string(b, 2) == "abcdef");
}

TEST_CASE("pipe: much data through it, read and written in odd pieces") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 400000);
  std::string seen;
  std::size_t written = 0, step = 1;
  while (seen.size() < data.size()) {
    step = step * 7 % 9001 + 1;
    if (written < data.size()) {
      std::size_t size = data.size() - written < step ? data.size() - written : step;
      ssize_t n = write(p.writer, data.data() + written, size);
      if (n == -1) {
        REQUIRE(errno == EAGAIN);
      } else {
        written += static_cast<std::size_t>(n);
      }
    }
    char buffer[5000];
    ssize_t n = read(p.reader, buffer, step % 5000 + 1);
    if (n == -1) {
      REQUIRE(errno == EAGAIN);
    } else {
      seen.append(buffer, static_cast<std::size_t>(n));
    }
  }
  CHECK(seen == data);
}

TEST_CASE("pipe: a read that nothing can end") {
  Pipe p = make_pipe();
  char byte;
  Interrupted interrupted;
  CHECK_FAILS(
      read(p.reader, &byte, 1),
      DIFFERS_ON_WASI("Linux waits for ever (the native run is interrupted by a signal); a guest has one thread, "
                      "and is told that its blocking call can't end, here and on the other in-process descriptors",
                      EINTR, EDEADLK));
}

TEST_CASE("pipe: a write that nothing can end") {
  Pipe p = make_pipe();
  const std::string data = pattern(0, 65536);
  REQUIRE_RETURNS(write(p.writer, data.data(), data.size()), 65536);
  CHECK_NEVER_ENDS(write(p.writer, data.data(), 1));
}

TEST_CASE("pipe: a blocking write says how much was taken when it can't go on") {
  Pipe p = make_pipe();
  const std::string data = pattern(0, 70000);
  Interrupted interrupted;
  CHECK_RETURNS(write(p.writer, data.data(), data.size()), 65536);
}

TEST_CASE("pipe: bad memory gives EFAULT") {
  Pipe p = make_pipe();
  int* volatile null = nullptr;
  CHECK_FAILS(pipe(null), EFAULT);
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK_FAILS(read(p.reader, const_cast<int*>(null), 1), EFAULT);
  CHECK(read_some(p.reader, 1) == "x");
}

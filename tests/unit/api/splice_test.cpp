// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// splice, tee and vmsplice between pipes, sockets and memory.
#include <sys/uio.h>

#include "scene.h"

namespace {

struct Ends {
  int out, in;
};

Ends pipe_with(const std::string& data) {
  int ends[2];
  REQUIRE(guest::pipe(ends) == 0);
  REQUIRE(guest::write(ends[1], data.data(), data.size()) == static_cast<ssize_t>(data.size()));
  return {ends[0], ends[1]};
}

std::string read_from(int number, size_t size) {
  std::string data(size, 0);
  const ssize_t count = guest::read(number, data.data(), size);
  return count < 0 ? "[" + std::to_string(errno) + "]" : data.substr(0, static_cast<size_t>(count));
}

}  // namespace

TEST_CASE("splice: from a pipe into a socket, and from a socket into a pipe") {
  Scene scene;
  auto [number, peer] = connected();
  const Ends pipe = pipe_with("over the wire");
  CHECK_THAT(splice(pipe.out, nullptr, number, nullptr, 4, 0), Returns(4));
  CHECK_THAT(splice(pipe.out, nullptr, number, nullptr, 100, 0), Returns(9));
  peer->sends("and back");
  CHECK_THAT(splice(number, nullptr, pipe.in, nullptr, 100, 0), Returns(8));
  CHECK(read_from(pipe.out, 20) == "and back");
  peer->finishes();
  CHECK_THAT(splice(number, nullptr, pipe.in, nullptr, 100, 0), Returns(0));
}

TEST_CASE("splice: between pipes bytes move, by tee they stay") {
  Scene scene;
  const Ends from = pipe_with("abcdef"), to = pipe_with("");
  CHECK_THAT(tee(from.out, to.in, 3, 0), Returns(3));
  CHECK(read_from(to.out, 10) == "abc");
  CHECK_THAT(splice(from.out, nullptr, to.in, nullptr, 4, 0), Returns(4));
  CHECK(read_from(to.out, 10) == "abcd");
  CHECK(read_from(from.out, 10) == "ef");
}

TEST_CASE("splice: vmsplice writes memory into a pipe and reads a pipe into memory") {
  Scene scene;
  const Ends pipe = pipe_with("");
  char one[] = "ab", two[] = "cde";
  const iovec out[] = {{one, 2}, {two, 3}};
  CHECK_THAT(vmsplice(pipe.in, out, 2, 0), Returns(5));
  char a[4], b[4];
  const iovec in[] = {{a, 4}, {b, 4}};
  CHECK_THAT(vmsplice(pipe.out, in, 2, 0), Returns(5));
  CHECK(std::string(a, 4) + b[0] == "abcde");
}

TEST_CASE("splice: nothing there, and ends that don't fit") {
  Scene scene;
  auto [number, peer] = connected();
  const Ends pipe = pipe_with(""), full = pipe_with("x");
  off_t offset = 0;
  CHECK_THAT(splice(pipe.out, nullptr, number, nullptr, 1, SPLICE_F_NONBLOCK), Fails(EAGAIN));
  CHECK_THAT(tee(pipe.out, full.in, 1, SPLICE_F_NONBLOCK), Fails(EAGAIN));
  CHECK_THAT(splice(number, nullptr, number, nullptr, 1, 0), Fails(EINVAL));
  CHECK_THAT(splice(full.out, &offset, number, nullptr, 1, 0), Fails(ESPIPE));
  CHECK_THAT(splice(full.out, nullptr, number, &offset, 1, 0), Fails(EINVAL));
  CHECK_THAT(splice(full.in, nullptr, number, nullptr, 1, 0), Fails(EBADF));
  CHECK_THAT(splice(full.out, nullptr, 99, nullptr, 1, 0), Fails(EBADF));
  CHECK_THAT(tee(full.out, number, 1, 0), Fails(EINVAL));
  guest::close(full.in);
  CHECK(read_from(full.out, 1) == "x");
  CHECK_THAT(splice(full.out, nullptr, number, nullptr, 1, 0), Returns(0));  // the end
  guest::close(pipe.out);
  CHECK_THAT(splice(full.out, nullptr, pipe.in, nullptr, 1, 0), Fails(EPIPE));  // before the end is looked at
}

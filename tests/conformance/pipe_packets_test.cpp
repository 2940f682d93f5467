// Pipes with O_DIRECT: a read takes what one write brought.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include <vector>

#include "local.h"

using namespace conformance;

namespace {

Pipe packets() { return make_pipe(O_DIRECT | O_NONBLOCK); }

}  // namespace

TEST_CASE("pipe packets: the flag is the writer's") {
  Pipe p = packets();
  CHECK((fcntl(p.reader, F_GETFL) & O_DIRECT) == 0);
  CHECK((fcntl(p.writer, F_GETFL) & O_DIRECT) != 0);
  Pair sockets = local_pair(SOCK_STREAM);
  CHECK_FAILS(fcntl(sockets.client, F_SETFL, O_DIRECT), EINVAL);
}

TEST_CASE("pipe packets: each read takes one, and what doesn't fit is lost") {
  Pipe p = packets();
  REQUIRE_RETURNS(write(p.writer, "abc", 3), 3);
  REQUIRE_RETURNS(write(p.writer, "defg", 4), 4);
  CHECK(available(p.reader) == 7);
  CHECK(read_some(p.reader, 2) == "ab");
  CHECK(available(p.reader) == 4);
  CHECK(read_some(p.reader, 100) == "defg");
  char byte;
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
}

TEST_CASE("pipe packets: a write of more than a page is several") {
  Pipe p = packets();
  std::vector<char> data(5000, 'x');
  CHECK_RETURNS(write(p.writer, data.data(), data.size()), 5000);
  CHECK(read_some(p.reader, 10000).size() == 4096);
  CHECK(read_some(p.reader, 10000).size() == 904);
}

TEST_CASE("pipe packets: each takes a page, however small it is") {
  Pipe p = packets();
  int count = 0;
  while (write(p.writer, "x", 1) == 1) ++count;
  CHECK(count == 16);
  CHECK(state_of(p.writer) == 0);
  CHECK(read_some(p.reader, 100).size() == 1);
  CHECK(state_of(p.writer) == POLLOUT);
}

TEST_CASE("pipe packets: the flag can be changed, and holds for what is written then") {
  Pipe p = make_pipe(O_NONBLOCK);
  REQUIRE_RETURNS(write(p.writer, "ab", 2), 2);
  REQUIRE_OK(fcntl(p.writer, F_SETFL, O_NONBLOCK | O_DIRECT));
  REQUIRE_RETURNS(write(p.writer, "cd", 2), 2);  // goes into the page that is open
  CHECK(read_some(p.reader, 100) == "abcd");
  REQUIRE_RETURNS(write(p.writer, "cd", 2), 2);
  REQUIRE_RETURNS(write(p.writer, "ef", 2), 2);
  REQUIRE_OK(fcntl(p.writer, F_SETFL, O_NONBLOCK));
  REQUIRE_RETURNS(write(p.writer, "gh", 2), 2);
  REQUIRE_RETURNS(write(p.writer, "ij", 2), 2);
  CHECK(read_some(p.reader, 100) == "cd");
  CHECK(read_some(p.reader, 100) == "ef");
  CHECK(read_some(p.reader, 100) == "ghij");
}

TEST_CASE("pipe packets: readv and writev move one packet") {
  Pipe p = packets();
  char a[] = "ab", b[] = "cd";
  iovec out[2] = {{a, 2}, {b, 2}};
  REQUIRE_RETURNS(writev(p.writer, out, 2), 4);
  REQUIRE_RETURNS(write(p.writer, "ef", 2), 2);
  iovec in[2] = {{a, 1}, {b, 1}};
  CHECK_RETURNS(readv(p.reader, in, 2), 2);
  CHECK(a[0] == 'a');
  CHECK(b[0] == 'b');
  CHECK(read_some(p.reader, 100) == "ef");
}

TEST_CASE("pipe packets: an empty write makes none") {
  Pipe p = packets();
  CHECK_RETURNS(write(p.writer, "", 0), 0);
  char byte;
  CHECK_FAILS(read(p.reader, &byte, 1), EAGAIN);
}

// splice, tee and vmsplice between pipes, sockets and files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "local.h"
#include "peer.h"
#include "signals.h"

using namespace conformance;

namespace {

std::string taken(int fd, std::size_t size = 100) {
  std::string data(size, '\0');
  const ssize_t got = read(fd, data.data(), size);
  data.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return data;
}

}  // namespace

FAMILY_CASE("splice: from a socket through a pipe to a socket") {
  Pair from = tcp_pair(family), to = tcp_pair(family);
  Pipe p = make_pipe();
  send_all(from.client, "some bytes");
  CHECK_RETURNS(splice(from.server, nullptr, p.writer, nullptr, 100, 0), 10);
  CHECK_RETURNS(splice(p.reader, nullptr, to.client, nullptr, 100, 0), 10);
  CHECK(receive(to.server, 10) == "some bytes");
}

FAMILY_CASE("splice: at most the length asked for") {
  Pair from = tcp_pair(family);
  Pipe p = make_pipe();
  send_all(from.client, "0123456789");
  REQUIRE(readable(from.server));
  CHECK_RETURNS(splice(from.server, nullptr, p.writer, nullptr, 4, 0), 4);
  CHECK(taken(p.reader) == "0123");
  CHECK(receive(from.server, 6) == "456789");
}

FAMILY_CASE("splice: the end of a stream is 0") {
  Pair from = tcp_pair(family);
  Pipe p = make_pipe();
  from.client.reset();
  CHECK_RETURNS(splice(from.server, nullptr, p.writer, nullptr, 100, 0), 0);
}

FAMILY_CASE("splice: an empty socket that doesn't block gives EAGAIN") {
  Pair from = tcp_pair(family);
  Pipe p = make_pipe();
  set_nonblocking(from.server);
  CHECK_FAILS(splice(from.server, nullptr, p.writer, nullptr, 100, 0), EAGAIN);
  CHECK_FAILS(splice(from.server, nullptr, p.writer, nullptr, 100, SPLICE_F_NONBLOCK), EAGAIN);
}

FAMILY_CASE("splice: SPLICE_F_NONBLOCK and O_NONBLOCK of the pipe are of the pipe alone, but for a local stream") {
  const auto interrupt = [] {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
    send_alarm_after(20);
  };
  Pipe p = make_pipe();
  Pair connection = small_tcp_pair(family), local = local_pair(SOCK_STREAM);
  interrupt();
  CHECK_FAILS(splice(connection.server, nullptr, p.writer, nullptr, 100, SPLICE_F_NONBLOCK), EINTR);
  CHECK_FAILS(splice(local.server, nullptr, p.writer, nullptr, 100, SPLICE_F_NONBLOCK), EAGAIN);
  set_nonblocking(p.writer);
  interrupt();
  CHECK_FAILS(splice(connection.server, nullptr, p.writer, nullptr, 100, 0), EINTR);
  CHECK_FAILS(splice(local.server, nullptr, p.writer, nullptr, 100, 0), EAGAIN);
  set_nonblocking(p.reader);
  CHECK_FAILS(splice(p.reader, nullptr, connection.client, nullptr, 100, 0), EAGAIN);
  set_nonblocking(connection.client);
  fill(connection.client);
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK_FAILS(splice(p.reader, nullptr, connection.client, nullptr, 100, 0), EAGAIN);
  set_nonblocking(connection.client, false);
  interrupt();
  CHECK_FAILS(splice(p.reader, nullptr, connection.client, nullptr, 100, SPLICE_F_NONBLOCK), EINTR);
}

FAMILY_CASE("splice: from a socket that isn't connected") {
  Fd fd = tcp(family);
  Pipe p = make_pipe();
  CHECK_FAILS(splice(fd, nullptr, p.writer, nullptr, 100, 0), ENOTCONN);
}

FAMILY_CASE("splice: a quarter of a megabyte to a peer outside") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; recv 262144; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Fd file = open_scratch("source");
  const std::string data = pattern(0, 262144);
  REQUIRE_RETURNS(pwrite(file, data.data(), data.size(), 0), 262144);
  Pipe p = make_pipe();
  for (long long left = 262144; left > 0;) {
    const ssize_t in = splice(file, nullptr, p.writer, nullptr, static_cast<std::size_t>(left), SPLICE_F_MOVE);
    REQUIRE_OK(in);
    for (ssize_t out = 0; out < in;) {
      const ssize_t n = splice(p.reader, nullptr, fd, nullptr, static_cast<std::size_t>(in - out), SPLICE_F_MORE);
      REQUIRE_OK(n);
      out += n;
    }
    left -= in;
  }
  fd.reset();
  peer.finish();
}

TEST_CASE("splice: from a file at an offset, which moves") {
  Fd file = open_scratch("source");
  REQUIRE_RETURNS(pwrite(file, "0123456789", 10, 0), 10);
  Pipe p = make_pipe();
  off_t offset = 3;
  CHECK_RETURNS(splice(file, &offset, p.writer, nullptr, 4, 0), 4);
  CHECK(offset == 7);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 0);
  CHECK(taken(p.reader) == "3456");
  CHECK_RETURNS(splice(file, nullptr, p.writer, nullptr, 5, 0), 5);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 5);
  offset = 10;
  CHECK_RETURNS(splice(file, &offset, p.writer, nullptr, 5, 0), 0);
}

TEST_CASE("splice: into a file, at its own offset and at a given one") {
  Fd file = open_scratch("target");
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "abcdef", 6), 6);
  CHECK_RETURNS(splice(p.reader, nullptr, file, nullptr, 3, 0), 3);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 3);
  off_t offset = 10;
  CHECK_RETURNS(splice(p.reader, nullptr, file, &offset, 3, 0), 3);
  CHECK(offset == 13);
  char data[13];
  REQUIRE_RETURNS(pread(file, data, sizeof data, 0), 13);
  CHECK(std::string(data, 3) == "abc");
  CHECK(std::string(data + 10, 3) == "def");
}

TEST_CASE("splice: from one pipe to another, as much as fits") {
  Pipe a = make_pipe(O_NONBLOCK), b = make_pipe(O_NONBLOCK);
  CHECK_FAILS(splice(a.reader, nullptr, b.writer, nullptr, 10, 0), EAGAIN);
  REQUIRE_RETURNS(write(a.writer, "abcdef", 6), 6);
  CHECK_RETURNS(splice(a.reader, nullptr, b.writer, nullptr, 4, 0), 4);
  CHECK(taken(b.reader) == "abcd");
  CHECK(taken(a.reader) == "ef");
  a.writer.reset();
  CHECK_RETURNS(splice(a.reader, nullptr, b.writer, nullptr, 10, 0), 0);
}

TEST_CASE("splice: into a full pipe and into one that nobody reads") {
  Pipe a = make_pipe(O_NONBLOCK), b = make_pipe(O_NONBLOCK);
  REQUIRE_RETURNS(write(a.writer, "x", 1), 1);
  const std::string block(65536, 'b');
  REQUIRE_RETURNS(write(b.writer, block.data(), block.size()), 65536);
  CHECK_FAILS(splice(a.reader, nullptr, b.writer, nullptr, 1, 0), EAGAIN);
}

TEST_CASE("splice: what it refuses") {
  Pipe a = make_pipe(), b = make_pipe();
  Fd file = open_scratch("file"), other = open_scratch("other");
  off_t offset = 0;
  CHECK_FAILS(splice(file, nullptr, other, nullptr, 10, 0), EINVAL);
  CHECK_FAILS(splice(a.reader, nullptr, a.writer, nullptr, 10, 0), EINVAL);
  CHECK_FAILS(splice(a.reader, &offset, b.writer, nullptr, 10, 0), ESPIPE);
  CHECK_FAILS(splice(a.reader, nullptr, b.writer, &offset, 10, 0), ESPIPE);
  CHECK_FAILS(splice(a.writer, nullptr, b.writer, nullptr, 10, 0), EBADF);
  CHECK_FAILS(splice(a.reader, nullptr, b.reader, nullptr, 10, 0), EBADF);
  CHECK_FAILS(splice(-1, nullptr, b.writer, nullptr, 10, 0), EBADF);
  CHECK_FAILS(splice(a.reader, nullptr, 12345, nullptr, 10, 0), EBADF);
  CHECK_FAILS(splice(a.reader, nullptr, b.writer, nullptr, 10, 0x100), EINVAL);
  CHECK_RETURNS(splice(-1, nullptr, -1, nullptr, 0, 0), 0);
}

FAMILY_CASE("splice: no offset for a socket") {
  Pair p = tcp_pair(family);
  Pipe a = make_pipe();
  off_t offset = 0;
  REQUIRE_RETURNS(write(a.writer, "x", 1), 1);
  CHECK_FAILS(splice(p.server, &offset, a.writer, nullptr, 10, SPLICE_F_NONBLOCK), EINVAL);
  CHECK_FAILS(splice(a.reader, nullptr, p.client, &offset, 10, SPLICE_F_NONBLOCK), EINVAL);
}

FAMILY_CASE("splice: a datagram") {
  Pair p = udp_pair(family);
  Pipe a = make_pipe();
  send_all(p.client, "datagram");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(splice(p.server, nullptr, a.writer, nullptr, 100, 0), 8);
  CHECK(taken(a.reader) == "datagram");
}

TEST_CASE("tee: leaves the bytes where they are") {
  Pipe a = make_pipe(), b = make_pipe();
  REQUIRE_RETURNS(write(a.writer, "abcdef", 6), 6);
  CHECK_RETURNS(tee(a.reader, b.writer, 4, 0), 4);
  CHECK(taken(b.reader) == "abcd");
  CHECK(taken(a.reader) == "abcdef");
  a.writer.reset();
  CHECK_RETURNS(tee(a.reader, b.writer, 4, 0), 0);
}

TEST_CASE("tee: what it refuses") {
  Pipe a = make_pipe(O_NONBLOCK), b = make_pipe(O_NONBLOCK);
  Fd file = open_scratch("file");
  CHECK_FAILS(tee(a.reader, b.writer, 4, 0), EAGAIN);
  CHECK_FAILS(tee(a.reader, file, 4, 0), EINVAL);
  CHECK_FAILS(tee(a.reader, a.writer, 4, 0), EINVAL);
  CHECK_FAILS(tee(a.writer, b.writer, 4, 0), EBADF);
  CHECK_FAILS(tee(-1, b.writer, 4, 0), EBADF);
  CHECK_FAILS(tee(a.reader, b.writer, 4, 0x100), EINVAL);
}

TEST_CASE("vmsplice: writes into a pipe and reads from one") {
  Pipe p = make_pipe(O_NONBLOCK);
  char first[] = "abc", second[] = "defg";
  const iovec out[2] = {{first, 3}, {second, 4}};
  CHECK_RETURNS(vmsplice(p.writer, out, 2, 0), 7);
  char back[8] = {};
  const iovec in[2] = {{back, 2}, {back + 2, 5}};
  CHECK_RETURNS(vmsplice(p.reader, in, 2, 0), 7);
  CHECK(std::string(back) == "abcdefg");
}

TEST_CASE("vmsplice: what it refuses") {
  Pipe p = make_pipe(O_NONBLOCK);
  Fd file = open_scratch("file");
  char data[] = "abc";
  const iovec piece = {data, 3};
  CHECK_FAILS(vmsplice(file, &piece, 1, 0), EBADF);
  CHECK_FAILS(vmsplice(-1, &piece, 1, 0), EBADF);
  CHECK_FAILS(vmsplice(p.writer, &piece, 1, 0x100), EINVAL);
  CHECK_RETURNS(vmsplice(p.writer, &piece, 0, 0), 0);
  p.reader.reset();
  CHECK_FAILS(vmsplice(p.writer, &piece, 1, 0), EPIPE);
}

// dup(), dup2(), dup3() and F_DUPFD of sockets and files: numbers, shared state, the last close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/stat.h>

#include "net.h"

using namespace conformance;

FAMILY_CASE("dup: both descriptors are the same connection") {
  Pair p = tcp_pair(family);
  Fd copy(dup(p.client));
  REQUIRE_OK(int(copy));
  CHECK(int(copy) != int(p.client));
  CHECK(local_address(copy) == local_address(p.client));
  send_all(copy, "one");
  send_all(p.client, "two");
  CHECK(receive(p.server, 6) == "onetwo");
}

FAMILY_CASE("dup: takes the lowest free number") {
  Fd a = tcp(family), b = tcp(family), c = tcp(family);
  int free = b;
  b.reset();
  Fd copy(dup(c));
  CHECK(int(copy) == free);
}

FAMILY_CASE("dup: the connection lives until the last descriptor is closed") {
  Pair p = tcp_pair(family);
  Fd copy(dup(p.client));
  p.client.reset();
  CHECK(wait_for(p.server, POLLIN, 20) == 0);
  send_all(copy, "alive");
  CHECK(receive(p.server, 5) == "alive");
  copy.reset();
  CHECK(receive_to_end(p.server).empty());
}

FAMILY_CASE("dup: O_NONBLOCK is shared, FD_CLOEXEC isn't") {
  Fd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  Fd copy(dup(fd));
  CHECK_RETURNS(fcntl(copy, F_GETFD), 0);
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
  set_nonblocking(fd);
  CHECK((fcntl(copy, F_GETFL) & O_NONBLOCK) != 0);
  set_nonblocking(copy, false);
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
}

FAMILY_CASE("dup: data read through one is gone for the other") {
  Pair p = tcp_pair(family);
  Fd copy(dup(p.server));
  send_all(p.client, "abcd");
  CHECK(receive(p.server, 2) == "ab");
  CHECK(receive(copy, 2) == "cd");
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
}

FAMILY_CASE("dup: shutdown works for both") {
  Pair p = tcp_pair(family);
  Fd copy(dup(p.client));
  REQUIRE_OK(shutdown(copy, SHUT_WR));
  CHECK_FAILS(send(p.client, "x", 1, MSG_NOSIGNAL), EPIPE);
}

FAMILY_CASE("dup: options are shared") {
  Fd fd = tcp(family);
  Fd copy(dup(fd));
  int on = 1;
  REQUIRE_OK(setsockopt(copy, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  CHECK(int_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
}

FAMILY_CASE("dup: a listener can accept through either") {
  Bound l = listener(family);
  Fd copy(dup(l.fd));
  l.fd.reset();
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(copy, nullptr, nullptr));
  CHECK_OK(int(server));
}

TEST_CASE("dup: a bad descriptor gives EBADF") {
  CHECK_FAILS(dup(-1), EBADF);
  CHECK_FAILS(dup(999), EBADF);
}

FAMILY_CASE("dup2: takes the number asked for") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(dup2(p.client, 100), 100);
  Fd copy(100);
  p.client.reset();
  send_all(copy, "hundred");
  CHECK(receive(p.server, 7) == "hundred");
}

FAMILY_CASE("dup2: closes what had the number before") {
  Pair a = tcp_pair(family), b = tcp_pair(family);
  REQUIRE_RETURNS(dup2(a.client, b.client), int(b.client));
  CHECK(receive_to_end(b.server).empty());
  send_all(b.client, "of a");
  CHECK(receive(a.server, 4) == "of a");
}

FAMILY_CASE("dup2: onto itself changes nothing") {
  Fd fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  CHECK_RETURNS(dup2(fd, fd), int(fd));
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

TEST_CASE("dup2: bad descriptors give EBADF and close nothing") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(dup2(-1, fd), EBADF);
  CHECK_FAILS(dup2(999, fd), EBADF);
  CHECK_FAILS(dup2(fd, -1), EBADF);
  CHECK_FAILS(dup2(999, 999), EBADF);
  CHECK_OK(fcntl(fd, F_GETFD));
}

TEST_CASE("dup2: the new descriptor hasn't FD_CLOEXEC") {
  Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Fd copy(dup2(fd, 50));
  CHECK_RETURNS(fcntl(copy, F_GETFD), 0);
}

TEST_CASE("dup3: sets FD_CLOEXEC, refuses the same number and unknown flags") {
  Fd fd = tcp(AF_INET);
  Fd copy(dup3(fd, 60, O_CLOEXEC));
  CHECK(int(copy) == 60);
  CHECK_RETURNS(fcntl(copy, F_GETFD), DIFFERS_ON_WASI("O_CLOEXEC is 0 in wasi-libc's ABI", FD_CLOEXEC, 0));
  CHECK_FAILS(dup3(fd, fd, 0), EINVAL);
  CHECK_FAILS(dup3(fd, 61, -1), EINVAL);
}

FAMILY_CASE("dup2: a socket onto a file's number, and the file is closed") {
  Fd file = open_scratch("file");
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(dup2(p.client, file), int(file));
  p.client.reset();
  CHECK_RETURNS(write(file, "socket", 6), 6);
  CHECK(receive(p.server, 6) == "socket");
  struct stat info{};
  REQUIRE_OK(stat(scratch("file").c_str(), &info));
  CHECK(info.st_size == 0);
}

FAMILY_CASE("dup2: a file onto a socket's number, and the connection is closed") {
  Fd file = open_scratch("file");
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(dup2(file, p.client), int(p.client));
  CHECK(receive_to_end(p.server).empty());
  CHECK_RETURNS(write(p.client, "file", 4), 4);
  struct stat info{};
  REQUIRE_OK(stat(scratch("file").c_str(), &info));
  CHECK(info.st_size == 4);
}

TEST_CASE("dup: a file's copies share one offset") {
  Fd file = open_scratch("file");
  Fd copy(dup(file));
  REQUIRE_OK(int(copy));
  CHECK_RETURNS(write(file, "abc", 3), 3);
  CHECK_RETURNS(write(copy, "def", 3), 3);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 6);
  CHECK_RETURNS(lseek(copy, 1, SEEK_SET), 1);
  char buffer[8];
  CHECK_RETURNS(read(file, buffer, sizeof buffer), 5);
  CHECK(std::string(buffer, 5) == "bcdef");
}

TEST_CASE("dup: a file lives until the last copy is closed") {
  Fd file = open_scratch("file");
  Fd copy(dup(file));
  file.reset();
  CHECK_RETURNS(write(copy, "still", 5), 5);
  CHECK_RETURNS(lseek(copy, 0, SEEK_END), 5);
}

FAMILY_CASE("dup2: a socket as stdout") {
  Pair p = tcp_pair(family);
  Fd keep(dup(1));
  REQUIRE_OK(int(keep));
  REQUIRE_RETURNS(dup2(p.client, 1), 1);
  ssize_t written = write(1, "out", 3);
  REQUIRE_RETURNS(dup2(keep, 1), 1);
  CHECK(written == 3);
  CHECK(receive(p.server, 3) == "out");
}

FAMILY_CASE("dup2: a socket as stdin") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(dup2(p.server, 0), 0);
  p.server.reset();
  send_all(p.client, "line\n");
  char buffer[8];
  CHECK_RETURNS(read(0, buffer, sizeof buffer), 5);
  CHECK(wait_for(0, POLLIN, 0) == 0);
}

FAMILY_CASE("dup2: a socket as stderr") {
  Pair p = tcp_pair(family);
  Fd keep(dup(2));
  REQUIRE_RETURNS(dup2(p.client, 2), 2);
  ssize_t written = write(2, "err", 3);
  REQUIRE_RETURNS(dup2(keep, 2), 2);
  CHECK(written == 3);
  CHECK(receive(p.server, 3) == "err");
}

FAMILY_CASE("dup: F_DUPFD takes the lowest free number from the one given") {
  Fd fd = tcp(family);
  Fd a(fcntl(fd, F_DUPFD, 70));
  CHECK(int(a) == 70);
  Fd b(fcntl(fd, F_DUPFD, 70));
  CHECK(int(b) == 71);
  CHECK_RETURNS(fcntl(a, F_GETFD), 0);
}

FAMILY_CASE("dup: F_DUPFD_CLOEXEC sets FD_CLOEXEC") {
  Fd fd = tcp(family);
  Fd copy(fcntl(fd, F_DUPFD_CLOEXEC, 80));
  CHECK(int(copy) == 80);
  CHECK_RETURNS(fcntl(copy, F_GETFD), FD_CLOEXEC);
}

TEST_CASE("dup: F_DUPFD with a bad number gives EINVAL") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(fcntl(fd, F_DUPFD, -1), EINVAL);
  CHECK_FAILS(fcntl(fd, F_DUPFD, 0x7fffffff), EINVAL);
}

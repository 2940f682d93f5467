// fcntl() and ioctl() of sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>

#include "net.h"

using namespace conformance;

TEST_CASE("fcntl: the standard streams take O_NONBLOCK") {
  for (int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    CAPTURE(fd);
    const int flags = fcntl(fd, F_GETFL);
    CHECK((flags & O_NONBLOCK) == 0);
    CHECK_RETURNS(fcntl(fd, F_SETFL, flags | O_NONBLOCK), 0);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK_RETURNS(write(fd, "a line\n", 7), 7);
    CHECK_RETURNS(fcntl(fd, F_SETFL, flags), 0);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
  }
}

FAMILY_CASE("fcntl: F_SETFL switches blocking mode") {
  Pair p = tcp_pair(family);
  REQUIRE_OK(fcntl(p.server, F_SETFL, O_NONBLOCK));
  CHECK((fcntl(p.server, F_GETFL) & O_NONBLOCK) != 0);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  REQUIRE_OK(fcntl(p.server, F_SETFL, 0));
  CHECK((fcntl(p.server, F_GETFL) & O_NONBLOCK) == 0);
}

FAMILY_CASE("fcntl: F_GETFL of a socket says O_RDWR") {
  Pair p = tcp_pair(family);
  CHECK((fcntl(p.client, F_GETFL) & O_ACCMODE) == O_RDWR);
  Bound u = bound_udp(family);
  CHECK((fcntl(u.fd, F_GETFL) & O_ACCMODE) == O_RDWR);
}

FAMILY_CASE("fcntl: F_SETFL can't change the access mode") {
  Fd fd = tcp(family);
  CHECK_OK(fcntl(fd, F_SETFL, O_RDONLY));
  CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
}

FAMILY_CASE("fcntl: FD_CLOEXEC is kept") {
  Fd fd = tcp(family);
  CHECK_RETURNS(fcntl(fd, F_GETFD), 0);
  CHECK_OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
  CHECK_OK(fcntl(fd, F_SETFD, 0));
  CHECK_RETURNS(fcntl(fd, F_GETFD), 0);
}

TEST_CASE("fcntl: an unknown command gives EINVAL") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(fcntl(fd, 9999), EINVAL);
  CHECK_FAILS(fcntl(fd, -1), EINVAL);
}

TEST_CASE("fcntl: a bad descriptor gives EBADF") {
  CHECK_FAILS(fcntl(-1, F_GETFL), EBADF);
  CHECK_FAILS(fcntl(999, F_GETFD), EBADF);
  CHECK_FAILS(fcntl(999, F_SETFL, O_NONBLOCK), EBADF);
}

TEST_CASE("fcntl: files keep working") {
  Fd fd = tcp(AF_INET);
  Fd file = open_scratch("file", O_WRONLY | O_CREAT | O_APPEND);
  int flags = fcntl(file, F_GETFL);
  CHECK((flags & O_ACCMODE) == O_WRONLY);
  CHECK((flags & O_APPEND) != 0);
}

FAMILY_CASE("ioctl: FIONBIO switches blocking mode") {
  Pair p = tcp_pair(family);
  int on = 1, off = 0;
  REQUIRE_OK(ioctl(p.server, FIONBIO, &on));
  CHECK((fcntl(p.server, F_GETFL) & O_NONBLOCK) != 0);
  char byte;
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  REQUIRE_OK(ioctl(p.server, FIONBIO, &off));
  CHECK((fcntl(p.server, F_GETFL) & O_NONBLOCK) == 0);
}

FAMILY_CASE("ioctl: FIONBIO on a UDP socket") {
  Bound b = bound_udp(family);
  int on = 77;
  REQUIRE_OK(ioctl(b.fd, FIONBIO, &on));
  char byte;
  CHECK_FAILS(recv(b.fd, &byte, 1, 0), EAGAIN);
}

FAMILY_CASE("ioctl: FIONREAD counts the bytes that can be read") {
  Pair p = tcp_pair(family);
  int count = -1;
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 0);
  send_all(p.client, "12345");
  REQUIRE(readable(p.server));
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 5);
  CHECK(receive(p.server, 2) == "12");
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 3);
  char buffer[8];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, MSG_PEEK), 3);
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 3);
}

FAMILY_CASE("ioctl: FIONREAD at the end of the stream is 0") {
  Pair p = tcp_pair(family);
  p.client.reset();
  REQUIRE(readable(p.server));
  int count = -1;
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 0);
}

FAMILY_CASE("ioctl: FIONREAD of a UDP socket is the size of the next datagram") {
  Pair p = udp_pair(family);
  int count = -1;
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 0);
  send_all(p.client, "four");
  send_all(p.client, "another");
  REQUIRE(readable(p.server));
  REQUIRE_OK(ioctl(p.server, FIONREAD, &count));
  CHECK(count == 4);
}

FAMILY_CASE("ioctl: FIONREAD of a fresh socket is 0, of a listener EINVAL") {
  int count = -1;
  Fd fd = tcp(family);
  CHECK_OK(ioctl(fd, FIONREAD, &count));
  CHECK(count == 0);
  Bound l = listener(family);
  CHECK_FAILS(ioctl(l.fd, FIONREAD, &count), EINVAL);
}

TEST_CASE("ioctl: NULL gives EFAULT") {
  Pair p = tcp_pair(AF_INET);
  int* volatile null = nullptr;
  CHECK_FAILS(ioctl(p.client, FIONREAD, null), EFAULT);
  CHECK_FAILS(ioctl(p.client, FIONBIO, null), EFAULT);
}

TEST_CASE("ioctl: an unknown request gives ENOTTY") {
  Fd fd = tcp(AF_INET);
  int value = 0;
  CHECK_FAILS(ioctl(fd, 0x7777, &value), ENOTTY);
}

TEST_CASE("ioctl: a bad descriptor gives EBADF") {
  int value = 0;
  CHECK_FAILS(ioctl(-1, FIONREAD, &value), EBADF);
  CHECK_FAILS(ioctl(999, FIONBIO, &value), EBADF);
}

TEST_CASE("ioctl: FIONREAD of a file is what is left of it") {
  Fd file = open_scratch("file");
  REQUIRE_RETURNS(write(file, "0123456789", 10), 10);
  REQUIRE_RETURNS(lseek(file, 4, SEEK_SET), 4);
  int count = -1;
  REQUIRE_OK(ioctl(file, FIONREAD, &count));
  CHECK(count == 6);
}

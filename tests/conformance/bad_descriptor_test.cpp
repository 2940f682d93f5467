// Every call with a descriptor that is closed, out of range, or no socket.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "net.h"

using namespace conformance;

namespace {

constexpr int bad_numbers[] = {-1, -1000, 900, 70000, 0x7fffffff};

/// A number that was a socket's a moment ago.
int just_closed() {
  Fd fd = tcp(AF_INET);
  int number = fd;
  fd.reset();
  return number;
}

template <class Call>
void check_bad(Call call) {
  for (int fd : bad_numbers) {
    CAPTURE(fd);
    CHECK_FAILS(call(fd), EBADF);
  }
  CHECK_FAILS(call(just_closed()), EBADF);
}

template <class Call>
void check_file(Call call) {
  Fd file = open_scratch("file");
  CHECK_FAILS(call(int(file)), ENOTSOCK);
  CHECK_FAILS(call(0), ENOTSOCK);
  CHECK_FAILS(call(1), ENOTSOCK);
}

Address some = Address::loopback(AF_INET, 9);
char byte;
int number = 1;
iovec part = {&byte, 1};

}  // namespace

#define EACH_CALL(name, call)                          \
  TEST_CASE("bad descriptor: " name " gives EBADF") {  \
    check_bad([](int fd) { return call; });            \
  }                                                    \
  TEST_CASE("not a socket: " name " gives ENOTSOCK") { \
    check_file([](int fd) { return call; });           \
  }

EACH_CALL("bind", bind(fd, some.get(), some.length))
EACH_CALL("listen", listen(fd, 1))
EACH_CALL("accept", accept(fd, nullptr, nullptr))
EACH_CALL("accept4", accept4(fd, nullptr, nullptr, 0))
EACH_CALL("connect", connect(fd, some.get(), some.length))
EACH_CALL("shutdown", shutdown(fd, SHUT_RDWR))
EACH_CALL("send", send(fd, "x", 1, MSG_NOSIGNAL))
EACH_CALL("sendto", sendto(fd, "x", 1, 0, some.get(), some.length))
EACH_CALL("recv", recv(fd, &byte, 1, 0))
EACH_CALL("recvfrom", recvfrom(fd, &byte, 1, 0, nullptr, nullptr))
EACH_CALL("setsockopt", setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &number, sizeof number))

static long long name_of(int fd) {
  Address a;
  return getsockname(fd, a.get(), &a.length);
}
static long long peer_of(int fd) {
  Address a;
  return getpeername(fd, a.get(), &a.length);
}
static long long option_of(int fd) {
  int value;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length);
}
EACH_CALL("getsockname", name_of(fd))
EACH_CALL("getpeername", peer_of(fd))
EACH_CALL("getsockopt", option_of(fd))

TEST_CASE("bad descriptor: read and write give EBADF") {
  check_bad([](int fd) { return read(fd, &byte, 1); });
  check_bad([](int fd) { return write(fd, "x", 1); });
}

TEST_CASE("bad descriptor: readv and writev give EBADF") {
  check_bad([](int fd) { return readv(fd, &part, 1); });
  check_bad([](int fd) { return writev(fd, &part, 1); });
}

TEST_CASE("bad descriptor: dup and close give EBADF") {
  check_bad([](int fd) { return dup(fd); });
  check_bad([](int fd) { return close(fd); });
}

TEST_CASE("bad descriptor: other arguments are looked at later") {
  CHECK_FAILS(bind(-1, nullptr, 0), EBADF);
  CHECK_FAILS(connect(-1, nullptr, 0), EBADF);
  CHECK_FAILS(shutdown(-1, 77), EBADF);
  CHECK_FAILS(setsockopt(-1, 12345, 67890, nullptr, 0), EBADF);
  CHECK_FAILS(getsockopt(-1, 12345, 67890, nullptr, nullptr), EBADF);
}

TEST_CASE("not a socket: a file only opened for reading can't be written") {
  {
    Fd file = open_scratch("file");
  }
  Fd file = open_scratch("file", O_RDONLY);
  CHECK_FAILS(write(file, "x", 1), EBADF);
  CHECK_FAILS(send(file, "x", 1, 0), ENOTSOCK);
}

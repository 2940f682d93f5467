// AF_UNIX: which of several reasons a call gives, and what the other end hears of an end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "epoll_help.h"
#include "local.h"

using namespace conformance;

namespace {

int error_of(int fd) {
  int error = -1;
  socklen_t length = sizeof error;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length));
  return error;
}

void disconnect(int fd) {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  REQUIRE_OK(connect(fd, &nobody, sizeof nobody));
}

}  // namespace

TEST_CASE("unix order: a datagram that is too large is refused before its destination is looked for") {
  Fd fd = local_socket(SOCK_DGRAM);
  std::vector<char> data(300000, 'x');
  CHECK_FAILS(send(fd, data.data(), data.size(), 0), EMSGSIZE);
  CHECK_FAILS(send(fd, data.data(), 1, 0), ENOTCONN);
  Name nobody = abstract_name("nobody");
  CHECK_FAILS(sendto(fd, data.data(), data.size(), 0, nobody.get(), nobody.length), EMSGSIZE);
  CHECK_FAILS(sendto(fd, data.data(), 1, 0, nobody.get(), nobody.length), ECONNREFUSED);
  CHECK_FAILS(sendto(fd, data.data(), data.size(), 0, nobody.get(), 1), EINVAL);
}

TEST_CASE("unix order: a datagram socket that sends no more says so before it asks where to") {
  Fd fd = local_socket(SOCK_DGRAM);
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  CHECK_FAILS(send(fd, "x", 1, 0), EPIPE);
  Name nobody = abstract_name("nobody");
  CHECK_FAILS(sendto(fd, "x", 1, 0, nobody.get(), nobody.length), EPIPE);
}

TEST_CASE("unix order: receiving urgent data isn't supported, on a stream there is none") {
  char byte;
  for (int type : {SOCK_DGRAM, SOCK_SEQPACKET})
    CHECK_FAILS(recv(local_pair(type).client, &byte, 1, MSG_OOB | MSG_DONTWAIT), EOPNOTSUPP);
  CHECK_FAILS(recv(local_pair(SOCK_STREAM).client, &byte, 1, MSG_OOB | MSG_DONTWAIT), EINVAL);
}

TEST_CASE("unix order: who leaves a peer with nothing unread isn't heard of") {
  Name one = abstract_name("one"), two = abstract_name("two");
  Fd first = bound_local(SOCK_DGRAM, one), second = bound_local(SOCK_DGRAM, two);
  REQUIRE_OK(connect(first, two.get(), two.length));
  REQUIRE_OK(connect(second, one.get(), one.length));
  disconnect(first);
  CHECK(error_of(second) == 0);
  REQUIRE_OK(connect(first, two.get(), two.length));
  REQUIRE_RETURNS(send(second, "x", 1, 0), 1);
  disconnect(first);
  CHECK(error_of(second) == ECONNRESET);
  char byte;
  CHECK_FAILS(recv(first, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

TEST_CASE("unix order: a socket that leaves itself hears nothing of it") {
  Name name = abstract_name("self");
  Fd fd = bound_local(SOCK_DGRAM, name);
  REQUIRE_OK(connect(fd, name.get(), name.length));
  REQUIRE_RETURNS(send(fd, "x", 1, 0), 1);
  disconnect(fd);
  CHECK(error_of(fd) == 0);
}

TEST_CASE("unix order: an empty packet alone that is unread resets nothing") {
  Pair p = local_pair(SOCK_SEQPACKET);
  REQUIRE_RETURNS(send(p.client, "", 0, 0), 0);
  p.server.reset();
  CHECK(error_of(p.client) == 0);
  p = local_pair(SOCK_SEQPACKET);
  REQUIRE_RETURNS(send(p.client, "", 0, 0), 0);
  REQUIRE_RETURNS(send(p.client, "x", 1, 0), 1);
  p.server.reset();
  CHECK(error_of(p.client) == ECONNRESET);
}

TEST_CASE("unix order: accept on a listener that takes no more gives EINVAL, or EAGAIN if it needn't wait") {
  Fd listening = local_listener(SOCK_STREAM, abstract_name("shut"));
  REQUIRE_OK(shutdown(listening, SHUT_RD));
  CHECK_FAILS(accept(listening, nullptr, nullptr), EINVAL);
  set_nonblocking(listening);
  CHECK_FAILS(accept(listening, nullptr, nullptr), EAGAIN);
}

TEST_CASE("unix order: a name whose file was made anew belongs to its new socket alone") {
  Name name = path_name("again");
  Fd first = local_listener(SOCK_STREAM, name);
  REQUIRE_OK(unlink(name.text().c_str()));
  Fd second = bound_local(SOCK_STREAM, name);
  Fd client = local_socket(SOCK_STREAM);
  CHECK_FAILS(connect(client, name.get(), name.length), ECONNREFUSED);
  second.reset();
  CHECK_FAILS(connect(client, name.get(), name.length), ECONNREFUSED);
  REQUIRE_OK(unlink(name.text().c_str()));
  CHECK_FAILS(connect(client, name.get(), name.length), ENOENT);
}

TEST_CASE("unix order: a send that fails after it took room wakes who waits for room") {
  Pair p = local_pair(SOCK_DGRAM | SOCK_NONBLOCK);
  Epoll set;
  REQUIRE_OK(set.add(p.client, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
  p.server.reset();
  CHECK_FAILS(send(p.client, "x", 1, 0), ECONNREFUSED);
  CHECK(set.one() == EPOLLOUT);
}

TEST_CASE("unix order: setting SO_SNDBUF wakes who waits for room") {
  Pair p = local_pair(SOCK_STREAM);
  Epoll set;
  REQUIRE_OK(set.add(p.client, EPOLLOUT | edge));
  CHECK(set.one() == EPOLLOUT);
  CHECK(set.one() == 0);
  int size = 50000;
  REQUIRE_OK(setsockopt(p.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  CHECK(set.one() == EPOLLOUT);
}

TEST_CASE("unix order: MSG_CMSG_CLOEXEC is told again in msg_flags") {
  Pair p = local_pair(SOCK_STREAM);
  REQUIRE_RETURNS(write(p.client, "x", 1), 1);
  char byte;
  iovec piece = {&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  REQUIRE_RETURNS(recvmsg(p.server, &message, MSG_CMSG_CLOEXEC), 1);
  CHECK((message.msg_flags & MSG_CMSG_CLOEXEC) != 0);
}

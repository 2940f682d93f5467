// SCM_RIGHTS: descriptors handed over between AF_UNIX sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "local.h"
#include "peer.h"
#include "unix_rights_help.h"

using namespace conformance;
using namespace unix_rights;

TEST_CASE("unix: SCM_RIGHTS hands over a descriptor of every type of socket") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    Pair s = local_pair(type);
    Pipe p = make_pipe();
    REQUIRE_RETURNS(send_fds(s.client, "take", {p.reader}), 4);
    Received got = receive_fds(s.server, 16);
    CHECK(got.data == "take");
    REQUIRE(got.fds.size() == 1);
    CHECK(int(got.fds[0]) != int(p.reader));
    p.reader.reset();
    REQUIRE_RETURNS(write(p.writer, "through", 7), 7);
    CHECK(read_some(got.fds[0], 16) == "through");
  }
}

TEST_CASE("unix: SCM_RIGHTS keeps what was closed after sending") {
  Pair s = local_pair(SOCK_STREAM);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "kept", 4), 4);
  REQUIRE_RETURNS(send_fds(s.client, "x", {p.reader}), 1);
  p.reader.reset();
  CHECK(state_of(p.writer) == POLLOUT);
  Received got = receive_fds(s.server, 1);
  REQUIRE(got.fds.size() == 1);
  CHECK(read_some(got.fds[0], 16) == "kept");
}

TEST_CASE("unix: SCM_RIGHTS of a file, a TCP socket and another at once") {
  Pair s = local_pair(SOCK_SEQPACKET);
  Pair t = tcp_pair(AF_INET);
  Fd file = open_scratch("file");
  REQUIRE_RETURNS(send_fds(s.client, "x", {file, t.client, s.client}), 1);
  Received got = receive_fds(s.server, 1);
  REQUIRE(got.fds.size() == 3);
  file.reset();
  t.client.reset();
  CHECK_RETURNS(write(got.fds[0], "abc", 3), 3);
  send_all(got.fds[1], "tcp");
  CHECK(receive(t.server, 3) == "tcp");
  CHECK_RETURNS(send(got.fds[2], "self", 4, 0), 4);
  CHECK(read_some(s.server, 8) == "self");
}

TEST_CASE("unix: what nobody receives of SCM_RIGHTS is closed") {
  Pipe p = make_pipe(O_NONBLOCK);
  {
    Pair s = local_pair(SOCK_STREAM);
    REQUIRE_RETURNS(send_fds(s.client, "x", {p.writer}), 1);
    p.writer.reset();
    CHECK(state_of(p.reader) == 0);
  }
  CHECK(state_of(p.reader) == POLLHUP);
}

TEST_CASE("unix: reading without recvmsg closes what came by SCM_RIGHTS") {
  Pair s = local_pair(SOCK_STREAM);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(send_fds(s.client, "x", {p.writer}), 1);
  p.writer.reset();
  CHECK(read_some(s.server, 4) == "x");
  CHECK(state_of(p.reader) == POLLHUP);
}

TEST_CASE("unix: no room for SCM_RIGHTS gives MSG_CTRUNC") {
  Pair s = local_pair(SOCK_DGRAM);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(send_fds(s.client, "x", {p.reader, p.writer}), 1);
  p.writer.reset();
  Received got = receive_fds(s.server, 1, 1);
  CHECK(got.fds.size() == 1);
  CHECK((got.flags & MSG_CTRUNC) != 0);
  CHECK(state_of(p.reader) == POLLHUP);
  REQUIRE_RETURNS(send_fds(s.client, "y", {p.reader}), 1);
  got = receive_fds(s.server, 1, 0);
  CHECK(got.data == "y");
  CHECK(got.fds.empty());
  CHECK((got.flags & MSG_CTRUNC) != 0);
}

TEST_CASE("unix: MSG_PEEK of SCM_RIGHTS gives copies") {
  Pair s = local_pair(SOCK_DGRAM);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(send_fds(s.client, "x", {p.writer}), 1);
  Received peeked = receive_fds(s.server, 1, 8, MSG_PEEK);
  Received got = receive_fds(s.server, 1);
  REQUIRE(peeked.fds.size() == 1);
  REQUIRE(got.fds.size() == 1);
  CHECK(int(peeked.fds[0]) != int(got.fds[0]));
  CHECK_RETURNS(write(peeked.fds[0], "a", 1), 1);
  CHECK_RETURNS(write(got.fds[0], "b", 1), 1);
  CHECK(read_some(p.reader, 4) == "ab");
}

TEST_CASE("unix: a stream's read ends behind the data that SCM_RIGHTS came with") {
  Pair s = local_pair(SOCK_STREAM);
  Pipe p = make_pipe();
  send_all(s.client, "before");
  REQUIRE_RETURNS(send_fds(s.client, "with", {p.reader}), 4);
  send_all(s.client, "after");
  Received got = receive_fds(s.server, 100);
  CHECK(got.data == "beforewith");
  CHECK(got.fds.size() == 1);
  got = receive_fds(s.server, 100);
  CHECK(got.data == "after");
  CHECK(got.fds.empty());
}

TEST_CASE("unix: SCM_RIGHTS come with the first byte of their data") {
  Pair s = local_pair(SOCK_STREAM);
  Pipe p = make_pipe();
  REQUIRE_RETURNS(send_fds(s.client, "with", {p.reader}), 4);
  Received got = receive_fds(s.server, 1, 8, MSG_WAITALL);
  CHECK(got.data == "w");
  CHECK(got.fds.size() == 1);
  got = receive_fds(s.server, 100);
  CHECK(got.data == "ith");
  CHECK(got.fds.empty());
}

TEST_CASE("unix: MSG_CMSG_CLOEXEC") {
  Pair s = local_pair(SOCK_DGRAM);
  REQUIRE_RETURNS(send_fds(s.client, "x", {s.client}), 1);
  REQUIRE_RETURNS(send_fds(s.client, "x", {s.client}), 1);
  CHECK_RETURNS(fcntl(receive_fds(s.server, 1).fds.at(0), F_GETFD), 0);
  CHECK_RETURNS(fcntl(receive_fds(s.server, 1, 8, MSG_CMSG_CLOEXEC).fds.at(0), F_GETFD), FD_CLOEXEC);
}

TEST_CASE("unix: what SCM_RIGHTS refuses") {
  Pair s = local_pair(SOCK_DGRAM | SOCK_NONBLOCK);
  CHECK_FAILS(send_fds(s.client, "x", {-1}), EBADF);
  CHECK_FAILS(send_fds(s.client, "x", {s.client, 999}), EBADF);
  CHECK_FAILS(send_fds(s.client, "x", std::vector<int>(254, s.client)), EINVAL);
  CHECK_FAILS(send_fds(s.client, "x", {s.client}, SOL_SOCKET, 77), EINVAL);
  CHECK_RETURNS(send_fds(s.client, "x", {s.client}, 12345), 1);
  CHECK(receive_fds(s.server, 1).fds.empty());
  CHECK_RETURNS(send_fds(s.client, "x", std::vector<int>(253, s.client)), 1);
  CHECK(receive_fds(s.server, 1, 253).fds.size() == 253);
}

TEST_CASE("unix: a message without SCM_RIGHTS has no control data") {
  Pair s = local_pair(SOCK_STREAM);
  send_all(s.client, "x");
  char control[64], byte;
  iovec piece = {&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  CHECK_RETURNS(recvmsg(s.server, &message, 0), 1);
  CHECK(message.msg_controllen == 0);
  CHECK(message.msg_flags == 0);
}

TEST_CASE("unix: SCM_RIGHTS of stdin, which is waited for while it's on its way") {
  Peer peer;
  Pair s = local_pair(SOCK_STREAM);
  REQUIRE(send_fds(s.client, "x", {0}) == 1);
  pollfd entry = {0, POLLIN, 0};
  REQUIRE(poll(&entry, 1, 0) == 0);
  peer.call("stdin ab");
  REQUIRE(poll(&entry, 1, 5000) == 1);
  Received got = receive_fds(s.server, 10);
  REQUIRE(got.fds.size() == 1);
  pollfd handed_over = {got.fds[0], POLLIN, 0};
  CHECK(poll(&handed_over, 1, 0) == 1);
  char buffer[8];
  CHECK_RETURNS(read(got.fds[0], buffer, 1), 1);
  CHECK(buffer[0] == 'a');
  CHECK_RETURNS(read(0, buffer, sizeof buffer), 1);
  CHECK(buffer[0] == 'b');
}

TEST_CASE("unix: stdin that is only on its way in a message") {
  Peer peer;
  Pair s = local_pair(SOCK_STREAM);
  REQUIRE(send_fds(s.client, "x", {0}) == 1);
  pollfd entry = {0, POLLIN, 0};
  REQUIRE(poll(&entry, 1, 0) == 0);
  REQUIRE_OK(close(0));
  peer.call("stdin ab");
  Received got = receive_fds(s.server, 10);
  REQUIRE(got.fds.size() == 1);
  char buffer[8];
  CHECK_RETURNS(read(got.fds[0], buffer, sizeof buffer), 2);
}

TEST_CASE("unix: a receive of no bytes takes the SCM_RIGHTS of the next one") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    CAPTURE(type);
    Pair p = local_pair(type);
    Pipe pipe = make_pipe();
    REQUIRE_RETURNS(send_fds(p.client, "ab", {pipe.writer}), 2);
    CHECK(receive_fds(p.server, 0, 8, MSG_PEEK).fds.size() == 1);
    CHECK(receive_fds(p.server, 0).fds.size() == 1);
    if (type != SOCK_STREAM) continue;
    const Received rest = receive_fds(p.server, 5);
    CHECK(rest.data == "ab");
    CHECK(rest.fds.empty());
  }
}

TEST_CASE("unix: a plain receive of no bytes closes what came by SCM_RIGHTS") {
  Pair p = local_pair(SOCK_STREAM);
  Pipe pipe = make_pipe();
  REQUIRE_RETURNS(send_fds(p.client, "a", {pipe.writer}), 1);
  pipe.writer.reset();
  char byte = 0;
  CHECK_RETURNS(read(p.server, &byte, 0), 0);
  CHECK(wait_for(pipe.reader, POLLIN, 0) == 0);
  CHECK_RETURNS(recv(p.server, &byte, 0, 0), 0);
  CHECK((wait_for(pipe.reader, POLLIN, 5000) & POLLHUP) != 0);
  CHECK(receive_fds(p.server, 1).data == "a");
}

TEST_CASE("unix: a receive of no bytes waits for some") {
  Pair p = local_pair(SOCK_STREAM);
  char byte = 0;
  CHECK_FAILS(recv(p.server, &byte, 0, MSG_DONTWAIT), EAGAIN);
  p.client.reset();
  CHECK_RETURNS(recv(p.server, &byte, 0, MSG_DONTWAIT), 0);
}

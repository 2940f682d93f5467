// SCM_RIGHTS: descriptors handed over between AF_UNIX sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "local.h"
#include "peer.h"

using namespace conformance;

namespace {

struct Received {
  std::string data;
  std::vector<Fd> fds;
  int flags = 0;
};

// The control block is built by hand, so that malformed ones can be, too.
ssize_t send_fds(int socket, const std::string& data, const std::vector<int>& fds, int level = SOL_SOCKET,
                 int kind = SCM_RIGHTS) {
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  iovec piece = {const_cast<char*>(data.data()), data.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = static_cast<socklen_t>(control.size());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = kind;
  header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
  std::memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

Received receive_fds(int socket, std::size_t size, std::size_t room = 8, int flags = 0) {
  std::vector<char> control(room == 0 ? 1 : CMSG_SPACE(room * sizeof(int)));
  Received got;
  got.data.resize(size);
  iovec piece = {got.data.data(), size};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (room != 0) {
    message.msg_control = control.data();
    message.msg_controllen = static_cast<socklen_t>(CMSG_LEN(room * sizeof(int)));
  }
  ssize_t n = recvmsg(socket, &message, flags);
  REQUIRE_OK(n);
  got.data.resize(static_cast<std::size_t>(n));
  got.flags = message.msg_flags;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    CHECK(header->cmsg_level == SOL_SOCKET);
    CHECK(header->cmsg_type == SCM_RIGHTS);
    for (std::size_t i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
      int number;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
      got.fds.push_back(Fd(number));
    }
  }
  return got;
}

}  // namespace

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

TEST_CASE("unix: control data beyond what the kernel keeps for a socket") {
  Pair p = local_pair(SOCK_STREAM);
  char byte = 'x';
  iovec piece = {&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  std::vector<char> control(200000);
  message.msg_control = control.data();
  for (std::size_t size : {std::size_t{200000}, std::size_t{1} << 27, std::size_t{0x7fffffff}}) {
    message.msg_controllen = static_cast<socklen_t>(size);
    CHECK_FAILS(sendmsg(p.client, &message, 0), ENOBUFS);
  }
  CHECK_FAILS(recv(p.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

namespace {

/// The reader of a pipe whose writer only goes when what was sent over `carrier` does.
Fd watch(int carrier) {
  Pipe pipe = make_pipe();
  REQUIRE_RETURNS(send_fds(carrier, "p", {pipe.writer}), 1);
  return std::move(pipe.reader);
}

bool is_gone(int reader) {
  (void)local_pair(SOCK_STREAM);  // the kernel looks for what nobody has when some socket or other is freed
  return (wait_for(reader, POLLIN, 5000) & POLLHUP) != 0;
}

}  // namespace

TEST_CASE("unix: a socket sent over itself goes with its last descriptor") {
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    Pair p = local_pair(type);
    const Fd reader = watch(p.client);
    REQUIRE_RETURNS(send_fds(p.client, "x", {p.server}), 1);
    REQUIRE_RETURNS(send_fds(p.server, "x", {p.client, p.server}), 1);
    CHECK(wait_for(reader, POLLIN, 0) == 0);
    p.client.reset();
    CHECK(wait_for(reader, POLLIN, 0) == 0);
    p.server.reset();
    CHECK(is_gone(reader));
  }
}

TEST_CASE("unix: a ring of sockets that hold each other goes as a whole") {
  constexpr int count = 5;
  std::vector<Pair> ring;
  for (int i = 0; i < count; ++i) ring.push_back(local_pair(SOCK_STREAM));
  const Fd reader = watch(ring[2].client);
  // Each is in the queue of the next.
  for (int i = 0; i < count; ++i)
    REQUIRE_RETURNS(send_fds(ring[static_cast<std::size_t>((i + 1) % count)].client, "x",
                             {ring[static_cast<std::size_t>(i)].server}),
                    1);
  for (Pair& p : ring) p.client.reset();
  for (int i = 0; i + 1 < count; ++i) ring[static_cast<std::size_t>(i)].server.reset();
  CHECK(wait_for(reader, POLLIN, 0) == 0);
  ring.back().server.reset();
  CHECK(is_gone(reader));
}

TEST_CASE("unix: sockets in flight that somebody can still receive stay") {
  Pair outer = local_pair(SOCK_STREAM), inner = local_pair(SOCK_STREAM), cycle = local_pair(SOCK_STREAM);
  const Fd reader = watch(inner.client);
  REQUIRE_RETURNS(send_fds(inner.client, "i", {inner.server}), 1);  // in its own queue
  REQUIRE_RETURNS(send_fds(outer.client, "o", {inner.server}), 1);
  inner.server.reset();
  REQUIRE_RETURNS(send_fds(cycle.client, "c", {cycle.server}), 1);
  cycle.server.reset();
  cycle.client.reset();  // collected, and nothing else
  Received got = receive_fds(outer.server, 1);
  REQUIRE(got.fds.size() == 1);
  CHECK(receive_fds(got.fds[0], 1).data == "p");
  CHECK(is_gone(reader));
  CHECK(receive_fds(got.fds[0], 1).fds.size() == 1);
  CHECK_RETURNS(send(inner.client, "z", 1, 0), 1);
  CHECK(receive_fds(got.fds[0], 1).data == "z");
}

TEST_CASE("unix: a listener that only a connection of its own holds goes with that") {
  Fd listener = local_socket(SOCK_STREAM), client = local_socket(SOCK_STREAM);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE_OK(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t)));
  socklen_t length = sizeof address;
  REQUIRE_OK(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length));
  REQUIRE_OK(listen(listener, 5));
  REQUIRE_OK(connect(client, reinterpret_cast<sockaddr*>(&address), length));
  const Fd reader = watch(client);
  REQUIRE_RETURNS(send_fds(client, "x", {listener}), 1);
  listener.reset();
  CHECK(is_gone(reader));
}

TEST_CASE("unix: a long chain of sockets in each other's queues goes with the last") {
  Pair last = local_pair(SOCK_STREAM);
  const Fd reader = watch(last.client);
  for (int i = 0; i < 400; ++i) {
    Pair next = local_pair(SOCK_STREAM);
    REQUIRE_RETURNS(send_fds(next.client, "x", {last.server}), 1);
    last = std::move(next);
  }
  CHECK(wait_for(reader, POLLIN, 0) == 0);
  last.server.reset();
  CHECK(is_gone(reader));
}

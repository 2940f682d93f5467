// SCM_RIGHTS: how much may be on its way, and what becomes of sockets that nobody can receive any more.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <vector>

#include "local.h"
#include "peer.h"
#include "unix_rights_help.h"

using namespace conformance;
using namespace unix_rights;

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

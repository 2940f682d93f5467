// AF_UNIX: SO_PEERCRED, SO_PASSCRED and SCM_CREDENTIALS.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <optional>

#include "local.h"

using namespace conformance;

namespace {

constexpr std::uint32_t nobody = 65534;

ucred peer_credentials(int fd) {
  ucred peer{};
  socklen_t length = sizeof peer;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length));
  REQUIRE(length == sizeof peer);
  return peer;
}

bool is_self(const ucred& peer) { return peer.pid == getpid() && peer.uid == getuid() && peer.gid == getgid(); }
bool is_nobody(const ucred& peer) {
  return peer.pid == 0 && peer.uid == static_cast<uid_t>(-1) && peer.gid == static_cast<gid_t>(-1);
}

void pass_credentials(int fd, int on = 1) { REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on)); }
bool passes_credentials(int fd) {
  int on = -1;
  socklen_t length = sizeof on;
  REQUIRE_OK(getsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, &length));
  return on != 0;
}

struct Received {
  ssize_t size;
  int flags;
  std::optional<ucred> credentials;
};

Received receive(int fd, std::size_t size = 100, std::size_t control_size = 100) {
  char data[100];
  alignas(cmsghdr) char control[100];
  iovec piece = {data, size};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control_size != 0 ? control : nullptr;
  message.msg_controllen = static_cast<decltype(message.msg_controllen)>(control_size);
  Received received = {recvmsg(fd, &message, MSG_DONTWAIT), message.msg_flags, {}};
  REQUIRE_OK(received.size);
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    CHECK(header->cmsg_level == SOL_SOCKET);
    CHECK(header->cmsg_type == SCM_CREDENTIALS);
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    received.credentials = sender;
  }
  return received;
}

ssize_t send_credentials(int fd, ucred sender, std::size_t size = sizeof(ucred)) {
  char data = 'c';
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))] = {};
  iovec piece = {&data, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_CREDENTIALS;
  header->cmsg_len = static_cast<decltype(header->cmsg_len)>(CMSG_LEN(size));
  std::memcpy(CMSG_DATA(header), &sender, sizeof sender);
  return sendmsg(fd, &message, 0);
}

ucred self() {
  ucred own{};
  own.pid = getpid();
  own.uid = getuid();
  own.gid = getgid();
  return own;
}

#define TYPE_CASE(text) TYPE_CASE_(CONFORMANCE_JOIN(type_body_, __LINE__), text)
#define TYPE_CASE_(body, text)                                                \
  static void body(int type);                                                 \
  TEST_CASE("unix credentials: " text " (stream)") { body(SOCK_STREAM); }     \
  TEST_CASE("unix credentials: " text " (datagrams)") { body(SOCK_DGRAM); }   \
  TEST_CASE("unix credentials: " text " (packets)") { body(SOCK_SEQPACKET); } \
  static void body(int type)

}  // namespace

TYPE_CASE("SO_PEERCRED of a pair is the process itself, of a fresh socket nobody") {
  Pair p = local_pair(type);
  CHECK(is_self(peer_credentials(p.client)));
  CHECK(is_self(peer_credentials(p.server)));
  CHECK(is_nobody(peer_credentials(local_socket(type))));
}

TYPE_CASE("each message says who sent it, once that is asked for") {
  Pair p = local_pair(type);
  CHECK_FALSE(passes_credentials(p.server));
  REQUIRE_RETURNS(write(p.client, "a", 1), 1);
  CHECK_FALSE(receive(p.server).credentials.has_value());
  pass_credentials(p.server);
  CHECK(passes_credentials(p.server));
  REQUIRE_RETURNS(write(p.client, "b", 1), 1);
  Received received = receive(p.server);
  REQUIRE(received.credentials.has_value());
  CHECK(is_self(*received.credentials));
  pass_credentials(p.server, 0);
  REQUIRE_RETURNS(write(p.client, "c", 1), 1);
  CHECK_FALSE(receive(p.server).credentials.has_value());
}

TYPE_CASE("what was sent before comes from nobody") {
  Pair p = local_pair(type);
  REQUIRE_RETURNS(write(p.client, "before", 6), 6);
  pass_credentials(p.server);
  REQUIRE_RETURNS(write(p.client, "after", 5), 5);
  Received received = receive(p.server);
  CHECK(received.size == 6);
  REQUIRE(received.credentials.has_value());
  CHECK(received.credentials->pid == 0);
  CHECK(received.credentials->uid == nobody);
  CHECK(received.credentials->gid == nobody);
  received = receive(p.server);
  CHECK(received.size == 5);
  REQUIRE(received.credentials.has_value());
  CHECK(is_self(*received.credentials));
}

TYPE_CASE("can be sent if they are true") {
  Pair p = local_pair(type);
  CHECK_RETURNS(send_credentials(p.client, self()), 1);
  CHECK_FALSE(receive(p.server).credentials.has_value());
  CHECK_RETURNS(send_credentials(p.client, self()), 1);
  pass_credentials(p.server);
  Received received = receive(p.server);
  REQUIRE(received.credentials.has_value());
  CHECK(is_self(*received.credentials));
  CHECK_FAILS(send_credentials(p.client, self(), sizeof(ucred) - 1), EINVAL);
}

TYPE_CASE("that don't fit are cut, with MSG_CTRUNC") {
  Pair p = local_pair(type);
  pass_credentials(p.server);
  REQUIRE_RETURNS(write(p.client, "a", 1), 1);
  Received received = receive(p.server, 100, CMSG_LEN(sizeof(pid_t)));
  CHECK((received.flags & MSG_CTRUNC) != 0);
  CHECK(received.credentials.has_value());
  REQUIRE_RETURNS(write(p.client, "a", 1), 1);
  received = receive(p.server, 100, 0);
  CHECK((received.flags & MSG_CTRUNC) != 0);
  CHECK_FALSE(received.credentials.has_value());
}

TYPE_CASE("connect and SO_PASSCRED give a socket a name of its own") {
  Name name = abstract_name("autobind");
  Fd server = bound_local(type, name);
  if (type != SOCK_DGRAM) REQUIRE_OK(listen(server, 1));
  Fd client = local_socket(type);
  pass_credentials(client);
  CHECK(name_of(client).text().empty());
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK(name_of(client).text().size() == 6);
}

TEST_CASE("unix credentials: SO_PEERCRED of a listener and of both ends of a connection") {
  Name name = abstract_name("listener");
  Fd listening = bound_local(SOCK_STREAM, name);
  CHECK(is_nobody(peer_credentials(listening)));
  REQUIRE_OK(listen(listening, 1));
  CHECK(is_self(peer_credentials(listening)));
  Fd client = local_socket(SOCK_STREAM);
  REQUIRE_OK(connect(client, name.get(), name.length));
  Fd accepted(accept(listening, nullptr, nullptr));
  CHECK(is_self(peer_credentials(client)));
  CHECK(is_self(peer_credentials(accepted)));
}

TEST_CASE("unix credentials: SO_PEERCRED of connected datagram sockets is nobody") {
  Name name = abstract_name("datagrams");
  Fd server = bound_local(SOCK_DGRAM, name);
  Fd client = local_socket(SOCK_DGRAM);
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK(is_nobody(peer_credentials(client)));
}

TEST_CASE("unix credentials: SO_PEERCRED can be read in part and can't be set") {
  Pair p = local_pair(SOCK_STREAM);
  ucred peer{};
  socklen_t length = sizeof(pid_t);
  CHECK_OK(getsockopt(p.client, SOL_SOCKET, SO_PEERCRED, &peer, &length));
  CHECK(length == sizeof(pid_t));
  CHECK(peer.pid == getpid());
  CHECK_FAILS(setsockopt(p.client, SOL_SOCKET, SO_PEERCRED, &peer, sizeof peer), ENOPROTOOPT);
}

TEST_CASE("unix credentials: an accepted socket has SO_PASSCRED from its listener") {
  Name name = abstract_name("inherited");
  Fd listening = local_listener(SOCK_STREAM, name);
  pass_credentials(listening);
  Fd client = local_socket(SOCK_STREAM);
  REQUIRE_OK(connect(client, name.get(), name.length));
  REQUIRE_RETURNS(write(client, "early", 5), 5);
  Fd accepted(accept(listening, nullptr, nullptr));
  CHECK(passes_credentials(accepted));
  CHECK_FALSE(passes_credentials(client));
  Received received = receive(accepted);
  REQUIRE(received.credentials.has_value());
  CHECK(is_self(*received.credentials));
}

TEST_CASE("unix credentials: at the end of a stream they are all zero") {
  Pair p = local_pair(SOCK_STREAM);
  pass_credentials(p.server);
  p.client.reset();
  Received received = receive(p.server);
  CHECK(received.size == 0);
  REQUIRE(received.credentials.has_value());
  CHECK(received.credentials->pid == 0);
  CHECK(received.credentials->uid == 0);
  CHECK(received.credentials->gid == 0);
}

TEST_CASE("unix credentials: bytes of a stream aren't mixed with those of another sender") {
  Pair p = local_pair(SOCK_STREAM);
  REQUIRE_RETURNS(write(p.client, "ab", 2), 2);
  REQUIRE_RETURNS(send_credentials(p.client, self()), 1);
  REQUIRE_RETURNS(write(p.client, "cd", 2), 2);
  pass_credentials(p.server);
  CHECK(receive(p.server).size == 2);
  CHECK(receive(p.server).size == 1);
  CHECK(receive(p.server).size == 2);
}

FAMILY_CASE("unix credentials: IP sockets have no SO_PASSCRED, and nobody as their peer") {
  Pair p = tcp_pair(family);
  int on = 1;
  socklen_t length = sizeof on;
  CHECK_FAILS(setsockopt(p.client, SOL_SOCKET, SO_PASSCRED, &on, sizeof on), EOPNOTSUPP);
  CHECK_FAILS(getsockopt(p.client, SOL_SOCKET, SO_PASSCRED, &on, &length), EOPNOTSUPP);
  CHECK(is_nobody(peer_credentials(p.client)));
}

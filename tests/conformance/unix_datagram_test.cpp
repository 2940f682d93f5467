// AF_UNIX sockets of SOCK_DGRAM.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "local.h"

using namespace conformance;

TEST_CASE("unix: datagrams to a path, with the sender's name") {
  Name to = path_name("receiver"), mine = path_name("sender");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = bound_local(SOCK_DGRAM, mine);
  CHECK_RETURNS(sendto(sender, "hello", 5, 0, to.get(), to.length), 5);
  Name from;
  char buffer[8];
  CHECK_RETURNS(recvfrom(receiver, buffer, sizeof buffer, 0, from.get(), &from.length), 5);
  CHECK(from.text() == mine.text());
  CHECK_RETURNS(sendto(receiver, "answer", 6, 0, from.get(), from.length), 6);
  CHECK(read_some(sender, 10) == "answer");
}

TEST_CASE("unix: a datagram to a path, with the length of the whole structure") {
  Name to = path_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM);
  to.length = sizeof(sockaddr_un);
  CHECK_RETURNS(sendto(sender, "hello", 5, 0, to.get(), to.length), 5);
  CHECK(read_some(receiver, 10) == "hello");
  char text[] = "text";
  iovec piece = {text, 4};
  mmsghdr messages[2] = {};
  for (mmsghdr& message : messages) {
    message.msg_hdr.msg_name = to.get();
    message.msg_hdr.msg_namelen = to.length;
    message.msg_hdr.msg_iov = &piece;
    message.msg_hdr.msg_iovlen = 1;
  }
  CHECK_RETURNS(sendmsg(sender, &messages[0].msg_hdr, 0), 4);
  CHECK_RETURNS(sendmmsg(sender, messages, 2, 0), 2);
  for (int i = 0; i < 3; ++i) CHECK(read_some(receiver, 10) == "text");
}

TEST_CASE("unix: a sockaddr_storage and the name of a socket") {
  CHECK(sizeof(sockaddr_storage) == 128);
  Name name = abstract_name("n");
  Fd receiver = bound_local(SOCK_DGRAM, name);
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  REQUIRE_OK(getsockname(receiver, reinterpret_cast<sockaddr*>(&storage), &length));
  CHECK(length == name.length);
  CHECK(std::memcmp(&storage, &name.address, length) == 0);
}

TEST_CASE("unix: the longest names fit into a sockaddr_storage, with Linux's lengths") {
  CHECK(sizeof(sockaddr_un) <= sizeof(sockaddr_storage));
  Name receiver_name = abstract_name("receiver of the longest");
  Fd receiver = bound_local(SOCK_DGRAM, receiver_name);
  // Abstract: all 108 bytes are the name.
  Name longest = abstract_name("longest");
  longest.length = sizeof(sockaddr_un);
  // A path without a NUL, which is counted all the same.
  Name path = path_name("path");
  const size_t used = std::strlen(path.address.sun_path);
  REQUIRE(used < sizeof path.address.sun_path);
  // Slashes at the front name the same folder.
  std::memmove(path.address.sun_path + sizeof path.address.sun_path - used, path.address.sun_path, used);
  std::memset(path.address.sun_path, '/', sizeof path.address.sun_path - used);
  path.length = sizeof(sa_family_t) + sizeof path.address.sun_path;
  for (Name* name : {&longest, &path}) {
    Fd sender = bound_local(SOCK_DGRAM, *name);
    const socklen_t told = name == &path ? 111 : 110;
    struct {
      sockaddr_storage storage;
      char behind[16];
    } room;
    std::memset(&room, 'x', sizeof room);
    socklen_t length = sizeof room.storage;
    REQUIRE_OK(getsockname(sender, reinterpret_cast<sockaddr*>(&room.storage), &length));
    CHECK(length == told);
    CHECK(std::memcmp(reinterpret_cast<char*>(&room) + sizeof(sa_family_t), name->address.sun_path, 108) == 0);
    CHECK_RETURNS(sendto(sender, "x", 1, 0, receiver_name.get(), receiver_name.length), 1);
    char byte;
    length = sizeof room.storage;
    CHECK_RETURNS(recvfrom(receiver, &byte, 1, 0, reinterpret_cast<sockaddr*>(&room.storage), &length), 1);
    CHECK(length == told);
    CHECK(std::string(room.behind, sizeof room.behind) == std::string(16, 'x'));
  }
}

TEST_CASE("unix: a whole sockaddr_storage is too long for a name") {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  std::memcpy(reinterpret_cast<char*>(&storage) + sizeof(sa_family_t), "\0name", 5);
  Fd fd = local_socket(SOCK_DGRAM);
  const auto* address = reinterpret_cast<const sockaddr*>(&storage);
  CHECK_FAILS(bind(fd, address, sizeof storage), EINVAL);
  CHECK_FAILS(connect(fd, address, sizeof storage), EINVAL);
  CHECK_FAILS(sendto(fd, "x", 1, 0, address, sizeof storage), EINVAL);
}

TEST_CASE("unix: a datagram of a socket without a name") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM);
  CHECK_RETURNS(sendto(sender, "x", 1, 0, to.get(), to.length), 1);
  Name from;
  char buffer[8];
  CHECK_RETURNS(recvfrom(receiver, buffer, sizeof buffer, 0, from.get(), &from.length), 1);
  CHECK(from.length == 0);
}

TEST_CASE("unix: datagrams of many senders") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to);
  for (int i = 0; i < 5; ++i) {
    Name mine = abstract_name(std::to_string(i).c_str());
    Fd sender = bound_local(SOCK_DGRAM, mine);
    REQUIRE_RETURNS(sendto(sender, "x", 1, 0, to.get(), to.length), 1);
  }
  for (int i = 0; i < 5; ++i) {
    Name from;
    char byte;
    REQUIRE_RETURNS(recvfrom(receiver, &byte, 1, 0, from.get(), &from.length), 1);
    CHECK(from.text() == abstract_name(std::to_string(i).c_str()).text());
  }
}

TEST_CASE("unix: sendmsg and recvmsg of datagrams carry names") {
  Name to = abstract_name("receiver"), mine = abstract_name("sender");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = bound_local(SOCK_DGRAM, mine);
  char text[] = "text";
  iovec piece = {text, 4};
  msghdr message{};
  message.msg_name = &to.address;
  message.msg_namelen = to.length;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  CHECK_RETURNS(sendmsg(sender, &message, 0), 4);
  Name from;
  message.msg_name = &from.address;
  message.msg_namelen = sizeof from.address;
  CHECK_RETURNS(recvmsg(receiver, &message, 0), 4);
  from.length = message.msg_namelen;
  CHECK(from.text() == mine.text());
}

TEST_CASE("unix: sending datagrams to nobody") {
  Fd fd = local_socket(SOCK_DGRAM);
  Name abstract = abstract_name("nobody"), path = path_name("nobody");
  CHECK_FAILS(send(fd, "x", 1, 0), ENOTCONN);
  CHECK_FAILS(sendto(fd, "x", 1, 0, abstract.get(), abstract.length), ECONNREFUSED);
  CHECK_FAILS(sendto(fd, "x", 1, 0, path.get(), path.length), ENOENT);
  abstract.address.sun_family = AF_INET;
  CHECK_FAILS(sendto(fd, "x", 1, 0, abstract.get(), abstract.length), EINVAL);
  CHECK_FAILS(sendto(fd, "x", 1, 0, path.get(), sizeof(sa_family_t)), EINVAL);
}

TEST_CASE("unix: a connected datagram socket sends and has a peer") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM);
  REQUIRE_OK(connect(sender, to.get(), to.length));
  CHECK(peer_of(sender).text() == to.text());
  CHECK_RETURNS(send(sender, "x", 1, 0), 1);
  CHECK(read_some(receiver, 4) == "x");
  Name name;
  CHECK_FAILS(getpeername(receiver, name.get(), &name.length), ENOTCONN);
}

TEST_CASE("unix: AF_UNSPEC dissolves a datagram socket's association") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM);
  REQUIRE_OK(connect(sender, to.get(), to.length));
  Name none;
  none.address.sun_family = AF_UNSPEC;
  CHECK_OK(connect(sender, none.get(), sizeof(sa_family_t)));
  CHECK_FAILS(send(sender, "x", 1, 0), ENOTCONN);
  CHECK_OK(connect(sender, none.get(), sizeof(sa_family_t)));
}

TEST_CASE("unix: a connected datagram socket takes from its peer alone") {
  Name a = abstract_name("a"), b = abstract_name("b"), c = abstract_name("c");
  Fd one = bound_local(SOCK_DGRAM, a), two = bound_local(SOCK_DGRAM, b), three = bound_local(SOCK_DGRAM, c);
  REQUIRE_OK(connect(one, b.get(), b.length));
  CHECK_FAILS(sendto(three, "x", 1, 0, a.get(), a.length), EPERM);
  CHECK_FAILS(connect(three, a.get(), a.length), EPERM);
  CHECK_RETURNS(sendto(two, "y", 1, 0, a.get(), a.length), 1);
  CHECK(read_some(one, 4) == "y");
  CHECK_OK(connect(two, a.get(), a.length));
}

TEST_CASE("unix: a datagram socket whose peer goes elsewhere is told ECONNRESET") {
  Name a = abstract_name("a"), b = abstract_name("b"), c = abstract_name("c");
  Fd one = bound_local(SOCK_DGRAM, a), two = bound_local(SOCK_DGRAM, b), three = bound_local(SOCK_DGRAM, c);
  REQUIRE_OK(connect(one, b.get(), b.length));
  REQUIRE_OK(connect(two, a.get(), a.length));
  REQUIRE_RETURNS(send(two, "lost", 4, 0), 4);
  REQUIRE_OK(connect(one, c.get(), c.length));
  CHECK(wait_for(one, POLLIN, 0) == 0);
  CHECK(state_of(two) == (POLLOUT | POLLERR));
  char byte;
  CHECK_FAILS(recv(two, &byte, 1, MSG_DONTWAIT), ECONNRESET);
  CHECK_FAILS(recv(two, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

TEST_CASE("unix: a datagram socket can send to itself") {
  Name name = abstract_name("self");
  Fd fd = bound_local(SOCK_DGRAM, name);
  REQUIRE_OK(connect(fd, name.get(), name.length));
  CHECK_RETURNS(send(fd, "me", 2, 0), 2);
  CHECK(read_some(fd, 4) == "me");
}

TEST_CASE("unix: a receiver's queue is short for who isn't its peer") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM | SOCK_NONBLOCK);
  REQUIRE_OK(connect(sender, to.get(), to.length));
  int taken = 0;
  while (send(sender, "x", 1, 0) == 1) ++taken;
  CHECK(errno == EAGAIN);
  CHECK(taken == 11);  // net.unix.max_dgram_qlen is 10
  CHECK(state_of(sender) == 0);
  CHECK(read_some(receiver, 4) == "x");
  CHECK(state_of(sender) == POLLOUT);
  CHECK_RETURNS(send(sender, "x", 1, 0), 1);
}

TEST_CASE("unix: a blocking send into a full queue that nothing can end") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM | SOCK_NONBLOCK);
  while (sendto(sender, "x", 1, 0, to.get(), to.length) == 1) continue;
  set_nonblocking(sender, false);
  CHECK_NEVER_ENDS(sendto(sender, "x", 1, 0, to.get(), to.length));
}

TEST_CASE("unix: a datagram peer that closes refuses") {
  Name to = abstract_name("receiver");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = local_socket(SOCK_DGRAM);
  REQUIRE_OK(connect(sender, to.get(), to.length));
  receiver.reset();
  CHECK(state_of(sender) == POLLOUT);
  CHECK_FAILS(send(sender, "x", 1, 0), ECONNREFUSED);
  CHECK_FAILS(send(sender, "x", 1, 0), ENOTCONN);
  receiver = bound_local(SOCK_DGRAM, to);
  CHECK_OK(connect(sender, to.get(), to.length));
  CHECK_RETURNS(send(sender, "x", 1, 0), 1);
}

TEST_CASE("unix: datagrams of a sender that is gone are still there") {
  Name to = abstract_name("receiver"), mine = abstract_name("sender");
  Fd receiver = bound_local(SOCK_DGRAM, to), sender = bound_local(SOCK_DGRAM, mine);
  REQUIRE_RETURNS(sendto(sender, "left", 4, 0, to.get(), to.length), 4);
  sender.reset();
  Name from;
  char buffer[8];
  CHECK_RETURNS(recvfrom(receiver, buffer, sizeof buffer, 0, from.get(), &from.length), 4);
  CHECK(from.text() == mine.text());
}

TEST_CASE("unix: a datagram socket can't listen or accept") {
  Fd fd = bound_local(SOCK_DGRAM, abstract_name("any"));
  CHECK_FAILS(listen(fd, 1), EOPNOTSUPP);
  CHECK_FAILS(accept(fd, nullptr, nullptr), EOPNOTSUPP);
}

TEST_CASE("unix: poll of a fresh datagram socket") {
  Fd fd = local_socket(SOCK_DGRAM);
  CHECK(state_of(fd) == POLLOUT);
  REQUIRE_OK(shutdown(fd, SHUT_RD));
  CHECK(state_of(fd) == (POLLIN | POLLOUT | POLLRDHUP));
  REQUIRE_OK(shutdown(fd, SHUT_WR));
  CHECK(state_of(fd) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

// sendmmsg of many datagrams, which the guest sends several at a time: what each says, where it goes, where it stops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>

#include "message_help.h"

using namespace conformance;

namespace {

// A vector of messages, each with its own text, and where each goes if anywhere.
struct Many {
  std::vector<std::string> data;
  std::vector<Message> messages;
  std::vector<mmsghdr> list;

  explicit Many(std::vector<std::string> texts) : data(std::move(texts)) {
    for (std::string& text : data) messages.emplace_back(std::vector<iovec>{piece(text)});
    for (Message& message : messages) list.push_back({message.header, 77});
  }
  Many& name(std::size_t index, Address& address) {
    list[index].msg_hdr = messages[index].name(address).header;
    return *this;
  }
  int send(int fd, unsigned flags = 0) { return sendmmsg(fd, list.data(), static_cast<unsigned>(list.size()), flags); }
};

std::string next_datagram(int fd) {
  if (!readable(fd)) return "(none)";
  char buffer[70000];
  const ssize_t size = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  return size < 0 ? "(error)" : std::string(buffer, static_cast<std::size_t>(size));
}

}  // namespace

FAMILY_CASE("sendmmsg: each message goes to its own address") {
  Bound from = bound_udp(family), one = bound_udp(family), two = bound_udp(family);
  Many many({"a", "bb", "ccc", "dddd"});
  for (std::size_t i = 0; i < 4; ++i) many.name(i, i % 2 == 0 ? one.address : two.address);
  CHECK_RETURNS(many.send(from.fd), 4);
  CHECK(many.list[3].msg_len == 4);
  CHECK(next_datagram(one.fd) == "a");
  CHECK(next_datagram(two.fd) == "bb");
  CHECK(next_datagram(one.fd) == "ccc");
  CHECK(next_datagram(two.fd) == "dddd");
}

FAMILY_CASE("sendmmsg: an unbound socket gets a port") {
  Bound to = bound_udp(family);
  Fd fd = udp(family);
  Many many({"first", "second"});
  many.name(0, to.address).name(1, to.address);
  CHECK_RETURNS(many.send(fd), 2);
  CHECK(next_datagram(to.fd) == "first");
  CHECK(next_datagram(to.fd) == "second");
}

FAMILY_CASE("sendmmsg: messages of several pieces stay whole") {
  Pair p = udp_pair(family);
  std::string parts[6] = {"ab", "", "c", "xy", "z", "12345"};
  Message first({piece(parts[0]), piece(parts[1]), piece(parts[2])});
  Message second({piece(parts[3]), piece(parts[4]), piece(parts[5])});
  mmsghdr list[2] = {{first.header, 0}, {second.header, 0}};
  CHECK_RETURNS(sendmmsg(p.client, list, 2, 0), 2);
  CHECK(list[0].msg_len == 3);
  CHECK(list[1].msg_len == 8);
  CHECK(next_datagram(p.server) == "abc");
  CHECK(next_datagram(p.server) == "xyz12345");
}

FAMILY_CASE("sendmmsg: large messages of several pieces") {
  Pair p = udp_pair(family);
  std::string half(20000, 'h'), rest(9000, 'r');
  std::vector<Message> messages;
  std::vector<mmsghdr> list;
  for (int i = 0; i < 4; ++i) messages.emplace_back(std::vector<iovec>{piece(half), piece(rest)});
  for (Message& message : messages) list.push_back({message.header, 0});
  for (unsigned sent = 0; sent < 4;) {
    const int n = sendmmsg(p.client, list.data() + sent, 4 - sent, 0);
    REQUIRE_OK(n);
    for (int i = 0; i < n; ++i) CHECK(next_datagram(p.server) == half + rest);
    sent += static_cast<unsigned>(n);
  }
}

FAMILY_CASE("sendmmsg: stops in front of a datagram that is too large") {
  Pair p = udp_pair(family);
  Many many({"before", std::string(66000, 'x'), "behind"});
  CHECK_RETURNS(many.send(p.client), 1);
  CHECK(many.list[0].msg_len == 6);
  CHECK(many.list[1].msg_len == 77);
  CHECK(next_datagram(p.server) == "before");
  CHECK_FAILS(sendmmsg(p.client, many.list.data() + 1, 2, 0), EMSGSIZE);
  CHECK_RETURNS(sendmmsg(p.client, many.list.data() + 2, 1, 0), 1);
  CHECK(next_datagram(p.server) == "behind");
}

FAMILY_CASE("sendmmsg: a bad address behind others stops there") {
  Bound from = bound_udp(family), to = bound_udp(family);
  Many many({"one", "two", "three"});
  for (std::size_t i = 0; i < 3; ++i) many.name(i, to.address);
  many.list[2].msg_hdr.msg_namelen = 3;
  CHECK_RETURNS(many.send(from.fd), 2);
  CHECK(next_datagram(to.fd) == "one");
  CHECK(next_datagram(to.fd) == "two");
  CHECK_FAILS(sendmmsg(from.fd, many.list.data() + 2, 1, 0), EINVAL);
}

FAMILY_CASE("sendmmsg: bad memory behind others stops there") {
  Pair p = udp_pair(family);
  Many many({"one", "two", "three"});
  many.messages[1].pieces[0].iov_base = nullptr;
  CHECK_RETURNS(many.send(p.client), 1);
  CHECK(next_datagram(p.server) == "one");
}

TEST_CASE("sendmmsg: flags count for every message") {
  Pair p = udp_pair(AF_INET);
  Many many({"one", "two"});
  CHECK_FAILS(many.send(p.client, MSG_OOB), EOPNOTSUPP);
}

FAMILY_CASE("sendmmsg: nothing after shutdown") {
  Pair p = udp_pair(family);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  Many many({"one", "two"});
  CHECK_FAILS(many.send(p.client, MSG_NOSIGNAL), EPIPE);
  CHECK(many.list[0].msg_len == 77);
}

FAMILY_CASE("sendmmsg: to a port that nobody has, on a connected socket") {
  Bound nobody = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_OK(connect(fd, nobody.address.get(), nobody.address.length));
  nobody.fd.reset();
  Many many({"one", "two", "three"});
  const int first = many.send(fd);
  CHECK(first >= 1);
  // The refusal shows in a later call, or was met inside the first one.
  if (first == 3) {
    (void)wait_for(fd, POLLIN);
    CHECK_FAILS(many.send(fd), ECONNREFUSED);
  }
}

TEST_CASE("sendmmsg: both families from one IPv6 socket") {
  Bound four = bound_udp(AF_INET), six = bound_udp(AF_INET6);
  Fd fd = udp(AF_INET6);
  Address mapped = Address::any(AF_INET6, four.address.port());
  auto& bytes = reinterpret_cast<sockaddr_in6&>(mapped.storage).sin6_addr;
  REQUIRE(inet_pton(AF_INET6, "::ffff:127.0.0.1", &bytes) == 1);
  Many many({"to six", "to four", "to six again", "to four again"});
  many.name(0, six.address).name(1, mapped).name(2, six.address).name(3, mapped);
  for (unsigned sent = 0; sent < 4;) {
    const int n = sendmmsg(fd, many.list.data() + sent, 4 - sent, 0);
    REQUIRE_OK(n);
    sent += static_cast<unsigned>(n);
  }
  CHECK(next_datagram(six.fd) == "to six");
  CHECK(next_datagram(six.fd) == "to six again");
  CHECK(next_datagram(four.fd) == "to four");
  CHECK(next_datagram(four.fd) == "to four again");
}

FAMILY_CASE("sendmmsg: on a stream") {
  Pair p = tcp_pair(family);
  Many many({"one ", "two ", "three"});
  CHECK_RETURNS(many.send(p.client), 3);
  CHECK(receive(p.server, 13) == "one two three");
}

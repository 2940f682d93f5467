// sendmmsg and recvmmsg.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "message_help.h"

using namespace conformance;

FAMILY_CASE("sendmmsg: one datagram a message, with its length") {
  Bound a = bound_udp(family), b = bound_udp(family);
  std::string data[3] = {"one", "", "three"};
  std::vector<Message> messages;
  std::vector<mmsghdr> list(3);
  for (std::string& text : data) messages.emplace_back(std::vector<iovec>{piece(text)});
  for (int i = 0; i < 3; ++i) list[i].msg_hdr = messages[i].name(b.address).header;
  REQUIRE_RETURNS(sendmmsg(a.fd, list.data(), 3, 0), 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(list[i].msg_len == data[i].size());
    REQUIRE(readable(b.fd));
    char buffer[16];
    const ssize_t size = recv(b.fd, buffer, sizeof buffer, 0);
    REQUIRE_OK(size);
    CHECK(std::string(buffer, static_cast<std::size_t>(size)) == data[i]);
  }
}

FAMILY_CASE("sendmmsg: an error behind the first message gives the count") {
  Bound a = bound_udp(family), b = bound_udp(family);
  std::string data = "fine";
  Message good({piece(data)}), bad({piece(data)});
  mmsghdr list[2] = {{good.name(b.address).header, 0}, {bad.header, 0}};  // the second goes nowhere
  CHECK_RETURNS(sendmmsg(a.fd, list, 2, 0), 1);
  CHECK(list[0].msg_len == 4);
  CHECK_FAILS(sendmmsg(a.fd, list + 1, 1, 0), EDESTADDRREQ);
  CHECK_RETURNS(sendmmsg(a.fd, list, 0, 0), 0);
}

FAMILY_CASE("recvmmsg: takes what is there") {
  Pair p = udp_pair(family);
  for (const char* text : {"a", "bb", "ccc"}) send_all(p.client, text);
  std::string data[5];
  std::vector<Message> messages;
  std::vector<mmsghdr> list(5);
  for (std::string& text : data) {
    text.assign(8, '.');
    messages.emplace_back(std::vector<iovec>{piece(text)});
  }
  for (int i = 0; i < 5; ++i) list[i].msg_hdr = messages[i].header;
  REQUIRE(readable(p.server));
  REQUIRE_RETURNS(recvmmsg(p.server, list.data(), 5, MSG_DONTWAIT, nullptr), 3);
  CHECK(list[0].msg_len == 1);
  CHECK(list[1].msg_len == 2);
  CHECK(list[2].msg_len == 3);
  CHECK(data[2].substr(0, 4) == "ccc.");
  CHECK_FAILS(recvmmsg(p.server, list.data(), 5, MSG_DONTWAIT, nullptr), EAGAIN);
}

FAMILY_CASE("recvmmsg: MSG_WAITFORONE waits for the first only") {
  Pair p = udp_pair(family);
  send_all(p.client, "only");
  std::string first(8, '.'), second(8, '.');
  Message a({piece(first)}), b({piece(second)});
  mmsghdr list[2] = {{a.header, 0}, {b.header, 0}};
  CHECK_RETURNS(recvmmsg(p.server, list, 2, MSG_WAITFORONE, nullptr), 1);
  CHECK(first.substr(0, 5) == "only.");
}

FAMILY_CASE("recvmmsg: a bad timeout gives EINVAL") {
  Pair p = udp_pair(family);
  std::string data(8, '.');
  Message a({piece(data)});
  mmsghdr list[1] = {{a.header, 0}};
  timespec bad = {0, 1000000000};
  CHECK_FAILS(recvmmsg(p.server, list, 1, MSG_DONTWAIT, &bad), EINVAL);
  bad = {-1, 0};
  CHECK_FAILS(recvmmsg(p.server, list, 1, MSG_DONTWAIT, &bad), EINVAL);
}

FAMILY_CASE("recvmmsg: tells senders and cut datagrams one by one") {
  Bound a = bound_udp(family), b = bound_udp(family), c = bound_udp(family);
  REQUIRE_RETURNS(sendto(a.fd, "from a", 6, 0, c.address.get(), c.address.length), 6);
  REQUIRE(readable(c.fd));
  REQUIRE_RETURNS(sendto(b.fd, "b", 1, 0, c.address.get(), c.address.length), 1);
  std::string first(4, '.'), second(4, '.');
  Address from_first, from_second;
  Message one({piece(first)}), two({piece(second)});
  mmsghdr list[2] = {{one.name(from_first).header, 0}, {two.name(from_second).header, 0}};
  REQUIRE_RETURNS(recvmmsg(c.fd, list, 2, 0, nullptr), 2);
  from_first.length = list[0].msg_hdr.msg_namelen;
  from_second.length = list[1].msg_hdr.msg_namelen;
  CHECK(from_first == a.address);
  CHECK(from_second == b.address);
  CHECK((list[0].msg_hdr.msg_flags & MSG_TRUNC) != 0);
  CHECK((list[1].msg_hdr.msg_flags & MSG_TRUNC) == 0);
}

FAMILY_CASE("recvmmsg: a hundred datagrams and back by sendmmsg") {
  Pair p = udp_pair(family);
  constexpr unsigned count = 100;
  std::vector<std::string> data(count, std::string(32, '.'));
  std::vector<Message> messages;
  std::vector<mmsghdr> list(count);
  for (unsigned i = 0; i < count; ++i) {
    data[i] = "datagram " + std::to_string(i);
    messages.emplace_back(std::vector<iovec>{piece(data[i])});
    list[i].msg_hdr = messages[i].header;
  }
  for (unsigned sent = 0; sent < count;) {
    const int n = sendmmsg(p.client, list.data() + sent, count - sent, 0);
    REQUIRE_OK(n);
    sent += static_cast<unsigned>(n);
  }
  std::vector<std::string> back(count, std::string(32, '.'));
  for (unsigned i = 0; i < count; ++i) messages[i].pieces[0] = piece(back[i]);
  for (unsigned received = 0; received < count;) {
    const int n = recvmmsg(p.server, list.data() + received, count - received, MSG_WAITFORONE, nullptr);
    REQUIRE_OK(n);
    received += static_cast<unsigned>(n);
  }
  for (unsigned i = 0; i < count; ++i) CHECK(back[i].substr(0, list[i].msg_len) == data[i]);
}

TEST_CASE("recvmmsg: what is left of the time stands after the last message") {
  Pair p = udp_pair(AF_INET);
  timeval limit = {0, 150000};
  REQUIRE_OK(setsockopt(p.server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
  send_all(p.client, "one");
  char first[8], second[8];
  iovec pieces[2] = {{first, sizeof first}, {second, sizeof second}};
  mmsghdr list[2] = {};
  for (int i = 0; i < 2; ++i) {
    list[i].msg_hdr.msg_iov = &pieces[i];
    list[i].msg_hdr.msg_iovlen = 1;
  }
  REQUIRE(readable(p.server));
  timespec left = {0, 100000000};
  // The second one isn't there: the socket's own limit ends the wait, later than the time given.
  CHECK_RETURNS(recvmmsg(p.server, list, 2, 0, &left), 1);
  CHECK(left.tv_sec == 0);
  CHECK(left.tv_nsec > 0);
}

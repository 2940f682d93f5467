// sendmsg and recvmsg over TCP and UDP, and their forms for many messages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include <vector>

#include "peer.h"

using namespace conformance;

namespace {

/// A message over the given pieces of memory.
struct Message {
  std::vector<iovec> pieces;
  msghdr header{};

  explicit Message(std::vector<iovec> list) : pieces(std::move(list)) {
    header.msg_iov = pieces.data();
    header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(pieces.size());
  }
  Message& name(Address& address) {
    header.msg_name = address.get();
    header.msg_namelen = address.length;
    return *this;
  }
};

iovec piece(std::string& memory) { return {memory.data(), memory.size()}; }

}  // namespace

FAMILY_CASE("sendmsg: gathers, recvmsg scatters") {
  Pair p = tcp_pair(family);
  std::string one = "one", none, three = "three";
  Message out({piece(one), piece(none), piece(three)});
  REQUIRE_RETURNS(sendmsg(p.client, &out.header, 0), 8);
  std::string a(2, '.'), b(1, '.'), c(9, '.');
  Message in({piece(a), piece(b), piece(c)});
  REQUIRE(readable(p.server));
  REQUIRE_RETURNS(recvmsg(p.server, &in.header, 0), 8);
  CHECK(a + b + c == "onethree....");
  CHECK(in.header.msg_flags == 0);
}

FAMILY_CASE("recvmsg: a connection names no sender and has no control messages") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  std::string byte(1, '.');
  char control[64];
  Address from;
  Message in({piece(byte)});
  in.name(from).header.msg_control = control;
  in.header.msg_controllen = sizeof control;
  in.header.msg_flags = -1;
  REQUIRE_RETURNS(recvmsg(p.server, &in.header, 0), 1);
  CHECK(in.header.msg_namelen == 0);
  CHECK(in.header.msg_controllen == 0);
  CHECK(in.header.msg_flags == 0);
}

FAMILY_CASE("recvmsg: the sender of a datagram") {
  Bound a = bound_udp(family), b = bound_udp(family);
  REQUIRE_RETURNS(sendto(a.fd, "abc", 3, 0, b.address.get(), b.address.length), 3);
  std::string data(8, '.');
  Address from;
  Message in({piece(data)});
  in.name(from);
  REQUIRE_RETURNS(recvmsg(b.fd, &in.header, 0), 3);
  from.length = in.header.msg_namelen;
  CHECK(from == a.address);
  CHECK(in.header.msg_namelen == size_of(family));
}

FAMILY_CASE("recvmsg: a short name is cut and its full length told") {
  Bound a = bound_udp(family), b = bound_udp(family);
  REQUIRE_RETURNS(sendto(a.fd, "abc", 3, 0, b.address.get(), b.address.length), 3);
  std::string data(8, '.');
  unsigned char name[8];
  std::memset(name, 0x55, sizeof name);
  Message in({piece(data)});
  in.header.msg_name = name;
  in.header.msg_namelen = 4;
  REQUIRE_RETURNS(recvmsg(b.fd, &in.header, 0), 3);
  CHECK(in.header.msg_namelen == size_of(family));
  CHECK(std::memcmp(name, a.address.get(), 4) == 0);
  CHECK(name[4] == 0x55);
}

FAMILY_CASE("recvmsg: MSG_TRUNC says that a datagram was cut") {
  Pair p = udp_pair(family);
  send_all(p.client, "truncated");
  send_all(p.client, "whole");
  std::string data(5, '.');
  Message in({piece(data)});
  REQUIRE_RETURNS(recvmsg(p.server, &in.header, 0), 5);
  CHECK((in.header.msg_flags & MSG_TRUNC) != 0);
  CHECK(data == "trunc");
  REQUIRE_RETURNS(recvmsg(p.server, &in.header, 0), 5);
  CHECK((in.header.msg_flags & MSG_TRUNC) == 0);
  CHECK(data == "whole");
}

FAMILY_CASE("recvmsg: MSG_TRUNC asked for gives the real length") {
  Pair p = udp_pair(family);
  send_all(p.client, "truncated");
  std::string data(5, '.');
  Message in({piece(data)});
  CHECK_RETURNS(recvmsg(p.server, &in.header, MSG_TRUNC | MSG_PEEK), 9);
  CHECK_RETURNS(recvmsg(p.server, &in.header, MSG_TRUNC), 9);
  CHECK_FAILS(recvmsg(p.server, &in.header, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("recvmsg: no pieces at all take an empty part of the datagram") {
  Pair p = udp_pair(family);
  send_all(p.client, "gone");
  msghdr header{};
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recvmsg(p.server, &header, 0), 0);
  CHECK((header.msg_flags & MSG_TRUNC) != 0);
  CHECK_FAILS(recvmsg(p.server, &header, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("recvmsg: MSG_WAITALL fills every piece") {
  Pair p = tcp_pair(family);
  Peer peer;
  send_all(p.client, "abc");
  std::string a(2, '.'), b(4, '.');
  Message in({piece(a), piece(b)});
  REQUIRE_RETURNS(recvmsg(p.server, &in.header, MSG_PEEK), 3);
  send_all(p.client, "def");
  CHECK_RETURNS(recvmsg(p.server, &in.header, MSG_WAITALL), 6);
  CHECK(a + b == "abcdef");
}

FAMILY_CASE("sendmsg: to a name on an unconnected UDP socket") {
  Bound a = bound_udp(family), b = bound_udp(family);
  std::string data = "named";
  Message out({piece(data)});
  CHECK_FAILS(sendmsg(a.fd, &out.header, 0), EDESTADDRREQ);
  out.name(b.address);
  CHECK_RETURNS(sendmsg(a.fd, &out.header, 0), 5);
  CHECK(receive(b.fd, 5) == "named");
}

FAMILY_CASE("sendmsg: a name of no length is none") {
  Pair p = udp_pair(family);
  Bound other = bound_udp(family);
  std::string data = "to the peer";
  Message out({piece(data)});
  out.name(other.address).header.msg_namelen = 0;
  CHECK_RETURNS(sendmsg(p.client, &out.header, 0), 11);
  CHECK(receive(p.server, 11) == "to the peer");
}

FAMILY_CASE("sendmsg: msg_flags mean nothing") {
  Pair p = tcp_pair(family);
  std::string data = "plain";
  Message out({piece(data)});
  out.header.msg_flags = MSG_OOB | MSG_MORE;
  CHECK_RETURNS(sendmsg(p.client, &out.header, 0), 5);
  CHECK(receive(p.server, 5) == "plain");
}

FAMILY_CASE("sendmsg: 1024 pieces are fine, 1025 give EMSGSIZE") {
  Pair p = tcp_pair(family);
  std::string byte = "x";
  Message most(std::vector<iovec>(1024, piece(byte)));
  CHECK_RETURNS(sendmsg(p.client, &most.header, 0), 1024);
  CHECK(receive(p.server, 1024) == std::string(1024, 'x'));
  Message more(std::vector<iovec>(1025, piece(byte)));
  CHECK_FAILS(sendmsg(p.client, &more.header, 0), EMSGSIZE);
  CHECK_FAILS(recvmsg(p.server, &more.header, MSG_DONTWAIT), EMSGSIZE);
}

FAMILY_CASE("sendmsg: NULL for the message gives EFAULT") {
  Pair p = tcp_pair(family);
  msghdr* volatile null = nullptr;
  CHECK_FAILS(sendmsg(p.client, null, 0), EFAULT);
  CHECK_FAILS(recvmsg(p.client, null, 0), EFAULT);
}

FAMILY_CASE("sendmsg: MSG_CONFIRM, MSG_DONTROUTE and MSG_EOR send as always") {
  Pair p = udp_pair(family);
  for (const int flag : {MSG_CONFIRM, MSG_DONTROUTE, MSG_EOR}) {
    CAPTURE(flag);
    CHECK_RETURNS(send(p.client, "ok", 2, flag), 2);
    CHECK(receive(p.server, 2) == "ok");
  }
}

FAMILY_CASE("sendmsg: a megabyte in uneven pieces arrives in order") {
  Pair p = tcp_pair(family);
  Peer peer;
  std::string data = pattern(0, 1000000);
  std::vector<iovec> pieces;
  for (std::size_t at = 0, size = 1; at < data.size(); at += size, size = size * 3 % 65521 + 1) {
    if (size > data.size() - at) size = data.size() - at;
    pieces.push_back({data.data() + at, size});
    if (pieces.size() == 1000) break;
  }
  std::size_t total = 0;
  for (const iovec& part : pieces) total += part.iov_len;
  Address address = peer.listen(family);
  peer.begin("accept; recv " + std::to_string(total) + "; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Message out(pieces);
  CHECK_RETURNS(sendmsg(fd, &out.header, 0), static_cast<long long>(total));
  fd.reset();
  peer.finish();
}

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
  Peer peer;
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

// sendmsg and recvmsg over TCP and UDP.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "message_help.h"

using namespace conformance;

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

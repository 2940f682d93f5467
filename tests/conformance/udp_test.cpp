// UDP: datagrams between unconnected sockets, and their borders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include "peer.h"

using namespace conformance;

namespace {

long long send_to(int fd, const std::string& data, const Address& to, int flags = 0) {
  return sendto(fd, data.data(), data.size(), flags, to.get(), to.length);
}

}  // namespace

FAMILY_CASE("udp: sendto and recvfrom with the sender's address") {
  Bound a = bound_udp(family), b = bound_udp(family);
  REQUIRE_RETURNS(send_to(a.fd, "datagram", b.address), 8);
  char buffer[64];
  Address from;
  REQUIRE_RETURNS(recvfrom(b.fd, buffer, sizeof buffer, 0, from.get(), &from.length), 8);
  CHECK(std::string(buffer, 8) == "datagram");
  CHECK(from == a.address);
  CHECK(from.length == size_of(family));
}

FAMILY_CASE("udp: an unbound socket is bound by its first sendto") {
  Bound b = bound_udp(family);
  Fd fd = udp(family);
  REQUIRE_RETURNS(send_to(fd, "x", b.address), 1);
  Address own = local_address(fd);
  CHECK(own.is_any());
  CHECK(own.port() != 0);
  char byte;
  Address from;
  REQUIRE_RETURNS(recvfrom(b.fd, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from.port() == own.port());
  CHECK(from.is_loopback());
}

FAMILY_CASE("udp: datagrams keep their borders") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "one", b.address);
  send_to(a.fd, "three", b.address);
  char buffer[64];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 3);
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 5);
}

FAMILY_CASE("udp: a small buffer cuts the datagram, the rest is gone") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "0123456789", b.address);
  send_to(a.fd, "next", b.address);
  char buffer[4];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 4);
  CHECK(std::string(buffer, 4) == "0123");
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 4);
  CHECK(std::string(buffer, 4) == "next");
}

FAMILY_CASE("udp: MSG_TRUNC gives the real length") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "0123456789", b.address);
  char buffer[4];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, MSG_TRUNC), 10);
  CHECK(std::string(buffer, 4) == "0123");
}

FAMILY_CASE("udp: MSG_PEEK leaves the datagram and tells the sender") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "peeked", b.address);
  char buffer[16];
  Address from;
  CHECK_RETURNS(recvfrom(b.fd, buffer, sizeof buffer, MSG_PEEK, from.get(), &from.length), 6);
  CHECK(from == a.address);
  CHECK_RETURNS(recv(b.fd, buffer, 2, MSG_PEEK), 2);
  CHECK_RETURNS(recv(b.fd, buffer, 2, MSG_PEEK | MSG_TRUNC), 6);
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, 0), 6);
  CHECK_FAILS(recv(b.fd, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("udp: an empty datagram arrives") {
  Bound a = bound_udp(family), b = bound_udp(family);
  CHECK_RETURNS(sendto(a.fd, nullptr, 0, 0, b.address.get(), b.address.length), 0);
  REQUIRE(readable(b.fd));
  char byte;
  Address from;
  CHECK_RETURNS(recvfrom(b.fd, &byte, 1, 0, from.get(), &from.length), 0);
  CHECK(from == a.address);
  CHECK(wait_for(b.fd, POLLIN, 0) == 0);
}

FAMILY_CASE("udp: receiving into an empty buffer takes the datagram") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "gone", b.address);
  REQUIRE(readable(b.fd));
  char byte;
  CHECK_RETURNS(recv(b.fd, &byte, 0, 0), 0);
  CHECK_FAILS(recv(b.fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("udp: MSG_WAITALL means nothing for a datagram") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "abc", b.address);
  char buffer[16];
  CHECK_RETURNS(recv(b.fd, buffer, sizeof buffer, MSG_WAITALL), 3);
}

FAMILY_CASE("udp: a short address buffer is filled and the full length told") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "x", b.address);
  char byte;
  Address from;
  std::memset(&from.storage, 0x55, sizeof from.storage);
  from.length = 3;
  CHECK_RETURNS(recvfrom(b.fd, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from.length == size_of(family));
  CHECK(reinterpret_cast<unsigned char*>(&from.storage)[3] == 0x55);
}

FAMILY_CASE("udp: an address of NULL isn't filled") {
  Bound a = bound_udp(family), b = bound_udp(family);
  send_to(a.fd, "x", b.address);
  char byte;
  socklen_t length = 5;
  CHECK_RETURNS(recvfrom(b.fd, &byte, 1, 0, nullptr, &length), 1);
  CHECK(length == 5);
}

FAMILY_CASE("udp: without a datagram a non-blocking socket gives EAGAIN") {
  Bound b = bound_udp(family, SOCK_NONBLOCK);
  char byte;
  CHECK_FAILS(recv(b.fd, &byte, 1, 0), EAGAIN);
  CHECK_FAILS(read(b.fd, &byte, 1), EAGAIN);
  CHECK(wait_for(b.fd, POLLIN, 0) == 0);
}

FAMILY_CASE("udp: an unbound socket can receive nothing") {
  Fd fd = udp(family, SOCK_NONBLOCK);
  char byte;
  CHECK_FAILS(recv(fd, &byte, 1, 0), EAGAIN);
}

FAMILY_CASE("udp: send without an address gives EDESTADDRREQ") {
  Bound b = bound_udp(family);
  CHECK_FAILS(send(b.fd, "x", 1, 0), EDESTADDRREQ);
  CHECK_FAILS(write(b.fd, "x", 1), EDESTADDRREQ);
  CHECK_FAILS(sendto(b.fd, "x", 1, 0, nullptr, 0), EDESTADDRREQ);
  Fd fresh = udp(family);
  CHECK_FAILS(send(fresh, "x", 1, 0), EDESTADDRREQ);
}

FAMILY_CASE("udp: a datagram beyond the limit gives EMSGSIZE") {
  Bound a = bound_udp(family), b = bound_udp(family);
  CHECK_FAILS(send_to(a.fd, std::string(65536, 'x'), b.address), EMSGSIZE);
  CHECK_FAILS(send_to(a.fd, std::string(1u << 20, 'x'), b.address), EMSGSIZE);
  CHECK(wait_for(b.fd, POLLIN, 0) == 0);
}

FAMILY_CASE("udp: the largest datagram goes through") {
  Bound a = bound_udp(family), b = bound_udp(family);
  std::string data = pattern(0, family == AF_INET ? 65507 : 65527);
  REQUIRE_RETURNS(send_to(a.fd, data, b.address), static_cast<long long>(data.size()));
  std::string buffer(70000, '\0');
  REQUIRE_RETURNS(recv(b.fd, buffer.data(), buffer.size(), 0), static_cast<long long>(data.size()));
  CHECK(buffer.substr(0, data.size()) == data);
  CHECK_FAILS(send_to(a.fd, data + "x", b.address), EMSGSIZE);
}

FAMILY_CASE("udp: sendto port 0 gives EINVAL") {
  Bound a = bound_udp(family);
  CHECK_FAILS(send_to(a.fd, "x", Address::loopback(family, 0)), EINVAL);
}

FAMILY_CASE("udp: sendto the wildcard address means loopback") {
  Bound a = bound_udp(family), b = bound_udp(family);
  REQUIRE_RETURNS(send_to(a.fd, "home", Address::any(family, b.address.port())), 4);
  CHECK(readable(b.fd));
}

FAMILY_CASE("udp: sendto with a length that is too short gives EINVAL") {
  Bound a = bound_udp(family), b = bound_udp(family);
  CHECK_FAILS(sendto(a.fd, "x", 1, 0, b.address.get(), 1), EINVAL);
  CHECK_FAILS(sendto(a.fd, "x", 1, 0, b.address.get(), sizeof(sa_family_t)), EINVAL);
  CHECK_FAILS(sendto(a.fd, "x", 1, 0, b.address.get(), static_cast<socklen_t>(-1)), EINVAL);
}

FAMILY_CASE("udp: readv scatters and writev gathers one datagram") {
  Pair p = udp_pair(family);
  char one[] = "ab", two[] = "cde";
  iovec out[2] = {{one, 2}, {two, 3}};
  CHECK_RETURNS(writev(p.client, out, 2), 5);
  char a[1], b[8];
  iovec in[2] = {{a, 1}, {b, 8}};
  CHECK_RETURNS(readv(p.server, in, 2), 5);
  CHECK(a[0] == 'a');
  CHECK(std::string(b, 4) == "bcde");
}

FAMILY_CASE("udp: a blocked recvfrom wakes up when a datagram comes") {
  Bound b = bound_udp(family);
  Peer peer;
  Address other = peer.bind_udp(family);
  peer.begin("sleep 50; usend " + std::to_string(b.address.port()) + " 100");
  std::string buffer(200, '\0');
  Address from;
  REQUIRE_RETURNS(recvfrom(b.fd, buffer.data(), buffer.size(), 0, from.get(), &from.length), 100);
  CHECK(buffer.substr(0, 100) == pattern(0, 100));
  CHECK(from == other);
  peer.finish();
}

FAMILY_CASE("udp: a hundred datagrams, echoed by the peer") {
  Peer peer;
  Address other = peer.bind_udp(family);
  Fd fd = udp(family);
  int wrong = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    peer.begin("uecho");
    std::string data = pattern(i, 10 + i * 13), back(2000, '\0');
    REQUIRE_RETURNS(send_to(fd, data, other), static_cast<long long>(data.size()));
    ssize_t n = recv(fd, back.data(), back.size(), 0);
    if (n < 0 || back.substr(0, static_cast<std::size_t>(n)) != data) ++wrong;
    peer.finish();
  }
  CHECK(wrong == 0);
}

FAMILY_CASE("udp: datagrams of several senders queue in order") {
  Bound b = bound_udp(family);
  Bound senders[3] = {bound_udp(family), bound_udp(family), bound_udp(family)};
  for (int round = 0; round < 4; ++round) {
    for (const Bound& s : senders) REQUIRE_RETURNS(send_to(s.fd, std::to_string(round), b.address), 1);
  }
  for (int round = 0; round < 4; ++round) {
    for (const Bound& s : senders) {
      char byte;
      Address from;
      REQUIRE_RETURNS(recvfrom(b.fd, &byte, 1, 0, from.get(), &from.length), 1);
      CHECK(from == s.address);
      CHECK(byte == '0' + round);
    }
  }
}

// Output that is held back for more to come: MSG_MORE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <cstdlib>

#include "gathering_help.h"
#include "peer.h"

using namespace conformance;
using namespace gathering;

FAMILY_CASE("MSG_MORE: is held until a send without it") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "hel", 3, MSG_MORE), 3);
  CHECK(arrived(p.server) == 0);
  REQUIRE_RETURNS(send(p.client, "lo", 2, 0), 2);
  CHECK(receive(p.server, 5) == "hello");
}

FAMILY_CASE("MSG_MORE: leaves when the program waits for the answer") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "late", 4, MSG_MORE), 4);
  REQUIRE(readable(p.server));
  CHECK(receive(p.server, 4) == "late");
}

FAMILY_CASE("MSG_MORE: leaves when the program blocks in recv") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "late", 4, MSG_MORE), 4);
  CHECK(receive(p.server, 4) == "late");
}

FAMILY_CASE("MSG_MORE: close delivers it, and then the end") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "last words", 10, MSG_MORE), 10);
  p.client.reset();
  CHECK(receive_to_end(p.server) == "last words");
}

FAMILY_CASE("MSG_MORE: shutdown delivers it, and then the end") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "last words", 10, MSG_MORE), 10);
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  CHECK(receive_to_end(p.server) == "last words");
}

FAMILY_CASE("MSG_MORE: exit delivers it") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("accept; recv 1000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  REQUIRE_RETURNS(send(fd, pattern(0, 1000).data(), 1000, MSG_MORE), 1000);
  fd.release();
}

FAMILY_CASE("MSG_MORE: _exit delivers it") {
  Peer peer;
  Address address = peer.listen(family);
  peer.leave("accept; recv 1000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  const ssize_t sent = send(fd, pattern(0, 1000).data(), 1000, MSG_MORE);
  CHECK(sent == 1000);
  std::fflush(nullptr);
  _exit(sent == 1000 ? 0 : 1);
}

FAMILY_CASE("MSG_MORE: a peer outside gets it while the program waits for something else") {
  Peer peer;
  Address address = peer.listen(family);
  Pair idle = tcp_pair(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; recv 4; send 4");
  REQUIRE_RETURNS(send(fd, pattern(0, 4).data(), 4, MSG_MORE), 4);
  pollfd entries[2] = {{idle.client, POLLIN, 0}, {fd, POLLIN, 0}};
  REQUIRE_RETURNS(poll(entries, 2, 8000), 1);
  CHECK(entries[1].revents == POLLIN);
  peer.finish();
}

FAMILY_CASE("MSG_MORE: much and many keep their order") {
  Pair p = tcp_pair(family);
  std::string data = pattern(0, 60000);
  std::size_t at = 0;
  for (std::size_t size = 1; at < data.size(); size = size * 7 % 4093 + 1) {
    if (size > data.size() - at) size = data.size() - at;
    const bool last = at + size == data.size();
    REQUIRE_RETURNS(send(p.client, data.data() + at, size, last ? 0 : MSG_MORE), static_cast<long long>(size));
    at += size;
  }
  CHECK(receive(p.server, data.size()) == data);
}

FAMILY_CASE("MSG_MORE: what doesn't fit into any buffer goes on") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; recv 3000000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  std::string data = pattern(0, 3000000);
  for (std::size_t at = 0; at < data.size(); at += 100000) {
    REQUIRE_RETURNS(send(fd, data.data() + at, 100000, MSG_MORE), 100000);
  }
  fd.reset();
  peer.finish();
}

FAMILY_CASE("MSG_MORE: write and writev let it go, too") {
  Pair p = tcp_pair(family);
  REQUIRE_RETURNS(send(p.client, "a", 1, MSG_MORE), 1);
  REQUIRE_RETURNS(write(p.client, "b", 1), 1);
  CHECK(receive(p.server, 2) == "ab");
  REQUIRE_RETURNS(send(p.client, "c", 1, MSG_MORE), 1);
  char text[] = "de";
  iovec piece = {text, 2};
  REQUIRE_RETURNS(writev(p.client, &piece, 1), 2);
  CHECK(receive(p.server, 3) == "cde");
}

FAMILY_CASE("MSG_MORE: sendmsg holds, too") {
  Pair p = tcp_pair(family);
  char text[] = "held";
  iovec piece = {text, 4};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  REQUIRE_RETURNS(sendmsg(p.client, &message, MSG_MORE), 4);
  CHECK(arrived(p.server) == 0);
  REQUIRE_RETURNS(sendmsg(p.client, &message, 0), 4);
  CHECK(receive(p.server, 8) == "heldheld");
}

FAMILY_CASE("MSG_MORE: closing one of two descriptors loses nothing") {
  Pair p = tcp_pair(family);
  Fd copy(dup(p.client));
  REQUIRE_RETURNS(send(p.client, "ab", 2, MSG_MORE), 2);
  p.client.reset();
  REQUIRE_RETURNS(send(copy, "c", 1, 0), 1);
  CHECK(receive(p.server, 3) == "abc");
}

FAMILY_CASE("MSG_MORE: a reset is told by a later send") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.call("accept; reset");
  REQUIRE((wait_for(fd, POLLIN) & POLLERR) != 0);
  CHECK_FAILS(send(fd, "x", 1, MSG_MORE), ECONNRESET);
  CHECK_FAILS(send(fd, "x", 1, MSG_MORE), EPIPE);
}

FAMILY_CASE("MSG_MORE: of UDP makes one datagram") {
  Pair p = udp_pair(family);
  REQUIRE_RETURNS(send(p.client, "one ", 4, MSG_MORE), 4);
  REQUIRE_RETURNS(send(p.client, "data", 4, MSG_MORE), 4);
  CHECK(arrived(p.server) == 0);
  REQUIRE_RETURNS(send(p.client, "gram", 4, 0), 4);
  char buffer[32];
  REQUIRE_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 12);
  CHECK(std::string(buffer, 12) == "one datagram");
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("MSG_MORE: of UDP goes to where the first part was to go") {
  Bound a = bound_udp(family), b = bound_udp(family), c = bound_udp(family);
  REQUIRE_RETURNS(sendto(a.fd, "to ", 3, MSG_MORE, b.address.get(), b.address.length), 3);
  REQUIRE_RETURNS(sendto(a.fd, "b", 1, 0, b.address.get(), b.address.length), 1);
  CHECK(receive(b.fd, 4) == "to b");
  REQUIRE_RETURNS(sendto(a.fd, "c", 1, 0, c.address.get(), c.address.length), 1);
  CHECK(receive(c.fd, 1) == "c");
}

FAMILY_CASE("MSG_MORE: of UDP beyond the limit gives EMSGSIZE and drops all") {
  Pair p = udp_pair(family);
  const std::string data = pattern(0, 40000);
  REQUIRE_RETURNS(send(p.client, data.data(), data.size(), MSG_MORE), 40000);
  CHECK_FAILS(send(p.client, data.data(), data.size(), 0), EMSGSIZE);
  REQUIRE_RETURNS(send(p.client, "next", 4, 0), 4);
  CHECK(receive(p.server, 4) == "next");
}

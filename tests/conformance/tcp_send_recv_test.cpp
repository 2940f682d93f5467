// Sending and receiving over TCP with every function that can.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/uio.h>

#include <vector>

#include "peer.h"

using namespace conformance;

FAMILY_CASE("tcp: send and recv") {
  Pair p = tcp_pair(family);
  char buffer[16];
  CHECK_RETURNS(send(p.client, "to the server", 13, 0), 13);
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 13);
  CHECK(std::string(buffer, 13) == "to the server");
  CHECK_RETURNS(send(p.server, "to the client", 13, 0), 13);
  CHECK_RETURNS(recv(p.client, buffer, sizeof buffer, 0), 13);
  CHECK(std::string(buffer, 13) == "to the client");
}

FAMILY_CASE("tcp: write and read") {
  Pair p = tcp_pair(family);
  char buffer[16];
  CHECK_RETURNS(write(p.client, "written", 7), 7);
  CHECK_RETURNS(read(p.server, buffer, sizeof buffer), 7);
  CHECK(std::string(buffer, 7) == "written");
}

FAMILY_CASE("tcp: recvfrom leaves the address alone") {
  Pair p = tcp_pair(family);
  send_all(p.client, "x");
  char byte = 0;
  Address from;
  from.length = sizeof from.storage;
  CHECK_RETURNS(recvfrom(p.server, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from.length == 0);
}

FAMILY_CASE("tcp: sendto a connected socket ignores the address") {
  Pair p = tcp_pair(family);
  Address nowhere = Address::loopback(family, 9);
  CHECK_RETURNS(sendto(p.client, "x", 1, 0, nowhere.get(), nowhere.length), 1);
  CHECK(receive(p.server, 1) == "x");
}

FAMILY_CASE("tcp: writev gathers and readv scatters") {
  Pair p = tcp_pair(family);
  char one[] = "one", two[] = "two", three[] = "three";
  iovec out[4] = {{one, 3}, {nullptr, 0}, {two, 3}, {three, 5}};
  CHECK_RETURNS(writev(p.client, out, 4), 11);
  char a[2], b[4], c[16];
  iovec in[3] = {{a, sizeof a}, {b, sizeof b}, {c, sizeof c}};
  REQUIRE_RETURNS(readv(p.server, in, 3), 11);
  CHECK(std::string(a, 2) == "on");
  CHECK(std::string(b, 4) == "etwo");
  CHECK(std::string(c, 5) == "three");
}

FAMILY_CASE("tcp: readv gives what there is without filling every buffer") {
  Pair p = tcp_pair(family);
  send_all(p.client, "abc");
  char a[2], b[2], c[2] = {'-', '-'};
  iovec in[3] = {{a, 2}, {b, 2}, {c, 2}};
  CHECK_RETURNS(readv(p.server, in, 3), 3);
  CHECK(std::string(a, 2) + b[0] == "abc");
  CHECK(c[0] == '-');
}

FAMILY_CASE("tcp: writev of many and large parts arrives in order") {
  Pair p = tcp_pair(family);
  std::string data = pattern(0, 200000);
  std::vector<iovec> parts;
  for (std::size_t at = 0; at < data.size(); at += 2000) parts.push_back({data.data() + at, 2000});
  set_nonblocking(p.client);
  ssize_t sent = writev(p.client, parts.data(), static_cast<int>(parts.size()));
  REQUIRE(sent > 0);
  std::string got = receive(p.server, static_cast<std::size_t>(sent));
  CHECK(got == data.substr(0, static_cast<std::size_t>(sent)));
}

FAMILY_CASE("tcp: messages run together") {
  Pair p = tcp_pair(family);
  send_all(p.client, "one");
  send_all(p.client, "two");
  CHECK(receive(p.server, 6) == "onetwo");
}

FAMILY_CASE("tcp: a long message can be received in small pieces") {
  Pair p = tcp_pair(family);
  std::string data = pattern(0, 1000);
  send_all(p.client, data);
  std::string got;
  while (got.size() < data.size()) {
    char piece[7];
    ssize_t n = recv(p.server, piece, sizeof piece, 0);
    REQUIRE(n > 0);
    got.append(piece, static_cast<std::size_t>(n));
  }
  CHECK(got == data);
}

FAMILY_CASE("tcp: read of nothing returns at once") {
  Pair p = tcp_pair(family);
  char byte = 'x';
  iovec part = {&byte, 0};
  CHECK_RETURNS(read(p.server, &byte, 0), 0);
  CHECK_RETURNS(readv(p.server, &part, 1), 0);
  send_all(p.client, "y");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(read(p.server, &byte, 0), 0);
  CHECK(receive(p.server, 1) == "y");
}

FAMILY_CASE("tcp: recv of nothing wants data to be there") {
  Pair p = tcp_pair(family);
  char byte = 'x';
  CHECK_FAILS(recv(p.server, &byte, 0, MSG_DONTWAIT), EAGAIN);
  send_all(p.client, "y");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(recv(p.server, &byte, 0, MSG_DONTWAIT), 0);
  CHECK(byte == 'x');
  CHECK(receive(p.server, 1) == "y");
}

FAMILY_CASE("tcp: send of nothing sends nothing") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(send(p.client, "", 0, 0), 0);
  CHECK_RETURNS(write(p.client, "", 0), 0);
  CHECK(wait_for(p.server, POLLIN, 20) == 0);
}

FAMILY_CASE("tcp: recv without data on a non-blocking socket gives EAGAIN") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.server);
  char byte = 0;
  iovec part = {&byte, 1};
  CHECK_FAILS(recv(p.server, &byte, 1, 0), EAGAIN);
  CHECK_FAILS(read(p.server, &byte, 1), EAGAIN);
  CHECK_FAILS(readv(p.server, &part, 1), EAGAIN);
  CHECK_FAILS(recvfrom(p.server, &byte, 1, 0, nullptr, nullptr), EAGAIN);
}

FAMILY_CASE("tcp: after the data is read recv gives EAGAIN again") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.server);
  send_all(p.client, "abc");
  REQUIRE(readable(p.server));
  char buffer[16];
  CHECK_RETURNS(recv(p.server, buffer, sizeof buffer, 0), 3);
  CHECK_FAILS(recv(p.server, buffer, sizeof buffer, 0), EAGAIN);
  CHECK(wait_for(p.server, POLLIN, 0) == 0);
}

FAMILY_CASE("tcp: a blocked recv wakes up when data comes") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; sleep 50; say finally");
  char buffer[16];
  Stopwatch watch;
  CHECK_RETURNS(recv(fd, buffer, sizeof buffer, 0), 7);
  CHECK(watch.elapsed() >= 30);
  peer.finish();
}

FAMILY_CASE("tcp: a blocked send goes on when the peer reads") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  constexpr std::size_t size = 8u << 20;
  peer.begin("accept; sleep 50; recv " + std::to_string(size));
  std::string data = pattern(0, size);
  CHECK_RETURNS(send(fd, data.data(), data.size(), 0), static_cast<long long>(size));
  peer.finish();
}

FAMILY_CASE("tcp: a blocking writev takes everything") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  constexpr std::size_t size = 6u << 20;
  peer.begin("accept; sleep 30; recv " + std::to_string(size));
  std::string data = pattern(0, size);
  iovec parts[3] = {
      {data.data(), 1}, {data.data() + 1, 3u << 20}, {data.data() + 1 + (3u << 20), size - 1 - (3u << 20)}};
  CHECK_RETURNS(writev(fd, parts, 3), static_cast<long long>(size));
  peer.finish();
}

FAMILY_CASE("tcp: a full socket gives EAGAIN, and takes more once it is read") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  std::size_t taken = fill(p.client);
  CHECK(taken > 0);
  CHECK_FAILS(send(p.client, "x", 1, 0), EAGAIN);
  CHECK((wait_for(p.client, POLLOUT, 0) & POLLOUT) == 0);
  CHECK(receive(p.server, taken) == pattern(0, taken));
  CHECK(writable(p.client));
  CHECK_RETURNS(send(p.client, "x", 1, 0), 1);
  CHECK(receive(p.server, 1) == "x");
}

FAMILY_CASE("tcp: a large send on a non-blocking socket is taken in part") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  std::string data = pattern(0, 4u << 20);
  ssize_t sent = send(p.client, data.data(), data.size(), 0);
  REQUIRE(sent > 0);
  CHECK(static_cast<std::size_t>(sent) < data.size());
  CHECK(receive(p.server, static_cast<std::size_t>(sent)) == data.substr(0, static_cast<std::size_t>(sent)));
}

FAMILY_CASE("tcp: 16 MB through one pair of sockets, both ends in this program") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.client);
  set_nonblocking(p.server);
  const std::string data = pattern(0, 16u << 20);
  std::size_t sent = 0, wrong = 0;
  std::size_t got = 0;
  std::vector<char> buffer(100000);
  while (got < data.size()) {
    if (sent < data.size()) {
      ssize_t n = send(p.client, data.data() + sent, data.size() - sent, 0);
      if (n > 0) sent += static_cast<std::size_t>(n);
      if (n == -1) REQUIRE(errno == EAGAIN);
    } else {
      REQUIRE(readable(p.server));
    }
    ssize_t n = recv(p.server, buffer.data(), buffer.size(), 0);
    if (n == -1) {
      REQUIRE(errno == EAGAIN);
      continue;
    }
    REQUIRE(n > 0);
    if (std::memcmp(buffer.data(), data.data() + got, static_cast<std::size_t>(n)) != 0) ++wrong;
    got += static_cast<std::size_t>(n);
  }
  CHECK(wrong == 0);
}

FAMILY_CASE("tcp: 8 MB from the peer and 8 MB back") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; send 8388608; recv 8388608");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  std::string data = receive(fd, 8388608);
  CHECK(data == pattern(0, 8388608));
  send_all(fd, data);
  peer.finish();
}

FAMILY_CASE("tcp: a slow reader gets every byte") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; slowly 4194304 2; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  send_all(fd, pattern(0, 4194304));
  fd.reset();
  peer.finish();
}

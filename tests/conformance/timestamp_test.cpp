// SO_TIMESTAMP: when what recvmsg() gives arrived.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>
#include <sys/time.h>
#ifndef __wasi__
#include <linux/sockios.h>
#endif

#include <ctime>

#include "local.h"
#include "message_help.h"

using namespace conformance;

namespace {

void switch_on(int fd) {
  const int on = 1;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on));
}

// What one recvmsg() says: "no stamp", "now", or "another time".
std::string stamp_of(int fd, int flags = 0) {
  char data[16];
  iovec piece = {data, sizeof data};
  alignas(cmsghdr) char control[128];
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  REQUIRE_OK(recvmsg(fd, &message, flags));
  CHECK(message.msg_flags == 0);
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr) return "no stamp";
  REQUIRE(header->cmsg_level == SOL_SOCKET);
  REQUIRE(header->cmsg_type == SCM_TIMESTAMP);
  timeval stamp, now;
  REQUIRE(header->cmsg_len == CMSG_LEN(sizeof stamp));
  std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
  gettimeofday(&now, nullptr);
  return now.tv_sec - stamp.tv_sec >= 0 && now.tv_sec - stamp.tv_sec < 10 ? "now" : "another time";
}

double real_time() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// SIOCGSTAMP's and SIOCGSTAMPNS's answers, in seconds.
double stamp(int fd) {
  timeval time = {-1, -1};
  REQUIRE_OK(ioctl(fd, SIOCGSTAMP, &time));
  CHECK(time.tv_usec < 1000000);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}
double precise_stamp(int fd) {
  timespec time = {-1, -1};
  REQUIRE_OK(ioctl(fd, SIOCGSTAMPNS, &time));
  CHECK(time.tv_nsec < 1000000000);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void take_one(Pair& p, int flags = 0) {
  char byte;
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  REQUIRE_RETURNS(recv(p.server, &byte, 1, flags), 1);
}

}  // namespace

FAMILY_CASE("timestamp: SIOCGSTAMP before the first datagram was read") {
  Pair p = udp_pair(family);
  timespec time;
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, &time), ENOENT);
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMPNS, &time), ENOENT);
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, nullptr), ENOENT);
  send_all(p.client, "x");
  REQUIRE(readable(p.server));
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, &time), ENOENT);
  CHECK_FAILS(ioctl(p.client, SIOCGSTAMP, &time), ENOENT);
}

FAMILY_CASE("timestamp: SIOCGSTAMP is the time of the question, until datagrams are stamped for it") {
  Pair p = udp_pair(family);
  take_one(p);
  usleep(50000);
  const double asked = real_time(), first = stamp(p.server);
  CHECK(first > asked - 0.001);
  CHECK(first <= real_time());
  CHECK(precise_stamp(p.server) - first < 0.00001);
  usleep(50000);
  CHECK(precise_stamp(p.server) - first < 0.00001);
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, nullptr), EFAULT);
  const double sent = real_time();
  take_one(p);
  const double taken = real_time();
  usleep(50000);
  CHECK(stamp(p.server) > sent - 0.02);
  CHECK(stamp(p.server) <= taken + 0.001);
}

FAMILY_CASE("timestamp: SIOCGSTAMP of a datagram that was only peeked at, and one that recvmsg tells of") {
  Pair peeked = udp_pair(family), told = udp_pair(family);
  take_one(peeked, MSG_PEEK);
  const double first = stamp(peeked.server);
  CHECK(first <= real_time());
  switch_on(told.server);
  take_one(told);
  timeval time;
  CHECK_FAILS(ioctl(told.server, SIOCGSTAMP, &time), ENOENT);
}

FAMILY_CASE("timestamp: SIOCGSTAMP of a connection") {
  Pair p = tcp_pair(family);
  timeval time;
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, &time), ENOENT);
  take_one(p);
  CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, &time), ENOENT);
}

TEST_CASE("timestamp: SIOCGSTAMP of what has none") {
  timeval time;
  for (int type : {SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM}) {
    Pair p = local_pair(type);
    take_one(p);
    CHECK_FAILS(ioctl(p.server, SIOCGSTAMP, &time), ENOTTY);
    CHECK_FAILS(ioctl(p.server, SIOCGSTAMPNS, &time), ENOTTY);
  }
  const Pipe pipe = make_pipe();
  CHECK_FAILS(ioctl(pipe.reader, SIOCGSTAMP, &time), ENOTTY);
  CHECK_FAILS(ioctl(-1, SIOCGSTAMP, &time), EBADF);
}

FAMILY_CASE("timestamp: of a datagram, also of an empty one") {
  Pair p = udp_pair(family);
  send_all(p.client, "plain");
  REQUIRE(readable(p.server));
  CHECK(stamp_of(p.server) == "no stamp");
  switch_on(p.server);
  send_all(p.client, "stamped");
  REQUIRE(readable(p.server));
  CHECK(stamp_of(p.server, MSG_PEEK) == "now");
  CHECK(stamp_of(p.server) == "now");
  REQUIRE(send(p.client, "", 0, 0) == 0);
  REQUIRE(readable(p.server));
  CHECK(stamp_of(p.server) == "now");
}

FAMILY_CASE("timestamp: of a connection's data, and none of its end") {
  Pair p = tcp_pair(family);
  switch_on(p.server);
  // The kernel begins to stamp arrivals some time after the first socket asks for it.
  std::string peeked, taken;
  for (int i = 0; i < 200 && taken != "now"; ++i) {
    if (i != 0) usleep(10000);
    send_all(p.client, "stamped");
    REQUIRE(readable(p.server));
    peeked = stamp_of(p.server, MSG_PEEK);
    taken = stamp_of(p.server);
  }
  CHECK(peeked == "now");
  CHECK(taken == "now");
  REQUIRE_OK(shutdown(p.client, SHUT_WR));
  REQUIRE(readable(p.server));
  CHECK(stamp_of(p.server) == "no stamp");
}

TEST_CASE("timestamp: AF_UNIX packets have one, streams don't") {
  for (int type : {SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM}) {
    Pair p = local_pair(type);
    switch_on(p.server);
    send_all(p.client, "data");
    CHECK(stamp_of(p.server) == (type == SOCK_STREAM ? "no stamp" : "now"));
  }
}

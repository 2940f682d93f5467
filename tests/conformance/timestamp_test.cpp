// SO_TIMESTAMP: when what recvmsg() gives arrived.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>

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

}  // namespace

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

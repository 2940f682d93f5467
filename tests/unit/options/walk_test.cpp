// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every number that could be an option, of every kind of socket: the conformance walk compares the values with Linux's; here nothing may be
// written beyond what was given, fail with an errno that no option has, or leave the sanitizers something to say.
#include <initializer_list>
#include <set>

#include "scene.h"

namespace {

struct Kind {
  int family, type;
};
constexpr Kind kinds[] = {{AF_INET, SOCK_STREAM},   {AF_INET6, SOCK_STREAM}, {AF_INET, SOCK_DGRAM},
                          {AF_INET6, SOCK_DGRAM},   {AF_UNIX, SOCK_STREAM},  {AF_UNIX, SOCK_DGRAM},
                          {AF_UNIX, SOCK_SEQPACKET}};
constexpr int levels[] = {SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP, 77};

const std::set<int> errors_of_get = {ENOPROTOOPT, EOPNOTSUPP, EINVAL, ENOTCONN};
const std::set<int> errors_of_set = {ENOPROTOOPT, EOPNOTSUPP, EINVAL,  EPERM,    EDOM,
                                     EACCES,      ENODEV,     EISCONN, ENOTCONN, EFAULT};

void get_all_lengths(int number, int level, int name) {
  for (const socklen_t room : {0u, 1u, 3u, 4u, 7u, 8u, 12u, 16u, 40u, 300u}) {
    char value[308];
    std::memset(value, '#', sizeof value);
    socklen_t length = room;
    CAPTURE(name, room);
    const int got = guest::getsockopt(number, level, name, value, &length);
    if (got != 0) CHECK(errors_of_get.count(errno) == 1);
    if (got == 0) CHECK(length <= room);
    CHECK(value[room] == '#');
  }
  int value;
  CHECK(guest::getsockopt(number, level, name, &value, nullptr) == -1);
}

void set_all_values(int number, int level, int name) {
  for (const int wanted : {-1, 0, 1, 2, 3, 7, 63, 64, 255, 256, 1000, 70000, 1 << 30}) {
    int value[4] = {wanted, wanted, 0, 0};
    for (const socklen_t length : {0u, 1u, 4u, 8u, 16u}) {
      if (guest::setsockopt(number, level, name, value, length) != 0) {
        CAPTURE(level, name, wanted, length, errno);
        CHECK(errors_of_set.count(errno) == 1);
      }
    }
  }
  CHECK_THAT(guest::setsockopt(number, level, name, nullptr, static_cast<socklen_t>(-1)), Fails(EINVAL));
}

}  // namespace

TEST_CASE("options: no number, value or length of any socket gives an errno that no option has, or is written beyond") {
  for (const Kind& kind : kinds) {
    for (const int level : levels) {
      Scene scene;
      const int number = guest::socket(kind.family, kind.type, 0);
      REQUIRE(number >= 0);
      CAPTURE(kind.family, kind.type, level);
      for (int name = 0; name <= 90; ++name) {
        get_all_lengths(number, level, name);
        set_all_values(number, level, name);
        get_all_lengths(number, level, name);
      }
    }
  }
}

TEST_CASE("options: a value that was taken reads back, in the range that the kernel has") {
  Scene scene;
  const int number = guest::socket(AF_INET, SOCK_STREAM, 0);
  const struct {
    int level, name, set, read;
  } rows[] = {
      {SOL_SOCKET, SO_PRIORITY, 6, 6},  {IPPROTO_TCP, TCP_LINGER2, 1 << 20, 120}, {IPPROTO_TCP, TCP_LINGER2, -5, -1},
      {IPPROTO_IP, IP_TOS, 0x1f, 0x1c}, {IPPROTO_TCP, TCP_DEFER_ACCEPT, 4, 7},    {SOL_SOCKET, SO_RCVLOWAT, 0, 1},
      {IPPROTO_TCP, TCP_CORK, 5, 1},    {IPPROTO_TCP, TCP_NODELAY, -1, 1},        {SOL_SOCKET, SO_SNDLOWAT, 99, 99},
  };
  for (const auto& row : rows) {
    CAPTURE(row.level, row.name, row.set);
    CHECK_THAT(set_option(number, row.level, row.name, row.set), Returns(0));
    CHECK(get_option(number, row.level, row.name) == row.read);
  }
  CHECK_THAT(set_option(number, SOL_SOCKET, SO_PRIORITY, 7), Fails(EPERM));
  CHECK_THAT(set_option(number, IPPROTO_IP, IP_TTL, 0), Fails(EINVAL));
}

// What a program sends to itself over loopback: sockets that are used again, and datagrams that aren't for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>

#include "net.h"

using namespace conformance;

namespace {

/// How long the quickest of some receives takes that find nothing, in microseconds. `again` makes a new situation for each.
template <class Again>
long long quickest_empty_receive(Again again) {
  long long quickest = 1000000;
  for (int i = 0; i < 6; ++i) {
    const int fd = again();
    usleep(30000);  // waits in vain make a receiver impatient for a while
    char byte;
    timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    REQUIRE_FAILS(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const long long took = (end.tv_sec - begin.tv_sec) * 1000000LL + (end.tv_nsec - begin.tv_nsec) / 1000;
    if (took < quickest) quickest = took;
  }
  return quickest;
}

constexpr long long at_once = 2000;

}  // namespace

FAMILY_CASE("own arrivals: a client that is used again has sent nothing yet") {
  Bound open = listener(family);
  Fd client = tcp(family), accepted;
  const long long took = quickest_empty_receive([&]() -> int {
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    REQUIRE_OK(connect(client, &none, sizeof none));
    accepted.reset();
    REQUIRE_OK(connect(client, open.address.get(), open.address.length));
    accepted.reset(accept(open.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(accepted));
    send_all(client, pattern(0, 1000));
    CHECK(receive(accepted, 1000) == pattern(0, 1000));
    REQUIRE_OK(connect(client, &none, sizeof none));
    REQUIRE_OK(connect(client, open.address.get(), open.address.length));
    accepted.reset(accept(open.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(accepted));
    return accepted;
  });
  CHECK(took < at_once);
}

FAMILY_CASE("own arrivals: a client that was reset and connects again expects nothing of the connection before") {
  Bound open = listener(family);
  Fd client = tcp(family), accepted;
  const long long took = quickest_empty_receive([&]() -> int {
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    REQUIRE_OK(connect(client, &none, sizeof none));
    REQUIRE_OK(connect(client, open.address.get(), open.address.length));
    accepted.reset(accept(open.fd, nullptr, nullptr));
    REQUIRE_OK(static_cast<int>(accepted));
    send_all(accepted, pattern(0, 1000));
    send_all(client, "unread");
    accepted.reset();  // with unread data: a reset
    REQUIRE_OK(connect(client, &none, sizeof none));
    REQUIRE_OK(connect(client, open.address.get(), open.address.length));
    accepted.reset(accept(open.fd, nullptr, nullptr));
    return client;
  });
  CHECK(took < at_once);
}

TEST_CASE("own arrivals: a datagram to the same port of another address isn't waited for") {
  Fd one = udp(AF_INET), other = udp(AF_INET), sender = udp(AF_INET);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE_OK(bind(one, reinterpret_cast<sockaddr*>(&address), length));
  REQUIRE_OK(getsockname(one, reinterpret_cast<sockaddr*>(&address), &length));
  sockaddr_in second = address;
  second.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  REQUIRE_OK(bind(other, reinterpret_cast<sockaddr*>(&second), length));
  const long long took = quickest_empty_receive([&]() -> int {
    REQUIRE_RETURNS(sendto(sender, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), length), 1);
    return other;
  });
  CHECK(took < at_once);
}

TEST_CASE("own arrivals: a datagram from another address than the peer's isn't waited for") {
  Fd receiver = udp(AF_INET), sender = udp(AF_INET);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE_OK(bind(receiver, reinterpret_cast<sockaddr*>(&address), length));
  sockaddr_in second{};
  second.sin_family = AF_INET;
  second.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  REQUIRE_OK(bind(sender, reinterpret_cast<sockaddr*>(&second), length));
  REQUIRE_OK(getsockname(sender, reinterpret_cast<sockaddr*>(&second), &length));
  second.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE_OK(connect(receiver, reinterpret_cast<sockaddr*>(&second), length));
  REQUIRE_OK(getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &length));
  const long long took = quickest_empty_receive([&]() -> int {
    REQUIRE_RETURNS(sendto(sender, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), length), 1);
    return receiver;
  });
  CHECK(took < at_once);
}

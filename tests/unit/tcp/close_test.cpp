// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The end of TCP connections: close never loses what send() accepted and never waits for a slow reader unless told to.
#include "scene.h"

using fake::ms;

namespace {

// Sends until the host holds bytes that its kernel didn't take.
void leave_unsent(int number, const Peer& peer) {
  peer->stops_reading(3);
  REQUIRE(guest::send(number, "0123456789", 10, 0) == 10);
  REQUIRE(!peer->out.unsent.empty());
}

void set_linger(int number, int seconds) {
  const struct linger value = {1, seconds};
  REQUIRE(guest::setsockopt(number, SOL_SOCKET, SO_LINGER, &value, sizeof value) == 0);
}

}  // namespace

TEST_CASE("tcp close: the peer sees the end, and every handle is gone") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK(polled(number, POLLIN | POLLOUT) == POLLOUT);  // pollables exist
  CHECK_THAT(guest::close(number), Returns(0));
  CHECK(peer->closed);
  CHECK(fake::live_handles() == 0);
  CHECK_THAT(guest::close(number), Fails(EBADF));
}

TEST_CASE("tcp close: bytes that the host holds are delivered without making the program wait") {
  Scene scene;
  host().older = GENERATE(false, true);
  auto [number, peer] = connected();
  leave_unsent(number, peer);
  CHECK_MS(0, CHECK_THAT(guest::close(number), Returns(0)));
  CHECK_FALSE(peer->closed);
  peer->reads();
  CHECK(peer->received() == "0123456789");
  CHECK(peer->has_fin());
}

TEST_CASE("tcp close: what lingered is given back by a later close") {
  Scene scene;
  host().older = GENERATE(false, true);
  auto [number, peer] = connected();
  leave_unsent(number, peer);
  guest::close(number);
  peer->reads();
  guest::close(connected().number);
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp close: exit waits for what lingers, closed or not") {
  const bool closes = GENERATE(true, false);
  const bool older = GENERATE(false, true);
  CHECK(in_child([&] {
    host().older = older;
    auto [number, peer] = connected();
    leave_unsent(number, peer);
    host().after(70 * ms, [peer = peer] { peer->reads(); });
    if (closes) guest::close(number);
    bool exited = false;
    try {
      guest::_Exit(0);
    } catch (const fake::Exited& exit) {
      exited = exit.status == 0;
    }
    CHILD_CHECK(exited);
    CHILD_CHECK(peer->received() == "0123456789");
  }));
}

TEST_CASE("tcp close: exit with a peer that reset the connection doesn't wait") {
  CHECK(in_child([] {
    auto [number, peer] = connected();
    leave_unsent(number, peer);
    peer->resets();
    try {
      guest::_Exit(3);
    } catch (const fake::Exited& exit) {
      CHILD_CHECK(exit.status == 3);
    }
  }));
}

TEST_CASE("tcp close: SO_LINGER waits until all is taken") {
  Scene scene;
  host().older = GENERATE(false, true);
  auto [number, peer] = connected();
  set_linger(number, 5);
  leave_unsent(number, peer);
  host().after(40 * ms, [peer = peer] { peer->reads(); });
  CHECK_MS(40, CHECK_THAT(guest::close(number), Returns(0)));
  CHECK(peer->received() == "0123456789");
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp close: SO_LINGER waits no longer than its interval") {
  Scene scene;
  auto [number, peer] = connected();
  set_linger(number, 2);
  leave_unsent(number, peer);
  CHECK_MS(2000, CHECK_THAT(guest::close(number), Returns(0)));
  peer->reads();
}

TEST_CASE("tcp close: SO_LINGER with an interval of 0 doesn't wait") {
  Scene scene;
  auto [number, peer] = connected();
  set_linger(number, 0);
  leave_unsent(number, peer);
  CHECK_MS(0, CHECK_THAT(guest::close(number), Returns(0)));
  peer->reads();
}

TEST_CASE("tcp close: a duplicate keeps the connection") {
  Scene scene;
  auto [number, peer] = connected();
  const int copy = guest::dup(number);
  REQUIRE(copy >= 0);
  guest::close(number);
  CHECK_FALSE(peer->closed);
  CHECK_THAT(guest::send(copy, "x", 1, 0), Returns(1));
  guest::close(copy);
  CHECK(peer->closed);
}

TEST_CASE("tcp close: dup2 over a socket closes that one") {
  Scene scene;
  auto [first, first_peer] = connected();
  auto [second, second_peer] = connected();
  CHECK_THAT(guest::dup2(first, second), Returns(second));
  CHECK(second_peer->closed);
  CHECK_FALSE(first_peer->closed);
}

TEST_CASE("tcp close: unread input doesn't matter") {
  Scene scene;
  auto [number, peer] = connected();
  peer->sends(std::string(100000, 'x'));
  received(number, 10);
  CHECK_THAT(guest::close(number), Returns(0));
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp close: data held for more leaves with the close") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK_THAT(guest::send(number, "held", 4, MSG_MORE), Returns(4));
  guest::close(number);
  CHECK(peer->received() == "held");
}

TEST_CASE("tcp shutdown: both directions, twice, and with bytes still waiting in the host") {
  Scene scene;
  auto [number, peer] = connected();
  leave_unsent(number, peer);
  CHECK_THAT(guest::shutdown(number, SHUT_WR), Returns(0));
  CHECK_THAT(guest::shutdown(number, SHUT_WR), Returns(0));
  CHECK_FALSE(peer->has_fin());
  peer->reads();
  CHECK(peer->has_fin());
  CHECK(peer->received() == "0123456789");
  peer->sends("still");
  CHECK(received(number, 10) == "still");
  CHECK_THAT(guest::shutdown(number, SHUT_RD), Returns(0));
  CHECK(received(number, 10).empty());
}

TEST_CASE("tcp hold: TCP_CORK, MSG_MORE and TCP_NODELAY make one write of several") {
  Scene scene;
  auto [number, peer] = connected();
  host().forget_calls();
  SECTION("MSG_MORE") {
    guest::send(number, "a", 1, MSG_MORE);
    guest::send(number, "b", 1, MSG_MORE);
    guest::send(number, "c", 1, 0);
  }
  SECTION("TCP_CORK") {
    set_option(number, IPPROTO_TCP, TCP_CORK, 1);
    guest::send(number, "a", 1, 0);
    guest::send(number, "b", 1, 0);
    guest::send(number, "c", 1, 0);
    CHECK(peer->received().empty());
    set_option(number, IPPROTO_TCP, TCP_CORK, 0);
  }
  SECTION("TCP_NODELAY") {
    set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
    guest::send(number, "a", 1, 0);
    guest::send(number, "b", 1, 0);
    guest::send(number, "c", 1, 0);
    received(number, 1, MSG_DONTWAIT);
  }
  CHECK(peer->received() == "abc");
  CHECK(host().calls_of("output-stream.write") == 1);
}

TEST_CASE("tcp hold: what a program that only sends holds too long leaves with its next send") {
  Scene scene;
  auto [number, peer] = connected();
  SECTION("TCP_NODELAY: 5 milliseconds") {
    set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
    guest::send(number, "a", 1, 0);
    CHECK(peer->received().empty());
    host().clock += 10 * ms;
    guest::send(number, "b", 1, 0);
    CHECK(peer->received() == "a");
    host().clock += 2 * ms;
    guest::send(number, "c", 1, 0);
    CHECK(peer->received() == "a");
  }
  SECTION("TCP_NODELAY: many in a row, for which the clock is read now and then") {
    set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
    for (int i = 0; i < 10; ++i) guest::send(number, "x", 1, 0);
    host().clock += 10 * ms;
    for (int i = 0; i < 16; ++i) guest::send(number, "x", 1, 0);
    CHECK(peer->received().size() >= 10);
  }
  SECTION("TCP_CORK: 200 milliseconds, as Linux") {
    set_option(number, IPPROTO_TCP, TCP_CORK, 1);
    guest::send(number, "a", 1, 0);
    host().clock += 250 * ms;
    guest::send(number, "b", 1, 0);
    CHECK(peer->received() == "a");
  }
}

TEST_CASE("tcp hold: held bytes leave before the program waits, and while it waits if there was no room") {
  Scene scene;
  auto [number, peer] = connected();
  set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
  SECTION("room") {
    guest::send(number, "abc", 3, 0);
    CHECK(polled(number, POLLIN, 10) == 0);
  }
  SECTION("no room at first") {
    guest::send(number, "abc", 3, 0);
    peer->stops_reading(0);
    host().after(5 * ms, [peer = peer] { peer->reads(); });
    CHECK_MS(20, CHECK(polled(number, POLLIN, 20) == 0));
  }
  CHECK(peer->received().ends_with("abc"));
}

TEST_CASE("tcp hold: bytes that a wait for room has flushed meanwhile are sent once") {
  Scene scene;
  auto [number, peer] = connected();
  CHECK_THAT(guest::send(number, "a", 1, 0), Returns(1));
  CHECK_THAT(guest::send(number, "b", 1, MSG_MORE), Returns(1));
  peer->out.permits = {0};
  SECTION("by a send") { CHECK_THAT(guest::send(number, "c", 1, 0), Returns(1)); }
  SECTION("by the end of holding") {
    CHECK_THAT(guest::send(number, "c", 1, MSG_MORE), Returns(1));
    set_option(number, IPPROTO_TCP, TCP_CORK, 0);
  }
  CHECK(peer->received() == "abc");
}

TEST_CASE("tcp hold: closing with held bytes and no room delivers them and the end") {
  Scene scene;
  auto [number, peer] = connected();
  guest::send(number, "abc", 3, MSG_MORE);
  peer->stops_reading(0);
  CHECK_THAT(guest::close(number), Returns(0));
  peer->reads();
  posix_sockets_drain();
  CHECK(peer->received() == "abc");
  CHECK(peer->has_fin());
}

TEST_CASE("tcp hold: a full connection takes nothing to hold, and asks the host once for it") {
  Scene scene;
  auto [number, peer] = connected();
  set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
  guest::send(number, "x", 1, 0);
  polled(number, 0);
  SECTION("full") {
    peer->stops_reading(0);
    CHECK_THAT(guest::send(number, "abc", 3, MSG_DONTWAIT), Fails(EAGAIN));
    CHECK_THAT(guest::send(number, "abc", 3, MSG_DONTWAIT | MSG_MORE), Fails(EAGAIN));
    peer->reads();
    CHECK_THAT(guest::send(number, "abc", 3, MSG_DONTWAIT), Returns(3));
    CHECK(polled(number, POLLIN) == 0);
    CHECK(peer->received() == "xabc");
  }
  SECTION("not full") {
    host().forget_calls();
    for (int i = 0; i < 5; ++i) CHECK_THAT(guest::send(number, "y", 1, 0), Returns(1));
    received(number, 1, MSG_DONTWAIT);
    CHECK(peer->received() == "xyyyyy");
    CHECK(host().calls_of("output-stream.check-write") == 1);
  }
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The states of a TCP socket: each way from one to another, and that the new one knows nothing of the old one.
#include "tcp/state.h"

#include <sys/epoll.h>

#include "scene.h"
#include "tcp.h"
#include "tcp/socket.h"

namespace host_interface = posix_sockets::host;
namespace states = posix_sockets::tcp;
using fake::ms;
using posix_sockets::Family;

namespace {

int dissolve(int number) {
  const sockaddr_in nobody = {.sin_family = AF_UNSPEC};
  return guest::connect(number, any(nobody), sizeof nobody);
}

uint16_t port_of(int number) {
  sockaddr_in name = {};
  socklen_t length = sizeof name;
  REQUIRE(guest::getsockname(number, any(name), &length) == 0);
  return ntohs(name.sin_port);
}

// That the socket is connected, and nothing of any other connection shows.
void check_new_connection(int number, const Peer& peer) {
  CHECK(polled(number, POLLIN | POLLOUT | POLLRDHUP) == POLLOUT);
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == 0);
  CHECK(received(number, 10, MSG_DONTWAIT) == "[EAGAIN]");
  CHECK_THAT(connect_to(number), Fails(EISCONN));
  CHECK_THAT(guest::send(number, "out", 3, 0), Returns(3));
  CHECK(peer->received() == "out");
  peer->sends("in");
  CHECK(received(number, 10) == "in");
  peer->finishes();
  CHECK(received(number, 10).empty());
}

// Whatever a connection may have left behind: unread bytes, an end, output that is held back, both directions shut down.
Connected used_connection() {
  const Connected used = connected();
  set_option(used.number, IPPROTO_TCP, TCP_CORK, 1);
  used.peer->sends(std::string(40000, 'x'));
  CHECK(received(used.number, 10) == "xxxxxxxxxx");
  CHECK_THAT(guest::send(used.number, "held back", 9, 0), Returns(9));
  guest::shutdown(used.number, SHUT_RD);
  set_option(used.number, IPPROTO_TCP, TCP_CORK, 0);
  return used;
}

}  // namespace

TEST_CASE("tcp states: becoming another one drops all that the last one had") {
  Scene scene;
  states::State state;
  CHECK(state.is<states::Unconnected>());
  state.as<states::Unconnected>()->own =
      static_cast<host_interface::TcpSocket&&>(host_interface::TcpSocket::create(Family::ipv4).value());
  state.as<states::Unconnected>()->ipv4 =
      static_cast<host_interface::TcpSocket&&>(host_interface::TcpSocket::create(Family::ipv4).value());
  CHECK(fake::live_handles() == 2);
  CHECK(state.as<states::Failed>() == nullptr);
  states::Failed& failed = state.become<states::Failed>();
  CHECK(fake::live_handles() == 0);
  CHECK(state.as<states::Unconnected>() == nullptr);
  CHECK_FALSE(failed.shut_down);
  failed.next.own = static_cast<host_interface::TcpSocket&&>(host_interface::TcpSocket::create(Family::ipv4).value());
  CHECK_FALSE(state.become<states::Unconnected>().has_host());
  CHECK(fake::live_handles() == 0);
}

TEST_CASE("tcp states: connected, dissolved, connected: the second connection knows nothing of the first") {
  Scene scene;
  auto [number, first] = used_connection();
  SECTION("used") {}
  SECTION("ended") { first->finishes(); }
  SECTION("shut down in both directions") { CHECK_THAT(guest::shutdown(number, SHUT_RDWR), Returns(0)); }
  SECTION("reset, and told so") {
    first->resets();
    CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ECONNRESET));
  }
  const bool broken_off = !first->out.failure && !first->out.shut;
  CHECK_THAT(dissolve(number), Returns(0));
  CHECK(first->closed);
  const int error = get_option(number, SOL_SOCKET, SO_ERROR);
  CHECK(error == (broken_off ? ECONNRESET : error));
  const Peer second = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  check_new_connection(number, second);
}

TEST_CASE("tcp states: a connect that failed leaves an unconnected socket once it is told") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_fail_to_connect(ErrorCode::connection_refused, 3 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK((polled(number, POLLOUT, 100) & POLLERR) != 0);
  const auto check_failed = [number = number] {
    CHECK(received(number, 1).empty());
    CHECK_THAT(guest::send(number, "x", 1, 0), Fails(EPIPE));
  };
  SECTION("by connect") { CHECK_THAT(connect_to(number), Fails(ECONNREFUSED)); }
  SECTION("by SO_ERROR, and then connect only has that it failed") {
    CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
    check_failed();
    CHECK_THAT(connect_to(number), Fails(ECONNABORTED));
  }
  SECTION("dissolved") { CHECK_THAT(dissolve(number), Returns(0)); }
  (void)get_option(number, SOL_SOCKET, SO_ERROR);  // dissolving doesn't tell it
  CHECK(polled(number, POLLIN | POLLOUT) == (POLLOUT | POLLHUP));
  const Peer peer = host().will_connect();
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK(polled(number, POLLOUT, 100) == POLLOUT);
  CHECK_THAT(connect_to(number), Returns(0));
  check_new_connection(number, peer);
}

TEST_CASE("tcp states: a failed one that is shut down connects again only after it is dissolved") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_fail_to_connect(ErrorCode::connection_refused, 3 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK((polled(number, POLLOUT, 100) & POLLERR) != 0);
  CHECK_THAT(guest::shutdown(number, SHUT_RDWR), Fails(ENOTCONN));
  CHECK_THAT(connect_to(number), Fails(EINVAL));
  CHECK_THAT(dissolve(number), Returns(0));
  guest::fcntl(number, F_SETFL, 0);
  const Peer peer = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  guest::fcntl(number, F_SETFL, O_NONBLOCK);
  check_new_connection(number, peer);
}

TEST_CASE("tcp states: shutdown ends an attempt to connect, and the next one is new") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  host().will_never_connect();
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK_THAT(guest::shutdown(number, SHUT_RDWR), Returns(0));
  CHECK(get_option(number, SOL_SOCKET, SO_ERROR) == ECONNRESET);
  guest::fcntl(number, F_SETFL, 0);
  const Peer peer = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  check_new_connection(number, peer);
}

TEST_CASE("tcp states: a connection that ended is bound, dissolved, and connects from there") {
  Scene scene;
  auto [number, first] = used_connection();
  first->resets();
  CHECK_THAT(bind_to(number, "127.0.0.1", 5000), Returns(0));
  CHECK_THAT(bind_to(number, "127.0.0.1", 5001), Fails(EINVAL));
  CHECK(first->closed);
  CHECK(received(number, 40000).size() > 10);  // what had arrived
  CHECK_THAT(connect_to(number), Fails(EISCONN));
  CHECK_THAT(dissolve(number), Returns(0));
  CHECK(port_of(number) == 5000);
  const Peer second = host().will_connect();
  CHECK_THAT(connect_to(number), Returns(0));
  CHECK(second->guest.port == 5000);
}

TEST_CASE("tcp states: a listener that is shut down listens again, or connects") {
  Scene scene;
  const int number = listener(5000);
  host().connects_to(5000);
  CHECK(polled(number, POLLIN) == POLLIN);
  CHECK_THAT(guest::shutdown(number, SHUT_RD), Returns(0));
  CHECK(polled(number, POLLIN | POLLOUT) == (POLLOUT | POLLHUP));
  CHECK_THAT(guest::accept(number, nullptr, nullptr), Fails(EINVAL));
  CHECK(port_of(number) == 5000);
  SECTION("listens") {
    CHECK_THAT(guest::listen(number, 1), Returns(0));
    CHECK(host().connects_to(5000) != nullptr);
    CHECK_THAT(guest::accept(number, nullptr, nullptr), Succeeds());
  }
  SECTION("connects") {
    const Peer peer = host().will_connect();
    CHECK_THAT(connect_to(number), Returns(0));
    check_new_connection(number, peer);
    CHECK_THAT(guest::listen(number, 1), Fails(EINVAL));
  }
}

TEST_CASE("tcp states: a listener whose port is in use stays bound, and listens when it is free") {
  Scene scene;
  const int number = tcp();
  REQUIRE(bind_to(number, "127.0.0.1", 5000) == 0);
  host().fails("tcp-socket.finish-listen", ErrorCode::address_in_use);
  CHECK_THAT(guest::listen(number, 1), Fails(EADDRINUSE));
  CHECK(port_of(number) == 5000);
  SECTION("free at the next attempt") {}
  SECTION("in use when it binds again") {
    host().fails("tcp-socket.start-bind", ErrorCode::address_in_use);
    CHECK_THAT(guest::listen(number, 1), Fails(EADDRINUSE));
  }
  CHECK_THAT(guest::listen(number, 1), Returns(0));
  CHECK(host().connects_to(5000) != nullptr);
}

TEST_CASE("tcp states: an accepted connection begins with the listener's options and nothing else") {
  Scene scene;
  const int number = listener(5000);
  REQUIRE(set_option(number, IPPROTO_TCP, TCP_KEEPIDLE, 77) == 0);
  const Peer peer = host().connects_to(5000);
  const int accepted = guest::accept(number, nullptr, nullptr);
  REQUIRE(accepted >= 0);
  CHECK(get_option(accepted, IPPROTO_TCP, TCP_KEEPIDLE) == 77);
  check_new_connection(accepted, peer);
}

TEST_CASE("tcp states: an edge is told of each change") {
  Scene scene;
  const int number = tcp(SOCK_NONBLOCK);
  const int set = guest::epoll_create1(0);
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  REQUIRE(guest::epoll_ctl(set, EPOLL_CTL_ADD, number, &event) == 0);
  CHECK(guest::epoll_wait(set, &event, 1, 0) == 1);  // unconnected
  CHECK(guest::epoll_wait(set, &event, 1, 0) == 0);
  const Peer peer = host().will_connect(30 * ms);
  CHECK_THAT(connect_to(number), Fails(EINPROGRESS));
  CHECK(guest::epoll_wait(set, &event, 1, 100) == 1);  // connected
  CHECK(event.events == EPOLLOUT);
  peer->finishes();
  CHECK(guest::epoll_wait(set, &event, 1, 100) == 1);  // the end
  CHECK_THAT(dissolve(number), Returns(0));
  CHECK(guest::epoll_wait(set, &event, 1, 0) == 1);  // unconnected again
  CHECK((event.events & EPOLLHUP) != 0);
}

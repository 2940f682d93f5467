// AF_UNIX sockets of SOCK_STREAM and SOCK_SEQPACKET: connections.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "local.h"

using namespace conformance;

// One case for each type that connects.
#define CONNECTION_CASE(name)                                                                       \
  static void CONFORMANCE_JOIN(connection_case_, __LINE__)([[maybe_unused]] int type);              \
  TEST_CASE("unix: stream " name) { CONFORMANCE_JOIN(connection_case_, __LINE__)(SOCK_STREAM); }    \
  TEST_CASE("unix: packet " name) { CONFORMANCE_JOIN(connection_case_, __LINE__)(SOCK_SEQPACKET); } \
  static void CONFORMANCE_JOIN(connection_case_, __LINE__)([[maybe_unused]] int type)

CONNECTION_CASE("connect, accept and talk over a path") {
  Name name = path_name("socket");
  Fd listener = local_listener(type, name);
  Fd client = local_socket(type);
  REQUIRE_OK(connect(client, name.get(), name.length));
  Fd server(accept(listener, nullptr, nullptr));
  REQUIRE_OK(int(server));
  REQUIRE_RETURNS(send(client, "ping", 4, 0), 4);
  CHECK(read_some(server, 10) == "ping");
  REQUIRE_RETURNS(send(server, "pong", 4, 0), 4);
  CHECK(read_some(client, 10) == "pong");
}

CONNECTION_CASE("connection is made before it is accepted") {
  Name name = abstract_name("early");
  Fd listener = local_listener(type, name);
  Fd client = local_socket(type);
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK(state_of(client) == POLLOUT);
  REQUIRE_RETURNS(send(client, "early", 5, 0), 5);
  CHECK(state_of(listener) == POLLIN);
  Fd server(accept(listener, nullptr, nullptr));
  CHECK(state_of(listener) == 0);
  CHECK(read_some(server, 10) == "early");
}

CONNECTION_CASE("names of both ends") {
  Name name = path_name("server"), mine = abstract_name("client");
  Fd listener = local_listener(type, name);
  Fd client = bound_local(type, mine);
  REQUIRE_OK(connect(client, name.get(), name.length));
  Name from;
  Fd server(accept(listener, from.get(), &from.length));
  CHECK(from.text() == mine.text());
  CHECK(name_of(server).text() == name.text());
  CHECK(peer_of(server).text() == mine.text());
  CHECK(peer_of(client).text() == name.text());
  listener.reset();
  CHECK(peer_of(client).text() == name.text());
}

CONNECTION_CASE("accept tells of a client without a name") {
  Name name = abstract_name("anonymous");
  Fd listener = local_listener(type, name);
  Fd client = local_socket(type);
  REQUIRE_OK(connect(client, name.get(), name.length));
  Name from;
  Fd server(accept(listener, from.get(), &from.length));
  CHECK(from.length == sizeof(sa_family_t));
  CHECK(from.address.sun_family == AF_UNIX);
}

CONNECTION_CASE("recvfrom names a sender that has a name") {
  Name name = abstract_name("server"), mine = abstract_name("client");
  Fd listener = local_listener(type, name);
  Fd client = bound_local(type, mine);
  REQUIRE_OK(connect(client, name.get(), name.length));
  Fd server(accept(listener, nullptr, nullptr));
  REQUIRE_RETURNS(send(client, "x", 1, 0), 1);
  Name from;
  char byte;
  CHECK_RETURNS(recvfrom(server, &byte, 1, 0, from.get(), &from.length), 1);
  CHECK(from.text() == mine.text());
}

CONNECTION_CASE("accept4 sets flags, accept inherits none") {
  Name name = abstract_name("flags");
  Fd listener = local_listener(type, name);
  set_nonblocking(listener);
  Fd a = local_socket(type), b = local_socket(type);
  REQUIRE_OK(connect(a, name.get(), name.length));
  REQUIRE_OK(connect(b, name.get(), name.length));
  Fd plain(accept(listener, nullptr, nullptr));
  CHECK((fcntl(plain, F_GETFL) & O_NONBLOCK) == 0);
  Fd flagged(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  CHECK((fcntl(flagged, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(flagged, F_GETFD), FD_CLOEXEC);
  CHECK_FAILS(accept(listener, nullptr, nullptr), EAGAIN);
}

CONNECTION_CASE("clients are accepted in order") {
  Name name = abstract_name("order");
  Fd listener = local_listener(type, name);
  Fd clients[4];
  for (int i = 0; i < 4; ++i) {
    clients[i] = local_socket(type);
    REQUIRE_OK(connect(clients[i], name.get(), name.length));
    const std::string number = std::to_string(i);
    REQUIRE_RETURNS(send(clients[i], number.data(), 1, 0), 1);
  }
  for (int i = 0; i < 4; ++i) {
    Fd server(accept(listener, nullptr, nullptr));
    CHECK(read_some(server, 4) == std::to_string(i));
  }
}

CONNECTION_CASE("a full backlog gives EAGAIN") {
  Name name = abstract_name("full");
  Fd listener = local_listener(type, name, 2);
  Fd clients[3];
  for (Fd& client : clients) {
    client = local_socket(type | SOCK_NONBLOCK);
    CHECK_OK(connect(client, name.get(), name.length));
  }
  Fd late = local_socket(type | SOCK_NONBLOCK);
  CHECK_FAILS(connect(late, name.get(), name.length), EAGAIN);
  CHECK(state_of(late) == (POLLOUT | POLLHUP));
  Fd server(accept(listener, nullptr, nullptr));
  CHECK_OK(connect(late, name.get(), name.length));
}

CONNECTION_CASE("a blocking connect to a full backlog that nothing can end") {
  Name name = abstract_name("never");
  Fd listener = local_listener(type, name, 0);
  Fd first = local_socket(type), second = local_socket(type);
  REQUIRE_OK(connect(first, name.get(), name.length));
  CHECK_NEVER_ENDS(connect(second, name.get(), name.length));
  set_timeout(second, SO_SNDTIMEO, 40);
  CHECK_FAILS(connect(second, name.get(), name.length), EAGAIN);
}

CONNECTION_CASE("an accept that nothing can end") {
  Fd listener = local_listener(type, abstract_name("nobody comes"));
  CHECK_NEVER_ENDS(accept(listener, nullptr, nullptr));
  set_timeout(listener, SO_RCVTIMEO, 40);
  CHECK_FAILS(accept(listener, nullptr, nullptr), EAGAIN);
}

CONNECTION_CASE("listen wants a name") {
  Fd fd = local_socket(type);
  CHECK_FAILS(listen(fd, 1), EINVAL);
  CHECK_FAILS(accept(fd, nullptr, nullptr), EINVAL);
}

CONNECTION_CASE("a socket that doesn't listen refuses") {
  Name name = path_name("quiet");
  Fd fd = bound_local(type, name);
  Fd client = local_socket(type);
  CHECK_FAILS(connect(client, name.get(), name.length), ECONNREFUSED);
  REQUIRE_OK(listen(fd, 1));
  CHECK_OK(connect(client, name.get(), name.length));
  CHECK_OK(listen(fd, 5));
}

CONNECTION_CASE("connecting twice gives EISCONN, a listener EINVAL") {
  Name name = abstract_name("twice"), nobody = abstract_name("no such");
  Fd listener = local_listener(type, name);
  Fd client = local_socket(type);
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK_FAILS(connect(client, name.get(), name.length), EISCONN);
  CHECK_FAILS(connect(client, nobody.get(), nobody.length), ECONNREFUSED);
  CHECK_FAILS(connect(listener, name.get(), name.length), EINVAL);
  Name none;
  none.address.sun_family = AF_UNSPEC;
  CHECK_FAILS(connect(client, none.get(), none.length), EINVAL);
}

CONNECTION_CASE("poll of a fresh socket and of a listener") {
  Fd fd = local_socket(type);
  CHECK(state_of(fd) == (POLLOUT | POLLHUP));
  Fd listener = local_listener(type, abstract_name("poll"));
  CHECK(state_of(listener) == 0);
}

CONNECTION_CASE("a listener that closes resets who waits") {
  Name name = abstract_name("closes");
  Fd listener = local_listener(type, name);
  Fd client = local_socket(type);
  REQUIRE_OK(connect(client, name.get(), name.length));
  listener.reset();
  CHECK(state_of(client) == (POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP));
  char byte;
  CHECK_FAILS(recv(client, &byte, 1, 0), ECONNRESET);
  CHECK_RETURNS(recv(client, &byte, 1, 0), 0);
  CHECK_FAILS(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
}

CONNECTION_CASE("a client that is gone is accepted all the same") {
  Name name = abstract_name("gone"), mine = abstract_name("who was");
  Fd listener = local_listener(type, name);
  Fd client = bound_local(type, mine);
  REQUIRE_OK(connect(client, name.get(), name.length));
  REQUIRE_RETURNS(send(client, "left", 4, 0), 4);
  client.reset();
  Name from;
  Fd server(accept(listener, from.get(), &from.length));
  CHECK(from.text() == mine.text());
  CHECK(read_some(server, 10) == "left");
  CHECK(read_some(server, 10).empty());
}

CONNECTION_CASE("shutdown of a listener's receiving") {
  Name name = abstract_name("shut");
  Fd listener = local_listener(type, name);
  REQUIRE_OK(shutdown(listener, SHUT_RD));
  Fd client = local_socket(type);
  CHECK_FAILS(connect(client, name.get(), name.length), ECONNREFUSED);
  CHECK_FAILS(accept(listener, nullptr, nullptr), EINVAL);
}

CONNECTION_CASE("shutdown of a socket that isn't connected succeeds") {
  Fd fd = local_socket(type);
  CHECK_OK(shutdown(fd, SHUT_WR));
  CHECK_OK(shutdown(fd, SHUT_RDWR));
}

CONNECTION_CASE("options of a listener") {
  Fd listener = local_listener(type, abstract_name("options"));
  CHECK(int_option(listener, SOL_SOCKET, SO_ACCEPTCONN) == 1);
  CHECK(int_option(listener, SOL_SOCKET, SO_TYPE) == type);
  int count;
  CHECK_FAILS(ioctl(listener, FIONREAD, &count), EINVAL);
}

TEST_CASE("unix: an unconnected stream can't send or receive") {
  Fd fd = local_socket(SOCK_STREAM);
  Name name = abstract_name("any");
  char byte;
  CHECK_FAILS(send(fd, "x", 1, 0), ENOTCONN);
  CHECK_FAILS(sendto(fd, "x", 1, 0, name.get(), name.length), EOPNOTSUPP);
  CHECK_FAILS(recv(fd, &byte, 1, 0), EINVAL);
  Fd listener = local_listener(SOCK_STREAM, abstract_name("listener"));
  CHECK_FAILS(send(listener, "x", 1, 0), ENOTCONN);
  CHECK_FAILS(recv(listener, &byte, 1, 0), EINVAL);
}

TEST_CASE("unix: an unconnected packet socket can't send or receive") {
  Fd fd = local_socket(SOCK_SEQPACKET);
  char byte;
  CHECK_FAILS(send(fd, "x", 1, 0), ENOTCONN);
  CHECK_FAILS(recv(fd, &byte, 1, 0), ENOTCONN);
}

TEST_CASE("unix: non-blocking connect succeeds at once") {
  Name name = abstract_name("at once");
  Fd listener = local_listener(SOCK_STREAM, name);
  Fd client = local_socket(SOCK_STREAM | SOCK_NONBLOCK);
  CHECK_OK(connect(client, name.get(), name.length));
  CHECK(int_option(client, SOL_SOCKET, SO_ERROR) == 0);
}

TEST_CASE("unix: AF_UNIX and TCP in one poll") {
  Name name = abstract_name("both");
  Fd listener = local_listener(SOCK_STREAM, name);
  Bound tcp_listener = conformance::listener(AF_INET);
  pollfd entries[2] = {{listener, POLLIN, 0}, {tcp_listener.fd, POLLIN, 0}};
  CHECK_RETURNS(poll(entries, 2, 20), 0);
  Fd client = local_socket(SOCK_STREAM);
  REQUIRE_OK(connect(client, name.get(), name.length));
  CHECK_RETURNS(poll(entries, 2, 8000), 1);
  CHECK(entries[0].revents == POLLIN);
  CHECK(entries[1].revents == 0);
}

TEST_CASE("unix: many connections, some of them idle") {
  Name name = abstract_name("many");
  Fd listener = local_listener(SOCK_STREAM, name, 100);
  std::vector<Fd> clients, servers;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(local_socket(SOCK_STREAM));
    REQUIRE_OK(connect(clients.back(), name.get(), name.length));
    servers.push_back(Fd(accept(listener, nullptr, nullptr)));
    REQUIRE_OK(int(servers.back()));
  }
  for (int i = 0; i < 100; i += 3) send_all(clients[i], std::to_string(i));
  std::vector<pollfd> entries;
  for (Fd& fd : servers) entries.push_back({fd, POLLIN, 0});
  CHECK_RETURNS(poll(entries.data(), entries.size(), 8000), 34);
  int wrong = 0;
  for (int i = 0; i < 100; ++i) wrong += (entries[i].revents != 0) != (i % 3 == 0);
  CHECK(wrong == 0);
}

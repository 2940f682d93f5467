// What a signal's handler closes, or puts something else in place of, while a call waits for it. A call that the handler's
// SA_RESTART restarts looks its numbers up again; any other is over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <setjmp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include <functional>

#include "local.h"
#include "net.h"
#include "signals.h"

using namespace conformance;

namespace {

std::function<void()> in_handler;

// The handler comes once, soon.
void handle_with(int flags, std::function<void()> what) {
  in_handler = std::move(what);
  struct sigaction action{};
  action.sa_handler = [](int) { in_handler(); };
  action.sa_flags = flags;
  REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
  send_alarm_after(30);
}

// `call` waits for `number`, which the handler closes: first with SA_RESTART, then, for another one, without.
void check_closed(const std::function<Fd()>& make, const std::function<long(int)>& call) {
  Fd restarted = make();
  handle_with(SA_RESTART, [&] { restarted.reset(); });
  CHECK_FAILS(call(restarted), EBADF);
  Fd interrupted = make();
  handle_with(0, [&] { interrupted.reset(); });
  CHECK_FAILS(call(interrupted), EINTR);
}

char buffer[64];

}  // namespace

FAMILY_CASE("closed in a handler: the socket that recv waits for") {
  Fd peer;
  const auto make = [&] {
    Pair pair = tcp_pair(family);
    peer = std::move(pair.server);
    return std::move(pair.client);
  };
  check_closed(make, [](int fd) { return recv(fd, buffer, sizeof buffer, 0); });
  CHECK_RETURNS(recv(peer, buffer, sizeof buffer, 0), 0);  // the connection is closed, and not only its number
  check_closed(make, [](int fd) { return read(fd, buffer, sizeof buffer); });
  check_closed(make, [](int fd) {
    iovec piece = {buffer, sizeof buffer};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    return recvmsg(fd, &message, 0);
  });
}

FAMILY_CASE("closed in a handler: the datagram socket that recvfrom waits for") {
  check_closed([&] { return std::move(bound_udp(family).fd); },
               [](int fd) {
                 Address from;
                 return recvfrom(fd, buffer, sizeof buffer, 0, from.get(), &from.length);
               });
}

FAMILY_CASE("closed in a handler: the end of the connection is there for who waits in the handler") {
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = tcp_pair(family);
    long seen = -2;
    handle_with(flags, [&] {
      pair.client.reset();
      seen = readable(pair.server) ? recv(pair.server, buffer, sizeof buffer, 0) : -3;
    });
    CHECK(recv(pair.client, buffer, sizeof buffer, 0) == -1);
    CHECK(seen == 0);
  }
}

FAMILY_CASE("closed in a handler: what had arrived for MSG_WAITALL is returned") {
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = tcp_pair(family);
    send_all(pair.server, "part");
    handle_with(flags, [&] { pair.client.reset(); });
    Address from;
    CHECK_RETURNS(recvfrom(pair.client, buffer, sizeof buffer, MSG_WAITALL, from.get(), &from.length), 4);
    CHECK_FAILS(recv(pair.client, buffer, sizeof buffer, 0), EBADF);
  }
}

FAMILY_CASE("closed in a handler: the socket that send waits for") {
  Fd peer;
  check_closed(
      [&] {
        Pair pair = small_tcp_pair(family);
        set_nonblocking(pair.client);
        fill(pair.client);
        set_nonblocking(pair.client, false);
        peer = std::move(pair.server);
        return std::move(pair.client);
      },
      [](int fd) { return send(fd, buffer, sizeof buffer, 0); });
}

FAMILY_CASE("closed in a handler: what send had sent is returned") {
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = small_tcp_pair(family);
    const std::string much(4 << 20, 'x');
    handle_with(flags, [&] { pair.client.reset(); });
    const ssize_t sent = send(pair.client, much.data(), much.size(), 0);
    CHECK(sent > 0);
    CHECK(sent < static_cast<ssize_t>(much.size()));
  }
}

FAMILY_CASE("closed in a handler: the listener that accept waits for") {
  check_closed([&] { return std::move(listener(family).fd); },
               [](int fd) {
                 Address from;
                 return accept(fd, from.get(), &from.length);
               });
}

TEST_CASE("closed in a handler: ends of pipes, and event counters") {
  Fd other;
  check_closed(
      [&] {
        Pipe pipe = make_pipe();
        other = std::move(pipe.writer);
        return std::move(pipe.reader);
      },
      [](int fd) { return read(fd, buffer, sizeof buffer); });
  check_closed(
      [&] {
        Pipe pipe = make_pipe();
        set_nonblocking(pipe.writer);
        while (write(pipe.writer, buffer, sizeof buffer) > 0) continue;
        set_nonblocking(pipe.writer, false);
        other = std::move(pipe.reader);
        return std::move(pipe.writer);
      },
      [](int fd) { return write(fd, buffer, sizeof buffer); });
  check_closed([] { return Fd(eventfd(0, 0)); },
               [](int fd) {
                 eventfd_t value;
                 return eventfd_read(fd, &value);
               });
}

TEST_CASE("closed in a handler: the other end of a pipe, which ends it") {
  Pipe pipe = make_pipe();
  handle_with(SA_RESTART, [&] { pipe.writer.reset(); });
  CHECK_RETURNS(read(pipe.reader, buffer, sizeof buffer), 0);
}

TEST_CASE("closed in a handler: AF_UNIX sockets") {
  Fd peer;
  const auto make = [&] {
    Pair pair = local_pair(SOCK_STREAM);
    peer = std::move(pair.server);
    return std::move(pair.client);
  };
  check_closed(make, [](int fd) { return recv(fd, buffer, sizeof buffer, 0); });
  CHECK_RETURNS(recv(peer, buffer, sizeof buffer, 0), 0);
  // The peer, which both ends the connection and is closed.
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = local_pair(SOCK_STREAM);
    handle_with(flags, [&] { pair.server.reset(); });
    const ssize_t received = recv(pair.client, buffer, sizeof buffer, 0);
    CHECK(received == (flags != 0 ? 0 : -1));
  }
}

FAMILY_CASE("closed in a handler: both ends of splice, one at a time") {
  for (const bool closes_pipe : {false, true}) {
    for (const int flags : {0, SA_RESTART}) {
      INFO(closes_pipe << ' ' << flags);
      Pair pair = tcp_pair(family);
      Pipe pipe = make_pipe();
      handle_with(flags, [&] { (closes_pipe ? pipe.writer : pair.server).reset(); });
      CHECK_FAILS(splice(pair.server, nullptr, pipe.writer, nullptr, 100, 0), flags != 0 ? EBADF : EINTR);
    }
  }
}

FAMILY_CASE("closed in a handler: the socket that sendfile sends on") {
  Fd file = open_scratch("file");
  REQUIRE_RETURNS(write(file, std::string(100, 'x').data(), 100), 100);
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = small_tcp_pair(family);
    set_nonblocking(pair.client);
    fill(pair.client);
    set_nonblocking(pair.client, false);
    off_t offset = 0;
    handle_with(flags, [&] { pair.client.reset(); });
    CHECK_FAILS(sendfile(pair.client, file, &offset, 100), flags != 0 ? EBADF : EINTR);
    CHECK(offset == 0);
  }
}

TEST_CASE("closed in a handler: what poll, select and epoll_wait wait for ends the call with EINTR") {
  for (const int flags : {0, SA_RESTART}) {
    Pair pair = tcp_pair(AF_INET);
    handle_with(flags, [&] { pair.client.reset(); });
    pollfd entry = {pair.client, POLLIN, 0};
    CHECK_FAILS(poll(&entry, 1, 5000), EINTR);
    Pair selected = tcp_pair(AF_INET);
    handle_with(flags, [&] { selected.server.reset(); });
    fd_set in;
    FD_ZERO(&in);
    FD_SET(selected.server, &in);
    CHECK_FAILS(select(selected.server + 1, &in, nullptr, nullptr, nullptr), EINTR);
    Pair watched = tcp_pair(AF_INET);
    Fd set(epoll_create1(0));
    epoll_event event{};
    event.events = EPOLLIN;
    REQUIRE_OK(epoll_ctl(set, EPOLL_CTL_ADD, watched.client, &event));
    handle_with(flags, [&] { watched.client.reset(); });
    CHECK_FAILS(epoll_wait(set, &event, 1, 5000), EINTR);
    handle_with(flags, [&] { set.reset(); });
    CHECK_FAILS(epoll_wait(set, &event, 1, 5000), EINTR);
  }
}

FAMILY_CASE("replaced in a handler: recv goes on with what the number stands for then") {
  Pair first = tcp_pair(family), second = tcp_pair(family);
  send_all(second.server, "second");
  handle_with(SA_RESTART, [&] { REQUIRE_OK(dup2(second.client, first.client)); });
  CHECK_RETURNS(recv(first.client, buffer, sizeof buffer, 0), 6);
  CHECK(std::string(buffer, 6) == "second");
  CHECK_RETURNS(recv(first.server, buffer, sizeof buffer, 0), 0);
  // What isn't a socket.
  Pipe pipe = make_pipe();
  REQUIRE_RETURNS(write(pipe.writer, "pipe", 4), 4);
  handle_with(SA_RESTART, [&] { REQUIRE_OK(dup2(pipe.reader, first.client)); });
  CHECK_FAILS(recv(first.client, buffer, sizeof buffer, 0), ENOTSOCK);
  handle_with(SA_RESTART, [&] { REQUIRE_OK(dup2(pipe.reader, second.client)); });
  CHECK_RETURNS(read(second.client, buffer, sizeof buffer), 4);
}

FAMILY_CASE("replaced in a handler: send and accept go on with what the number stands for then") {
  Pair first = small_tcp_pair(family), second = tcp_pair(family);
  set_nonblocking(first.client);
  fill(first.client);
  set_nonblocking(first.client, false);
  handle_with(SA_RESTART, [&] { REQUIRE_OK(dup2(second.client, first.client)); });
  CHECK_RETURNS(send(first.client, "second", 6, 0), 6);
  CHECK(receive(second.server, 6) == "second");
  Bound empty = listener(family), busy = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, busy.address.get(), busy.address.length));
  handle_with(SA_RESTART, [&] { REQUIRE_OK(dup2(busy.fd, empty.fd)); });
  Fd accepted(accept(empty.fd, nullptr, nullptr));
  REQUIRE_OK(int(accepted));
  CHECK(peer_address(accepted) == local_address(client));
}

FAMILY_CASE("replaced in a handler: a duplicate of the same socket is no other") {
  Pair pair = tcp_pair(family);
  Fd duplicate(dup(pair.client));
  handle_with(SA_RESTART, [&] {
    REQUIRE_OK(dup2(duplicate, pair.client));
    send_all(pair.server, "same");
  });
  CHECK_RETURNS(recv(pair.client, buffer, sizeof buffer, 0), 4);
}

FAMILY_CASE("closed in a handler: a socket with a duplicate stays, and its number is gone all the same") {
  Pair pair = tcp_pair(family);
  Fd duplicate(dup(pair.client));
  handle_with(SA_RESTART, [&] {
    send_all(pair.server, "bytes");
    pair.client.reset();
  });
  CHECK_FAILS(recv(pair.client, buffer, sizeof buffer, 0), EBADF);
  CHECK(receive(duplicate, 5) == "bytes");
}

FAMILY_CASE("jumped out of a handler: the descriptors that the calls used close as usual") {
  static sigjmp_buf place;
  Pair pair = tcp_pair(family);
  volatile int jumps = 0;
  for (int round = 0; round < 3; ++round) {
    if (sigsetjmp(place, 1) == 0) {
      handle_with(round == 1 ? SA_RESTART : 0, [] { siglongjmp(place, 1); });
      (void)recv(pair.client, buffer, sizeof buffer, 0);
      FAIL("recv returned");
    }
    jumps = jumps + 1;
  }
  CHECK(jumps == 3);
  pair.client.reset();
  CHECK_RETURNS(recv(pair.server, buffer, sizeof buffer, 0), 0);
}

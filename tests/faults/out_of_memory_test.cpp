// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every allocation of the library fails once, in every scenario: each call gives ENOMEM (or manages without), works
// when it is made again, and leaves nothing behind.
#include "scene.h"

using fake::ms;

namespace {

// A call that may be refused for want of memory, and then succeeds when it's made once more.
template <class Call>
long must(Call call) {
  errno = 0;
  long result = call();
  if (result != -1) return result;
  CHILD_CHECK(errno == ENOMEM);
  CHILD_CHECK(fake::memory::refused());
  result = call();
  CHILD_CHECK(result != -1);
  return result;
}
int must_be_number(const std::function<long()>& call) { return static_cast<int>(must(call)); }

// Runs the scenario with the 1st, 2nd... allocation refused, until it needs no more.
void with_every_refusal(const std::function<void()>& scenario) {
  REQUIRE(in_child(scenario));  // first of all without
  for (int n = 1;; ++n) {
    CAPTURE(n);
    REQUIRE(n < 200);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const bool fine = in_child([&] {
      fake::memory::fail_at(n);
      scenario();
      const char refused = fake::memory::refused() ? 1 : 0;
      CHILD_CHECK(write(ends[1], &refused, 1) == 1);
    });
    char refused = 2;
    close(ends[1]);
    const ssize_t size = read(ends[0], &refused, 1);
    close(ends[0]);
    REQUIRE(fine);
    REQUIRE(size == 1);
    if (refused == 0) break;
  }
}

struct Pair {
  int number;
  Peer peer;
};
Pair connect_one() {
  Pair pair;
  pair.number = must_be_number([] { return guest::socket(AF_INET, SOCK_STREAM, 0); });
  pair.peer = host().will_connect();
  must([&] { return connect_to(pair.number); });
  return pair;
}

}  // namespace

TEST_CASE("out of memory: connecting, sending, receiving, closing") {
  with_every_refusal([] {
    const Pair one = connect_one();
    must([&] { return guest::send(one.number, "hello", 5, 0); });
    char a[] = "two ", b[] = "parts";
    const iovec vector[] = {{a, 4}, {b, 5}};
    long sent = 0;
    while (sent < 9) {
      // Without memory to join them the parts go out one by one.
      const iovec rest[] = {{a + std::min(sent, 4L), 4 - static_cast<size_t>(std::min(sent, 4L))},
                            {b + std::max(sent - 4, 0L), 9 - static_cast<size_t>(std::max(sent, 4L))}};
      sent += must([&] { return guest::writev(one.number, sent == 0 ? vector : rest, 2); });
    }
    CHILD_CHECK(one.peer->received() == "hellotwo parts");
    one.peer->sends("answer");
    char buffer[10];
    CHILD_CHECK(must([&] { return guest::recv(one.number, buffer, 3, MSG_PEEK); }) == 3);
    CHILD_CHECK(must([&] { return guest::recv(one.number, buffer, 10, 0); }) == 6);
    one.peer->finishes();
    CHILD_CHECK(must([&] { return guest::read(one.number, buffer, 10); }) == 0);
    CHILD_CHECK(guest::close(one.number) == 0);
  });
}

TEST_CASE("out of memory: listening and accepting loses no client") {
  with_every_refusal([] {
    const int number = must_be_number([] { return guest::socket(AF_INET, SOCK_STREAM, 0); });
    must([&] { return bind_to(number, "127.0.0.1", 5000); });
    must([&] { return guest::listen(number, 5); });
    const Peer peer = host().connects_to(5000);
    pollfd entry = {number, POLLIN, 0};
    must([&] { return guest::poll(&entry, 1, 0); });
    const int accepted = must_be_number([&] { return guest::accept(number, nullptr, nullptr); });
    must([&] { return guest::send(accepted, "x", 1, 0); });
    CHILD_CHECK(peer->received() == "x");
  });
}

TEST_CASE("out of memory: datagrams") {
  with_every_refusal([] {
    const int number = must_be_number([] { return guest::socket(AF_INET, SOCK_DGRAM, 0); });
    must([&] { return bind_to(number, "127.0.0.1", 5000); });
    const UdpSide side = host().udp(5000);
    char a[] = "two ", b[] = "parts";
    const iovec vector[] = {{a, 4}, {b, 5}};
    must([&] { return connect_to(number, "127.0.0.1", 9); });
    CHILD_CHECK(must([&] { return guest::writev(number, vector, 2); }) == 9);
    CHILD_CHECK(side->sent.size() == 1 && side->sent[0].data == "two parts");
    // A datagram may be lost, as in a kernel without memory: there are enough.
    for (int i = 0; i < 8; ++i) side->arrives("data", fake::ipv4("127.0.0.1", 9));
    char buffer[10];
    pollfd entry = {number, POLLIN, 0};
    must([&] { return guest::poll(&entry, 1, 0); });
    for (int i = 0; i < 3; ++i) CHILD_CHECK(must([&] { return guest::recv(number, buffer, 10, 0); }) == 4);
  });
}

TEST_CASE("out of memory: descriptors") {
  with_every_refusal([] {
    const int number = must_be_number([] { return guest::socket(AF_INET, SOCK_STREAM, 0); });
    const int copy = must_be_number([&] { return guest::dup(number); });
    must([&] { return guest::dup2(copy, 100); });
    must([&] { return guest::dup2(1, 200); });
    const int file = must_be_number([] { return guest::openat(AT_FDCWD, "new", O_CREAT | O_RDWR, 0600); });
    must([&] { return guest::fcntl(file, F_DUPFD, 300); });
    must([&] { return guest::fcntl(file, F_SETFD, FD_CLOEXEC); });
    CHILD_CHECK(guest::write(200, "x", 1) == 1);
    CHILD_CHECK(guest::close(200) == 0);
    for (int open : {300, 100}) CHILD_CHECK(guest::close(open) == 0);
  });
}

TEST_CASE("out of memory: a descriptor before there was any socket") {
  with_every_refusal([] {
    must([] { return guest::dup(1); });
    must([] { return guest::fcntl(1, F_GETFD, 0); });
  });
}

TEST_CASE("out of memory: poll and select over many sockets") {
  with_every_refusal([] {
    std::vector<Pair> pairs;
    std::vector<pollfd> entries;
    for (int i = 0; i < 20; ++i) {
      pairs.push_back(connect_one());
      entries.push_back({pairs.back().number, POLLIN, 0});
    }
    pairs[11].peer->sends("x");
    CHILD_CHECK(must([&] { return guest::poll(entries.data(), entries.size(), 1000); }) == 1);
    CHILD_CHECK(entries[11].revents == POLLIN);
    fd_set set;
    CHILD_CHECK(must([&] {
                  FD_ZERO(&set);
                  for (const Pair& pair : pairs) FD_SET(pair.number, &set);
                  return guest::select(FD_SETSIZE, &set, nullptr, nullptr, nullptr);
                }) == 1);
  });
}

TEST_CASE("out of memory: a connection that is refused and made again") {
  with_every_refusal([] {
    const int number = must_be_number([] { return guest::socket(AF_INET, SOCK_STREAM, 0); });
    host().will_fail_to_connect(ErrorCode::connection_refused);
    long result = connect_to(number);
    if (result == -1 && errno == ENOMEM) result = connect_to(number);
    CHILD_CHECK(result == -1 && errno == ECONNREFUSED);
    must([&] { return connect_to(number); });
  });
}

TEST_CASE("out of memory: closing with bytes that still wait") {
  with_every_refusal([] {
    const Pair one = connect_one();
    one.peer->stops_reading(2);
    must([&] { return guest::send(one.number, "123456", 6, 0); });
    host().after(10 * ms, [peer = one.peer] { peer->reads(); });
    CHILD_CHECK(guest::close(one.number) == 0);
    posix_sockets_drain();
    CHILD_CHECK(one.peer->received() == "123456");
  });
}

TEST_CASE("out of memory: held bytes") {
  with_every_refusal([] {
    const Pair one = connect_one();
    must([&] { return guest::send(one.number, "a", 1, MSG_MORE); });
    must([&] { return guest::send(one.number, "b", 1, MSG_MORE); });
    must([&] { return guest::send(one.number, "c", 1, 0); });
    CHILD_CHECK(one.peer->received() == "abc");
  });
}

TEST_CASE("out of memory: what lives within the process") {
  with_every_refusal([] {
    int ends[2];
    must([&] { return guest::pipe(ends); });
    must([&] { return guest::write(ends[1], "pipe", 4); });
    char buffer[10];
    CHILD_CHECK(must([&] { return guest::read(ends[0], buffer, 10); }) == 4);
    int pair[2];
    must([&] { return guest::socketpair(AF_UNIX, SOCK_STREAM, 0, pair); });
    must([&] { return guest::write(pair[0], "pair", 4); });
    CHILD_CHECK(must([&] { return guest::read(pair[1], buffer, 10); }) == 4);
    const int counter = must_be_number([] { return guest::eventfd(1, 0); });
    const int timer = must_be_number([] { return guest::timerfd_create(CLOCK_MONOTONIC, 0); });
    const int set = must_be_number([] { return guest::epoll_create1(0); });
    epoll_event event = {};
    event.events = EPOLLIN;
    for (int member : {ends[0], pair[1], counter, timer})
      must([&] { return guest::epoll_ctl(set, EPOLL_CTL_ADD, member, &event); });
    CHILD_CHECK(must([&] { return guest::epoll_wait(set, &event, 1, 10); }) == 1);
  });
}

TEST_CASE("out of memory: waiting for standard input") {
  with_every_refusal([] {
    const int number = must_be_number([] { return guest::socket(AF_INET, SOCK_STREAM, 0); });
    (void)number;
    host().after(5 * ms, [] {
      host().input.data = "typed";
      host().input.arrived();
    });
    pollfd entry = {0, POLLIN, 0};
    CHILD_CHECK(must([&] { return guest::poll(&entry, 1, 1000); }) == 1);
    char buffer[10];
    if (entry.revents == POLLIN) must([&] { return guest::read(0, buffer, 10); });
    // The stream of standard input isn't a handle that a scene may leave.
    CHILD_CHECK(guest::close(0) == 0);
  });
}

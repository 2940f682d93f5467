// epoll_wait: the order in which events are told, and which bits come with them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "epoll_help.h"
#include "local.h"

using namespace conformance;

namespace {

using Order = std::vector<std::uint64_t>;

// The user data of the events, in their order.
Order told(int set, int most = 16) {
  epoll_event events[16];
  int count = epoll_wait(set, events, most, 0);
  REQUIRE_OK(count);
  Order order;
  for (int i = 0; i < count; ++i) order.push_back(events[i].data.u64);
  return order;
}

struct Pipes {
  static constexpr int count = 5;
  Pipe pipes[count] = {make_pipe(), make_pipe(), make_pipe(), make_pipe(), make_pipe()};
  Epoll set;

  explicit Pipes(std::uint32_t events) {
    for (int i = 0; i < count; ++i) REQUIRE_OK(set.control(EPOLL_CTL_ADD, pipes[i].reader, events, i));
  }
  void write_to(std::initializer_list<int> order) {
    for (int i : order) REQUIRE_RETURNS(write(pipes[i].writer, "x", 1), 1);
  }
  void empty(int i) {
    char data[100];
    REQUIRE_OK(read(pipes[i].reader, data, sizeof data));
  }
};

}  // namespace

TEST_CASE("epoll order: events are told in the order in which they came") {
  Pipes p(EPOLLIN);
  p.write_to({3, 0, 4, 3, 1});
  CHECK(told(p.set) == Order{3, 0, 4, 1});
  CHECK(told(p.set) == Order{3, 0, 4, 1});
  p.write_to({2});
  CHECK(told(p.set) == Order{3, 0, 4, 1, 2});
}

TEST_CASE("epoll order: an interest keeps its place until a wait finds nothing of it") {
  Pipes p(EPOLLIN);
  p.write_to({0, 1, 2});
  CHECK(told(p.set) == Order{0, 1, 2});
  p.empty(0);
  p.write_to({0});
  CHECK(told(p.set) == Order{0, 1, 2});
  p.empty(0);
  CHECK(told(p.set) == Order{1, 2});
  p.write_to({0});
  CHECK(told(p.set) == Order{1, 2, 0});
}

TEST_CASE("epoll order: what a poll of the set finds to hold no more loses its place") {
  Pipes p(EPOLLIN);
  p.write_to({0, 1, 2});
  CHECK(told(p.set) == Order{0, 1, 2});
  p.empty(0);
  pollfd entry = {p.set, POLLIN, 0};
  CHECK_RETURNS(poll(&entry, 1, 0), 1);
  p.write_to({0});
  CHECK(told(p.set) == Order{1, 2, 0});
}

TEST_CASE("epoll order: a poll of the set looks no further than to the first that holds") {
  Pipes p(EPOLLIN);
  p.write_to({0, 1, 2});
  CHECK(told(p.set) == Order{0, 1, 2});
  p.empty(1);
  pollfd entry = {p.set, POLLIN, 0};
  CHECK_RETURNS(poll(&entry, 1, 0), 1);
  p.write_to({1});
  CHECK(told(p.set) == Order{0, 1, 2});
}

TEST_CASE("epoll order: a change leaves an interest in its place, though it holds just then no more") {
  Pipes p(EPOLLIN);
  p.write_to({0, 1});
  CHECK(told(p.set) == Order{0, 1});
  p.empty(0);
  REQUIRE_OK(p.set.control(EPOLL_CTL_MOD, p.pipes[0].reader, EPOLLIN, 0));
  p.write_to({0});
  CHECK(told(p.set) == Order{0, 1});
}

TEST_CASE("epoll order: of two interests in one inner set the later one comes first") {
  Pipe pipe = make_pipe();
  Epoll inner, outer;
  REQUIRE_OK(inner.control(EPOLL_CTL_ADD, pipe.reader, EPOLLIN, 0));
  const Fd again(dup(inner));
  REQUIRE_OK(outer.control(EPOLL_CTL_ADD, inner, EPOLLIN, 0));
  REQUIRE_OK(outer.control(EPOLL_CTL_ADD, again, EPOLLIN, 1));
  REQUIRE_RETURNS(write(pipe.writer, "x", 1), 1);
  CHECK(told(outer) == Order{1, 0});
}

TEST_CASE("epoll order: those that were told go behind those that had to wait") {
  Pipes p(EPOLLIN);
  p.write_to({0, 1, 2, 3, 4});
  CHECK(told(p.set, 2) == Order{0, 1});
  CHECK(told(p.set, 2) == Order{2, 3});
  CHECK(told(p.set, 2) == Order{4, 0});
  CHECK(told(p.set, 3) == Order{1, 2, 3});
  CHECK(told(p.set, 1) == Order{4});
  CHECK(told(p.set) == Order{0, 1, 2, 3, 4});
}

TEST_CASE("epoll order: edges are told once, in the order in which they came") {
  Pipes p(EPOLLIN | edge);
  p.write_to({4, 2});
  CHECK(told(p.set, 1) == Order{4});
  p.write_to({0, 4});
  CHECK(told(p.set) == Order{2, 0, 4});
  CHECK(told(p.set).empty());
}

TEST_CASE("epoll order: what is ready when it is added goes to the end, and a change doesn't move it") {
  Pipes p(EPOLLIN);
  Fd counter(eventfd(1, 0));
  p.write_to({1});
  REQUIRE_OK(p.set.control(EPOLL_CTL_ADD, counter, EPOLLIN, 9));
  p.write_to({0});
  CHECK(told(p.set) == Order{1, 9, 0});
  REQUIRE_OK(p.set.control(EPOLL_CTL_MOD, p.pipes[1].reader, EPOLLIN, 7));
  CHECK(told(p.set) == Order{7, 9, 0});
}

TEST_CASE("epoll order: a one-shot interest that is armed again goes to the end") {
  Pipes p(EPOLLIN | oneshot);
  p.write_to({0, 1, 2});
  CHECK(told(p.set, 1) == Order{0});
  REQUIRE_OK(p.set.control(EPOLL_CTL_MOD, p.pipes[0].reader, EPOLLIN | oneshot, 0));
  CHECK(told(p.set) == Order{1, 2, 0});
}

TEST_CASE("epoll order: of two interests in one description the later is told first") {
  Pipe p = make_pipe();
  Fd copy(dup(p.reader));
  Epoll set;
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, p.reader, EPOLLIN, 1));
  REQUIRE_OK(set.control(EPOLL_CTL_ADD, copy, EPOLLIN, 2));
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK(told(set) == Order{2, 1});
}

TEST_CASE("epoll order: changing an interest that is ready already wakes no outer set") {
  Pipe p = make_pipe();
  Epoll inner, outer;
  REQUIRE_OK(inner.add(p.reader, EPOLLIN));
  REQUIRE_OK(outer.add(inner, EPOLLIN | edge));
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK(outer.one() == EPOLLIN);
  REQUIRE_OK(inner.modify(p.reader, EPOLLIN));
  CHECK(outer.one() == 0);
  REQUIRE_OK(inner.modify(p.reader, EPOLLIN | edge));
  CHECK(inner.one() == EPOLLIN);
  CHECK(outer.one() == 0);
  REQUIRE_OK(inner.modify(p.reader, EPOLLIN));
  CHECK(outer.one() == EPOLLIN);
}

TEST_CASE("epoll order: resizing a pipe wakes its writer, whatever it waits for") {
  Pipe p = make_pipe();
  Epoll set;
  REQUIRE_OK(set.add(p.writer, EPOLLIN | edge));
  p.reader.reset();
  CHECK(set.one() == EPOLLERR);
  CHECK(set.one() == 0);
  REQUIRE_OK(fcntl(p.writer, F_SETPIPE_SZ, 8192));
  CHECK(set.one() == EPOLLERR);
}

TEST_CASE("epoll bits: what comes with readable and writable depends on the kind of descriptor") {
  constexpr std::uint32_t asked =
      EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM | EPOLLRDBAND | EPOLLWRBAND | EPOLLPRI | EPOLLMSG;
  constexpr std::uint32_t readable = EPOLLIN | EPOLLRDNORM, writable = EPOLLOUT | EPOLLWRNORM;
  auto bits = [](int fd) {
    Epoll set;
    REQUIRE_OK(set.add(fd, asked));
    return set.one();
  };
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK(bits(p.reader) == readable);
  CHECK(bits(p.writer) == writable);
  for (int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    Pair pair = local_pair(type);
    REQUIRE_RETURNS(write(pair.client, "x", 1), 1);
    CHECK(bits(pair.server) == (readable | writable | EPOLLWRBAND));
  }
  Fd counter(eventfd(1, 0));
  CHECK(bits(counter) == (EPOLLIN | EPOLLOUT));
  Epoll inner;
  REQUIRE_OK(inner.add(counter, EPOLLIN));
  CHECK(bits(inner) == readable);
  CHECK(bits(udp(AF_INET)) == (writable | EPOLLWRBAND));
  Pair connected = tcp_pair(AF_INET);
  CHECK(bits(connected.client) == writable);
}

TEST_CASE("epoll bits: an eventfd is never told to who asks for the finer bits alone") {
  Fd counter(eventfd(1, 0));
  Epoll set;
  REQUIRE_OK(set.add(counter, EPOLLRDNORM | EPOLLWRNORM));
  CHECK(set.one() == 0);
}

TEST_CASE("epoll wait: which of several mistakes is told") {
  Epoll set;
  Pipe p = make_pipe();
  epoll_event event;
  CHECK_FAILS(epoll_wait(-1, &event, 0, 0), EBADF);
  CHECK_FAILS(epoll_wait(p.reader, &event, 0, 0), EINVAL);
  timespec bad{};
  bad.tv_nsec = -1;
  CHECK_FAILS(epoll_pwait2(-1, &event, 0, &bad, nullptr), EINVAL);
}

TEST_CASE("epoll wait: nowhere to write to is told only when there is something to write") {
  Epoll set;
  Fd counter(eventfd(0, 0));
  REQUIRE_OK(set.add(counter, EPOLLIN));
  epoll_event* volatile nowhere = nullptr;
  CHECK_RETURNS(epoll_wait(set, nowhere, 1, 0), 0);
  REQUIRE_OK(eventfd_write(counter, 1));
  CHECK_FAILS(epoll_wait(set, nowhere, 1, 0), EFAULT);
  CHECK(set.one() == EPOLLIN);
}

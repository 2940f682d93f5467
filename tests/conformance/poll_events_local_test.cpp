// poll(): the transitions of every bit of pipes, AF_UNIX sockets, counters, timers and files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "peer.h"
#include "poll_events_help.h"

using namespace conformance;
using namespace poll_events;

namespace {

struct Ends {
  Fd first, second;
};
Ends pipe_ends() {
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  return {Fd(ends[0]), Fd(ends[1])};
}
Ends local_pair(int type) {
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_CASE("poll events: a pipe's reading end") {
  Ends p = pipe_ends();
  CHECK(wait_for(p.first, all, 0) == 0);
  REQUIRE_RETURNS(write(p.second, "ab", 2), 2);
  CHECK(wait_for(p.first, all, 0) == POLLIN);
  p.second.reset();
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLHUP));
  char bytes[4];
  REQUIRE_RETURNS(read(p.first, bytes, 4), 2);
  CHECK(wait_for(p.first, all, 0) == POLLHUP);
}

TEST_CASE("poll events: a pipe's writing end") {
  Ends p = pipe_ends();
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  std::string page(4096, 'x');
  for (int i = 0; i < 16; ++i) REQUIRE_RETURNS(write(p.second, page.data(), page.size()), 4096);
  CHECK(wait_for(p.second, all, 0) == 0);
  REQUIRE_RETURNS(read(p.first, page.data(), 4095), 4095);
  CHECK(wait_for(p.second, all, 0) == 0);
  REQUIRE_RETURNS(read(p.first, page.data(), 1), 1);
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  p.first.reset();
  CHECK(wait_for(p.second, all, 0) == (POLLOUT | POLLERR));
}

TEST_CASE("poll events: a local stream, by shutdown of either side") {
  Ends p = local_pair(SOCK_STREAM);
  CHECK(wait_for(p.first, all, 0) == POLLOUT);
  REQUIRE_OK(shutdown(p.second, SHUT_WR));
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP));
  CHECK(wait_for(p.second, all, 0) == POLLOUT);
  REQUIRE_OK(shutdown(p.second, SHUT_RD));
  CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  CHECK(wait_for(p.second, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
}

TEST_CASE("poll events: a local stream whose other end is closed") {
  for (int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
    Ends p = local_pair(type);
    send_all(p.second, "a");
    p.second.reset();
    CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
    char byte;
    REQUIRE_RETURNS(recv(p.first, &byte, 1, 0), 1);
    CHECK(wait_for(p.first, all, 0) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
  }
}

TEST_CASE("poll events: local sockets that are neither connected nor bound") {
  Fd stream(socket(AF_UNIX, SOCK_STREAM, 0)), packets(socket(AF_UNIX, SOCK_SEQPACKET, 0)),
      datagrams(socket(AF_UNIX, SOCK_DGRAM, 0));
  CHECK(wait_for(stream, all, 0) == (POLLOUT | POLLHUP));
  CHECK(wait_for(packets, all, 0) == (POLLOUT | POLLHUP));
  CHECK(wait_for(datagrams, all, 0) == POLLOUT);
}

TEST_CASE("poll events: an eventfd, empty, in between and full") {
  Fd fd(eventfd(0, EFD_NONBLOCK));
  CHECK(wait_for(fd, all, 0) == POLLOUT);
  std::uint64_t value = 1;
  REQUIRE_RETURNS(write(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT));
  value = UINT64_MAX - 2;
  REQUIRE_RETURNS(write(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == POLLIN);
}

TEST_CASE("poll events: a timer, before, after and read") {
  Fd fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  CHECK(wait_for(fd, all, 0) == 0);
  itimerspec time{};
  time.it_value.tv_nsec = 15000000;
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  CHECK(wait_for(fd, all, 0) == 0);
  CHECK(wait_for(fd, POLLOUT, 30) == 0);
  CHECK(wait_for(fd, all) == POLLIN);
  std::uint64_t value;
  REQUIRE_RETURNS(read(fd, &value, 8), 8);
  CHECK(wait_for(fd, all, 0) == 0);
  REQUIRE_OK(timerfd_settime(fd, 0, &time, nullptr));
  CHECK(wait_for(fd, all) == POLLIN);
  itimerspec none{};
  REQUIRE_OK(timerfd_settime(fd, 0, &none, nullptr));
  CHECK(wait_for(fd, all, 0) == 0);
}

TEST_CASE("poll events: files of every mode and directories") {
  Fd both = open_scratch("file");
  Fd reading(open(scratch("file").c_str(), O_RDONLY)), writing(open(scratch("file").c_str(), O_WRONLY));
  Fd directory(open(scratch("").c_str(), O_RDONLY | O_DIRECTORY));
  for (int fd : {int{both}, int{reading}, int{writing}, int{directory}}) {
    CHECK(wait_for(fd, all, 0) == (POLLIN | POLLOUT));
    CHECK(wait_for(fd, 0, 0) == 0);
  }
}

TEST_CASE("poll events: the end of stdin is a hang-up") {
  Peer peer;
  CHECK(wait_for(0, POLLIN, 0) == 0);
  peer.call("stdin ab; stdin-end");
  CHECK((wait_for(0, POLLIN) & POLLIN) != 0);
  char bytes[4];
  REQUIRE_RETURNS(read(0, bytes, 4), 2);
  CHECK(wait_for(0, POLLIN) == POLLHUP);
  CHECK_RETURNS(read(0, bytes, 4), 0);
}

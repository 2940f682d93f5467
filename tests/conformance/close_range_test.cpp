// close_range and closefrom.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <vector>

#include "epoll_help.h"
#include "local.h"

using namespace conformance;

namespace {

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

// Five descriptors with numbers in a row, of several kinds.
std::vector<int> row() {
  Fd place(dup(1));
  int first = fcntl(1, F_DUPFD, place + 40);
  close(first);
  Fd counter(eventfd(0, 0)), file = open_scratch("row"), fd = udp(AF_INET);
  std::vector<int> numbers;
  for (int from : {int{counter}, int{file}, int{fd}, int{counter}, int{file}}) {
    numbers.push_back(dup2(from, first + static_cast<int>(numbers.size())));
    REQUIRE_OK(numbers.back());
  }
  return numbers;
}

}  // namespace

TEST_CASE("close_range: closes what is open in the range and no more") {
  std::vector<int> n = row();
  close(n[2]);
  CHECK_RETURNS(close_range(n[1], n[3], 0), 0);
  CHECK(is_open(n[0]));
  CHECK_FALSE(is_open(n[1]));
  CHECK_FALSE(is_open(n[3]));
  CHECK(is_open(n[4]));
}

TEST_CASE("close_range: a range without open descriptors, up to the largest number") {
  std::vector<int> n = row();
  CHECK_RETURNS(close_range(n[4] + 1, ~0U, 0), 0);
  CHECK(is_open(n[4]));
  CHECK_RETURNS(close_range(n[3], ~0U, 0), 0);
  CHECK_FALSE(is_open(n[3]));
  CHECK_FALSE(is_open(n[4]));
  CHECK(is_open(n[2]));
}

TEST_CASE("close_range: CLOSE_RANGE_CLOEXEC only sets FD_CLOEXEC") {
  std::vector<int> n = row();
  CHECK_RETURNS(close_range(n[1], n[2], CLOSE_RANGE_CLOEXEC), 0);
  CHECK_RETURNS(fcntl(n[0], F_GETFD), 0);
  CHECK_RETURNS(fcntl(n[1], F_GETFD), FD_CLOEXEC);
  CHECK_RETURNS(fcntl(n[2], F_GETFD), FD_CLOEXEC);
  CHECK_RETURNS(fcntl(n[3], F_GETFD), 0);
}

TEST_CASE("close_range: CLOSE_RANGE_UNSHARE closes as well") {
  std::vector<int> n = row();
  CHECK_RETURNS(close_range(n[0], n[0], CLOSE_RANGE_UNSHARE), 0);
  CHECK_FALSE(is_open(n[0]));
}

TEST_CASE("close_range: mistakes close nothing") {
  std::vector<int> n = row();
  CHECK_FAILS(close_range(n[1], n[0], 0), EINVAL);
  CHECK_FAILS(close_range(n[0], n[4], 1), EINVAL);
  CHECK_FAILS(close_range(n[0], n[4], 99), EINVAL);
  for (int fd : n) CHECK(is_open(fd));
}

TEST_CASE("close_range: ends what hangs on the descriptors") {
  Pipe p = make_pipe();
  Epoll set;
  REQUIRE_OK(set.add(p.reader, EPOLLIN));
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  unsigned number = static_cast<unsigned>(p.reader.release());
  CHECK_RETURNS(close_range(number, number, 0), 0);
  CHECK(set.count() == 0);
  CHECK_FAILS(write(p.writer, "x", 1), EPIPE);
}

TEST_CASE("closefrom: closes everything from a number on") {
  std::vector<int> n = row();
  closefrom(n[2]);
  CHECK(is_open(n[1]));
  for (int i : {2, 3, 4}) CHECK_FALSE(is_open(n[i]));
  Fd next(eventfd(0, 0));
  CHECK(next < n[0]);
  CHECK(is_open(1));
}

TEST_CASE("close_range: sysconf tells the limit of descriptors") {
  rlimit limit;
  REQUIRE_OK(getrlimit(RLIMIT_NOFILE, &limit));
  CHECK(sysconf(_SC_OPEN_MAX) == static_cast<long>(limit.rlim_cur));
  limit.rlim_cur = 100;
  REQUIRE_OK(setrlimit(RLIMIT_NOFILE, &limit));
  CHECK_RETURNS(sysconf(_SC_OPEN_MAX), 100);
}

// signalfd: the program's own pending signals as something to read and to wait for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/signalfd.h>

#include "epoll_help.h"
#include "local.h"
#include "signals.h"

using namespace conformance;

namespace {

Fd descriptor(std::initializer_list<int> numbers, int flags = SFD_NONBLOCK) {
  sigset_t set = signals(numbers);
  Fd fd(signalfd(-1, &set, flags));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

signalfd_siginfo read_one(int fd) {
  signalfd_siginfo info{};
  REQUIRE_RETURNS(read(fd, &info, sizeof info), sizeof info);
  return info;
}

}  // namespace

TEST_CASE("signalfd: flags and sets that it refuses") {
  sigset_t set = signals({SIGUSR1});
  Pipe p = make_pipe();
  CHECK_FAILS(signalfd(-1, &set, 1), EINVAL);
  CHECK_FAILS(signalfd(999, &set, 0), EBADF);
  CHECK_FAILS(signalfd(p.reader, &set, 0), EINVAL);
  Fd fd = descriptor({SIGUSR1}, SFD_NONBLOCK | SFD_CLOEXEC);
  CHECK_RETURNS(fcntl(fd, F_GETFD), FD_CLOEXEC);
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
}

TEST_CASE("signalfd: reads a pending signal, which then isn't pending") {
  block({SIGUSR1});
  Fd fd = descriptor({SIGUSR1});
  signalfd_siginfo info;
  CHECK_FAILS(read(fd, &info, sizeof info), EAGAIN);
  CHECK(state_of(fd) == 0);
  kill(getpid(), SIGUSR1);
  CHECK(state_of(fd) == POLLIN);
  info = read_one(fd);
  CHECK(info.ssi_signo == SIGUSR1);
  CHECK(info.ssi_code == SI_USER);
  CHECK(info.ssi_pid == static_cast<std::uint32_t>(getpid()));
  CHECK(info.ssi_uid == getuid());
  CHECK_FALSE(is_pending(SIGUSR1));
  CHECK(state_of(fd) == 0);
}

TEST_CASE("signalfd: gives several at once, in the order of delivery") {
  block({SIGUSR1, SIGUSR2, SIGRTMIN});
  Fd fd = descriptor({SIGUSR1, SIGUSR2, SIGRTMIN});
  sigval value{};
  value.sival_int = 17;
  sigqueue(getpid(), SIGRTMIN, value);
  kill(getpid(), SIGUSR2);
  kill(getpid(), SIGUSR1);
  signalfd_siginfo info[2];
  CHECK_RETURNS(read(fd, info, sizeof info), 2 * sizeof info[0]);
  CHECK(info[0].ssi_signo == SIGUSR1);
  CHECK(info[1].ssi_signo == SIGUSR2);
  CHECK_FAILS(read(fd, info, sizeof info[0] - 1), EINVAL);
  CHECK(read_one(fd).ssi_int == 17);
}

TEST_CASE("signalfd: sees its own set only, which can be changed") {
  block({SIGUSR1, SIGUSR2});
  Fd fd = descriptor({SIGUSR1});
  raise(SIGUSR2);
  CHECK(state_of(fd) == 0);
  sigset_t other = signals({SIGUSR2});
  CHECK_RETURNS(signalfd(fd, &other, 0), static_cast<int>(fd));
  CHECK(state_of(fd) == POLLIN);
  CHECK(read_one(fd).ssi_signo == SIGUSR2);
}

TEST_CASE("signalfd: a handler takes what isn't blocked") {
  handle(SIGUSR1);
  Fd fd = descriptor({SIGUSR1});
  raise(SIGUSR1);
  CHECK(handled.size() == 1);
  CHECK(state_of(fd) == 0);
}

TEST_CASE("signalfd: unblocking a signal takes it away from a descriptor that was readable") {
  handle(SIGUSR1);
  block({SIGUSR1});
  Fd fd = descriptor({SIGUSR1});
  raise(SIGUSR1);
  CHECK(state_of(fd) == POLLIN);
  unblock({SIGUSR1});
  CHECK(state_of(fd) == 0);
  CHECK(handled.size() == 1);
}

TEST_CASE("signalfd: an alarm ends a blocking read and a poll") {
  block({SIGALRM});
  Fd fd = descriptor({SIGALRM}, 0);
  send_alarm_after(20);
  CHECK(read_one(fd).ssi_signo == SIGALRM);
  send_alarm_after(20);
  CHECK(wait_for(fd, POLLIN, 5000) == POLLIN);
  CHECK(read_one(fd).ssi_code == SI_KERNEL);
}

TEST_CASE("signalfd: in an epoll set, level and edge") {
  block({SIGUSR1, SIGUSR2, SIGALRM});
  Fd fd = descriptor({SIGUSR1, SIGALRM});
  Epoll set;
  REQUIRE_OK(set.add(fd, EPOLLIN));
  CHECK(set.one() == 0);
  raise(SIGUSR1);
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == EPOLLIN);
  REQUIRE_OK(set.modify(fd, EPOLLIN | edge));
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
  raise(SIGUSR2);  // every signal wakes it
  CHECK(set.one() == EPOLLIN);
  CHECK(set.one() == 0);
  read_one(fd);
  send_alarm_after(20);
  CHECK(set.one(5000) == EPOLLIN);
}

TEST_CASE("signalfd: what it can't do") {
  Fd fd = descriptor({SIGUSR1});
  char byte = 'x';
  CHECK_FAILS(write(fd, &byte, 1), EINVAL);
  CHECK_RETURNS(lseek(fd, 0, SEEK_SET), 0);
  CHECK_FAILS(pread(fd, &byte, 1, 0), ESPIPE);
  CHECK_FAILS(send(fd, &byte, 1, 0), ENOTSOCK);
  Fd copy(dup(fd));
  block({SIGUSR1});
  raise(SIGUSR1);
  CHECK(read_one(copy).ssi_signo == SIGUSR1);
}

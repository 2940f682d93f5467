// Locks on files: of the process (fcntl, lockf), of an open file description (F_OFD_*), and of whole files (flock).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

#include "net.h"

using namespace conformance;

namespace {

struct flock range(int type, off_t start, off_t length, int whence = SEEK_SET) {
  struct flock result = {};
  result.l_type = static_cast<short>(type);
  result.l_whence = static_cast<short>(whence);
  result.l_start = start;
  result.l_len = length;
  return result;
}

int lock(int fd, int command, int type, off_t start, off_t length, int whence = SEEK_SET) {
  struct flock wanted = range(type, start, length, whence);
  return fcntl(fd, command, &wanted);
}

/// What stands against an exclusive lock of a description: its beginning and length, or "free".
std::string held(int fd, off_t start = 0, off_t length = 0) {
  struct flock asked = range(F_WRLCK, start, length);
  REQUIRE_OK(fcntl(fd, F_OFD_GETLK, &asked));
  if (asked.l_type == F_UNLCK) return "free";
  return std::string(asked.l_type == F_RDLCK ? "read " : "write ") + std::to_string(asked.l_start) + "+" +
         std::to_string(asked.l_len) +
         (asked.l_pid == getpid() ? " by the process"
          : asked.l_pid == -1     ? ""
                                  : " by others");
}

Fd again(const char* name, int flags = O_RDWR) { return Fd(open(scratch(name).c_str(), flags)); }

void interrupt(int) {}

/// An alarm whose handler interrupts what waits.
void ring_soon() {
  struct sigaction action = {};
  action.sa_handler = interrupt;
  REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
  const itimerval soon = {{0, 0}, {0, 50000}};
  REQUIRE_OK(setitimer(ITIMER_REAL, &soon, nullptr));
}

}  // namespace

TEST_CASE("file locks: those of the process don't stand against each other") {
  const Fd one = open_scratch("locked"), two = again("locked");
  CHECK_OK(lock(one, F_SETLK, F_WRLCK, 0, 0));
  CHECK_OK(lock(one, F_SETLK, F_WRLCK, 0, 0));
  CHECK_OK(lock(two, F_SETLK, F_WRLCK, 0, 10));
  CHECK_OK(lock(two, F_SETLKW, F_RDLCK, 5, 10));
  struct flock asked = range(F_WRLCK, 3, 4);
  REQUIRE_OK(fcntl(two, F_GETLK, &asked));
  CHECK(asked.l_type == F_UNLCK);
  CHECK(asked.l_start == 3);
  CHECK(asked.l_len == 4);
  CHECK_OK(lock(one, F_SETLK, F_UNLCK, 0, 0));
}

TEST_CASE("file locks: of the process against those of a description") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 10, 5));
  CHECK(held(two) == "write 10+5 by the process");
  CHECK_FAILS(lock(two, F_OFD_SETLK, F_RDLCK, 14, 1), EAGAIN);
  CHECK_FAILS(lock(one, F_OFD_SETLK, F_RDLCK, 14, 1), EAGAIN);
  CHECK_OK(lock(two, F_OFD_SETLK, F_WRLCK, 15, 1));
  CHECK_FAILS(lock(one, F_SETLK, F_RDLCK, 0, 0), EAGAIN);
  CHECK_FAILS(lock(two, F_SETLK, F_RDLCK, 0, 0), EAGAIN);
  struct flock asked = range(F_RDLCK, 0, 0);
  REQUIRE_OK(fcntl(one, F_GETLK, &asked));
  CHECK(asked.l_type == F_WRLCK);
  CHECK(asked.l_whence == SEEK_SET);
  CHECK(asked.l_start == 15);
  CHECK(asked.l_len == 1);
  CHECK(asked.l_pid == -1);
}

TEST_CASE("file locks: descriptions share reading and nothing else") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(lock(one, F_OFD_SETLK, F_RDLCK, 0, 100));
  CHECK_OK(lock(two, F_OFD_SETLK, F_RDLCK, 50, 100));
  CHECK_FAILS(lock(two, F_OFD_SETLK, F_WRLCK, 50, 100), EAGAIN);
  CHECK_OK(lock(two, F_OFD_SETLK, F_WRLCK, 100, 50));
  const Fd same(dup(one));
  CHECK_OK(lock(same, F_OFD_SETLK, F_UNLCK, 0, 100));
  CHECK_OK(lock(two, F_OFD_SETLK, F_WRLCK, 0, 100));
  CHECK(held(one) == "write 0+150");
}

TEST_CASE("file locks: ranges are cut, joined and replaced") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 0, 100));
  REQUIRE_OK(lock(one, F_SETLK, F_UNLCK, 40, 20));
  CHECK(held(two) == "write 0+40 by the process");
  CHECK(held(two, 40, 20) == "free");
  CHECK(held(two, 40, 0) == "write 60+40 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_RDLCK, 30, 10));
  CHECK(held(two, 35, 1) == "read 30+10 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 30, 30));
  CHECK(held(two, 99, 1) == "write 0+100 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_UNLCK, 0, 50));
  CHECK(held(two) == "write 50+50 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 200, 0));
  CHECK(held(two, 1000, 1) == "write 200+0 by the process");
}

TEST_CASE("file locks: where a range begins") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_RETURNS(write(one, "0123456789", 10), 10);
  REQUIRE_RETURNS(lseek(one, 4, SEEK_SET), 4);
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 1, 2, SEEK_CUR));
  CHECK(held(two) == "write 5+2 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_UNLCK, 0, 0));
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, -3, 2, SEEK_END));
  CHECK(held(two) == "write 7+2 by the process");
  REQUIRE_OK(lock(one, F_SETLK, F_UNLCK, 0, 0));
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 6, -4));
  CHECK(held(two) == "write 2+4 by the process");
}

TEST_CASE("file locks: closing any descriptor of the file unlocks what the process has") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 0, 0));
  Fd other = open_scratch("unconcerned");
  other.reset();
  CHECK(held(two) == "write 0+0 by the process");
  again("locked", O_RDONLY).reset();
  CHECK(held(two) == "free");
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 0, 0));
  Fd third = again("locked");
  REQUIRE_OK(dup2(two, third));
  CHECK(held(two) == "free");
}

TEST_CASE("file locks: those of a description last until its last descriptor is closed") {
  const Fd watcher = open_scratch("locked");
  Fd one = again("locked");
  Fd same(dup(one));
  REQUIRE_OK(lock(one, F_OFD_SETLK, F_WRLCK, 0, 0));
  REQUIRE_OK(flock(same, LOCK_EX));
  one.reset();
  CHECK(held(watcher) == "write 0+0");
  CHECK_FAILS(flock(watcher, LOCK_SH | LOCK_NB), EWOULDBLOCK);
  same.reset();
  CHECK(held(watcher) == "free");
  CHECK_OK(flock(watcher, LOCK_SH | LOCK_NB));
}

TEST_CASE("file locks: flock between descriptions and within one") {
  const Fd one = open_scratch("locked"), two = again("locked"), reads = again("locked", O_RDONLY);
  const Fd same(dup(one));
  CHECK_OK(flock(one, LOCK_SH));
  CHECK_OK(flock(reads, LOCK_SH | LOCK_NB));
  CHECK_FAILS(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  CHECK_OK(flock(reads, LOCK_UN));
  CHECK_FAILS(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  CHECK_OK(flock(same, LOCK_EX | LOCK_NB));
  CHECK_OK(flock(same, LOCK_EX));
  CHECK_FAILS(flock(two, LOCK_SH | LOCK_NB), EWOULDBLOCK);
  CHECK_OK(flock(same, LOCK_UN));
  CHECK_OK(flock(reads, LOCK_EX | LOCK_NB));
  CHECK_OK(flock(reads, LOCK_UN));
  CHECK_OK(flock(reads, LOCK_UN));
}

TEST_CASE("file locks: a lock of the other kind that isn't had costs the one that was") {
  const Fd one = open_scratch("locked"), two = again("locked"), three = again("locked");
  REQUIRE_OK(flock(one, LOCK_SH));
  REQUIRE_OK(flock(two, LOCK_SH));
  CHECK_FAILS(flock(one, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  CHECK_OK(flock(two, LOCK_EX | LOCK_NB));
  CHECK_OK(flock(two, LOCK_UN));
}

TEST_CASE("file locks: flock and ranges don't know of each other") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(flock(one, LOCK_EX));
  CHECK_OK(lock(two, F_OFD_SETLK, F_WRLCK, 0, 0));
  CHECK(held(one) == "write 0+0");
  CHECK_FAILS(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
}

TEST_CASE("file locks: other files aren't concerned, and links are the same file") {
  const Fd one = open_scratch("locked"), other = open_scratch("other");
  REQUIRE_OK(link(scratch("locked").c_str(), scratch("linked").c_str()));
  const Fd linked = again("linked");
  REQUIRE_OK(flock(one, LOCK_EX));
  REQUIRE_OK(lock(one, F_SETLK, F_WRLCK, 0, 0));
  CHECK_OK(flock(other, LOCK_EX | LOCK_NB));
  CHECK(held(other) == "free");
  CHECK_FAILS(flock(linked, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  CHECK(held(linked) == "write 0+0 by the process");
}

TEST_CASE("file locks: lockf") {
  const Fd one = open_scratch("locked"), two = again("locked"), reads = again("locked", O_RDONLY);
  REQUIRE_RETURNS(write(one, "0123456789", 10), 10);
  CHECK_OK(lockf(one, F_TLOCK, 5));
  CHECK(held(two) == "write 10+5 by the process");
  CHECK_OK(lockf(one, F_LOCK, -5));
  CHECK(held(two) == "write 5+10 by the process");
  CHECK_OK(lockf(two, F_TEST, 0));
  CHECK_OK(lockf(one, F_ULOCK, 0));
  CHECK(held(two) == "write 5+5 by the process");
  CHECK_FAILS(lockf(one, F_TLOCK, -50), EINVAL);
  CHECK_FAILS(lockf(one, 77, 0), EINVAL);
  CHECK_FAILS(lockf(-1, F_LOCK, 0), EBADF);
  CHECK_FAILS(lockf(reads, F_TLOCK, 0), EBADF);
  REQUIRE_OK(lock(two, F_OFD_SETLK, F_WRLCK, 30, 1));
  CHECK_FAILS(lockf(one, F_TEST, 0), EACCES);
  CHECK_FAILS(lockf(one, F_TLOCK, 0), EAGAIN);
}

TEST_CASE("file locks: what is refused") {
  const Fd file = open_scratch("locked"), reads = again("locked", O_RDONLY), writes = again("locked", O_WRONLY);
  CHECK_FAILS(lock(-1, F_SETLK, F_WRLCK, 0, 0), EBADF);
  CHECK_FAILS(lock(reads, F_SETLK, F_WRLCK, 0, 0), EBADF);
  CHECK_FAILS(lock(writes, F_SETLK, F_RDLCK, 0, 0), EBADF);
  CHECK_OK(lock(reads, F_SETLK, F_UNLCK, 0, 0));
  CHECK_OK(lock(reads, F_GETLK, F_WRLCK, 0, 0));
  CHECK_FAILS(lock(file, F_GETLK, F_UNLCK, 0, 0), EINVAL);
  CHECK_FAILS(lock(file, F_GETLK, 17, 0, 0), EINVAL);
  CHECK_FAILS(lock(file, F_SETLK, 17, 0, 0), EINVAL);
  CHECK_FAILS(lock(file, F_SETLK, F_WRLCK, 0, 0, 17), EINVAL);
  CHECK_FAILS(lock(file, F_SETLK, F_WRLCK, -1, 0), EINVAL);
  CHECK_FAILS(lock(file, F_SETLK, F_WRLCK, 3, -4), EINVAL);
  CHECK_FAILS(lock(file, F_SETLK, F_WRLCK, INT64_MAX, 2), EOVERFLOW);
  CHECK_OK(lock(file, F_SETLK, F_WRLCK, INT64_MAX, 1));
  struct flock of_another = range(F_WRLCK, 0, 0);
  of_another.l_pid = 1;
  CHECK_FAILS(fcntl(file, F_OFD_SETLK, &of_another), EINVAL);
  CHECK_FAILS(fcntl(file, F_OFD_GETLK, &of_another), EINVAL);
  CHECK_OK(fcntl(file, F_SETLK, &of_another));
  CHECK_FAILS(flock(-1, LOCK_SH), EBADF);
  CHECK_FAILS(flock(file, 77), EINVAL);
  CHECK_FAILS(flock(file, LOCK_NB), EINVAL);
  CHECK_FAILS(flock(file, LOCK_SH | LOCK_EX), EINVAL);
}

FAMILY_CASE("file locks: of sockets, pipes and what else is no file") {
  const Pair p = tcp_pair(family);
  int ends[2];
  REQUIRE_OK(pipe(ends));
  const Fd reads(ends[0]), writes(ends[1]), counter(eventfd(0, 0));
  const Fd directory(open(scratch(".").c_str(), O_RDONLY | O_DIRECTORY));
  CHECK_OK(lock(p.client, F_SETLK, F_WRLCK, 0, 0));
  CHECK_OK(lock(p.client, F_OFD_GETLK, F_WRLCK, 0, 0, SEEK_END));
  CHECK_OK(flock(p.client, LOCK_EX | LOCK_NB));
  CHECK_OK(flock(p.server, LOCK_EX | LOCK_NB));
  CHECK_OK(lock(counter, F_SETLK, F_WRLCK, 0, 0));
  CHECK_OK(lock(reads, F_SETLK, F_RDLCK, 0, 0));
  CHECK_FAILS(lock(reads, F_SETLK, F_WRLCK, 0, 0), EBADF);
  CHECK_FAILS(lock(writes, F_SETLK, F_RDLCK, 0, 0), EBADF);
  CHECK_FAILS(lock(writes, F_OFD_SETLK, F_WRLCK, 0, 0), EAGAIN);
  CHECK_OK(flock(reads, LOCK_EX | LOCK_NB));
  CHECK_FAILS(flock(writes, LOCK_SH | LOCK_NB), EWOULDBLOCK);
  CHECK_OK(flock(directory, LOCK_EX | LOCK_NB));
  const Fd again(open(scratch(".").c_str(), O_RDONLY | O_DIRECTORY));
  CHECK_FAILS(flock(again, LOCK_EX | LOCK_NB), EWOULDBLOCK);
}

TEST_CASE("file locks: who waits for one is interrupted by an alarm") {
  const Fd one = open_scratch("locked"), two = again("locked");
  REQUIRE_OK(flock(one, LOCK_EX));
  REQUIRE_OK(lock(one, F_OFD_SETLK, F_WRLCK, 0, 0));
  ring_soon();
  CHECK_FAILS(flock(two, LOCK_EX), EINTR);
  ring_soon();
  CHECK_FAILS(lock(two, F_SETLKW, F_WRLCK, 0, 0), EINTR);
  ring_soon();
  CHECK_FAILS(lock(two, F_OFD_SETLKW, F_WRLCK, 0, 0), EINTR);
#ifdef __wasi__  // without an alarm Linux waits for ever, as another process could have it
  CHECK_FAILS(flock(two, LOCK_EX), EDEADLK);
  CHECK_FAILS(lock(two, F_SETLKW, F_WRLCK, 0, 0), EDEADLK);
#endif
  CHECK_OK(flock(one, LOCK_UN));
  CHECK_OK(flock(two, LOCK_EX));
}

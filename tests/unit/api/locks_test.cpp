// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks on files, as far as they hold within the program: fcntl's by process and by description, and how ranges join and part.
#include "scene.h"

namespace {

struct flock range(short type, off_t start, off_t length) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  return lock;
}

int opened(const char* name = "locked") { return guest::open(name, O_RDWR | O_CREAT, 0600); }

int lock_own(int number, short type, off_t start, off_t length) {
  struct flock lock = range(type, start, length);
  return guest::fcntl(number, F_OFD_SETLK, &lock);
}

// What stands against a write lock of this description there: "" for nothing, else "type start length".
std::string against(int number, off_t start, off_t length) {
  struct flock lock = range(F_WRLCK, start, length);
  REQUIRE(guest::fcntl(number, F_OFD_GETLK, &lock) == 0);
  if (lock.l_type == F_UNLCK) return "";
  return (lock.l_type == F_RDLCK ? "read " : "write ") + std::to_string(lock.l_start) + " " +
         std::to_string(lock.l_len);
}

}  // namespace

TEST_CASE("locks: an exclusive range keeps another description out, a shared one keeps writers out") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(one >= 0);
  REQUIRE(lock_own(one, F_WRLCK, 10, 10) == 0);
  CHECK_THAT(lock_own(other, F_RDLCK, 15, 1), Fails(EAGAIN));
  CHECK_THAT(lock_own(other, F_RDLCK, 20, 1), Returns(0));
  CHECK(against(other, 0, 0) == "write 10 10");
  REQUIRE(lock_own(one, F_RDLCK, 10, 10) == 0);
  CHECK_THAT(lock_own(other, F_RDLCK, 15, 1), Returns(0));
  CHECK_THAT(lock_own(other, F_WRLCK, 12, 1), Fails(EAGAIN));
  CHECK(against(other, 0, 0) == "read 10 10");
}

TEST_CASE("locks: unlocking the middle leaves both sides, and locking it again joins them") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(lock_own(one, F_WRLCK, 0, 30) == 0);
  REQUIRE(lock_own(one, F_UNLCK, 10, 10) == 0);
  CHECK(against(other, 0, 5) == "write 0 10");
  CHECK(against(other, 10, 10).empty());
  CHECK(against(other, 12, 30) == "write 20 10");
  REQUIRE(lock_own(one, F_WRLCK, 10, 10) == 0);
  CHECK(against(other, 12, 1) == "write 0 30");
}

TEST_CASE("locks: one of another type takes its range out of the others of its owner") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(lock_own(one, F_WRLCK, 0, 30) == 0);
  REQUIRE(lock_own(one, F_RDLCK, 20, 20) == 0);  // over the end
  CHECK(against(other, 0, 1) == "write 0 20");
  CHECK(against(other, 25, 1) == "read 20 20");
  REQUIRE(lock_own(one, F_RDLCK, 0, 5) == 0);  // over the beginning
  CHECK(against(other, 7, 1) == "write 5 15");
  REQUIRE(lock_own(one, F_RDLCK, 5, 15) == 0);  // all that is left
  CHECK(against(other, 7, 1) == "read 0 40");
}

TEST_CASE("locks: a process's own range goes when any descriptor of the file is closed") {
  Scene scene;
  const int one = opened(), again = opened(), other = opened();
  struct flock lock = range(F_WRLCK, 0, 0);
  REQUIRE(guest::fcntl(one, F_SETLK, &lock) == 0);
  CHECK(against(other, 0, 1) == "write 0 0");
  guest::close(again);
  CHECK(against(other, 0, 1).empty());
}

TEST_CASE("locks: a description's range goes with its last descriptor") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(lock_own(one, F_WRLCK, 0, 0) == 0);
  const int duplicate = guest::dup(one);
  guest::close(one);
  CHECK(against(other, 0, 1) == "write 0 0");
  guest::close(duplicate);
  CHECK(against(other, 0, 1).empty());
}

TEST_CASE("locks: ranges count from the position or the end, and may run backwards") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(guest::write(one, "0123456789", 10) == 10);
  struct flock lock = range(F_WRLCK, -4, 2);
  lock.l_whence = SEEK_CUR;
  REQUIRE(guest::fcntl(one, F_OFD_SETLK, &lock) == 0);
  CHECK(against(other, 0, 0) == "write 6 2");
  REQUIRE(lock_own(one, F_UNLCK, 0, 0) == 0);
  lock = range(F_WRLCK, 0, -3);
  lock.l_whence = SEEK_END;
  REQUIRE(guest::fcntl(one, F_OFD_SETLK, &lock) == 0);
  CHECK(against(other, 0, 0) == "write 7 3");
}

TEST_CASE("locks: what is refused") {
  Scene scene;
  const int file = opened();
  const int reader = guest::open("locked", O_RDONLY), writer = guest::open("locked", O_WRONLY);
  struct flock lock = range(F_WRLCK, -1, 1);
  CHECK_THAT(guest::fcntl(file, F_SETLK, &lock), Fails(EINVAL));
  lock = range(F_WRLCK, 1, -2);
  CHECK_THAT(guest::fcntl(file, F_SETLK, &lock), Fails(EINVAL));
  lock = range(F_WRLCK, INT64_MAX, 2);
  CHECK_THAT(guest::fcntl(file, F_SETLK, &lock), Fails(EOVERFLOW));
  lock = range(77, 0, 1);
  CHECK_THAT(guest::fcntl(file, F_SETLK, &lock), Fails(EINVAL));
  lock = range(F_UNLCK, 0, 1);
  CHECK_THAT(guest::fcntl(file, F_GETLK, &lock), Fails(EINVAL));
  lock = range(F_WRLCK, 0, 1);
  lock.l_whence = 9;
  CHECK_THAT(guest::fcntl(file, F_SETLK, &lock), Fails(EINVAL));
  lock = range(F_WRLCK, 0, 1);
  CHECK_THAT(guest::fcntl(reader, F_SETLK, &lock), Fails(EBADF));
  CHECK_THAT(guest::fcntl(99, F_SETLK, &lock), Fails(EBADF));
  lock.l_pid = 5;
  CHECK_THAT(guest::fcntl(file, F_OFD_SETLK, &lock), Fails(EINVAL));
  lock = range(F_RDLCK, 0, 1);
  CHECK_THAT(guest::fcntl(writer, F_SETLK, &lock), Fails(EBADF));
  CHECK_THAT(guest::fcntl(file, F_SETLK, nullptr), Fails(EFAULT));
}

TEST_CASE("locks: without memory they are refused, and nothing has changed") {
  Scene scene;
  const int one = opened(), other = opened();
  REQUIRE(lock_own(one, F_WRLCK, 0, 10) == 0);
  fake::memory::fail_at(1);
  CHECK_THAT(lock_own(one, F_UNLCK, 2, 2), Fails(ENOLCK));
  fake::memory::fail_at(0);
  CHECK(against(other, 0, 0) == "write 0 10");
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The devices that a guest finds without a grant of its host.
#include "scene.h"

namespace {

int opened(const char* path, int flags = O_RDWR) { return guest::open(path, flags); }

std::string read_from(int number, size_t size) {
  std::string data(size, 'x');
  const ssize_t count = guest::read(number, data.data(), size);
  return count < 0 ? "[" + std::to_string(errno) + "]" : data.substr(0, static_cast<size_t>(count));
}

}  // namespace

TEST_CASE("devices: null, zero and full") {
  Scene scene;
  const int null = opened("/dev/null"), zero = opened("/dev/zero"), full = opened("/dev/full");
  CHECK(read_from(null, 4).empty());
  CHECK(read_from(zero, 4) == std::string(4, '\0'));
  CHECK(read_from(full, 2) == std::string(2, '\0'));
  CHECK_THAT(guest::write(null, "abc", 3), Returns(3));
  CHECK_THAT(guest::write(zero, "abc", 3), Returns(3));
  CHECK_THAT(guest::write(full, "abc", 3), Fails(ENOSPC));
  CHECK(polled(null, POLLIN | POLLOUT) == (POLLIN | POLLOUT));
}

TEST_CASE("devices: what was opened to read isn't written, and the other way round") {
  Scene scene;
  CHECK_THAT(guest::write(opened("/dev/null", O_RDONLY), "a", 1), Fails(EBADF));
  char byte;
  CHECK_THAT(guest::read(opened("/dev/zero", O_WRONLY), &byte, 1), Fails(EBADF));
}

TEST_CASE("devices: they are character devices, and no terminals") {
  Scene scene;
  struct stat status = {};
  const int null = opened("/dev/null");
  REQUIRE(guest::fstat(null, &status) == 0);
  CHECK(S_ISCHR(status.st_mode));
  errno = 0;
  CHECK(guest::isatty(null) == 0);
  CHECK(errno == ENOTTY);
}

TEST_CASE("devices: a path of a descriptor gives a duplicate") {
  Scene scene;
  int ends[2];
  REQUIRE(guest::pipe(ends) == 0);
  const int again = opened(("/dev/fd/" + std::to_string(ends[1])).c_str(), O_WRONLY);
  REQUIRE(again >= 0);
  CHECK(again != ends[1]);
  CHECK_THAT(guest::write(again, "ab", 2), Returns(2));
  CHECK(read_from(ends[0], 5) == "ab");
  CHECK_THAT(opened("/proc/self/fd/99"), Fails(ENOENT));
  auto [number, peer] = connected();
  CHECK_THAT(opened(("/proc/self/fd/" + std::to_string(number)).c_str()), Fails(ENXIO));
}

TEST_CASE("devices: flags that they refuse, and names that aren't theirs") {
  Scene scene;
  CHECK_THAT(opened("/dev/null", O_RDONLY | O_DIRECTORY), Fails(ENOTDIR));
  CHECK_THAT(opened("/dev/tty"), Fails(ENXIO));
  CHECK_THAT(opened("/dev/nulls"), Fails(ENOENT));
  CHECK_THAT(opened("/dev/fd/01"), Fails(ENOENT));
  CHECK_THAT(opened("/dev/fd/99999999999"), Fails(ENOENT));
}

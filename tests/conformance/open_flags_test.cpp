// What a file that was opened can do, and what F_GETFL says of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "net.h"

using namespace conformance;

namespace {

struct Access {
  const char* name;
  int flags;
};
constexpr Access reading[] = {{"O_RDONLY", O_RDONLY},
                              {"O_RDONLY | O_CREAT", O_RDONLY | O_CREAT},
                              {"O_RDONLY | O_TRUNC", O_RDONLY | O_TRUNC},
                              {"O_RDONLY | O_CREAT | O_TRUNC", O_RDONLY | O_CREAT | O_TRUNC},
                              {"O_RDONLY | O_APPEND", O_RDONLY | O_APPEND},
                              {"O_RDONLY | O_CREAT | O_APPEND", O_RDONLY | O_CREAT | O_APPEND},
                              {"O_RDONLY | O_CREAT | O_NONBLOCK", O_RDONLY | O_CREAT | O_NONBLOCK}};
constexpr Access writing[] = {{"O_WRONLY", O_WRONLY},
                              {"O_WRONLY | O_CREAT", O_WRONLY | O_CREAT},
                              {"O_WRONLY | O_TRUNC", O_WRONLY | O_TRUNC},
                              {"O_WRONLY | O_APPEND", O_WRONLY | O_APPEND},
                              {"O_WRONLY | O_CREAT | O_TRUNC", O_WRONLY | O_CREAT | O_TRUNC}};

void expect_reading_only(int fd) {
  char byte;
  CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK_FAILS(write(fd, "x", 1), EBADF);
  CHECK_FAILS(pwrite(fd, "x", 1, 0), EBADF);
  CHECK_FAILS(ftruncate(fd, 0), EINVAL);
  CHECK(read(fd, &byte, 1) >= 0);
}

std::string content(const char* name) {
  const Fd fd(open(scratch(name).c_str(), O_RDONLY));
  char text[20];
  const ssize_t size = read(fd, text, sizeof text);
  return size < 0 ? "unreadable" : std::string(text, static_cast<size_t>(size));
}

void make(const char* name, const char* text) {
  const Fd fd = open_scratch(name);
  REQUIRE_OK(write(fd, text, strlen(text)));
}

}  // namespace

TEST_CASE("open flags: who opens for reading can't write, whatever else was asked for") {
  for (const Access& access : reading) {
    CAPTURE(access.name);
    make("there", "text");
    const Fd there(open(scratch("there").c_str(), access.flags, 0600));
    REQUIRE(there >= 0);
    expect_reading_only(there);
    CHECK(content("there") == ((access.flags & O_TRUNC) != 0 ? "" : "text"));
    if ((access.flags & O_CREAT) == 0) continue;
    REQUIRE_OK(unlink(scratch("there").c_str()));
    const Fd made(open(scratch("there").c_str(), access.flags, 0600));
    REQUIRE(made >= 0);
    expect_reading_only(made);
    CHECK(content("there").empty());
  }
}

TEST_CASE("open flags: who opens for writing can't read") {
  char byte;
  for (const Access& access : writing) {
    CAPTURE(access.name);
    make("there", "text");
    const Fd fd(open(scratch("there").c_str(), access.flags, 0600));
    REQUIRE(fd >= 0);
    CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY);
    CHECK_FAILS(read(fd, &byte, 1), EBADF);
    CHECK_FAILS(pread(fd, &byte, 1, 0), EBADF);
    CHECK_RETURNS(write(fd, "x", 1), 1);
  }
  const Fd created(creat(scratch("there").c_str(), 0600));
  CHECK((fcntl(created, F_GETFL) & O_ACCMODE) == O_WRONLY);
  CHECK_FAILS(read(created, &byte, 1), EBADF);
}

TEST_CASE("open flags: openat and both directions") {
  make("there", "text");
  const Fd directory(open(scratch(".").c_str(), O_RDONLY | O_DIRECTORY));
  const Fd reads(openat(directory, "there", O_RDONLY | O_CREAT, 0600)),
      made(openat(directory, "new", O_RDONLY | O_CREAT, 0600));
  expect_reading_only(reads);
  expect_reading_only(made);
  const Fd both(openat(directory, "there", O_RDWR | O_CREAT, 0600));
  CHECK((fcntl(both, F_GETFL) & O_ACCMODE) == O_RDWR);
  CHECK_RETURNS(write(both, "T", 1), 1);
  CHECK(content("there") == "Text");
}

TEST_CASE("open flags: O_EXCL, and directories") {
  make("there", "text");
  CHECK_FAILS(open(scratch("there").c_str(), O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
  CHECK(content("there") == "text");
  const Fd made(open(scratch("new").c_str(), O_RDONLY | O_CREAT | O_EXCL, 0600));
  REQUIRE(made >= 0);
  expect_reading_only(made);
  CHECK_FAILS(open(scratch(".").c_str(), O_RDONLY | O_CREAT, 0600), EISDIR);
  CHECK_FAILS(open(scratch(".").c_str(), O_RDWR), EISDIR);
  CHECK_FAILS(open(scratch("missing/file").c_str(), O_RDONLY | O_CREAT, 0600), ENOENT);
  CHECK_FAILS(open(scratch("there/file").c_str(), O_RDONLY | O_CREAT, 0600), ENOTDIR);
  REQUIRE_OK(symlink("dangling", scratch("link").c_str()));
  const Fd behind(open(scratch("link").c_str(), O_RDONLY | O_CREAT, 0600));
  REQUIRE(behind >= 0);
  expect_reading_only(behind);
  CHECK(content("dangling").empty());
  CHECK_FAILS(open(scratch("link").c_str(), O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
}

TEST_CASE("open flags: O_NONBLOCK of a file is kept, and reads as ever") {
  make("there", "text");
  for (const int flags : {O_RDONLY | O_NONBLOCK, O_RDWR | O_NONBLOCK | O_CREAT, O_RDWR | O_NONBLOCK | O_TRUNC}) {
    const Fd fd(open(scratch("there").c_str(), flags, 0600));
    REQUIRE(fd >= 0);
    CHECK((fcntl(fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE)) == (flags & (O_NONBLOCK | O_ACCMODE)));
    const Fd copy(dup(fd));
    CHECK((fcntl(copy, F_GETFL) & O_NONBLOCK) != 0);
    REQUIRE_OK(fcntl(copy, F_SETFL, 0));
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
  }
}

TEST_CASE("open flags: O_DIRECTORY with what means nothing beside it") {
  make("there", "text");
  REQUIRE_OK(mkdir(scratch("directory").c_str(), 0700));
  REQUIRE_OK(symlink("directory", scratch("link").c_str()));
  const Fd opened(open(scratch("directory").c_str(), O_RDONLY | O_DIRECTORY | O_EXCL));
  CHECK(opened >= 0);
  CHECK_FAILS(open(scratch("there").c_str(), O_RDONLY | O_DIRECTORY | O_EXCL), ENOTDIR);
  CHECK_FAILS(open(scratch("missing").c_str(), O_RDONLY | O_DIRECTORY | O_EXCL), ENOENT);
  CHECK_FAILS(open(scratch("directory").c_str(), O_RDONLY | O_DIRECTORY | O_TRUNC), EISDIR);
  CHECK_FAILS(open(scratch("there").c_str(), O_RDONLY | O_DIRECTORY | O_TRUNC), ENOTDIR);
  CHECK_FAILS(open(scratch("link").c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW), ENOTDIR);
  CHECK_FAILS(open(scratch("link").c_str(), O_RDONLY | O_NOFOLLOW), ELOOP);
  CHECK(content("there") == "text");
}

TEST_CASE("open flags: a directory can't be read") {
  char byte;
  iovec piece = {&byte, 1};
  const Fd fd(open(scratch(".").c_str(), O_RDONLY));
  REQUIRE(fd >= 0);
  CHECK_FAILS(read(fd, &byte, 1), EISDIR);
  CHECK_FAILS(readv(fd, &piece, 1), EISDIR);
  CHECK_FAILS(pread(fd, &byte, 1, 0), EISDIR);
  CHECK_FAILS(preadv(fd, &piece, 1, 0), EISDIR);
  CHECK_FAILS(write(fd, "x", 1), EBADF);
  FILE* file = fopen(scratch(".").c_str(), "r");
  REQUIRE(file != nullptr);
  CHECK(fgetc(file) == EOF);
  CHECK(errno == EISDIR);
  CHECK(ferror(file) != 0);
  CHECK(fclose(file) == 0);
}

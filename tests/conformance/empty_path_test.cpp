// An empty path names nothing, not the directory that the program is in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "net.h"

using namespace conformance;

TEST_CASE("empty path: nothing is opened") {
  CHECK_FAILS(open("", O_RDONLY), ENOENT);
  CHECK_FAILS(open("", O_RDWR | O_CREAT, 0600), ENOENT);
  CHECK_FAILS(open("", O_RDONLY | O_DIRECTORY), ENOENT);
  CHECK_FAILS(creat("", 0600), ENOENT);
  errno = 0;
  CHECK(fopen("", "r") == nullptr);
  CHECK(errno == ENOENT);
  errno = 0;
  CHECK(fopen("", "w") == nullptr);
  CHECK(errno == ENOENT);
  errno = 0;
  CHECK(opendir("") == nullptr);
  CHECK(errno == ENOENT);
  errno = 0;
  CHECK(realpath("", nullptr) == nullptr);
  CHECK(errno == ENOENT);
}

TEST_CASE("empty path: nothing is looked at or changed") {
  struct stat status;
  char target[8];
  CHECK_FAILS(stat("", &status), ENOENT);
  CHECK_FAILS(lstat("", &status), ENOENT);
  CHECK_FAILS(access("", F_OK), ENOENT);
  CHECK_FAILS(readlink("", target, sizeof target), ENOENT);
  CHECK_FAILS(chdir(""), ENOENT);
  CHECK_FAILS(unlink(""), ENOENT);
  CHECK_FAILS(rmdir(""), ENOENT);
  CHECK_FAILS(mkdir("", 0700), ENOENT);
  CHECK_FAILS(rename("", scratch("new").c_str()), ENOENT);
  CHECK_FAILS(link("", scratch("new").c_str()), ENOENT);
  CHECK_FAILS(symlink("", scratch("new").c_str()), ENOENT);
  CHECK_FAILS(symlink("target", ""), ENOENT);
  CHECK_FAILS(truncate("", 0), ENOENT);
  CHECK_FAILS(utimes("", nullptr), ENOENT);
  CHECK_FAILS(utime("", nullptr), ENOENT);
}

TEST_CASE("empty path: nor in a directory") {
  struct stat status;
  char target[8];
  const Fd directory(open(scratch(".").c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(directory >= 0);
  CHECK_FAILS(openat(directory, "", O_RDONLY), ENOENT);
  CHECK_FAILS(fstatat(directory, "", &status, 0), ENOENT);
  CHECK_FAILS(faccessat(directory, "", F_OK, 0), ENOENT);
  CHECK_FAILS(readlinkat(directory, "", target, sizeof target), ENOENT);
  CHECK_FAILS(unlinkat(directory, "", 0), ENOENT);
  CHECK_FAILS(mkdirat(directory, "", 0700), ENOENT);
  CHECK_FAILS(renameat(directory, "", directory, "new"), ENOENT);
}

TEST_CASE("paths: slashes behind the name of a directory") {
  struct stat status;
  REQUIRE_OK(mkdir(scratch("one/").c_str(), 0700));
  CHECK(stat(scratch("one/").c_str(), &status) == 0);
  REQUIRE_OK(rmdir(scratch("one/").c_str()));
  REQUIRE_OK(mkdir(scratch("one").c_str(), 0700));
  REQUIRE_OK(rmdir(scratch("one///").c_str()));
  CHECK_FAILS(rmdir(scratch("one/").c_str()), ENOENT);
  const Fd file = open_scratch("file");
  CHECK_FAILS(rmdir(scratch("file/").c_str()), ENOTDIR);
  CHECK_FAILS(unlink(scratch("file/").c_str()), ENOTDIR);
}

// fchdir: the working directory by a descriptor. And lseek on what is no file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"

using namespace conformance;

namespace {

Fd directory(const std::string& path) {
  Fd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

bool is_there(const char* name) { return access(name, F_OK) == 0; }

}  // namespace

TEST_CASE("fchdir: there and back again") {
  const std::string folder = scratch("folder");
  REQUIRE_OK(mkdir(folder.c_str(), 0700));
  REQUIRE_OK(mkdir((folder + "/inner").c_str(), 0700));
  (void)open_scratch("outside");
  (void)open_scratch("folder/inside");
  const Fd outer = directory(scratch(".")), inner = directory(folder);
  REQUIRE_OK(fchdir(outer));
  CHECK(is_there("outside"));
  const Fd here = directory(".");
  CHECK_OK(fchdir(inner));
  CHECK(is_there("inside"));
  CHECK_FALSE(is_there("outside"));
  char path[4096];
  REQUIRE(getcwd(path, sizeof path) != nullptr);
  CHECK(std::string(path).ends_with("folder"));
  const Fd innermost(openat(inner, "inner", O_RDONLY | O_DIRECTORY));
  REQUIRE_OK(fchdir(innermost));
  CHECK(is_there("../inside"));
  CHECK_OK(fchdir(here));
  CHECK(is_there("outside"));
  REQUIRE_OK(chdir("folder"));
  CHECK(is_there("inside"));
  const Fd copy(dup(outer));
  CHECK_OK(fchdir(copy));
  CHECK(is_there("outside"));
}

TEST_CASE("fchdir: by the descriptor of a directory that is read") {
  REQUIRE_OK(mkdir(scratch("folder").c_str(), 0700));
  (void)open_scratch("folder/inside");
  DIR* stream = opendir(scratch("folder").c_str());
  REQUIRE(stream != nullptr);
  CHECK_OK(fchdir(dirfd(stream)));
  CHECK(is_there("inside"));
  closedir(stream);
}

TEST_CASE("fchdir: what is refused") {
  const Fd file = open_scratch("file");
  const Pair p = local_pair(SOCK_STREAM);
  const Pipe pipe = make_pipe();
  CHECK_FAILS(fchdir(-1), EBADF);
  CHECK_FAILS(fchdir(file), ENOTDIR);
  CHECK_FAILS(fchdir(p.client), ENOTDIR);
  CHECK_FAILS(fchdir(pipe.reader), ENOTDIR);
}

TEST_CASE("file calls: standard input that is a pipe has no position") {
  for (int whence : {SEEK_SET, SEEK_CUR, SEEK_END}) CHECK_FAILS(lseek(STDIN_FILENO, 0, whence), ESPIPE);
  CHECK_FAILS(lseek(STDIN_FILENO, 0, 99), EINVAL);
  char byte;
  CHECK_FAILS(pread(STDIN_FILENO, &byte, 1, 0), ESPIPE);
  REQUIRE_OK(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK));
  CHECK_FAILS(lseek(STDIN_FILENO, 0, SEEK_CUR), ESPIPE);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// realpath().
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net.h"

using namespace conformance;

namespace {

// The text of a path's real one, or the name of what went wrong.
std::string real(const std::string& path) {
  char space[PATH_MAX];
  errno = 0;
  const char* found = realpath(path.c_str(), space);
  if (found != nullptr) return found;
  return errno == ENOENT ? "ENOENT" : errno == ENOTDIR ? "ENOTDIR" : errno == ELOOP ? "ELOOP" : "another error";
}

}  // namespace

TEST_CASE("realpath: a file, by several paths") {
  const Fd file = open_scratch("file");
  const std::string path = scratch("file"), folder = scratch("folder");
  REQUIRE_OK(mkdir(folder.c_str(), 0700));
  CHECK(real(path) == path);
  CHECK(real("/" + path) == path);
  CHECK(real(scratch(".//./file")) == path);
  CHECK(real(folder + "/../file") == path);
  CHECK(real(folder + "/") == folder);
  CHECK(real(folder + "/.") == folder);
  CHECK(real(folder + "/..") + "/file" == path);
}

TEST_CASE("realpath: memory of its own") {
  const Fd file = open_scratch("file");
  char* found = realpath(scratch("file").c_str(), nullptr);
  REQUIRE(found != nullptr);
  CHECK(found == scratch("file"));
  free(found);
}

TEST_CASE("realpath: links") {
  const Fd file = open_scratch("file");
  REQUIRE_OK(mkdir(scratch("folder").c_str(), 0700));
  REQUIRE_OK(symlink("file", scratch("link").c_str()));
  REQUIRE_OK(symlink("folder/../link", scratch("second").c_str()));
  REQUIRE_OK(symlink("../file", scratch("folder/up").c_str()));
  REQUIRE_OK(symlink("loop", scratch("loop").c_str()));
  REQUIRE_OK(symlink("nowhere", scratch("broken").c_str()));
  for (const char* name : {"link", "second", "folder/up"}) CHECK(real(scratch(name)) == scratch("file"));
  CHECK(real(scratch("loop")) == "ELOOP");
  CHECK(real(scratch("broken")) == "ENOENT");
}

TEST_CASE("realpath: what isn't there") {
  const Fd file = open_scratch("file");
  CHECK(real("") == "ENOENT");
  CHECK(real(scratch("nothing")) == "ENOENT");
  CHECK(real(scratch("nothing/below")) == "ENOENT");
  CHECK(real(scratch("file/below")) == "ENOTDIR");
  CHECK(real(scratch("file/")) == "ENOTDIR");
  CHECK(real("/") == "/");
}

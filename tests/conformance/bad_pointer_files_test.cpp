// Pointers that lead nowhere, given to calls on files, paths and the process: EFAULT, and nothing is lost.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dirent.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "net.h"

using namespace conformance;

namespace {

// Volatile, so that no compiler reasons about calls that are meant to be wrong.
volatile uintptr_t nowhere[] = {0, static_cast<uintptr_t>(-16)};

template <class T>
T* bad(uintptr_t address) {
  return reinterpret_cast<T*>(address);
}

}  // namespace

TEST_CASE("bad pointer: paths") {
  const std::string there = scratch("there");
  const Fd file = open_scratch("there");
  struct stat status;
  char buffer[16];
  for (const uintptr_t address : nowhere) {
    const char* path = bad<const char>(address);
    CAPTURE(address);
    CHECK_FAILS(open(path, O_RDONLY), EFAULT);
    CHECK_FAILS(open(path, O_RDWR | O_CREAT, 0600), EFAULT);
    CHECK_FAILS(openat(AT_FDCWD, path, O_RDONLY), EFAULT);
    CHECK_FAILS(creat(path, 0600), EFAULT);
    CHECK_FAILS(stat(path, &status), EFAULT);
    CHECK_FAILS(lstat(path, &status), EFAULT);
    CHECK_FAILS(fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW), EFAULT);
    CHECK_FAILS(access(path, F_OK), EFAULT);
    CHECK_FAILS(faccessat(AT_FDCWD, path, F_OK, 0), EFAULT);
    CHECK_FAILS(readlink(path, buffer, sizeof buffer), EFAULT);
    CHECK_FAILS(unlink(path), EFAULT);
    CHECK_FAILS(unlinkat(AT_FDCWD, path, 0), EFAULT);
    CHECK_FAILS(unlinkat(AT_FDCWD, path, AT_REMOVEDIR), EFAULT);
    CHECK_FAILS(remove(path), EFAULT);
    CHECK_FAILS(rmdir(path), EFAULT);
    CHECK_FAILS(mkdir(path, 0700), EFAULT);
    CHECK_FAILS(mkdirat(AT_FDCWD, path, 0700), EFAULT);
    CHECK_FAILS(rename(path, there.c_str()), EFAULT);
    CHECK_FAILS(rename(there.c_str(), path), EFAULT);
    CHECK_FAILS(renameat(AT_FDCWD, path, AT_FDCWD, there.c_str()), EFAULT);
    CHECK_FAILS(link(path, there.c_str()), EFAULT);
    CHECK_FAILS(link(there.c_str(), path), EFAULT);
    CHECK_FAILS(symlink(path, there.c_str()), EFAULT);
    CHECK_FAILS(symlink("x", path), EFAULT);
    CHECK_FAILS(truncate(path, 0), EFAULT);
    CHECK_FAILS(chdir(path), EFAULT);
    CHECK_FAILS(utimes(path, nullptr), EFAULT);
    CHECK_FAILS(utime(path, nullptr), EFAULT);
    CHECK_FAILS(chown(path, 0, 0), EFAULT);
    CHECK_FAILS(lchown(path, 0, 0), EFAULT);
    CHECK_FAILS(getxattr(path, "user.x", buffer, sizeof buffer), EFAULT);
    CHECK_FAILS(listxattr(path, buffer, sizeof buffer), EFAULT);
#ifdef __wasi__  // glibc's looks at the name itself, and the program ends
    CHECK(opendir(path) == nullptr);
    CHECK(errno == EFAULT);
#endif
    CHECK(fopen(path, "r") == nullptr);
    CHECK(errno == EFAULT);
  }
  CHECK_OK(stat(there.c_str(), &status));
}

TEST_CASE("bad pointer: paths within an open directory") {
  (void)open_scratch("inside");
  const std::string folder = scratch(".");
  const Fd directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(directory >= 0);
  struct stat status;
  for (const uintptr_t address : nowhere) {
    const char* path = bad<const char>(address);
    CHECK_FAILS(openat(directory, path, O_RDONLY), EFAULT);
    CHECK_FAILS(fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW), EFAULT);
    CHECK_FAILS(faccessat(directory, path, F_OK, 0), EFAULT);
    CHECK_FAILS(unlinkat(directory, path, 0), EFAULT);
    CHECK_FAILS(mkdirat(directory, path, 0700), EFAULT);
    CHECK_FAILS(renameat(directory, "inside", directory, path), EFAULT);
    CHECK_FAILS(symlinkat("inside", directory, path), EFAULT);
    CHECK_FAILS(linkat(directory, "inside", directory, path, 0), EFAULT);
    CHECK_FAILS(fstatat(directory, "inside", bad<struct stat>(address), 0), EFAULT);
    CHECK_FAILS(fstatat(directory, "missing", bad<struct stat>(address), 0), ENOENT);
  }
}

TEST_CASE("bad pointer: a path without an end is too long") {
  std::string endless(70000, 'x');
  struct stat status;
  CHECK_FAILS(open(endless.c_str(), O_RDONLY), ENAMETOOLONG);
  CHECK_FAILS(stat(endless.c_str(), &status), ENAMETOOLONG);
  CHECK_FAILS(unlink(endless.c_str()), ENAMETOOLONG);
  CHECK_FAILS(chdir(endless.c_str()), ENAMETOOLONG);
}

TEST_CASE("bad pointer: where a status, a link or a path is to go") {
  const Fd file = open_scratch("status");
  const std::string path = scratch("status"), link = scratch("link"), missing = scratch("missing");
  REQUIRE_OK(symlink("status", link.c_str()));
  for (const uintptr_t address : nowhere) {
    CHECK_FAILS(fstat(file, bad<struct stat>(address)), EFAULT);
    CHECK_FAILS(fstat(-1, bad<struct stat>(address)), EBADF);
    CHECK_FAILS(stat(path.c_str(), bad<struct stat>(address)), EFAULT);
    CHECK_FAILS(lstat(link.c_str(), bad<struct stat>(address)), EFAULT);
    CHECK_FAILS(stat(missing.c_str(), bad<struct stat>(address)), ENOENT);
    CHECK_FAILS(stat("/dev/null", bad<struct stat>(address)), EFAULT);
    CHECK_FAILS(fstat(STDIN_FILENO, bad<struct stat>(address)), EFAULT);
    CHECK_FAILS(readlink(link.c_str(), bad<char>(address), 10), EFAULT);
    CHECK_FAILS(readlink(path.c_str(), bad<char>(address), 10), EINVAL);
  }
  CHECK(getcwd(bad<char>(nowhere[1]), 4096) == nullptr);
  CHECK(errno == EFAULT);
}

TEST_CASE("bad pointer: reading and writing files") {
  const Fd file = open_scratch("data");
  const Fd reads(open(scratch("data").c_str(), O_RDONLY)), writes(open(scratch("data").c_str(), O_WRONLY));
  REQUIRE_RETURNS(write(file, "hello", 5), 5);
  for (const uintptr_t address : nowhere) {
    void* memory = bad<void>(address);
    iovec part = {memory, 10};
    REQUIRE_RETURNS(lseek(file, 0, SEEK_SET), 0);
    CHECK_FAILS(read(file, memory, 10), EFAULT);
    CHECK_FAILS(write(file, memory, 10), EFAULT);
    CHECK_FAILS(pread(file, memory, 10, 0), EFAULT);
    CHECK_FAILS(pwrite(file, memory, 10, 0), EFAULT);
    CHECK_FAILS(readv(file, &part, 1), EFAULT);
    CHECK_FAILS(writev(file, &part, 1), EFAULT);
    CHECK_FAILS(preadv(file, &part, 1, 0), EFAULT);
    CHECK_FAILS(pwritev(file, &part, 1, 0), EFAULT);
    CHECK_FAILS(readv(file, bad<iovec>(address), 1), EFAULT);
    CHECK_FAILS(writev(file, bad<iovec>(address), 1), EFAULT);
    CHECK_FAILS(preadv(file, bad<iovec>(address), 1, 0), EFAULT);
    CHECK_FAILS(pwritev(file, bad<iovec>(address), 1, 0), EFAULT);
    CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 0);
    CHECK_FAILS(read(-1, memory, 10), EBADF);
    CHECK_FAILS(write(-1, memory, 10), EBADF);
    CHECK_FAILS(read(writes, memory, 10), EBADF);
    CHECK_FAILS(write(reads, memory, 10), EBADF);
    CHECK_FAILS(pread(writes, memory, 10, 0), EBADF);
    CHECK_FAILS(pwrite(reads, memory, 10, 0), EBADF);
  }
  REQUIRE_RETURNS(lseek(file, 0, SEEK_END), 5);
  CHECK_RETURNS(read(file, bad<void>(nowhere[0]), 10), 0);
  CHECK_RETURNS(pread(file, bad<void>(nowhere[0]), 10, 5), 0);
  char text[10];
  CHECK_RETURNS(pread(file, text, sizeof text, 0), 5);
  CHECK(std::string(text, 5) == "hello");
}

TEST_CASE("bad pointer: times and offsets of files") {
  const Fd file = open_scratch("data"), other = open_scratch("other");
  const std::string path = scratch("data");
  REQUIRE_RETURNS(write(file, "hello", 5), 5);
  const uintptr_t address = nowhere[1];
  CHECK_FAILS(futimens(file, bad<timespec>(address)), EFAULT);
  CHECK_FAILS(utimensat(AT_FDCWD, path.c_str(), bad<timespec>(address), 0), EFAULT);
#ifdef __wasi__  // glibc's looks at the times itself
  CHECK_FAILS(utimes(path.c_str(), bad<timeval>(address)), EFAULT);
  CHECK_FAILS(utime(path.c_str(), bad<utimbuf>(address)), EFAULT);
  CHECK_FAILS(lutimes(path.c_str(), bad<timeval>(address)), EFAULT);
  CHECK_FAILS(futimes(file, bad<timeval>(address)), EFAULT);
#endif
  int ends[2];
  REQUIRE_OK(pipe(ends));
  const Fd out(ends[1]), in(ends[0]);
  CHECK_FAILS(sendfile(out, file, bad<off_t>(address), 1), EFAULT);
  CHECK_FAILS(splice(file, bad<off_t>(address), out, nullptr, 1, 0), EFAULT);
  CHECK_FAILS(copy_file_range(file, bad<off_t>(address), other, nullptr, 1, 0), EFAULT);
  CHECK_FAILS(copy_file_range(file, nullptr, other, bad<off_t>(address), 1, 0), EFAULT);
  CHECK_FAILS(ioctl(file, FIONREAD, bad<int>(address)), EFAULT);
  for (const uintptr_t each : nowhere) {
    CHECK_FAILS(fcntl(file, F_GETLK, bad<struct flock>(each)), EFAULT);
    CHECK_FAILS(fcntl(file, F_SETLK, bad<struct flock>(each)), EFAULT);
    CHECK_FAILS(fcntl(file, F_SETLKW, bad<struct flock>(each)), EFAULT);
    CHECK_FAILS(fstatfs(file, bad<struct statfs>(each)),
                DIFFERS_ON_WASI("WASI tells nothing of file systems", EFAULT, ENOSYS));
  }
}

TEST_CASE("bad pointer: what the process is asked") {
  for (const uintptr_t address : nowhere) {
    CHECK_FAILS(uname(bad<utsname>(address)), EFAULT);
    CHECK_FAILS(pipe(bad<int>(address)), EFAULT);
    CHECK_FAILS(getrandom(bad<void>(address), 8, 0), EFAULT);
    CHECK_FAILS(poll(bad<pollfd>(address), 1, 0), EFAULT);
    CHECK_FAILS(nanosleep(bad<const timespec>(address), nullptr), EFAULT);
  }
  const uintptr_t address = nowhere[1];
  CHECK_FAILS(getrlimit(RLIMIT_NOFILE, bad<rlimit>(address)), EFAULT);
  CHECK_FAILS(getrusage(RUSAGE_SELF, bad<rusage>(address)), EFAULT);
  CHECK_FAILS(select(1, bad<fd_set>(address), nullptr, nullptr, nullptr), EFAULT);
}

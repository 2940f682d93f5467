// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Devices and one's own descriptors by their paths. The guest is given no /dev.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>

#include "expect.h"
#include "local.h"

namespace {

struct Device {
  const char* path;
  unsigned minor;
};
constexpr Device memory_devices[] = {
    {"/dev/null", 3}, {"/dev/zero", 5}, {"/dev/full", 7}, {"/dev/random", 8}, {"/dev/urandom", 9}};

bool is_random(const Device& device) { return device.minor >= 8; }

}  // namespace

TEST_CASE("devices: what stat says of them") {
  for (const Device& device : memory_devices) {
    CAPTURE(device.path);
    struct stat status = {};
    REQUIRE_OK(stat(device.path, &status));
    CHECK(S_ISCHR(status.st_mode));
    CHECK((status.st_mode & 0777) == 0666);
    CHECK(major(status.st_rdev) == 1);
    CHECK(minor(status.st_rdev) == device.minor);
    CHECK(status.st_size == 0);
    CHECK(status.st_nlink == 1);
    struct stat opened = {};
    const int fd = open(device.path, O_RDWR);
    REQUIRE_OK(fd);
    REQUIRE_OK(fstat(fd, &opened));
    CHECK(opened.st_mode == status.st_mode);
    CHECK(opened.st_rdev == status.st_rdev);
    CHECK(opened.st_ino == status.st_ino);
    CHECK_OK(lstat(device.path, &opened));
    CHECK(S_ISCHR(opened.st_mode));
    CHECK_OK(fstatat(AT_FDCWD, device.path, &opened, 0));
    CHECK(opened.st_rdev == status.st_rdev);
    close(fd);
  }
}

TEST_CASE("devices: reading and writing") {
  for (const Device& device : memory_devices) {
    CAPTURE(device.path);
    const int fd = open(device.path, O_RDWR);
    REQUIRE_OK(fd);
    const bool full = device.minor == 7;
    const int size = device.minor == 3 ? 0 : 100;
    char buffer[100];
    memset(buffer, 'x', sizeof buffer);
    CHECK_RETURNS(read(fd, buffer, 100), size);
    if (size != 0) CHECK(std::string(buffer, 100) != std::string(100, 'x'));
    if (device.minor == 5 || full) CHECK(std::string(buffer, 100) == std::string(100, '\0'));
    CHECK_RETURNS(read(fd, buffer, 0), 0);
    CHECK_RETURNS(pread(fd, buffer, 100, 5), size);
    CHECK_FAILS(pread(fd, buffer, 100, -1), EINVAL);
    iovec vector[] = {{buffer, 30}, {buffer + 30, 70}};
    CHECK_RETURNS(readv(fd, vector, 2), size);
    if (full) {
      CHECK_FAILS(write(fd, buffer, 100), ENOSPC);
      CHECK_FAILS(write(fd, buffer, 0), ENOSPC);
      CHECK_FAILS(writev(fd, vector, 2), ENOSPC);
      CHECK_FAILS(pwrite(fd, buffer, 100, 5), ENOSPC);
    } else {
      CHECK_RETURNS(write(fd, buffer, 100), 100);
      CHECK_RETURNS(write(fd, buffer, 0), 0);
      CHECK_RETURNS(writev(fd, vector, 2), 100);
      CHECK_RETURNS(pwrite(fd, buffer, 100, 5), 100);
    }
    close(fd);
  }
}

TEST_CASE("devices: large random reads fill the buffer with what differs") {
  const int fd = open("/dev/urandom", O_RDONLY);
  REQUIRE_OK(fd);
  std::string first(5000, 0), second(5000, 0);
  CHECK_RETURNS(read(fd, first.data(), first.size()), 5000);
  CHECK_RETURNS(read(fd, second.data(), second.size()), 5000);
  CHECK(first != second);
  CHECK(first.substr(4900) != std::string(100, '\0'));
  close(fd);
}

TEST_CASE("devices: the access mode") {
  for (const Device& device : memory_devices) {
    CAPTURE(device.path);
    char byte = 0;
    int fd = open(device.path, O_RDONLY);
    REQUIRE_OK(fd);
    CHECK_FAILS(write(fd, &byte, 1), EBADF);
    CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
    close(fd);
    fd = open(device.path, O_WRONLY | O_TRUNC | O_APPEND | O_NONBLOCK);
    REQUIRE_OK(fd);
    CHECK_FAILS(read(fd, &byte, 1), EBADF);
    CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_WRONLY | O_APPEND | O_NONBLOCK));
    close(fd);
    fd = open(device.path, O_RDWR | O_CREAT, 0600);
    REQUIRE_OK(fd);
    close(fd);
    CHECK_FAILS(open(device.path, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(open(device.path, O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_OK(access(device.path, R_OK | W_OK));
    CHECK_OK(faccessat(AT_FDCWD, device.path, F_OK, 0));
    CHECK_FAILS(access(device.path, X_OK), EACCES);
    CHECK_FAILS(truncate(device.path, 0), EINVAL);
  }
}

TEST_CASE("devices: positions and what only files have") {
  for (const Device& device : memory_devices) {
    CAPTURE(device.path);
    const int fd = openat(AT_FDCWD, device.path, O_RDWR);
    REQUIRE_OK(fd);
    CHECK_RETURNS(lseek(fd, 100, SEEK_SET), 0);
    CHECK_RETURNS(lseek(fd, 0, SEEK_END), 0);
    CHECK_FAILS(lseek(fd, 0, 99), EINVAL);
    CHECK_FAILS(ftruncate(fd, 0), EINVAL);
    CHECK_FAILS(fsync(fd), EINVAL);
    CHECK_RETURNS(isatty(fd), 0);
    CHECK(errno == (is_random(device) ? EINVAL : ENOTTY));
    int count = 1;
    CHECK_FAILS(ioctl(fd, FIONREAD, &count), is_random(device) ? EINVAL : ENOTTY);
    CHECK_OK(ioctl(fd, FIONBIO, &count));
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK(posix_fallocate(fd, 0, 10) == ENODEV);
    char byte;
    CHECK_FAILS(recv(fd, &byte, 1, 0), ENOTSOCK);
    close(fd);
  }
}

TEST_CASE("devices: poll and epoll") {
  const int set = epoll_create1(0);
  REQUIRE_OK(set);
  for (const Device& device : memory_devices) {
    CAPTURE(device.path);
    const bool random = device.minor == 8;
    const int fd = open(device.path, O_RDWR);
    REQUIRE_OK(fd);
    pollfd entry = {fd, POLLIN | POLLOUT, 0};
    CHECK_RETURNS(poll(&entry, 1, -1), 1);
    CHECK(entry.revents == (random ? POLLIN : POLLIN | POLLOUT));
    epoll_event event = {};
    event.events = EPOLLIN;
    if (random) {
      CHECK_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
    } else {
      CHECK_FAILS(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), EPERM);
    }
    close(fd);
  }
}

TEST_CASE("devices: stdio") {
  FILE* random = fopen("/dev/urandom", "rb");
  REQUIRE(random != nullptr);
  setvbuf(random, nullptr, _IONBF, 0);
  char buffer[32] = {};
  CHECK(fread(buffer, 1, sizeof buffer, random) == sizeof buffer);
  CHECK(std::string(buffer, sizeof buffer) != std::string(sizeof buffer, '\0'));
  CHECK(fclose(random) == 0);

  FILE* null = fopen("/dev/null", "r+");
  REQUIRE(null != nullptr);
  CHECK(fgetc(null) == EOF);
  CHECK(feof(null));
  CHECK(fprintf(null, "%s", "gone") == 4);
  CHECK(fflush(null) == 0);
  CHECK(fclose(null) == 0);

  FILE* full = fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  CHECK(fputs("too much", full) >= 0);
  CHECK(fflush(full) == EOF);
  CHECK(errno == ENOSPC);
  fclose(full);
}

TEST_CASE("devices: freopen and dup2 send output to nowhere") {
  REQUIRE(freopen("/dev/null", "w", stderr) != nullptr);
  CHECK(fileno(stderr) == 2);
  CHECK(fprintf(stderr, "nobody sees this\n") > 0);
  struct stat status = {};
  REQUIRE_OK(fstat(2, &status));
  CHECK(S_ISCHR(status.st_mode));
  CHECK(minor(status.st_rdev) == 3);
  // As daemons do.
  const int fd = open("/dev/null", O_RDWR);
  REQUIRE_OK(fd);
  CHECK_RETURNS(dup2(fd, 0), 0);
  char byte;
  CHECK_RETURNS(read(0, &byte, 1), 0);
  close(fd);
}

TEST_CASE("devices: a terminal isn't there") {
  struct stat status = {};
  REQUIRE_OK(stat("/dev/tty", &status));
  CHECK(S_ISCHR(status.st_mode));
  CHECK(major(status.st_rdev) == 5);
  CHECK_FAILS(open("/dev/tty", O_RDWR), ENXIO);
}

TEST_CASE("devices: one's own descriptors by path") {
  int ends[2];
  REQUIRE_OK(pipe(ends));
  const std::string number = std::to_string(ends[0]);
  for (const std::string& folder : {std::string("/dev/fd/"), std::string("/proc/self/fd/")}) {
    CAPTURE(folder);
    const int other = open((folder + number).c_str(), O_RDONLY);
    REQUIRE_OK(other);
    CHECK(other != ends[0]);
    REQUIRE(write(ends[1], "abc", 3) == 3);
    char buffer[10];
    CHECK_RETURNS(read(other, buffer, sizeof buffer), 3);
    close(other);
    struct stat status = {};
    REQUIRE_OK(stat((folder + number).c_str(), &status));
    CHECK(S_ISFIFO(status.st_mode));
    CHECK_FAILS(open((folder + "77").c_str(), O_RDONLY), ENOENT);
    CHECK_FAILS(stat((folder + "77").c_str(), &status), ENOENT);
    CHECK_FAILS(open((folder + "x").c_str(), O_RDONLY), ENOENT);
    CHECK_FAILS(open((folder + "01").c_str(), O_RDONLY), ENOENT);
  }
  const int standard = open("/dev/stdin", O_RDONLY);
  REQUIRE_OK(standard);
  close(standard);
  const int output = open("/dev/stdout", O_WRONLY);
  REQUIRE_OK(output);
  CHECK_RETURNS(write(output, "", 0), 0);
  close(output);
  const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE_OK(socket_fd);
  CHECK_FAILS(open(("/dev/fd/" + std::to_string(socket_fd)).c_str(), O_RDWR), ENXIO);
  close(socket_fd);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("devices: other names are not there") {
  CHECK_FAILS(open("/dev/nothing-of-that-name", O_RDONLY), ENOENT);
  CHECK_FAILS(access("/dev/nothing-of-that-name", F_OK), ENOENT);
  CHECK_FAILS(open("/dev/nul", O_RDONLY), ENOENT);
  CHECK_FAILS(open("/dev/nulls", O_RDONLY), ENOENT);
  CHECK_FAILS(open("", O_RDONLY), ENOENT);
}

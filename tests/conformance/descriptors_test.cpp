// Sockets and files share one space of descriptor numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/stat.h>

#include <cstdio>
#include <vector>

#include "net.h"

using namespace conformance;

TEST_CASE("descriptors: sockets and files never get the same number") {
  std::vector<Fd> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(tcp(AF_INET));
    all.push_back(open_scratch(("file" + std::to_string(i)).c_str()));
  }
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(int(all[i]) == int(all[i - 1]) + 1);
}

TEST_CASE("descriptors: a file opened between sockets works") {
  Pair p = tcp_pair(AF_INET);
  Fd file = open_scratch("between");
  Pair q = tcp_pair(AF_INET6);
  CHECK_RETURNS(write(file, "content", 7), 7);
  send_all(p.client, "p");
  send_all(q.client, "q");
  CHECK(receive(p.server, 1) == "p");
  CHECK(receive(q.server, 1) == "q");
  CHECK_RETURNS(lseek(file, 0, SEEK_SET), 0);
  char buffer[16];
  CHECK_RETURNS(read(file, buffer, sizeof buffer), 7);
}

TEST_CASE("descriptors: a closed socket's number goes to the next file") {
  Fd a = tcp(AF_INET), b = tcp(AF_INET);
  int free = a;
  a.reset();
  Fd file = open_scratch("file");
  CHECK(int(file) == free);
  CHECK_RETURNS(write(file, "x", 1), 1);
  CHECK_FAILS(send(file, "x", 1, 0), ENOTSOCK);
}

TEST_CASE("descriptors: a closed file's number goes to the next socket") {
  Fd file = open_scratch("file");
  Fd other = open_scratch("other");
  int free = file;
  file.reset();
  Fd fd = udp(AF_INET);
  CHECK(int(fd) == free);
  CHECK_FAILS(lseek(fd, 0, SEEK_SET), ESPIPE);
  CHECK_RETURNS(write(other, "x", 1), 1);
}

TEST_CASE("descriptors: an accepted connection takes the lowest free number") {
  Fd low = open_scratch("file");
  Bound l = listener(AF_INET);
  Fd client = tcp(AF_INET);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  int free = low;
  low.reset();
  Fd server(accept(l.fd, nullptr, nullptr));
  CHECK(int(server) == free);
}

TEST_CASE("descriptors: closing in any order leaves no holes") {
  std::vector<Fd> all;
  for (int i = 0; i < 12; ++i)
    all.push_back(i % 3 == 0 ? open_scratch("same") : i % 3 == 1 ? tcp(AF_INET) : udp(AF_INET6));
  int first = all[0];
  for (std::size_t i : {5u, 0u, 11u, 3u, 8u}) all[i].reset();
  std::vector<int> wanted = {first, first + 3, first + 5, first + 8, first + 11};
  std::vector<Fd> again;
  for (int number : wanted) {
    again.push_back(number % 2 == 0 ? tcp(AF_INET) : open_scratch("new"));
    CHECK(int(again.back()) == number);
  }
}

TEST_CASE("descriptors: files work by every call while numbers interleave") {
  std::vector<Fd> sockets;
  for (int i = 0; i < 5; ++i) sockets.push_back(tcp(AF_INET));
  sockets[1].reset();
  sockets[3].reset();
  Fd a = open_scratch("a"), b = open_scratch("b");
  CHECK_RETURNS(write(a, "first", 5), 5);
  CHECK_RETURNS(pwrite(b, "second", 6, 0), 6);
  CHECK_OK(ftruncate(a, 3));
  CHECK_OK(fsync(a));
  struct stat info{};
  REQUIRE_OK(fstat(a, &info));
  CHECK(S_ISREG(info.st_mode));
  CHECK(info.st_size == 3);
  char buffer[8];
  CHECK_RETURNS(pread(b, buffer, sizeof buffer, 1), 5);
  CHECK(std::string(buffer, 5) == "econd");
}

TEST_CASE("descriptors: stdio on files goes on while sockets come and go") {
  FILE* file = std::fopen(scratch("stdio").c_str(), "w+");
  REQUIRE(file != nullptr);
  for (int i = 0; i < 50; ++i) {
    Pair p = tcp_pair(AF_INET);
    CHECK(std::fprintf(file, "%d\n", i) > 0);
    send_all(p.client, "x");
    REQUIRE(receive(p.server, 1) == "x");
  }
  std::rewind(file);
  int number = -1, lines = 0;
  while (std::fscanf(file, "%d", &number) == 1 && number == lines) ++lines;
  CHECK(lines == 50);
  CHECK(std::fclose(file) == 0);
}

TEST_CASE("descriptors: fstat of a socket says S_IFSOCK") {
  struct stat info{};
  Fd t = tcp(AF_INET), u = udp(AF_INET6);
  REQUIRE_OK(fstat(t, &info));
  CHECK(S_ISSOCK(info.st_mode));
  REQUIRE_OK(fstat(u, &info));
  CHECK(S_ISSOCK(info.st_mode));
}

TEST_CASE("descriptors: a socket has no offset") {
  Pair p = tcp_pair(AF_INET);
  char byte;
  CHECK_FAILS(lseek(p.client, 0, SEEK_CUR), ESPIPE);
  CHECK_FAILS(pread(p.client, &byte, 1, 0), ESPIPE);
  CHECK_FAILS(pwrite(p.client, "x", 1, 0), ESPIPE);
}

TEST_CASE("descriptors: a socket is no terminal") {
  Fd fd = tcp(AF_INET);
  errno = 0;
  CHECK(isatty(fd) == 0);
  CHECK(errno_name(errno) == "ENOTTY");
}

TEST_CASE("descriptors: ftruncate and fsync of a socket give EINVAL") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(ftruncate(fd, 0), EINVAL);
  CHECK_FAILS(fsync(fd), EINVAL);
}

TEST_CASE("descriptors: close twice gives EBADF") {
  Fd fd = tcp(AF_INET);
  int number = fd.release();
  CHECK_OK(close(number));
  CHECK_FAILS(close(number), EBADF);
  CHECK_FAILS(close(-1), EBADF);
  CHECK_FAILS(close(100000), EBADF);
}

TEST_CASE("descriptors: closing all numbers in a loop, then starting afresh") {
  std::vector<int> numbers;
  for (int i = 0; i < 10; ++i) numbers.push_back(i % 2 == 0 ? tcp(AF_INET).release() : udp(AF_INET).release());
  for (int number = numbers.front(); number < 256; ++number) close(number);
  for (int number : numbers) CHECK_FAILS(fcntl(number, F_GETFD), EBADF);
  Fd fd = tcp(AF_INET);
  CHECK(int(fd) == numbers.front());
}

TEST_CASE("descriptors: stdin can be closed and its number used by a socket") {
  REQUIRE_OK(close(0));
  Fd fd = tcp(AF_INET);
  CHECK(int(fd) == 0);
  Bound l = listener(AF_INET);
  CHECK_OK(connect(fd, l.address.get(), l.address.length));
}

TEST_CASE("descriptors: 300 sockets and 100 files at once") {
  // On wasm32-wasi the preview1 adapter ends at 128 files.
  std::vector<Fd> sockets, files;
  for (int i = 0; i < 300; ++i) {
    sockets.push_back(udp(AF_INET));
    if (i % 3 == 0) files.push_back(open_scratch("shared", O_RDWR | O_CREAT));
  }
  int wrong = 0;
  struct stat info{};
  for (const Fd& fd : sockets) wrong += fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode);
  for (const Fd& fd : files) wrong += fstat(fd, &info) != 0 || !S_ISREG(info.st_mode);
  CHECK(wrong == 0);
  CHECK(files.size() == 100);
}

TEST_CASE("descriptors: flags that name no access mode open for reading") {
  Fd made(open(scratch("file").c_str(), O_CREAT | O_TRUNC, 0600));
  REQUIRE(made >= 0);
  Fd file(open(scratch("file").c_str(), 0));
  REQUIRE(file >= 0);
  CHECK((fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK_FAILS(write(file, "x", 1), EBADF);
  char byte;
  CHECK_RETURNS(read(file, &byte, 1), 0);
  CHECK_FAILS(open(scratch("none").c_str(), 0), ENOENT);
}

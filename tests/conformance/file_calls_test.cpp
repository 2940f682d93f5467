// Calls for files on sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "net.h"

using namespace conformance;

FAMILY_CASE("file calls: positions") {
  Pair stream = tcp_pair(family), datagram = udp_pair(family);
  char byte = 0;
  iovec piece = {&byte, 1};
  for (int fd : {static_cast<int>(stream.client), static_cast<int>(datagram.client)}) {
    for (int whence : {SEEK_SET, SEEK_CUR, SEEK_END}) CHECK_FAILS(lseek(fd, 0, whence), ESPIPE);
    CHECK_FAILS(lseek(fd, 0, 99), EINVAL);
    CHECK_FAILS(lseek(fd, 0, -1), EINVAL);
    CHECK_FAILS(pread(fd, &byte, 1, 0), ESPIPE);
    CHECK_FAILS(pread(fd, &byte, 1, -1), EINVAL);
    CHECK_FAILS(pread(fd, &byte, 0, 0), ESPIPE);
    CHECK_FAILS(pwrite(fd, &byte, 1, 0), ESPIPE);
    CHECK_FAILS(pwrite(fd, &byte, 1, -1), EINVAL);
    CHECK_FAILS(preadv(fd, &piece, 1, 0), ESPIPE);
    CHECK_FAILS(pwritev(fd, &piece, 1, 0), ESPIPE);
  }
  CHECK_FAILS(recv(stream.server, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

FAMILY_CASE("file calls: sizes and stores") {
  Pair p = tcp_pair(family);
  CHECK_FAILS(ftruncate(p.client, 0), EINVAL);
  CHECK_FAILS(ftruncate(p.client, -1), EINVAL);
  CHECK_FAILS(fsync(p.client), EINVAL);
  CHECK_FAILS(fdatasync(p.client), EINVAL);
  CHECK(posix_fadvise(p.client, 0, 0, POSIX_FADV_NORMAL) == 0);
}

FAMILY_CASE("file calls: the mode can be changed") {
  Pair p = tcp_pair(family);
  struct stat before, after, other;
  REQUIRE_OK(fstat(p.client, &before));
  CHECK(S_ISSOCK(before.st_mode));
  CHECK((before.st_mode & 07777) == 0777);
  REQUIRE_OK(fchmod(p.client, 0640));
  REQUIRE_OK(fstat(p.client, &after));
  CHECK(S_ISSOCK(after.st_mode));
  CHECK((after.st_mode & 07777) == 0640);
  REQUIRE_OK(fstat(p.server, &other));
  CHECK((other.st_mode & 07777) == 0777);
  CHECK(before.st_ino == after.st_ino);
  CHECK(before.st_ino != other.st_ino);
}

FAMILY_CASE("file calls: times can be set") {
  Pair p = tcp_pair(family);
  CHECK_OK(futimens(p.client, nullptr));
}

TEST_CASE("file calls: fchmod of a bad descriptor") { CHECK_FAILS(fchmod(-1, 0600), EBADF); }

FAMILY_CASE("file calls: a socket is no terminal") {
  Pair p = tcp_pair(family);
  errno = 0;
  CHECK(isatty(p.client) == 0);
  CHECK(errno == ENOTTY);
}

FAMILY_CASE("file calls: nobody is told of input") {
  Pair p = tcp_pair(family);
  int on = 1, off = 0;
  CHECK_RETURNS(fcntl(p.client, F_GETOWN), 0);
  CHECK_OK(ioctl(p.client, FIOASYNC, &on));
  send_all(p.server, "quiet");
  CHECK(readable(p.client));
  CHECK_OK(ioctl(p.client, FIOASYNC, &off));
  CHECK_FAILS(ioctl(p.client, FIOASYNC, nullptr), EFAULT);
}

FAMILY_CASE("file calls: stdio over two descriptors of one socket") {
  Pair p = tcp_pair(family);
  FILE* in = fdopen(dup(p.client), "r");
  FILE* out = fdopen(p.client.release(), "w");
  REQUIRE(in != nullptr);
  REQUIRE(out != nullptr);
  fprintf(out, "request\n");
  CHECK_RETURNS(fclose(out), 0);
  CHECK(receive(p.server, 8) == "request\n");
  // The connection lives: a descriptor is left.
  CHECK(wait_for(p.server, POLLIN, 20) == 0);
  send_all(p.server, "answer\nrest");
  char line[32];
  REQUIRE(fgets(line, sizeof line, in) != nullptr);
  CHECK(std::string(line) == "answer\n");
  CHECK(fgetc(in) == 'r');
  CHECK_RETURNS(fclose(in), 0);
  // What stdio had read ahead was read.
  CHECK(receive_to_end(p.server).empty());
}

FAMILY_CASE("file calls: stdio on a non-blocking socket says so and can go on") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.client);
  FILE* in = fdopen(p.client.release(), "r");
  REQUIRE(in != nullptr);
  errno = 0;
  CHECK(fgetc(in) == EOF);
  CHECK(errno == EAGAIN);
  CHECK(ferror(in) != 0);
  CHECK(feof(in) == 0);
  clearerr(in);
  send_all(p.server, "k");
  REQUIRE(readable(fileno(in)));
  CHECK(fgetc(in) == 'k');
  fclose(in);
}

FAMILY_CASE("file calls: ftell and fseek of a socket's stream") {
  Pair p = tcp_pair(family);
  FILE* file = fdopen(p.client.release(), "r+");
  REQUIRE(file != nullptr);
  CHECK_FAILS(ftell(file), ESPIPE);
  CHECK_FAILS(fseek(file, 0, SEEK_SET), ESPIPE);
  fclose(file);
}

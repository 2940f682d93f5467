// Who a descriptor's signals would go to, the urgent mark that is never reached, and kinds of descriptors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <cerrno>
#include <climits>

#include "local.h"
#include "net.h"

using namespace conformance;

namespace {

int owner_by_ioctl(int fd, unsigned long request) {
  int owner = 12345;
  return ioctl(fd, request, &owner) == 0 ? owner : -errno;
}

}  // namespace

FAMILY_CASE("owner: F_SETOWN is kept, a process or a group") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(fcntl(p.client, F_GETOWN), 0);
  CHECK_OK(fcntl(p.client, F_SETOWN, getpid()));
  CHECK(fcntl(p.client, F_GETOWN) == getpid());
  CHECK(owner_by_ioctl(p.client, FIOGETOWN) == getpid());
  CHECK(owner_by_ioctl(p.client, SIOCGPGRP) == getpid());
  CHECK_RETURNS(fcntl(p.server, F_GETOWN), 0);
  CHECK_OK(fcntl(p.client, F_SETOWN, -getpgrp()));
  CHECK(owner_by_ioctl(p.client, FIOGETOWN) == -getpgrp());
  CHECK_OK(fcntl(p.client, F_SETOWN, 0));
  CHECK_RETURNS(fcntl(p.client, F_GETOWN), 0);
}

TEST_CASE("owner: the ioctls set it, too") {
  Fd fd = udp(AF_INET);
  int owner = getpid();
  CHECK_OK(ioctl(fd, FIOSETOWN, &owner));
  CHECK(fcntl(fd, F_GETOWN) == getpid());
  owner = 0;
  CHECK_OK(ioctl(fd, SIOCSPGRP, &owner));
  CHECK_RETURNS(fcntl(fd, F_GETOWN), 0);
  CHECK_FAILS(ioctl(fd, FIOSETOWN, nullptr), EFAULT);
  CHECK_FAILS(ioctl(fd, FIOGETOWN, nullptr), EFAULT);
}

TEST_CASE("owner: one that isn't there is refused") {
  Fd fd = tcp(AF_INET);
  CHECK_OK(fcntl(fd, F_SETOWN, getpid()));
  int nobody = 99999999;
  CHECK_FAILS(fcntl(fd, F_SETOWN, nobody), ESRCH);
  CHECK_FAILS(fcntl(fd, F_SETOWN, -nobody), ESRCH);
  CHECK_FAILS(fcntl(fd, F_SETOWN, INT_MIN), EINVAL);
  CHECK_FAILS(ioctl(fd, SIOCSPGRP, &nobody), ESRCH);
  CHECK(fcntl(fd, F_GETOWN) == getpid());
}

TEST_CASE("owner: pipes and event counters have one, and no ioctl for it") {
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]}, counter{eventfd(0, 0)};
  for (int fd : {int(reader), int(writer), int(counter)}) {
    CHECK_RETURNS(fcntl(fd, F_GETOWN), 0);
    CHECK_OK(fcntl(fd, F_SETOWN, getpid()));
    CHECK(fcntl(fd, F_GETOWN) == getpid());
    int owner;
    CHECK_FAILS(ioctl(fd, FIOGETOWN, &owner), ENOTTY);
  }
}

TEST_CASE("owner: duplicates share it") {
  Fd fd = tcp(AF_INET);
  Fd copy{dup(fd)};
  CHECK_OK(fcntl(copy, F_SETOWN, getpid()));
  CHECK(fcntl(fd, F_GETOWN) == getpid());
}

TEST_CASE("owner: F_SETSIG is kept") {
  Fd fd = udp(AF_INET);
  CHECK_RETURNS(fcntl(fd, F_GETSIG), 0);
  CHECK_OK(fcntl(fd, F_SETSIG, 64));
  CHECK_RETURNS(fcntl(fd, F_GETSIG), 64);
  CHECK_FAILS(fcntl(fd, F_SETSIG, 65), EINVAL);
  CHECK_FAILS(fcntl(fd, F_SETSIG, -1), EINVAL);
  CHECK_OK(fcntl(fd, F_SETSIG, 0));
  CHECK_RETURNS(fcntl(fd, F_GETSIG), 0);
}

FAMILY_CASE("urgent: without urgent data no mark is reached") {
  Pair p = tcp_pair(family);
  send_all(p.client, "plain");
  REQUIRE(readable(p.server));
  CHECK_RETURNS(sockatmark(p.server), 0);
  int mark = 7;
  CHECK_OK(ioctl(p.server, SIOCATMARK, &mark));
  CHECK(mark == 0);
  CHECK_FAILS(ioctl(p.server, SIOCATMARK, nullptr), EFAULT);
  CHECK_RETURNS(sockatmark(tcp(family)), 0);
}

TEST_CASE("urgent: who has no mark") {
  CHECK_FAILS(sockatmark(udp(AF_INET)), ENOTTY);
  CHECK_FAILS(sockatmark(-1), EBADF);
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]};
  CHECK_FAILS(sockatmark(reader), ENOTTY);
  Pair stream = local_pair(SOCK_STREAM), datagrams = local_pair(SOCK_DGRAM), packets = local_pair(SOCK_SEQPACKET);
  CHECK_RETURNS(sockatmark(stream.client), 0);
  CHECK_FAILS(sockatmark(datagrams.client), EOPNOTSUPP);
  CHECK_FAILS(sockatmark(packets.client), EOPNOTSUPP);
}

TEST_CASE("descriptor type: isfdtype tells sockets, pipes and files apart") {
  Fd fd = tcp(AF_INET);
  CHECK_RETURNS(isfdtype(fd, S_IFSOCK), 1);
  CHECK_RETURNS(isfdtype(fd, S_IFREG), 0);
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]};
  CHECK_RETURNS(isfdtype(reader, S_IFIFO), 1);
  CHECK_RETURNS(isfdtype(reader, S_IFSOCK), 0);
}

TEST_CASE("descriptor type: sockets and pipes are the program's own") {
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]}, fd = tcp(AF_INET), local{socket(AF_UNIX, SOCK_STREAM, 0)};
  for (int number : {int(reader), int(fd), int(local)}) {
    struct stat status;
    REQUIRE_OK(fstat(number, &status));
    CHECK(status.st_uid == getuid());
    CHECK(status.st_gid == getgid());
  }
}

TEST_CASE("descriptor type: what a pipe takes as a whole") {
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]};
  CHECK_RETURNS(fpathconf(reader, _PC_PIPE_BUF), 4096);
}

TEST_CASE("descriptor type: the wrong end says so before it looks at the buffers") {
  int ends[2];
  REQUIRE_OK(pipe(ends));
  Fd reader{ends[0]}, writer{ends[1]};
  char byte = 0;
  const iovec bad = {&byte, static_cast<std::size_t>(-1)};
  CHECK_FAILS(writev(reader, &bad, 1), EBADF);
  CHECK_FAILS(readv(writer, &bad, 1), EBADF);
  CHECK_FAILS(writev(reader, &bad, 0), EBADF);
  CHECK_FAILS(readv(writer, &bad, 0), EBADF);
  CHECK_FAILS(writev(writer, &bad, 1), EINVAL);
  CHECK_FAILS(readv(reader, &bad, 1), EINVAL);
}

TEST_CASE("descriptor type: a socket is no directory, and lies in a file system") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(fchdir(fd), ENOTDIR);
  CHECK_OK(syncfs(fd));
  CHECK_FAILS(fchdir(-1), EBADF);
  CHECK_FAILS(syncfs(-1), EBADF);
}

TEST_CASE("restart: TEMP_FAILURE_RETRY gives the call's result") {
  Pair p = tcp_pair(AF_INET);
  CHECK(TEMP_FAILURE_RETRY(write(p.client, "abc", 3)) == 3);
  CHECK(TEMP_FAILURE_RETRY(write(-1, "abc", 3)) == -1);
  CHECK(errno == EBADF);
}

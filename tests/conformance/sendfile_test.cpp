// sendfile from files to sockets and files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/sendfile.h>

#include "peer.h"

using namespace conformance;

namespace {

Fd file_with(const std::string& data) {
  Fd file = open_scratch("source");
  REQUIRE_RETURNS(pwrite(file, data.data(), data.size(), 0), static_cast<long long>(data.size()));
  return file;
}

}  // namespace

FAMILY_CASE("sendfile: sends from an offset, which it moves, and leaves the file's own alone") {
  Pair p = tcp_pair(family);
  Fd file = file_with("0123456789");
  off_t offset = 3;
  CHECK_RETURNS(sendfile(p.client, file, &offset, 4), 4);
  CHECK(offset == 7);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 0);
  CHECK(receive(p.server, 4) == "3456");
}

FAMILY_CASE("sendfile: without an offset moves the file's own") {
  Pair p = tcp_pair(family);
  Fd file = file_with("0123456789");
  REQUIRE_RETURNS(lseek(file, 2, SEEK_SET), 2);
  CHECK_RETURNS(sendfile(p.client, file, nullptr, 5), 5);
  CHECK_RETURNS(lseek(file, 0, SEEK_CUR), 7);
  CHECK(receive(p.server, 5) == "23456");
}

FAMILY_CASE("sendfile: ends at the end of the file") {
  Pair p = tcp_pair(family);
  Fd file = file_with("short");
  off_t offset = 0;
  CHECK_RETURNS(sendfile(p.client, file, &offset, 1000), 5);
  CHECK_RETURNS(sendfile(p.client, file, &offset, 1000), 0);
  offset = 100;
  CHECK_RETURNS(sendfile(p.client, file, &offset, 1000), 0);
  CHECK(offset == 100);
  CHECK(receive(p.server, 5) == "short");
}

FAMILY_CASE("sendfile: two megabytes to a peer outside") {
  Peer peer;
  Address address = peer.listen(family);
  peer.begin("accept; recv 2000000; eof");
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  Fd file = file_with(pattern(0, 2000000));
  off_t offset = 0;
  while (offset < 2000000) REQUIRE_OK(sendfile(fd, file, &offset, static_cast<std::size_t>(2000000 - offset)));
  fd.reset();
  peer.finish();
}

FAMILY_CASE("sendfile: a full non-blocking socket takes a part, then gives EAGAIN") {
  Pair p = small_tcp_pair(family);
  set_nonblocking(p.client);
  Fd file = file_with(pattern(0, 3000000));
  off_t offset = 0;
  long long n = 0;
  for (int i = 0; i < 1000 && (n = sendfile(p.client, file, &offset, 3000000)) > 0; ++i) {
  }
  CHECK_FAILS(n, EAGAIN);
  const off_t before = offset;
  CHECK(before > 0);
  CHECK(before < 3000000);
  CHECK(receive(p.server, static_cast<std::size_t>(before)) == pattern(0, static_cast<std::size_t>(before)));
}

FAMILY_CASE("sendfile: errors") {
  Pair p = tcp_pair(family);
  Fd file = file_with("0123456789");
  off_t offset = -1;
  CHECK_FAILS(sendfile(p.client, file, &offset, 4), EINVAL);
  CHECK_FAILS(sendfile(-1, file, nullptr, 4), EBADF);
  CHECK_FAILS(sendfile(p.client, -1, nullptr, 4), EBADF);
  Fd fresh = tcp(family);
  CHECK_FAILS(sendfile(fresh, file, nullptr, 4), EPIPE);
  CHECK_FAILS(sendfile(p.client, p.server, nullptr, 4), EINVAL);
}

TEST_CASE("sendfile: from a file to a file") {
  Fd file = file_with("copied");
  Fd target = open_scratch("target");
  CHECK_RETURNS(sendfile(target, file, nullptr, 100), 6);
  char buffer[8];
  CHECK_RETURNS(pread(target, buffer, sizeof buffer, 0), 6);
  CHECK(std::string(buffer, 6) == "copied");
}

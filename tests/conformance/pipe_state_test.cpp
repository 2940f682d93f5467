// pipe(): poll, flags, sizes, fstat and what a pipe can't do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/select.h>

#include "local.h"

using namespace conformance;

TEST_CASE("pipe: poll of an idle one") {
  Pipe p = make_pipe();
  CHECK(state_of(p.reader) == 0);
  CHECK(state_of(p.writer) == POLLOUT);
}

TEST_CASE("pipe: poll sees data, and that it is gone") {
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  CHECK(state_of(p.reader) == POLLIN);
  CHECK(read_some(p.reader, 5) == "x");
  CHECK(state_of(p.reader) == 0);
}

TEST_CASE("pipe: poll of the reader when the writer is gone") {
  Pipe p = make_pipe();
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  p.writer.reset();
  CHECK(state_of(p.reader) == (POLLIN | POLLHUP));
  CHECK(read_some(p.reader, 5) == "x");
  CHECK(state_of(p.reader) == POLLHUP);
  CHECK(wait_for(p.reader, 0, 0) == POLLHUP);
}

TEST_CASE("pipe: poll of the writer when the reader is gone") {
  Pipe p = make_pipe();
  p.reader.reset();
  CHECK(state_of(p.writer) == (POLLOUT | POLLERR));
  CHECK(wait_for(p.writer, 0, 0) == POLLERR);
}

TEST_CASE("pipe: poll of a full one") {
  Pipe p = make_pipe(O_NONBLOCK);
  const std::string data = pattern(0, 65536);
  REQUIRE_RETURNS(write(p.writer, data.data(), data.size()), 65536);
  CHECK(state_of(p.writer) == 0);
  CHECK(wait_for(p.writer, POLLOUT, 20) == 0);
  p.reader.reset();
  CHECK(state_of(p.writer) == POLLERR);
}

TEST_CASE("pipe: poll waits no longer than asked") {
  Pipe p = make_pipe();
  Stopwatch time;
  CHECK(wait_for(p.reader, POLLIN, 60) == 0);
  CHECK(time.elapsed() >= 59);
  CHECK(time.elapsed() < 5000);
}

TEST_CASE("pipe: one poll of a pipe and a socket") {
  Pipe p = make_pipe();
  Pair t = tcp_pair(AF_INET);
  pollfd entries[2] = {{p.reader, POLLIN, 0}, {t.server, POLLIN, 0}};
  send_all(t.client, "tcp");
  REQUIRE_RETURNS(poll(entries, 2, 8000), 1);
  CHECK(entries[0].revents == 0);
  CHECK(entries[1].revents == POLLIN);
  REQUIRE_RETURNS(write(p.writer, "x", 1), 1);
  REQUIRE_RETURNS(poll(entries, 2, 8000), 2);
  CHECK(entries[0].revents == POLLIN);
}

TEST_CASE("pipe: select sees both ends") {
  Pipe p = make_pipe();
  fd_set readable, writable;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_SET(p.reader, &readable);
  FD_SET(p.writer, &writable);
  timeval zero{};
  CHECK_RETURNS(select(64, &readable, &writable, nullptr, &zero), 1);
  CHECK(!FD_ISSET(p.reader, &readable));
  CHECK(FD_ISSET(p.writer, &writable));
  p.writer.reset();
  FD_ZERO(&readable);
  FD_SET(p.reader, &readable);
  CHECK_RETURNS(select(64, &readable, nullptr, nullptr, &zero), 1);
  CHECK(FD_ISSET(p.reader, &readable));
}

TEST_CASE("pipe: O_NONBLOCK belongs to one end") {
  Pipe p = make_pipe();
  set_nonblocking(p.reader);
  CHECK((fcntl(p.reader, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(p.writer, F_GETFL) & O_NONBLOCK) == 0);
  CHECK((fcntl(p.reader, F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK((fcntl(p.writer, F_GETFL) & O_ACCMODE) == O_WRONLY);
}

TEST_CASE("pipe: pipe2 sets O_NONBLOCK on both ends") {
  Pipe p = make_pipe(O_NONBLOCK);
  CHECK((fcntl(p.reader, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(p.writer, F_GETFL) & O_NONBLOCK) != 0);
  CHECK_RETURNS(fcntl(p.reader, F_GETFD), 0);
}

TEST_CASE("pipe: pipe2 refuses unknown flags") {
  int ends[2];
  CHECK_FAILS(pipe2(ends, O_CREAT), EINVAL);
  CHECK_FAILS(pipe2(ends, -1), EINVAL);
}

TEST_CASE("pipe: FIONREAD counts the bytes, at both ends") {
  Pipe p = make_pipe();
  CHECK(available(p.reader) == 0);
  REQUIRE_RETURNS(write(p.writer, "12345", 5), 5);
  CHECK(available(p.reader) == 5);
  CHECK(available(p.writer) == 5);
  CHECK(read_some(p.reader, 2) == "12");
  CHECK(available(p.reader) == 3);
}

TEST_CASE("pipe: fstat says S_IFIFO") {
  Pipe p = make_pipe();
  struct stat a{}, b{};
  REQUIRE_OK(fstat(p.reader, &a));
  REQUIRE_OK(fstat(p.writer, &b));
  CHECK(S_ISFIFO(a.st_mode));
  CHECK((a.st_mode & 0777) == 0600);
  CHECK(a.st_ino == b.st_ino);
  CHECK(a.st_size == 0);
  Pipe other = make_pipe();
  REQUIRE_OK(fstat(other.reader, &b));
  CHECK(a.st_ino != b.st_ino);
}

TEST_CASE("pipe: can't be sought in, is no socket and no terminal") {
  Pipe p = make_pipe();
  char byte;
  CHECK_FAILS(lseek(p.reader, 0, SEEK_CUR), ESPIPE);
  CHECK_FAILS(lseek(p.writer, 0, SEEK_SET), ESPIPE);
  CHECK_FAILS(pread(p.reader, &byte, 1, 0), ESPIPE);
  CHECK_FAILS(pwrite(p.writer, "x", 1, 0), ESPIPE);
  CHECK_FAILS(ftruncate(p.writer, 0), EINVAL);
  CHECK_FAILS(fsync(p.writer), EINVAL);
  CHECK_FAILS(send(p.writer, "x", 1, 0), ENOTSOCK);
  CHECK_FAILS(recv(p.reader, &byte, 1, 0), ENOTSOCK);
  CHECK_FAILS(shutdown(p.writer, SHUT_WR), ENOTSOCK);
  CHECK_RETURNS(isatty(p.reader), 0);
}

TEST_CASE("pipe: F_GETPIPE_SZ and F_SETPIPE_SZ") {
  Pipe p = make_pipe(O_NONBLOCK);
  CHECK_RETURNS(fcntl(p.reader, F_GETPIPE_SZ), 65536);
  CHECK_RETURNS(fcntl(p.writer, F_SETPIPE_SZ, 5000), 8192);
  CHECK_RETURNS(fcntl(p.reader, F_GETPIPE_SZ), 8192);
  const std::string data = pattern(0, 10000);
  CHECK_RETURNS(write(p.writer, data.data(), data.size()), 8192);
  CHECK_FAILS(fcntl(p.writer, F_SETPIPE_SZ, 4096), EBUSY);
  CHECK_RETURNS(fcntl(p.writer, F_SETPIPE_SZ, 131072), 131072);
  CHECK_RETURNS(write(p.writer, data.data() + 8192, 1808), 1808);
  CHECK(read_some(p.reader, 20000) == data);
  CHECK_RETURNS(fcntl(p.writer, F_SETPIPE_SZ, 1), 4096);
  CHECK_RETURNS(fcntl(p.writer, F_SETPIPE_SZ, 0), 4096);
}

TEST_CASE("pipe: F_GETPIPE_SZ of something else gives EBADF") {
  Fd fd = tcp(AF_INET);
  CHECK_FAILS(fcntl(fd, F_GETPIPE_SZ), EBADF);
  CHECK_FAILS(fcntl(fd, F_SETPIPE_SZ, 4096), EBADF);
}

TEST_CASE("pipe: stdio over it") {
  Pipe p = make_pipe();
  FILE* out = fdopen(p.writer.release(), "w");
  REQUIRE(out != nullptr);
  CHECK(std::fprintf(out, "line %d\nand more", 1) == 15);
  CHECK(available(p.reader) == 0);
  CHECK(std::fclose(out) == 0);
  FILE* in = fdopen(p.reader.release(), "r");
  REQUIRE(in != nullptr);
  char line[32];
  REQUIRE(std::fgets(line, sizeof line, in) != nullptr);
  CHECK(std::string(line) == "line 1\n");
  REQUIRE(std::fgets(line, sizeof line, in) != nullptr);
  CHECK(std::string(line) == "and more");
  CHECK(std::fgets(line, sizeof line, in) == nullptr);
  CHECK(std::feof(in) != 0);
  std::fclose(in);
}

TEST_CASE("pipe: one as stdout") {
  Pipe p = make_pipe();
  Fd keep(dup(1));
  REQUIRE_RETURNS(dup2(p.writer, 1), 1);
  ssize_t written = write(1, "out", 3);
  REQUIRE_RETURNS(dup2(keep, 1), 1);
  CHECK(written == 3);
  CHECK(read_some(p.reader, 8) == "out");
}

TEST_CASE("pipe: many of them") {
  std::vector<Pipe> pipes;
  for (int i = 0; i < 200; ++i) pipes.push_back(make_pipe(O_NONBLOCK));
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    REQUIRE_RETURNS(write(pipes[i].writer, number.data(), number.size()), static_cast<long>(number.size()));
  }
  int wrong = 0;
  for (int i = 0; i < 200; ++i) wrong += read_some(pipes[i].reader, 10) != std::to_string(i);
  CHECK(wrong == 0);
}

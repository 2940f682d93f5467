// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptor numbers: lowest first, shared with libc's files, duplicated and closed in every order, to the limit.
#include "fd/limits.h"
#include "scene.h"

namespace {

int open_file(const char* name) { return guest::openat(AT_FDCWD, name, O_CREAT | O_RDWR, 0600); }

}  // namespace

TEST_CASE("fd: sockets and files take the lowest free numbers in turns") {
  Scene scene;
  const int first = tcp();
  CHECK(first == 4);  // behind the preopened directory
  CHECK(open_file("a") == 5);
  CHECK(udp() == 6);
  guest::close(5);
  guest::close(4);
  CHECK(open_file("b") == 4);
  CHECK(tcp() == 5);
  CHECK(guest::dup(6) == 7);
}

TEST_CASE("fd: files opened before the first socket keep their numbers") {
  Scene scene;
  const int file = open_file("a");
  CHECK(file == 4);
  CHECK_THAT(guest::write(file, "abc", 3), Returns(3));
  CHECK(tcp() == 5);
  CHECK_THAT(guest::write(file, "def", 3), Returns(3));
  CHECK(*fake::libc().files["a"] == "abcdef");
}

TEST_CASE("fd: libc's numbers and the program's differ without anybody noticing") {
  Scene scene;
  const int socket = tcp();
  const int file = open_file("a");  // libc's 4
  CHECK(file == 5);
  CHECK_THAT(guest::write(file, "abc", 3), Returns(3));
  CHECK_THAT(guest::lseek(file, 0, SEEK_SET), Returns(0));
  char buffer[3];
  CHECK_THAT(guest::read(file, buffer, 3), Returns(3));
  const iovec vector[] = {{buffer, 1}, {buffer, 2}};
  CHECK_THAT(guest::writev(file, vector, 2), Returns(3));
  struct stat status;
  CHECK_THAT(guest::fstat(file, &status), Returns(0));
  CHECK(status.st_size == 6);
  CHECK(S_ISREG(status.st_mode));
  CHECK_THAT(guest::fstat(socket, &status), Returns(0));
  CHECK(S_ISSOCK(status.st_mode));
  CHECK_THAT(guest::lseek(socket, 0, SEEK_CUR), Fails(ESPIPE));
  CHECK_THAT(guest::lseek(99, 0, SEEK_CUR), Fails(EBADF));
  CHECK_THAT(guest::close(file), Returns(0));
  CHECK(fake::libc().open.size() == 4);
}

TEST_CASE("fd: a duplicated file is closed in libc by its last number") {
  Scene scene;
  const int file = open_file("a");
  const int copy = guest::dup(file);
  REQUIRE(copy > file);
  CHECK_THAT(guest::write(file, "one", 3), Returns(3));
  guest::close(file);
  CHECK_THAT(guest::write(copy, "two", 3), Returns(3));
  CHECK(*fake::libc().files["a"] == "onetwo");
  guest::close(copy);
  CHECK(fake::libc().open.size() == 4);
}

TEST_CASE("fd: dup2 of a socket onto standard output and back") {
  Scene scene;
  auto [number, peer] = connected();
  const int saved = guest::dup(1);
  REQUIRE(saved > 2);
  CHECK_THAT(guest::dup2(number, 1), Returns(1));
  CHECK_THAT(guest::write(1, "to the peer", 11), Returns(11));
  CHECK(peer->received() == "to the peer");
  CHECK_THAT(guest::dup2(saved, 1), Returns(1));
  CHECK_THAT(guest::write(1, "to the file", 11), Returns(11));
  CHECK(peer->received() == "to the peer");
  CHECK(fake::libc().open[1].content->ends_with("to the file"));
  guest::close(saved);
}

TEST_CASE("fd: dup2 onto itself, dup3 and fcntl follow Linux") {
  Scene scene;
  const int number = tcp();
  CHECK_THAT(guest::dup2(number, number), Returns(number));
  CHECK_THAT(guest::dup2(99, 99), Fails(EBADF));
  CHECK_THAT(guest::dup3(number, number, 0), Fails(EINVAL));
  CHECK_THAT(guest::dup2(number, -1), Fails(EBADF));
  CHECK_THAT(guest::dup2(number, descriptor_limit), Fails(EBADF));
  CHECK_THAT(guest::fcntl(number, F_DUPFD, 50), Returns(50));
  CHECK_THAT(guest::fcntl(number, F_DUPFD, 50), Returns(51));
  CHECK_THAT(guest::fcntl(number, F_DUPFD, -1), Fails(EINVAL));
  CHECK_THAT(guest::fcntl(number, F_DUPFD, descriptor_limit), Fails(EINVAL));
  CHECK_THAT(guest::dup3(number, 60, O_CLOEXEC), Returns(60));
  CHECK(guest::fcntl(60, F_GETFD, 0) == FD_CLOEXEC);
  CHECK(guest::fcntl(number, F_GETFD, 0) == 0);
}

TEST_CASE("fd: duplicates share status flags, not close-on-exec") {
  Scene scene;
  const int number = tcp();
  const int copy = guest::dup(number);
  REQUIRE(guest::fcntl(number, F_SETFL, O_NONBLOCK) == 0);
  CHECK((guest::fcntl(copy, F_GETFL, 0) & O_NONBLOCK) != 0);
  REQUIRE(guest::fcntl(number, F_SETFD, FD_CLOEXEC) == 0);
  CHECK(guest::fcntl(copy, F_GETFD, 0) == 0);
}

TEST_CASE("fd: closing duplicates in any order ends the connection with the last") {
  const auto order = GENERATE(std::vector<int>{0, 1, 2}, std::vector<int>{2, 1, 0}, std::vector<int>{1, 2, 0});
  Scene scene;
  auto [number, peer] = connected();
  const int numbers[] = {number, guest::dup(number), guest::fcntl(number, F_DUPFD, 40)};
  for (size_t i = 0; i < 3; ++i) {
    CHECK_FALSE(peer->closed);
    CHECK_THAT(guest::close(numbers[order[i]]), Returns(0));
  }
  CHECK(peer->closed);
}

TEST_CASE("fd: EMFILE at the limit, and room again after a close") {
  CHECK(in_child([] {
    const int number = tcp();
    int last = number;
    for (int copy; (copy = guest::dup(number)) >= 0;) last = copy;
    CHILD_CHECK(errno == EMFILE);
    CHILD_CHECK(last == descriptor_limit - 1);
    CHILD_CHECK(tcp() == -1 && errno == EMFILE);
    CHILD_CHECK(guest::fcntl(number, F_DUPFD, 0) == -1 && errno == EMFILE);
    CHILD_CHECK(open_file("x") == -1 && errno == EMFILE);
    CHILD_CHECK(fake::live_handles(fake::Kind::tcp_socket) == 1);
    CHILD_CHECK(fake::libc().open.size() == 4);
    guest::close(1000);
    CHILD_CHECK(tcp() == 1000);
    for (int each = 4; each < descriptor_limit; ++each) guest::close(each);
  }));
}

TEST_CASE("fd: accept at the limit gives the client back to nobody, and leaks nothing") {
  CHECK(in_child([] {
    const int number = listener(5000);
    while (guest::dup(number) >= 0) {
    }
    const Peer peer = host().connects_to(5000);
    CHILD_CHECK(guest::accept(number, nullptr, nullptr) == -1 && errno == EMFILE);
    for (int each = 4; each < descriptor_limit; ++each) guest::close(each);
  }));
}

TEST_CASE("fd: a loop that closes every number does no harm") {
  CHECK(in_child([] {
    connected();
    open_file("a");
    for (int each = 0; each < descriptor_limit; ++each) guest::close(each);
    CHILD_CHECK(tcp() == 0);
    CHILD_CHECK(open_file("b") == 1);  // the preopened directory still serves
    guest::close(0);
  }));
}

TEST_CASE("fd: stdio over a socket") {
  Scene scene;
  auto [number, peer] = connected();
  FILE* file = guest::fdopen(number, "r+");
  REQUIRE(file != nullptr);
  fprintf(file, "%s %d\n", "line", 1);
  fflush(file);
  CHECK(peer->received() == "line 1\n");
  peer->sends("answer\n");
  char line[20] = "";
  CHECK(fgets(line, sizeof line, file) != nullptr);
  CHECK(std::string(line) == "answer\n");
  fclose(file);
  CHECK(peer->closed);
  CHECK(guest::fdopen(77, "r") == nullptr);
  CHECK(errno == EBADF);
}

TEST_CASE("fd: directories take numbers like files") {
  Scene scene;
  const int socket = tcp();
  DIR* directory = guest::opendir("folder");
  REQUIRE(directory != nullptr);
  CHECK(guest::dirfd(directory) == socket + 1);
  CHECK(open_file("a") == socket + 2);
  CHECK_THAT(guest::closedir(directory), Returns(0));
  CHECK(udp() == socket + 1);
}

TEST_CASE("fd: socket calls on what is no socket") {
  Scene scene;
  tcp();
  const int file = open_file("a");
  for (const int number : {0, file}) {
    CHECK_THAT(guest::send(number, "x", 1, 0), Fails(ENOTSOCK));
    CHECK_THAT(guest::listen(number, 1), Fails(ENOTSOCK));
    CHECK_THAT(guest::getsockname(number, nullptr, nullptr), Fails(ENOTSOCK));
  }
  for (const int number : {-1, 77, 100000, INT_MAX, INT_MIN}) {
    CHECK_THAT(guest::send(number, "x", 1, 0), Fails(EBADF));
    CHECK_THAT(guest::read(number, nullptr, 0), Fails(EBADF));
    CHECK_THAT(guest::close(number), Fails(EBADF));
    CHECK_THAT(guest::fcntl(number, F_GETFL, 0), Fails(EBADF));
  }
}

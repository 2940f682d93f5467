// stdio over sockets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>

#include "peer.h"

using namespace conformance;

FAMILY_CASE("stdio: fdopen, fprintf and fgets") {
  Pair p = tcp_pair(family);
  FILE* out = fdopen(p.client.release(), "w");
  FILE* in = fdopen(p.server.release(), "r");
  REQUIRE(out != nullptr);
  REQUIRE(in != nullptr);
  CHECK(std::fprintf(out, "line %d\nline %d\n", 1, 2) == 14);
  CHECK(std::fflush(out) == 0);
  char line[32];
  REQUIRE(std::fgets(line, sizeof line, in) != nullptr);
  CHECK(std::string(line) == "line 1\n");
  REQUIRE(std::fgets(line, sizeof line, in) != nullptr);
  CHECK(std::string(line) == "line 2\n");
  CHECK(std::fclose(out) == 0);
  CHECK(std::fgets(line, sizeof line, in) == nullptr);
  CHECK(std::feof(in) != 0);
  CHECK(std::fclose(in) == 0);
}

FAMILY_CASE("stdio: fileno gives the socket, fclose closes it") {
  Pair p = tcp_pair(family);
  int number = p.client.release();
  FILE* file = fdopen(number, "r+");
  REQUIRE(file != nullptr);
  CHECK(fileno(file) == number);
  CHECK(std::fclose(file) == 0);
  CHECK_FAILS(fcntl(number, F_GETFD), EBADF);
  CHECK(receive_to_end(p.server).empty());
}

FAMILY_CASE("stdio: fclose sends what is buffered") {
  Pair p = tcp_pair(family);
  FILE* out = fdopen(p.client.release(), "w");
  CHECK(std::fputs("buffered", out) >= 0);
  CHECK(wait_for(p.server, POLLIN, 20) == 0);
  CHECK(std::fclose(out) == 0);
  CHECK(receive_to_end(p.server) == "buffered");
}

FAMILY_CASE("stdio: one FILE to read and one to write over copies of a socket") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; hear 6; say hello\\nworld\\n");
  FILE* out = fdopen(dup(fd), "w");
  FILE* in = fdopen(fd.release(), "r");
  REQUIRE(out != nullptr);
  REQUIRE(in != nullptr);
  CHECK(std::fputs("greet\n", out) >= 0);
  CHECK(std::fflush(out) == 0);
  char first[16] = {}, second[16] = {};
  CHECK(std::fscanf(in, "%15s %15s", first, second) == 2);
  CHECK(std::string(first) + second == "helloworld");
  peer.finish();
  std::fclose(out);
  std::fclose(in);
}

FAMILY_CASE("stdio: fwrite and fread of a megabyte") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; recv 1048576; send 1048576; close");
  FILE* out = fdopen(dup(fd), "w");
  FILE* in = fdopen(fd.release(), "r");
  std::string data = pattern(0, 1048576), back(1048576, '\0');
  CHECK(std::fwrite(data.data(), 1, data.size(), out) == data.size());
  CHECK(std::fflush(out) == 0);
  CHECK(std::fread(back.data(), 1, back.size(), in) == back.size());
  CHECK(back == data);
  CHECK(std::fgetc(in) == EOF);
  peer.finish();
  std::fclose(out);
  std::fclose(in);
}

FAMILY_CASE("stdio: unbuffered and line-buffered output goes out at once") {
  Pair p = tcp_pair(family);
  FILE* out = fdopen(p.client.release(), "w");
  REQUIRE(std::setvbuf(out, nullptr, _IONBF, 0) == 0);
  CHECK(std::fputs("now", out) >= 0);
  CHECK(receive(p.server, 3) == "now");
  std::fclose(out);
}

FAMILY_CASE("stdio: a non-blocking socket without data sets the error flag") {
  Pair p = tcp_pair(family);
  set_nonblocking(p.server);
  FILE* in = fdopen(p.server.release(), "r");
  errno = 0;
  CHECK(std::fgetc(in) == EOF);
  CHECK(errno_name(errno) == "EAGAIN");
  CHECK(std::ferror(in) != 0);
  CHECK(std::feof(in) == 0);
  std::clearerr(in);
  send_all(p.client, "x");
  CHECK((wait_for(fileno(in), POLLIN) & POLLIN) != 0);
  CHECK(std::fgetc(in) == 'x');
  std::fclose(in);
}

FAMILY_CASE("stdio: fseek on a socket fails with ESPIPE") {
  Pair p = tcp_pair(family);
  FILE* in = fdopen(p.server.release(), "r");
  CHECK_FAILS(std::fseek(in, 0, SEEK_SET), ESPIPE);
  CHECK_FAILS(std::ftell(in), ESPIPE);
  std::fclose(in);
}

FAMILY_CASE("stdio: dprintf to a socket") {
  Pair p = tcp_pair(family);
  CHECK_RETURNS(dprintf(p.client, "%s=%d", "x", 5), 3);
  CHECK(receive(p.server, 3) == "x=5");
}

FAMILY_CASE("stdio: getline of lines that arrive in pieces") {
  Peer peer;
  Address address = peer.listen(family);
  Fd fd = tcp(family);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  peer.begin("accept; say fi; sleep 20; say rst\\nse; sleep 20; say cond; close");
  FILE* in = fdopen(fd.release(), "r");
  char* line = nullptr;
  std::size_t size = 0;
  CHECK_RETURNS(getline(&line, &size, in), 6);
  CHECK(std::string(line) == "first\n");
  CHECK_RETURNS(getline(&line, &size, in), 6);
  CHECK(std::string(line) == "second");
  CHECK(getline(&line, &size, in) == -1);
  CHECK(std::feof(in) != 0);
  std::free(line);
  std::fclose(in);
  peer.finish();
}

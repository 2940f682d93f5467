// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "scene.h"

#include <sanitizer/lsan_interface.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tcp/socket.h"

namespace {

void close_all() {
  for (int number = 4; number < 512; ++number) guest::close(number);
}

}  // namespace

Scene::Scene() { fake::reset_host(); }

Scene::~Scene() {
  fake::memory::fail_at(0);
  close_all();
  posix_sockets::drain_lingering();
  INFO(fake::describe_live_handles());
  CHECK(fake::live_handles() == 0);
}

sockaddr_in to(const char* address, uint16_t port) {
  sockaddr_in result = {};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address, &result.sin_addr);
  return result;
}
sockaddr_in6 to6(const char* address, uint16_t port) {
  sockaddr_in6 result = {};
  result.sin6_family = AF_INET6;
  result.sin6_port = htons(port);
  inet_pton(AF_INET6, address, &result.sin6_addr);
  return result;
}

int connect_to(int number, const char* address, uint16_t port) {
  const sockaddr_in remote = to(address, port);
  return guest::connect(number, any(remote), sizeof remote);
}
int bind_to(int number, const char* address, uint16_t port) {
  const sockaddr_in local = to(address, port);
  return guest::bind(number, any(local), sizeof local);
}

int tcp(int flags) { return guest::socket(AF_INET, SOCK_STREAM | flags, 0); }
int udp(int flags) { return guest::socket(AF_INET, SOCK_DGRAM | flags, 0); }

Connected connected(int flags) {
  const int number = tcp();
  const Peer peer = host().will_connect();
  REQUIRE(connect_to(number) == 0);
  if (flags != 0) guest::fcntl(number, F_SETFL, O_NONBLOCK);
  return {number, peer};
}
int listener(uint16_t port, int flags) {
  const int number = tcp(flags);
  REQUIRE(bind_to(number, "127.0.0.1", port) == 0);
  REQUIRE(guest::listen(number, 16) == 0);
  return number;
}
BoundUdp bound_udp(uint16_t port, int flags) {
  const int number = udp(flags);
  REQUIRE(bind_to(number, "127.0.0.1", port) == 0);
  return {number, host().udp(port)};
}

std::string error_of(long long result) { return result == -1 ? "[" + errno_name(errno) + "]" : "ok"; }

std::string received(int number, size_t size, int flags) {
  std::string data(size, '\0');
  const ssize_t result = guest::recv(number, data.data(), size, flags);
  if (result < 0) return error_of(result);
  data.resize(static_cast<size_t>(result));
  return data;
}

int set_option(int number, int level, int name, int value) {
  return guest::setsockopt(number, level, name, &value, sizeof value);
}
int get_option(int number, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  if (guest::getsockopt(number, level, name, &value, &length) != 0) return -1;
  return value;
}
int set_timeout(int number, int name, uint64_t milliseconds) {
  const timeval time = {static_cast<time_t>(milliseconds / 1000), static_cast<suseconds_t>(milliseconds % 1000 * 1000)};
  return guest::setsockopt(number, SOL_SOCKET, name, &time, sizeof time);
}
short polled(int number, short events, int timeout) {
  pollfd entry = {number, events, 0};
  guest::poll(&entry, 1, timeout);
  return entry.revents;
}

void posix_sockets_drain() { posix_sockets::drain_lingering(); }

std::string trapped(const std::function<void()>& call) {
  int ends[2];
  if (pipe(ends) != 0) return "pipe failed";
  fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    signal(SIGABRT, SIG_DFL);  // Catch2 would report it as this process's failure
    call();
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[512];
  for (ssize_t size; (size = read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(size));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status == 0) return "";
  const size_t start = text.find("trap: ");
  return start == std::string::npos ? "no trap: " + text : text.substr(start + 6, text.find('\n', start) - start - 6);
}

void child_failed(const char* condition, const char* file, int line) {
  fprintf(stderr, "%s:%d: in a child: %s (errno %s)\n", file, line, condition, errno_name(errno).c_str());
  _exit(1);
}

bool in_child(const std::function<void()>& body) {
  fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    fake::reset_host();
    body();
    fake::memory::fail_at(0);
    close_all();
    posix_sockets::drain_lingering();
    if (fake::live_handles() != 0) {
      fprintf(stderr, "in a child: handles left: %s\n", fake::describe_live_handles().c_str());
      _exit(1);
    }
    _exit(__lsan_do_recoverable_leak_check() == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0;
}

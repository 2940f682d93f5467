// shutdown, names, close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transcript.h"

namespace operations {
namespace {

std::string shutdown_once(Subject& subject, long how) { return outcome(shutdown(subject.fd, static_cast<int>(how))); }

// The peer must see the end, if there is one.
std::string run_shutdown(Subject& subject, long how) {
  std::string text = shutdown_once(subject, how);
  if (text == "0" && subject.peer >= 0 && world.stream && how != SHUT_RD) {
    char data[16];
    wait_for(subject.peer, POLLIN | POLLERR | POLLHUP);
    const ssize_t size = recv(subject.peer, data, sizeof data, 0);
    text += ", peer " + outcome(size);
  }
  return text;
}

std::string run_shutdown_twice(Subject& subject, long how) {
  const std::string first = shutdown_once(subject, how);
  return first + ", " + shutdown_once(subject, how);
}

std::string run_shutdown_both_ways(Subject& subject, long first_way) {
  const std::string first = shutdown_once(subject, first_way);
  return first + ", " + shutdown_once(subject, first_way == SHUT_RD ? SHUT_WR : SHUT_RD);
}

// Data that comes after the reading side was closed.
std::string run_shutdown_then_data(Subject& subject, long) {
  std::string text = shutdown_once(subject, SHUT_RD);
  if (subject.peer < 0 || !world.stream) return text;
  const bool both = (events_of(subject.fd, 0) & POLLHUP) != 0;
  int before = 0, after = 0;
  (void)ioctl(subject.fd, FIONREAD, &before);
  const ssize_t sent = send(subject.peer, "late", 4, 0);
  text += ", peer's send " + outcome(sent);
  // It is readable all the time: what arrives shows in the count.
  for (int i = 0; sent > 0 && !both && i < 1000 && after < before + 4; ++i) {
    (void)ioctl(subject.fd, FIONREAD, &after);
    (void)poll(nullptr, 0, 2);
  }
  return text;
}

using GetName = int (*)(int, sockaddr*, socklen_t*);

std::string name_with(GetName get, Subject& subject, long room) {
  Address name;
  name.length = static_cast<socklen_t>(room);
  const int result = get(subject.fd, name.get(), &name.length);
  return result != 0 ? outcome(result) : describe(name, static_cast<socklen_t>(room));
}
int get_local(int fd, sockaddr* address, socklen_t* length) { return getsockname(fd, address, length); }
int get_remote(int fd, sockaddr* address, socklen_t* length) { return getpeername(fd, address, length); }
std::string run_getsockname(Subject& subject, long room) { return name_with(get_local, subject, room); }
std::string run_getpeername(Subject& subject, long room) { return name_with(get_remote, subject, room); }

std::string run_name_null(Subject& subject, long which) {
  Address name;
  socklen_t* volatile null = nullptr;
  return outcome((which == 0 ? get_local : get_remote)(subject.fd, name.get(), null));
}

std::string run_close(Subject& subject, long) {
  std::string text = outcome(close(subject.fd));
  text += ", " + outcome(close(subject.fd));
  subject.fd = -1;
  if (subject.peer >= 0 && world.stream) {
    wait_for(subject.peer, POLLIN | POLLERR | POLLHUP);
    text += ", peer " + names_of(events_of(subject.peer, POLLIN | POLLOUT | POLLRDHUP));
  }
  return text;
}

// Closing one of two descriptors changes nothing.
std::string run_dup(Subject& subject, long) {
  const int copy = dup(subject.fd);
  if (copy < 0) return outcome(copy);
  const std::string text = outcome(close(subject.fd));
  subject.fd = copy;
  return text;
}

}  // namespace

void add_ending(std::vector<Operation>& list) {
  const struct {
    const char* name;
    long how;
  } ways[] = {{"SHUT_RD", SHUT_RD}, {"SHUT_WR", SHUT_WR}, {"SHUT_RDWR", SHUT_RDWR}, {"7", 7}, {"-1", -1}};
  for (const auto& way : ways) {
    list.push_back({std::string("shutdown ") + way.name, run_shutdown, way.how});
    list.push_back({std::string("shutdown twice ") + way.name, run_shutdown_twice, way.how});
  }
  list.push_back({"shutdown SHUT_RD, then SHUT_WR", run_shutdown_both_ways, SHUT_RD});
  list.push_back({"shutdown SHUT_WR, then SHUT_RD", run_shutdown_both_ways, SHUT_WR});
  list.push_back({"shutdown SHUT_RD, then data", run_shutdown_then_data, 0});
  for (const long room : {long{sizeof(sockaddr_storage)}, 4L, 0L, -1L}) {
    list.push_back({"getsockname of " + (room > 30 ? "enough" : std::to_string(room)), run_getsockname, room});
    list.push_back({"getpeername of " + (room > 30 ? "enough" : std::to_string(room)), run_getpeername, room});
  }
  list.push_back({"getsockname without a length", run_name_null, 0});
  list.push_back({"getpeername without a length", run_name_null, 1});
  list.push_back({"close", run_close, 0});
  list.push_back({"dup and close", run_dup, 0});
}

}  // namespace operations

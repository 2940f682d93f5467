// connect, bind, listen, accept, shutdown, names, close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

#include "transcript.h"

namespace operations {
namespace {

enum Where : long { target, other, refuser, full, wildcard, unspecified, unspecified_short, another_family, cut, two_bytes, one_byte, same };

Address place(Subject& subject, long where) {
  Address result = world.target_address;
  switch (where) {
    case other:
      return world.other_address;
    case refuser:
      return world.refuser_address;
    case full:
      return world.full_address;
    case wildcard:
      return any(world.family, result.port());
    case unspecified:
      result.storage.ss_family = AF_UNSPEC;
      break;
    case unspecified_short:
      result.storage.ss_family = AF_UNSPEC;
      result.length = sizeof(sa_family_t);
      break;
    case another_family:
      result.storage.ss_family = AF_UNIX;
      break;
    case cut:
      result.length -= world.family == AF_INET ? 1 : sizeof(sockaddr_in6) - offsetof(sockaddr_in6, sin6_addr) - 15;
      break;
    case two_bytes:
      result.length = sizeof(sa_family_t);
      break;
    case one_byte:
      result.length = 1;
      break;
    case same:
      if (getpeername(subject.fd, result.get(), &result.length) != 0) result = world.target_address;
      break;
    default:
      break;
  }
  return result;
}

std::string connect_once(Subject& subject, const Address& address) {
  const int result = connect(subject.fd, address.get(), address.length);
  return outcome(result);
}

bool under_way(const std::string& text) { return text == "EINPROGRESS"; }

// connect, and if it takes time what comes of it.
std::string run_connect(Subject& subject, long where) {
  const Address address = place(subject, where);
  std::string text = connect_once(subject, address);
  if (under_way(text) && where != full) {
    wait_for(subject.fd, POLLOUT | POLLERR);
    text += " " + names_of(events_of(subject.fd, POLLIN | POLLOUT | POLLRDHUP));
  }
  return text;
}

// connect, wait, and connect again: Linux tells the outcome by the second call.
std::string run_connect_twice(Subject& subject, long where) {
  const std::string first = run_connect(subject, where);
  const std::string second = run_connect(subject, where);
  return first + ", " + second + ", " + run_connect(subject, where);
}

// After an attempt that is refused, another one that isn't.
std::string run_connect_after_refusal(Subject& subject, long) {
  const std::string first = run_connect(subject, refuser);
  const std::string second = run_connect(subject, target);
  return first + ", " + second + ", " + run_connect(subject, target);
}

std::string run_dissolve_and_connect(Subject& subject, long) {
  const std::string first = run_connect(subject, unspecified);
  return first + ", " + run_connect(subject, target);
}

enum Local : long { any_0, loopback_0, foreign, taken, local_unspecified, unspecified_loopback, local_other_family, local_cut, local_two };

std::string run_bind(Subject& subject, long where) {
  Address address = loopback(world.family, 0);
  switch (where) {
    case any_0:
      address = any(world.family, 0);
      break;
    case foreign:
      if (world.family == AF_INET) {
        reinterpret_cast<sockaddr_in&>(address.storage).sin_addr.s_addr = htonl(0xc0000201);  // 192.0.2.1, of documentation
      } else {
        auto* bytes = reinterpret_cast<sockaddr_in6&>(address.storage).sin6_addr.s6_addr;  // 2001:db8::1
        bytes[0] = 0x20;
        bytes[1] = 0x01;
        bytes[2] = 0x0d;
        bytes[3] = 0xb8;
      }
      break;
    case taken:
      address = world.target_address;
      break;
    case local_unspecified:
      address = any(world.family, 0);
      address.storage.ss_family = AF_UNSPEC;
      break;
    case unspecified_loopback:
      address.storage.ss_family = AF_UNSPEC;
      break;
    case local_other_family:
      address.storage.ss_family = AF_UNIX;
      break;
    case local_cut:
      address.length -= world.family == AF_INET ? 1 : sizeof(sockaddr_in6) - offsetof(sockaddr_in6, sin6_addr) - 15;
      break;
    case local_two:
      address.length = sizeof(sa_family_t);
      break;
    default:
      break;
  }
  const int result = bind(subject.fd, address.get(), address.length);
  const std::string text = outcome(result);
  Address name;
  if (getsockname(subject.fd, name.get(), &name.length) != 0) return text + " and no name";
  return text + ", now " + describe(name, sizeof name.storage);
}

std::string run_listen(Subject& subject, long backlog) { return outcome(listen(subject.fd, static_cast<int>(backlog))); }

std::string run_listen_and_accept(Subject& subject, long) {
  const std::string first = outcome(listen(subject.fd, 5));
  const int accepted = accept(subject.fd, nullptr, nullptr);
  const std::string second = accepted >= 0 ? "a socket" : outcome(accepted);
  if (accepted >= 0) close(accepted);
  return first + ", " + second;
}

std::string run_accept(Subject& subject, long room) {
  Address from;
  from.length = static_cast<socklen_t>(room);
  const int accepted = accept(subject.fd, from.get(), &from.length);
  if (accepted < 0) return outcome(accepted);
  const bool nonblocking = (fcntl(accepted, F_GETFL) & O_NONBLOCK) != 0;
  Address local, remote;
  getsockname(accepted, local.get(), &local.length);
  getpeername(accepted, remote.get(), &remote.length);
  close(accepted);
  return std::string(nonblocking ? "non-blocking" : "blocking") + " from " + describe(from, static_cast<socklen_t>(room)) + " at " +
         describe(local, sizeof local.storage) + " to " + describe(remote, sizeof remote.storage);
}

std::string run_accept_null(Subject& subject, long) {
  const int accepted = accept(subject.fd, nullptr, nullptr);
  if (accepted < 0) return outcome(accepted);
  close(accepted);
  return "a socket";
}

std::string run_accept_no_length(Subject& subject, long) {
  Address from;
  socklen_t* volatile null = nullptr;
  const int accepted = accept(subject.fd, from.get(), null);
  if (accepted < 0) return outcome(accepted);
  close(accepted);
  return "a socket";
}

std::string run_accept4(Subject& subject, long flags) {
  const int accepted = accept4(subject.fd, nullptr, nullptr, static_cast<int>(flags));
  if (accepted < 0) return outcome(accepted);
  const bool nonblocking = (fcntl(accepted, F_GETFL) & O_NONBLOCK) != 0;
  const bool closes = (fcntl(accepted, F_GETFD) & FD_CLOEXEC) != 0;
  close(accepted);
  return std::string(nonblocking ? "non-blocking" : "blocking") + (closes ? " close-on-exec" : "");
}

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

void add_connecting(std::vector<Operation>& list) {
  list.push_back({"nothing", [](Subject&, long) -> std::string { return "-"; }, 0});
  list.push_back({"connect", run_connect, target});
  list.push_back({"connect same", run_connect, same});
  list.push_back({"connect other", run_connect, other});
  list.push_back({"connect nobody", run_connect, refuser});
  if (world.stream) list.push_back({"connect without answer", run_connect, full});
  list.push_back({"connect wildcard", run_connect, wildcard});
  list.push_back({"connect AF_UNSPEC", run_connect, unspecified});
  list.push_back({"connect AF_UNSPEC of 2 bytes", run_connect, unspecified_short});
  list.push_back({"connect another family", run_connect, another_family});
  list.push_back({"connect a cut address", run_connect, cut});
  list.push_back({"connect 2 bytes", run_connect, two_bytes});
  list.push_back({"connect 1 byte", run_connect, one_byte});
  list.push_back({"connect thrice", run_connect_twice, target});
  list.push_back({"connect nobody thrice", run_connect_twice, refuser});
  list.push_back({"connect nobody, then target twice", run_connect_after_refusal, 0});
  list.push_back({"connect AF_UNSPEC, then target", run_dissolve_and_connect, 0});
  list.push_back({"bind wildcard", run_bind, any_0});
  list.push_back({"bind loopback", run_bind, loopback_0});
  list.push_back({"bind a foreign address", run_bind, foreign});
  list.push_back({"bind a taken address", run_bind, taken});
  list.push_back({"bind AF_UNSPEC", run_bind, local_unspecified});
  list.push_back({"bind AF_UNSPEC loopback", run_bind, unspecified_loopback});
  list.push_back({"bind another family", run_bind, local_other_family});
  list.push_back({"bind a cut address", run_bind, local_cut});
  list.push_back({"bind 2 bytes", run_bind, local_two});
  list.push_back({"listen", run_listen, 5});
  list.push_back({"listen 0", run_listen, 0});
  list.push_back({"listen -1", run_listen, -1});
  list.push_back({"listen and accept", run_listen_and_accept, 0});
  list.push_back({"accept", run_accept, sizeof(sockaddr_storage)});
  list.push_back({"accept with 4 bytes of address", run_accept, 4});
  list.push_back({"accept with 0 bytes of address", run_accept, 0});
  list.push_back({"accept with -1 bytes of address", run_accept, -1});
  list.push_back({"accept without address", run_accept_null, 0});
  list.push_back({"accept without a length", run_accept_no_length, 0});
  list.push_back({"accept4 0", run_accept4, 0});
  list.push_back({"accept4 SOCK_NONBLOCK", run_accept4, SOCK_NONBLOCK});
  list.push_back({"accept4 SOCK_CLOEXEC", run_accept4, SOCK_CLOEXEC});
  list.push_back({"accept4 unknown flag", run_accept4, 1 << 20});
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

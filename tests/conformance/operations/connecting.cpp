// connect, bind, listen, accept.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

#include "transcript.h"

namespace operations {
namespace {

enum Where : long {
  target,
  other,
  refuser,
  full,
  wildcard,
  unspecified,
  unspecified_short,
  another_family,
  cut,
  two_bytes,
  one_byte,
  same
};

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

enum Local : long {
  any_0,
  loopback_0,
  foreign,
  taken,
  local_unspecified,
  unspecified_loopback,
  local_other_family,
  local_cut,
  local_two
};

std::string run_bind(Subject& subject, long where) {
  Address address = loopback(world.family, 0);
  switch (where) {
    case any_0:
      address = any(world.family, 0);
      break;
    case foreign:
      if (world.family == AF_INET) {
        reinterpret_cast<sockaddr_in&>(address.storage).sin_addr.s_addr =
            htonl(0xc0000201);  // 192.0.2.1, of documentation
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

std::string run_listen(Subject& subject, long backlog) {
  return outcome(listen(subject.fd, static_cast<int>(backlog)));
}

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
  const int named = getpeername(accepted, remote.get(), &remote.length);
  const std::string to = named == 0 ? describe(remote, sizeof remote.storage) : outcome(named);
  close(accepted);
  return std::string(nonblocking ? "non-blocking" : "blocking") + " from " +
         describe(from, static_cast<socklen_t>(room)) + " at " + describe(local, sizeof local.storage) + " to " + to;
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
}

}  // namespace operations

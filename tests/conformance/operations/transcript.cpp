// Walks every operation through every state of a TCP or UDP socket and prints what each gave and what the socket is like
// afterwards, one line each. Built and run three times; operation_compare.py wants the lines of the guests to equal those
// of the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "transcript.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errno_name.h"

namespace operations {

World world;

void stop(const char* what) {
  fflush(stdout);
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

unsigned Address::port() const {
  if (storage.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
  return ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port);
}

void Address::set_port(unsigned port) {
  const auto value = htons(static_cast<uint16_t>(port));
  if (storage.ss_family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(storage).sin_port = value;
  } else {
    reinterpret_cast<sockaddr_in6&>(storage).sin6_port = value;
  }
}

Address any(int family, unsigned port) {
  Address result;
  result.storage.ss_family = static_cast<sa_family_t>(family);
  result.length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  result.set_port(port);
  return result;
}

Address loopback(int family, unsigned port) {
  Address result = any(family, port);
  if (family == AF_INET) {
    reinterpret_cast<sockaddr_in&>(result.storage).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    reinterpret_cast<sockaddr_in6&>(result.storage).sin6_addr.s6_addr[15] = 1;
  }
  return result;
}

int new_socket() {
  const int fd = socket(world.family, (world.stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0);
  if (fd < 0) stop("socket");
  return fd;
}

void bind_loopback(int fd) {
  const Address address = loopback(world.family, 0);
  if (bind(fd, address.get(), address.length) != 0) stop("bind");
}

Address address_of(int fd) {
  Address result;
  if (getsockname(fd, result.get(), &result.length) != 0) stop("getsockname");
  return result;
}

void wait_for(int fd, short wanted) {
  pollfd entry = {fd, wanted, 0};
  if (poll(&entry, 1, 8000) != 1 || (entry.revents & wanted) == 0) {
    printf("%s\n", names_of(entry.revents).c_str());
    stop("waiting for an event that must come");
  }
}

short events_of(int fd, short wanted) {
  pollfd entry = {fd, wanted, 0};
  if (poll(&entry, 1, 0) < 0) stop("poll");
  return entry.revents;
}

std::string outcome(long long result) { return result >= 0 ? std::to_string(result) : conformance::errno_name(errno); }

std::string names_of(short events) {
  const struct {
    int bit;
    const char* name;
  } names[] = {{POLLIN, "IN"},   {POLLPRI, "PRI"}, {POLLOUT, "OUT"},  {POLLRDHUP, "RDHUP"},
               {POLLERR, "ERR"}, {POLLHUP, "HUP"}, {POLLNVAL, "NVAL"}};
  std::string result;
  for (const auto& name : names) {
    if ((events & name.bit) == name.bit) result += (result.empty() ? "" : "|") + std::string(name.name);
  }
  return result.empty() ? "none" : result;
}

std::string describe(const Address& address, socklen_t room) {
  const bool right_size = address.length == (world.family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  std::string result = right_size ? "" : "length " + std::to_string(address.length) + " ";
  if (address.length == 0 || room < address.length) return result + "(cut)";
  const int family = address.storage.ss_family;
  if (family != world.family) return result + "another family";
  const unsigned port = address.port();
  const size_t offset = family == AF_INET ? 4 : 8;  // where the host starts
  const size_t size = family == AF_INET ? 4 : 16;
  const auto is = [&](const Address& known) {
    return memcmp(reinterpret_cast<const char*>(&address.storage) + offset,
                  reinterpret_cast<const char*>(&known.storage) + offset, size) == 0;
  };
  result += is(any(family, 0)) ? "any" : is(loopback(family, 0)) ? "loopback" : "another host";
  if (port == 0) return result + " 0";
  if (port == world.target_address.port()) return result + " target";
  if (port == world.other_address.port()) return result + " other";
  return result + " port";
}

std::string quoted(const char* data, long long size) {
  return size > 0 ? " '" + std::string(data, static_cast<size_t>(size)) + "'" : "";
}

namespace {

void make_world() {
  world.target = new_socket();
  bind_loopback(world.target);
  world.other = new_socket();
  bind_loopback(world.other);
  world.refuser = new_socket();
  bind_loopback(world.refuser);
  world.target_address = address_of(world.target);
  world.other_address = address_of(world.other);
  world.refuser_address = address_of(world.refuser);
  if (!world.stream) {
    // Its port stays taken, and nobody but its peer reaches it.
    if (connect(world.refuser, world.target_address.get(), world.target_address.length) != 0) stop("connect");
    return;
  }
  if (listen(world.target, 64) != 0 || listen(world.other, 64) != 0) stop("listen");
  // A queue of two, and two that fill it: whoever comes third isn't answered.
  world.full = new_socket();
  bind_loopback(world.full);
  if (listen(world.full, 1) != 0) stop("listen");
  world.full_address = address_of(world.full);
  for (int i = 0; i < 2; ++i) {
    const int filler = new_socket();
    if (connect(filler, world.full_address.get(), world.full_address.length) != 0 && errno != EINPROGRESS)
      stop("connect");
    wait_for(filler, POLLOUT);
  }
}

// Takes what an operation left behind off the lasting sockets.
void empty_world() {
  for (const int fd : {world.target, world.other}) {
    if (world.stream) {
      for (int accepted; (accepted = accept(fd, nullptr, nullptr)) >= 0;) close(accepted);
    } else {
      char byte;
      while (recv(fd, &byte, 1, 0) >= 0) {
      }
    }
  }
}

void close_subject(Subject& subject) {
  // A close with unread data is a reset, which leaves no TIME_WAIT behind.
  if (world.stream && subject.peer >= 0) (void)send(subject.peer, "x", 1, MSG_NOSIGNAL);
  if (subject.fd >= 0) close(subject.fd);
  if (subject.peer >= 0) close(subject.peer);
  if (subject.waiting >= 0) close(subject.waiting);
}

void walk(const State& state, const Operation& operation) {
  Subject subject;
  state.make(subject);
  const auto line = [&](const char* what, const std::string& result) {
    printf("operation %s IPv%c %s: %s%s = %s\n", world.walk, world.family == AF_INET ? '4' : '6', state.name,
           operation.name.c_str(), what, result.c_str());
  };
  constexpr short all = POLLIN | POLLOUT | POLLRDHUP | POLLPRI;
  line("", operation.run(subject, operation.argument));
  if (subject.fd >= 0) {
    line(", events", names_of(events_of(subject.fd, all)));
    int error = 0;
    socklen_t length = sizeof error;
    const int got = getsockopt(subject.fd, SOL_SOCKET, SO_ERROR, &error, &length);
    line(", SO_ERROR", got != 0 ? outcome(got) : error == 0 ? "0" : conformance::errno_name(error));
    char data[16];
    const ssize_t size = recv(subject.fd, data, sizeof data, 0);
    line(", then recv", outcome(size) + quoted(data, size));
    line(", then events", names_of(events_of(subject.fd, all)));
  }
  close_subject(subject);
  empty_world();
}

}  // namespace
}  // namespace operations

using namespace operations;

int main(int argc, char** argv) {
  if (argc < 2 || strlen(argv[1]) != 4) {
    fprintf(stderr, "usage: conformance-operations KIND4|KIND6, where KIND is tcp, udp, rst or gon\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  const char kind = argv[1][0];
  world.stream = kind != 'u';
  world.walk = kind == 't' ? "TCP" : kind == 'u' ? "UDP" : kind == 'r' ? "TCP-reset" : "TCP-gone";
  world.family = argv[1][3] == '4' ? AF_INET : AF_INET6;
  make_world();
  std::vector<Operation> list;
  add_receiving(list);
  add_sending(list);
  add_connecting(list);
  add_ending(list);
  add_asking(list);
  const std::vector<State> states = kind == 't'   ? tcp_states()
                                    : kind == 'u' ? udp_states()
                                    : kind == 'r' ? reset_states()
                                                  : more_reset_states();
  for (const State& state : states) {
    for (const Operation& operation : list) walk(state, operation);
  }
  fflush(stdout);
  return 0;
}

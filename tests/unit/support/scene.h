// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each case starts and ends with, and the situations that many begin in.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <functional>
#include <string>

#include "expect.h"
#include "guest.h"
#include "host.h"
#include "libc.h"
#include "memory.h"

using fake::ErrorCode;
using fake::host;
using fake::Peer;
using fake::UdpSide;

// One in each case. At the end it closes what is open, and then no handle of the host may be left.
class Scene {
 public:
  Scene();
  ~Scene();
};

sockaddr_in to(const char* address, uint16_t port);
sockaddr_in6 to6(const char* address, uint16_t port);
inline const sockaddr* any(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }
inline const sockaddr* any(const sockaddr_in6& address) { return reinterpret_cast<const sockaddr*>(&address); }
inline sockaddr* any(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

int connect_to(int number, const char* address = "127.0.0.1", uint16_t port = 80);
int bind_to(int number, const char* address = "127.0.0.1", uint16_t port = 0);

int tcp(int flags = 0);
int udp(int flags = 0);
// A connected socket and its peer.
struct Connected {
  int number;
  Peer peer;
};
Connected connected(int flags = 0);
int listener(uint16_t port, int flags = 0);
struct BoundUdp {
  int number;
  UdpSide side;
};
BoundUdp bound_udp(uint16_t port, int flags = 0);

// What a read-like call got, as text: "data", "" at the end, "EAGAIN" in brackets for an error.
std::string received(int number, size_t size, int flags = 0);
std::string error_of(long long result);
int set_option(int number, int level, int name, int value);
int get_option(int number, int level, int name);
int set_timeout(int number, int name, uint64_t milliseconds);
short polled(int number, short events, int timeout = 0);

// A statement and the virtual milliseconds that it takes.
#define CHECK_MS(milliseconds, ...)                                             \
  do {                                                                          \
    const uint64_t before = host().clock;                                       \
    __VA_ARGS__;                                                                \
    CHECK((host().clock - before + fake::ms / 2) / fake::ms == (milliseconds)); \
  } while (false)

// What a program does at its end.
void posix_sockets_drain();

// Runs `call` in a child process. The trap that ended it, empty if it came back.
std::string trapped(const std::function<void()>& call);
// Runs `body` in a child process; true if it came back, with all of the child's checks passed and no leak.
bool in_child(const std::function<void()>& body);
// Ends a child with a failure that says where.
#define CHILD_CHECK(condition) ((condition) ? (void)0 : child_failed(#condition, __FILE__, __LINE__))
[[noreturn]] void child_failed(const char* condition, const char* file, int line);

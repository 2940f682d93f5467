// Small helpers of the cases over plain POSIX: owned descriptors, loopback addresses, connected pairs, waiting.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "expect.h"

namespace conformance {

/// A descriptor that is closed at the end of its scope.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Fd() { reset(); }

  operator int() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset(int number = -1) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_ = -1;
};

/// A socket address of either family with its length.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  static Address loopback(int family, std::uint16_t port = 0);
  static Address any(int family, std::uint16_t port = 0);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
  std::uint16_t port() const;
  void set_port(std::uint16_t port);
  bool is_loopback() const;
  bool is_any() const;
};
bool operator==(const Address& a, const Address& b);

/// The exact size of the family's address structure.
socklen_t size_of(int family);

Address local_address(int fd);
Address peer_address(int fd);

/// New sockets; `flags` may hold SOCK_NONBLOCK. All of these stop the case when they fail.
Fd tcp(int family, int flags = 0);
Fd udp(int family, int flags = 0);

struct Bound {
  Fd fd;
  Address address;
};
Bound bound_tcp(int family);  // bound to loopback but not listening: a port that refuses connections
Bound bound_udp(int family, int flags = 0);
Bound listener(int family, int backlog = 16, int flags = 0);

struct Pair {
  Fd client;
  Fd server;
};
Pair tcp_pair(int family);        // blocking
Pair small_tcp_pair(int family);  // with small buffers, so that it is soon full
Pair udp_pair(int family);        // both bound, each connected to the other

void set_nonblocking(int fd, bool on = true);
void set_timeout(int fd, int option, int milliseconds);
int int_option(int fd, int level, int name);

/// Waits for `events` and returns what poll reported, 0 after `milliseconds`.
short wait_for(int fd, short events, int milliseconds = 8000);
inline bool readable(int fd, int milliseconds = 8000) { return (wait_for(fd, POLLIN, milliseconds) & POLLIN) != 0; }
inline bool writable(int fd, int milliseconds = 8000) { return (wait_for(fd, POLLOUT, milliseconds) & POLLOUT) != 0; }

/// Milliseconds of the monotonic clock, and the time since construction.
long long now();
class Stopwatch {
 public:
  long long elapsed() const { return now() - start_; }

 private:
  long long start_ = now();
};

/// The shared test pattern of peer and case: position -> byte.
std::string pattern(std::size_t position, std::size_t size);

void send_all(int fd, const std::string& data);
std::string receive(int fd, std::size_t size);  // exactly so many bytes, less only at the end of the stream
std::string receive_to_end(int fd);
std::size_t fill(int fd);  // sends on a non-blocking socket until it would block; returns the bytes taken

/// A file name in the directory that the runner made for this case.
std::string scratch(const char* name);
Fd open_scratch(const char* name, int flags = O_RDWR | O_CREAT | O_TRUNC);

}  // namespace conformance

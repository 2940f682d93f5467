// Helpers of the cases about descriptors within the process: pipes, AF_UNIX sockets, eventfd, timerfd.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstddef>

#include "net.h"

namespace conformance {

struct Pipe {
  Fd reader;
  Fd writer;
};

inline Pipe make_pipe(int flags = 0) {
  int ends[2] = {-1, -1};
  REQUIRE_OK(pipe2(ends, flags));
  return {Fd(ends[0]), Fd(ends[1])};
}

/// Two connected AF_UNIX sockets; `type` may hold SOCK_NONBLOCK.
inline Pair local_pair(int type) {
  int ends[2] = {-1, -1};
  REQUIRE_OK(socketpair(AF_UNIX, type, 0, ends));
  return {Fd(ends[0]), Fd(ends[1])};
}

inline Fd local_socket(int type) {
  Fd fd(socket(AF_UNIX, type, 0));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

/// The name of an AF_UNIX socket. Abstract names begin with a NUL.
struct Name {
  sockaddr_un address{};
  socklen_t length = sizeof(sockaddr_un);

  Name() = default;
  explicit Name(const std::string& text) {
    address.sun_family = AF_UNIX;
    REQUIRE(text.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, text.data(), text.size());
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size());
    if (!text.empty() && text[0] != '\0') ++length;
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&address); }
  std::string text() const {
    std::size_t size = length - offsetof(sockaddr_un, sun_path);
    if (size != 0 && address.sun_path[0] != '\0') --size;
    return std::string(address.sun_path, size);
  }
};

inline Name abstract_name(const char* text) {
  // Natively all programs share abstract names.
  return Name(std::string(1, '\0') + "conformance-" + std::to_string(getpid()) + text);
}
inline Name path_name(const char* file) { return Name(scratch(file)); }

inline Fd bound_local(int type, const Name& name) {
  Fd fd = local_socket(type);
  REQUIRE_OK(bind(fd, name.get(), name.length));
  return fd;
}

inline Fd local_listener(int type, const Name& name, int backlog = 8) {
  Fd fd = bound_local(type, name);
  REQUIRE_OK(listen(fd, backlog));
  return fd;
}

inline Name name_of(int fd) {
  Name name;
  REQUIRE_OK(getsockname(fd, name.get(), &name.length));
  return name;
}
inline Name peer_of(int fd) {
  Name name;
  REQUIRE_OK(getpeername(fd, name.get(), &name.length));
  return name;
}

inline int available(int fd) {
  int count = -1;
  REQUIRE_OK(ioctl(fd, FIONREAD, &count));
  return count;
}

/// What poll says about every event, at once.
inline short state_of(int fd) { return wait_for(fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0); }

inline std::string read_some(int fd, std::size_t size) {
  std::string data(size, '\0');
  ssize_t n = read(fd, data.data(), size);
  REQUIRE_OK(n);
  data.resize(static_cast<std::size_t>(n));
  return data;
}

/// Natively, a call that nothing could ever wake is interrupted after a while; in a guest it says that it is one.
#ifdef __wasi__
constexpr int never_ends = EDEADLK;
#else
constexpr int never_ends = EINTR;
#endif
class Interrupted {
 public:
#ifndef __wasi__
  Interrupted() {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, nullptr);
    itimerval time{{0, 50000}, {0, 50000}};
    setitimer(ITIMER_REAL, &time, nullptr);
  }
  ~Interrupted() {
    itimerval time{};
    setitimer(ITIMER_REAL, &time, nullptr);
  }
#else
  Interrupted() {}
#endif
};

}  // namespace conformance

#define CHECK_NEVER_ENDS(call)                    \
  do {                                            \
    ::conformance::Interrupted interrupted;       \
    CHECK_FAILS(call, ::conformance::never_ends); \
  } while (false)

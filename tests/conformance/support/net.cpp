// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "net.h"

#include <arpa/inet.h>

#include <cstdlib>
#include <ctime>

namespace conformance {

Address Address::any(int family, std::uint16_t port) {
  Address a;
  a.storage.ss_family = static_cast<sa_family_t>(family);
  a.length = size_of(family);
  a.set_port(port);
  return a;
}

Address Address::loopback(int family, std::uint16_t port) {
  Address a = any(family, port);
  if (family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(&a.storage)->sin_addr.s_addr = htonl(0x7f000001);
  } else {
    reinterpret_cast<sockaddr_in6*>(&a.storage)->sin6_addr.s6_addr[15] = 1;
  }
  return a;
}

socklen_t size_of(int family) { return family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6); }

std::uint16_t Address::port() const {
  return ntohs(family() == AF_INET ? reinterpret_cast<const sockaddr_in*>(&storage)->sin_port
                                   : reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
}

void Address::set_port(std::uint16_t port) {
  if (family() == AF_INET) {
    reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = htons(port);
  }
}

bool operator==(const Address& a, const Address& b) {
  if (a.family() != b.family() || a.port() != b.port()) return false;
  if (a.family() == AF_INET) {
    return reinterpret_cast<const sockaddr_in*>(&a.storage)->sin_addr.s_addr ==
           reinterpret_cast<const sockaddr_in*>(&b.storage)->sin_addr.s_addr;
  }
  return std::memcmp(&reinterpret_cast<const sockaddr_in6*>(&a.storage)->sin6_addr,
                     &reinterpret_cast<const sockaddr_in6*>(&b.storage)->sin6_addr, 16) == 0;
}

bool Address::is_loopback() const { return *this == loopback(family(), port()); }
bool Address::is_any() const { return *this == any(family(), port()); }

Address local_address(int fd) {
  Address a;
  REQUIRE_OK(getsockname(fd, a.get(), &a.length));
  return a;
}

Address peer_address(int fd) {
  Address a;
  REQUIRE_OK(getpeername(fd, a.get(), &a.length));
  return a;
}

Fd tcp(int family, int flags) {
  Fd fd(socket(family, SOCK_STREAM | flags, 0));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

Fd udp(int family, int flags) {
  Fd fd(socket(family, SOCK_DGRAM | flags, 0));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

static Bound bound(Fd fd, int family) {
  Address any_port = Address::loopback(family);
  REQUIRE_OK(bind(fd, any_port.get(), any_port.length));
  Address address = local_address(fd);
  return {std::move(fd), address};
}

Bound bound_tcp(int family) { return bound(tcp(family), family); }
Bound bound_udp(int family, int flags) { return bound(udp(family, flags), family); }

Bound listener(int family, int backlog, int flags) {
  Bound b = bound(tcp(family, flags), family);
  REQUIRE_OK(listen(b.fd, backlog));
  return b;
}

Pair tcp_pair(int family) {
  Bound l = listener(family);
  Fd client = tcp(family);
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(server));
  return {std::move(client), std::move(server)};
}

Pair small_tcp_pair(int family) {
  int size = 32768;
  Bound l = bound_tcp(family);
  REQUIRE_OK(setsockopt(l.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));  // accepted sockets inherit it
  REQUIRE_OK(listen(l.fd, 1));
  Fd client = tcp(family);
  REQUIRE_OK(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
  REQUIRE_OK(connect(client, l.address.get(), l.address.length));
  Fd server(accept(l.fd, nullptr, nullptr));
  REQUIRE_OK(static_cast<int>(server));
  return {std::move(client), std::move(server)};
}

Pair udp_pair(int family) {
  Bound a = bound_udp(family);
  Bound b = bound_udp(family);
  REQUIRE_OK(connect(a.fd, b.address.get(), b.address.length));
  REQUIRE_OK(connect(b.fd, a.address.get(), a.address.length));
  return {std::move(a.fd), std::move(b.fd)};
}

void set_nonblocking(int fd, bool on) {
  int flags = fcntl(fd, F_GETFL);
  REQUIRE_OK(flags);
  REQUIRE_OK(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

void set_timeout(int fd, int option, int milliseconds) {
  timeval time{};
  time.tv_sec = milliseconds / 1000;
  time.tv_usec = (milliseconds % 1000) * 1000;
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, option, &time, sizeof time));
}

int int_option(int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  REQUIRE_OK(getsockopt(fd, level, name, &value, &length));
  REQUIRE(length == sizeof value);
  return value;
}

short wait_for(int fd, short events, int milliseconds) {
  pollfd entry{};
  entry.fd = fd;
  entry.events = events;
  REQUIRE_OK(poll(&entry, 1, milliseconds));
  return entry.revents;
}

long long now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

std::string pattern(std::size_t position, std::size_t size) {
  // A prime period, so that no buffer size hides a shift. The peer has the same formula.
  constexpr std::size_t period = 65521;
  std::string data(size, '\0');
  std::size_t at = position % period;
  for (std::size_t i = 0; i < size; ++i) {
    data[i] = static_cast<char>((at * 31 + (at >> 8)) & 0xff);
    if (++at == period) at = 0;
  }
  return data;
}

void send_all(int fd, const std::string& data) {
  std::size_t sent = 0;
  while (sent < data.size()) {
    ssize_t n = send(fd, data.data() + sent, data.size() - sent, 0);
    if (n == -1 && errno == EAGAIN) {
      REQUIRE(writable(fd));
      continue;
    }
    REQUIRE_OK(n);
    sent += static_cast<std::size_t>(n);
  }
}

std::string receive(int fd, std::size_t size) {
  std::string data;
  char buffer[32768];
  while (data.size() < size) {
    std::size_t want = size - data.size();
    if (want > sizeof buffer) want = sizeof buffer;
    ssize_t n = recv(fd, buffer, want, 0);
    if (n == -1 && errno == EAGAIN) {
      REQUIRE(readable(fd));
      continue;
    }
    REQUIRE_OK(n);
    if (n == 0) break;
    data.append(buffer, static_cast<std::size_t>(n));
  }
  return data;
}

std::string receive_to_end(int fd) { return receive(fd, static_cast<std::size_t>(-1)); }

std::size_t fill(int fd) {
  const std::string block = pattern(0, 65521);
  std::size_t taken = 0;
  for (;;) {
    std::size_t at = taken % block.size();
    ssize_t n = send(fd, block.data() + at, block.size() - at, 0);
    if (n == -1 && errno == EAGAIN) return taken;
    REQUIRE_OK(n);
    taken += static_cast<std::size_t>(n);
  }
}

std::string scratch(const char* name) {
  const char* directory = std::getenv("CONFORMANCE_DIR");
  REQUIRE(directory != nullptr);
  return std::string(directory) + "/" + name;
}

Fd open_scratch(const char* name, int flags) {
  Fd fd(open(scratch(name).c_str(), flags, 0600));
  REQUIRE_OK(static_cast<int>(fd));
  return fd;
}

}  // namespace conformance

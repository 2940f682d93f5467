// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random sequences of calls with good and wild arguments, against a host and peers that misbehave at random. Nothing may
// trap, crash, leak a handle, spin, lose or reorder bytes, or fail with an errno that has no business there.
//
//   random-calls [--runs N] [--seed S] [--trace 1]     a fixed set of runs; a failing one prints its seed
// With -DWPS_LIBFUZZER it's a libFuzzer target instead, for a compiler that has one.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#if !defined(WPS_LIBFUZZER)
#include <sanitizer/lsan_interface.h>
#endif
#include <sys/ioctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <set>

#include "guest.h"
#include "host.h"
#include "kinds/tcp_socket.h"
#include "libc.h"
#include "memory.h"
#include "tcp.h"

using fake::host;
using fake::Peer;

namespace {

// Decisions come from bytes; when they are used up, the run ends.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return at_ >= size_; }
  unsigned below(unsigned limit) {
    unsigned value = 0;
    for (unsigned range = 1; range < limit; range *= 256) value = value * 256 + (empty() ? 0 : data_[at_++]);
    return value % limit;
  }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <class T>
  T of(std::initializer_list<T> list) {
    return list.begin()[below(static_cast<unsigned>(list.size()))];
  }

 private:
  const uint8_t* data_;
  size_t size_;
  size_t at_ = 0;
};

bool tracing;

[[noreturn]] void fail(const char* what, long value) {
  std::fprintf(stderr, "random-calls: %s: %ld (errno %d, %s)\n", what, value, errno, std::strerror(errno));
  std::abort();
}

class Run {
 public:
  Run(const uint8_t* data, size_t size) : choose_(data, size) {}

  void go() {
    fake::reset_host();
    host().stuck = [this] { free_everything(); };
    while (!choose_.empty()) step();
    finish();
  }

 private:
  int descriptor() {
    if (numbers_.empty() || choose_.one_in(24)) return choose_.of<int>({-1, 0, 1, 2, 3, 5, 77, 16383, 16384, 1 << 30});
    auto at = numbers_.begin();
    std::advance(at, choose_.below(static_cast<unsigned>(numbers_.size())));
    return *at;
  }
  int keep(int number) {
    if (number >= 0) numbers_.insert(number);
    return number;
  }
  uint16_t port() { return choose_.of<uint16_t>({0, 5000, 5001, 5002, 80}); }

  struct Address {
    sockaddr_storage storage = {};
    socklen_t length = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  };
  Address address(uint16_t number) {
    Address made;
    const unsigned kind = choose_.below(16);
    if (kind < 3) {
      sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(number)};
      in6.sin6_addr.s6_addr[15] = static_cast<uint8_t>(choose_.below(2));
      if (choose_.one_in(4)) inet_pton(AF_INET6, "::ffff:127.0.0.1", &in6.sin6_addr);
      std::memcpy(&made.storage, &in6, sizeof in6);
      made.length = sizeof in6;
    } else if (kind == 3) {
      sockaddr_un name = {.sun_family = AF_UNIX};
      std::strcpy(name.sun_path + choose_.below(2), choose_.of({"/tmp/a", "/tmp/b"}));
      std::memcpy(&made.storage, &name, sizeof name);
      made.length = choose_.of<socklen_t>({2, 3, 8, 9, 10, sizeof name});
    } else {
      sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = htons(number)};
      in4.sin_addr.s_addr = htonl(choose_.of<uint32_t>({0x7f000001, 0x7f000001, 0x7f000001, 0, 0xffffffff, 0xe0000001, 0x0a000001}));
      std::memcpy(&made.storage, &in4, sizeof in4);
      made.length = sizeof in4;
      if (choose_.one_in(12)) made.storage.ss_family = choose_.of<sa_family_t>({AF_UNSPEC, 77, AF_INET6});
    }
    if (choose_.one_in(16)) made.length = choose_.of<socklen_t>({0, 1, 2, 15, 24, 27, 128, 129, UINT32_MAX});
    if (made.length > sizeof made.storage && made.length != UINT32_MAX) made.length = sizeof made.storage;
    return made;
  }

  static void begin(const char* call) {
    if (tracing) std::fprintf(stderr, "\n%s", call);
    errno = 0;
  }
  // Every call passes through here.
  long check(const char* call, long result) {
    if (tracing) std::fprintf(stderr, " = %ld %s", result, result < 0 ? std::strerror(errno) : "");
    if (result >= 0) return result;
    if (result != -1) fail(call, result);
    static const std::set<int> plausible = {
        EPERM,        EBADF,          EAGAIN,         ENOMEM,      EACCES,       EFAULT,       EBUSY,        EEXIST,
        ENOENT,       ENOTDIR,        EINVAL,         EMFILE,      ENOTTY,       ESPIPE,       EPIPE,        EDOM,
        EDEADLK,      ELOOP,          ENOTSOCK,       EDESTADDRREQ, EMSGSIZE,    EPROTOTYPE,   ENOPROTOOPT,  EPROTONOSUPPORT,
        ESOCKTNOSUPPORT, EOPNOTSUPP,  EAFNOSUPPORT,   EADDRINUSE,  EADDRNOTAVAIL, ENETUNREACH, ECONNABORTED, ECONNRESET,
        ENOBUFS,      EISCONN,        ENOTCONN,       ETIMEDOUT,   ECONNREFUSED, EHOSTUNREACH, EALREADY,     EINPROGRESS,
        ECANCELED,    ENOSYS};
    if (plausible.count(errno) == 0) fail(call, result);
    if (errno == ENOMEM && !fake::memory::refused() && !out_of_memory_) fail(call, result);
    return result;
  }
#define CALL(name, ...) (begin(#name " (" #__VA_ARGS__ ")"), check(#name, guest::name(__VA_ARGS__)))

  void step() {
    switch (choose_.below(48)) {
      case 0: case 1:
        keep(static_cast<int>(CALL(socket, choose_.of<int>({AF_INET, AF_INET, AF_INET, AF_INET6, AF_UNIX, 99}),
                                   choose_.of<int>({SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW, 77}) |
                                       choose_.of<int>({0, 0, SOCK_NONBLOCK, SOCK_CLOEXEC, 1 << 20}),
                                   choose_.of<int>({0, 0, 0, IPPROTO_TCP, IPPROTO_UDP, -1, 300}))));
        break;
      case 2: {
        const Address local = address(port());
        CALL(bind, descriptor(), choose_.one_in(20) ? nullptr : local.get(), local.length);
        break;
      }
      case 3: CALL(listen, descriptor(), choose_.of<int>({-1, 0, 1, 16})); break;
      case 4: case 5: accept_one(); break;
      case 6: case 7: case 8: {
        const Address remote = address(++last_port_ > 60000 ? last_port_ = 10000 : last_port_);
        script_connect();
        CALL(connect, descriptor(), choose_.one_in(20) ? nullptr : remote.get(), remote.length);
        break;
      }
      case 9: case 10: case 11: case 12: case 13: receive(); break;
      case 14: case 15: case 16: case 17: send(); break;
      case 18: CALL(shutdown, descriptor(), static_cast<int>(choose_.below(4))); break;
      case 19: case 20: {
        const int number = descriptor();
        CALL(close, number);
        numbers_.erase(number);
        break;
      }
      case 21: keep(static_cast<int>(CALL(dup, descriptor()))); break;
      case 22: keep(static_cast<int>(CALL(dup2, descriptor(), choose_.of<int>({descriptor(), 0, 1, 60, 200, -1})))); break;
      case 23: keep(static_cast<int>(CALL(dup3, descriptor(), choose_.of<int>({70, 300, -1}), choose_.of<int>({0, O_CLOEXEC, 1})))); break;
      case 24: control(); break;
      case 25: case 26: option(); break;
      case 27: case 28: case 29: wait(); break;
      case 30: names(); break;
      case 31: in_process(); break;
      case 32: case 33: epoll(); break;
      case 34: case 35: case 36: case 37: case 38: peers(); break;
      case 39: case 40: incoming(); break;
      case 41: datagrams(); break;
      case 42: host_habits(); break;
      case 43: {
        fake::memory::fail_at(static_cast<int>(choose_.below(6)));
        break;
      }
      case 44: messages(); break;
      case 45: files(); break;
      case 46: pass_time(); break;
      default: break;
    }
    // A refused allocation explains an ENOMEM that the library told later.
    if (fake::memory::refused()) out_of_memory_ = true;
  }

  void accept_one() {
    sockaddr_storage name;
    socklen_t length = choose_.of<socklen_t>({0, 8, 16, 28, sizeof name});
    keep(static_cast<int>(CALL(accept4, descriptor(), choose_.one_in(2) ? nullptr : reinterpret_cast<sockaddr*>(&name),
                               choose_.one_in(10) ? nullptr : &length,
                               choose_.of<int>({0, 0, SOCK_NONBLOCK, SOCK_CLOEXEC, 5}))));
  }

  void script_connect() {
    switch (choose_.below(6)) {
      case 0: host().will_fail_to_connect(choose_.of({fake::ErrorCode::connection_refused, fake::ErrorCode::timeout,
                                                           fake::ErrorCode::remote_unreachable, fake::ErrorCode::connection_reset,
                                                           fake::ErrorCode::access_denied, fake::ErrorCode::address_in_use}), choose_.below(20) * fake::ms); break;
      case 1: host().will_never_connect(); break;
      default: remember(host().will_connect(choose_.below(4) * fake::ms));
    }
  }
  void remember(const Peer& peer) {
    if (peer != nullptr) peers_.push_back(peer);
  }

  void receive() {
    const int number = descriptor();
    const size_t size = choose_.of<size_t>({0, 1, 2, 10, 100, 5000, 20000, sizeof buffer_});
    const int flags = choose_.one_in(2) ? 0
                                        : choose_.of<int>({MSG_PEEK, MSG_DONTWAIT, MSG_WAITALL, MSG_TRUNC, MSG_OOB, MSG_ERRQUEUE,
                                                      MSG_PEEK | MSG_WAITALL, MSG_PEEK | MSG_DONTWAIT, 1 << 30});
    long result;
    Peer from = peer_of(number);
    switch (choose_.below(4)) {
      case 0: result = CALL(recv, number, choose_.one_in(16) ? nullptr : buffer_, size, flags); break;
      case 1: {
        result = CALL(read, number, buffer_, size);
        check_stream(from, number, result, size, 0);
        return;
      }
      case 2: {
        const size_t half = size / 2;
        const iovec vector[] = {{buffer_, half}, {nullptr, 0}, {buffer_ + half, size - half}};
        result = CALL(readv, number, vector, choose_.one_in(16) ? -1 : 3);
        check_stream(from, number, result, size, 0);
        return;
      }
      default: {
        sockaddr_storage name;
        socklen_t length = choose_.of<socklen_t>({0, 7, sizeof name});
        result = CALL(recvfrom, number, buffer_, size, flags, reinterpret_cast<sockaddr*>(&name), &length);
      }
    }
    if ((flags & MSG_TRUNC) == 0) {
      check_stream(from, number, result, size, flags);
      return;
    }
    if (from == nullptr && result > 0) from = peer_of(number);
    if (from && result > 0 && (flags & MSG_PEEK) == 0) {
      expected_[from] = static_cast<uint8_t>(expected_[from] + result);
    }
  }

  // The peer behind a descriptor, known by its ports.
  Peer peer_of(int number) {
    sockaddr_storage local, remote;
    socklen_t length = sizeof local;
    const auto chaos = host().chaos;
    host().chaos = {};
    bool named = guest::getsockname(number, reinterpret_cast<sockaddr*>(&local), &length) == 0;
    length = sizeof remote;
    named = named && guest::getpeername(number, reinterpret_cast<sockaddr*>(&remote), &length) == 0;
    host().chaos = chaos;
    if (!named) return nullptr;
    const auto port_of = [](const sockaddr_storage& name) { return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port); };
    if (local.ss_family == AF_UNIX) return nullptr;
    for (const Peer& peer : peers_)
      if (!peer->closed && peer->guest.port == port_of(local) && peer->peer.port == port_of(remote)) return peer;
    return nullptr;
  }
  // The peer's bytes count up, so that each shows whether one before it was lost.
  void check_stream(Peer from, int number, long result, size_t size, int flags) {
    if (result > static_cast<long>(size)) fail("more than asked for", result);
    if (from == nullptr && result > 0) from = peer_of(number);  // it was still connecting
    if (from == nullptr || result <= 0) return;
    if (tracing) {
      std::fprintf(stderr, " [peer %p: %ld from %u, expected %u, flags %x]", static_cast<void*>(from.get()), result,
                   static_cast<uint8_t>(buffer_[0]), expected_[from], static_cast<unsigned>(flags));
    }
    uint8_t& next = expected_[from];
    uint8_t byte = next;
    for (long i = 0; i < result; ++i)
      if (static_cast<uint8_t>(buffer_[i]) != byte++) fail("bytes lost or out of order at", i);
    if ((flags & MSG_PEEK) == 0) next = byte;
  }

  void send() {
    const int number = descriptor();
    const size_t size = choose_.of<size_t>({0, 1, 10, 100, 3000, 65507, sizeof buffer_});
    const int flags = choose_.one_in(2) ? 0 : choose_.of<int>({MSG_DONTWAIT, MSG_MORE, MSG_OOB, MSG_NOSIGNAL, MSG_EOR, MSG_DONTROUTE, 1 << 29});
    long result;
    switch (choose_.below(3)) {
      case 0: result = CALL(send, number, choose_.one_in(16) ? nullptr : buffer_, size, flags); break;
      case 1: {
        const iovec vector[] = {{buffer_, size / 3}, {nullptr, 0}, {buffer_, size - size / 3}};
        result = CALL(writev, number, vector, 3);
        break;
      }
      default: {
        const Address to = address(port());
        result = CALL(sendto, number, buffer_, size, flags, choose_.one_in(3) ? nullptr : to.get(), to.length);
      }
    }
    if (result > static_cast<long>(size)) fail("more than given", result);
  }

  void control() {
    const int number = descriptor();
    int value = static_cast<int>(choose_.below(2));
    switch (choose_.below(8)) {
      case 0: CALL(fcntl, number, F_SETFL, choose_.of<int>({0, O_NONBLOCK, O_NONBLOCK, -1})); break;
      case 1: CALL(fcntl, number, F_GETFL, 0); break;
      case 2: CALL(fcntl, number, F_SETFD, choose_.of<int>({0, FD_CLOEXEC})); break;
      case 3: keep(static_cast<int>(CALL(fcntl, number, F_DUPFD, choose_.of<int>({0, 10, 100, -1, 16383, 16384})))); break;
      case 4: CALL(ioctl, number, static_cast<int>(FIONBIO), choose_.one_in(16) ? nullptr : &value); break;
      case 5: CALL(ioctl, number, FIONREAD, &value); break;
      case 6: CALL(fcntl, number, choose_.of<int>({9999, -1, F_GETLK}), 0); break;
      default: CALL(ioctl, number, 0x1234, &value);
    }
  }

  void option() {
    const int number = descriptor();
    const int level = choose_.of<int>({SOL_SOCKET, SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_UDP, -1});
    const int name = static_cast<int>(choose_.below(90)) - 1;
    alignas(8) char value[32] = {};
    const int small = choose_.of<int>({0, 1, -1, 5, 100, 70000, INT32_MAX, INT32_MIN});
    std::memcpy(value, &small, sizeof small);
    std::memcpy(value + 8, &small, sizeof small);
    socklen_t length = choose_.of<socklen_t>({4, 4, 16, 8, 0, 1, 3, 32, UINT32_MAX});
    // No timeouts of years, and no huge low-water marks with blocking reads that would never end.
    if (choose_.one_in(2)) {
      CALL(getsockopt, number, level, name, choose_.one_in(16) ? nullptr : value, choose_.one_in(16) ? nullptr : &length);
    } else {
      if (length == UINT32_MAX) length = choose_.of<socklen_t>({UINT32_MAX, 4});
      CALL(setsockopt, number, level, name, choose_.one_in(16) ? nullptr : value, length);
    }
  }

  void wait() {
    pollfd entries[6];
    const auto count = choose_.below(7);
    for (unsigned i = 0; i < count; ++i)
      entries[i] = {descriptor(), static_cast<short>(choose_.of<int>({POLLIN, POLLOUT, POLLIN | POLLOUT, POLLRDHUP, 0, -1})), 0x55};
    const int timeout = static_cast<int>(choose_.below(30));
    if (choose_.one_in(3)) {
      fd_set in, out;
      FD_ZERO(&in);
      FD_ZERO(&out);
      for (unsigned i = 0; i < count; ++i)
        if (entries[i].fd >= 0 && entries[i].fd < FD_SETSIZE) FD_SET(entries[i].fd, i % 2 == 0 ? &in : &out);
      timeval time = {0, timeout * 1000};
      CALL(select, choose_.of<int>({FD_SETSIZE, 100, 0, -1}), &in, choose_.one_in(5) ? nullptr : &out, nullptr, &time);
      return;
    }
    const long found = CALL(poll, choose_.one_in(20) ? nullptr : entries, count, timeout);
    if (found > static_cast<long>(count)) fail("more events than entries", found);
    if (found < 0) return;
    for (unsigned i = 0; i < count; ++i) {
      const int allowed = (entries[i].events & 0xffff) | POLLERR | POLLHUP | POLLNVAL;
      if (entries[i].revents != 0x55 && (entries[i].revents & ~allowed) != 0) fail("event not asked for", entries[i].revents);
    }
  }

  void names() {
    sockaddr_storage name;
    socklen_t length = choose_.of<socklen_t>({0, 3, 16, sizeof name, UINT32_MAX});
    const int number = descriptor();
    struct stat status;
    switch (choose_.below(5)) {
      case 0: CALL(getsockname, number, reinterpret_cast<sockaddr*>(&name), &length); break;
      case 1: CALL(getpeername, number, reinterpret_cast<sockaddr*>(&name), choose_.one_in(8) ? nullptr : &length); break;
      case 2: CALL(fstat, number, &status); break;
      case 3: CALL(lseek, number, 0, SEEK_CUR); break;
      default: CALL(ftruncate, number, 0);
    }
  }

  void in_process() {
    int ends[2] = {-1, -1};
    switch (choose_.below(4)) {
      case 0:
        if (CALL(pipe, ends) == 0) keep(ends[0]), keep(ends[1]);
        break;
      case 1:
        if (CALL(socketpair, AF_UNIX, choose_.of<int>({SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, 9}) | choose_.of<int>({0, SOCK_NONBLOCK}), 0, ends) == 0)
          keep(ends[0]), keep(ends[1]);
        break;
      case 2: keep(static_cast<int>(CALL(eventfd, choose_.below(3), choose_.of<int>({0, O_NONBLOCK, 1, -1})))); break;
      default: {
        const int number = keep(static_cast<int>(CALL(timerfd_create, CLOCK_MONOTONIC, choose_.of<int>({0, O_NONBLOCK, 7}))));
        const itimerspec value = {{0, static_cast<long>(choose_.below(3)) * 1000000}, {0, static_cast<long>(choose_.below(20)) * 1000000}};
        CALL(timerfd_settime, number, 0, &value, nullptr);
      }
    }
  }

  void epoll() {
    epoll_event events[4] = {};
    switch (choose_.below(6)) {
      case 0: keep(static_cast<int>(CALL(epoll_create1, choose_.of<int>({0, EPOLL_CLOEXEC, 1})))); break;
      case 1: case 2: case 3: {
        epoll_event event = {};
        event.events = choose_.of<uint32_t>({EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT | EPOLLET, EPOLLIN | EPOLLONESHOT, EPOLLRDHUP, EPOLLEXCLUSIVE | EPOLLIN, 0});
        CALL(epoll_ctl, descriptor(), choose_.of<int>({EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 9}), descriptor(),
             choose_.one_in(16) ? nullptr : &event);
        break;
      }
      default: {
        const long found = CALL(epoll_wait, descriptor(), events, choose_.of<int>({1, 4, 4, 0, -1}), static_cast<int>(choose_.below(20)));
        if (found > 4) fail("too many epoll events", found);
      }
    }
  }

  void peers() {
    if (peers_.empty()) return;
    const Peer peer = peers_[choose_.below(static_cast<unsigned>(peers_.size()))];
    switch (choose_.below(12)) {
      case 0: peer->finishes(); break;
      case 1: peer->resets(); break;
      case 2: peer->breaks(choose_.of({"", "Kind(TimedOut)", "broken pipe", "x"}), choose_.of({"", "EPIPE", "timeout"})); break;
      case 3: peer->stops_reading(choose_.below(2000)); break;
      case 4: peer->reads(choose_.below(3000)); break;
      case 5: peer->reads(); break;
      case 6: peer->in.most_per_read = choose_.of<size_t>({1, 7, 65536}); break;
      case 7:
        for (unsigned i = choose_.below(4); i > 0; --i) peer->out.permits.push_back(choose_.of<uint64_t>({0, 1, 17, 65536, 1 << 20}));
        break;
      default: {
        const size_t size = choose_.of<size_t>({1, 3, 100, 4000, 40000});
        std::string data(size, '\0');
        uint8_t& next = produced_[peer];
        if (peer->in.finished || peer->in.failure || peer->in.shut) break;
        for (char& byte : data) byte = static_cast<char>(next++);
        if (choose_.one_in(2)) {
          peer->sends(data);
        } else {
          // In order with what is sent at once: nothing else of this peer may overtake it.
          peer->sends(data.substr(0, size / 2));
          peer->sends(data.substr(size / 2));
        }
      }
    }
  }

  void incoming() {
    const uint16_t to = choose_.of<uint16_t>({5000, 5001, 5002});
    switch (choose_.below(4)) {
      case 0: host().aborts_to(to, choose_.of({fake::ErrorCode::connection_aborted, fake::ErrorCode::connection_reset, fake::ErrorCode::new_socket_limit})); break;
      case 1:
        host().after(choose_.below(20) * fake::ms, [this, to] { remember(host().connects_to(to)); });
        break;
      default: remember(host().connects_to(to));
    }
  }

  void datagrams() {
    for (const uint16_t number : {5000, 5001, 5002}) {
      const fake::UdpSide side = host().udp(number);
      if (side == nullptr) continue;
      switch (choose_.below(6)) {
        case 0: side->fails(choose_.of({fake::ErrorCode::connection_refused, fake::ErrorCode::remote_unreachable})); break;
        case 1: side->writable = false; break;
        case 2: side->writable = true; break;
        default: {
          const size_t size = choose_.of<size_t>({0, 1, 100, 65507});
          side->arrives(std::string(size, 'd'), side->remote ? *side->remote : fake::ipv4("127.0.0.1", 9));
        }
      }
    }
  }

  void host_habits() {
    host().budget = choose_.one_in(2);
    host().older = choose_.one_in(2);
    host().spurious = static_cast<int>(choose_.below(5));
    host().has_ipv6 = !choose_.one_in(8);
    host().timer_overshoot = choose_.below(2) * fake::ms;
    host().socket_limit = choose_.of<int>({3, 100, 100});
    if (choose_.one_in(4)) {
      const unsigned every = 3 + choose_.below(40);
      auto code = static_cast<fake::ErrorCode>(1 + choose_.below(17));
      if (code == fake::ErrorCode::out_of_memory) code = fake::ErrorCode::would_block;
      host().chaos = [every, code, calls = 0u](const char*) mutable -> std::optional<fake::ErrorCode> {
        if (++calls % every != 0) return std::nullopt;
        return code;
      };
    } else {
      host().chaos = {};
    }
  }

  void messages() {
    mmsghdr messages[3] = {};
    iovec vector[3];
    sockaddr_storage names[3];
    for (int i = 0; i < 3; ++i) {
      vector[i] = {buffer_ + 1000 * i, choose_.below(1000)};
      messages[i].msg_hdr.msg_iov = &vector[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      if (choose_.one_in(3)) {
        messages[i].msg_hdr.msg_name = &names[i];
        messages[i].msg_hdr.msg_namelen = sizeof names[i];
      }
    }
    const int number = descriptor();
    int type = 0;
    socklen_t type_size = sizeof type;
    if (guest::getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_STREAM)
      return;  // streams are checked by receive()
    timespec timeout = {0, 1000000};
    switch (choose_.below(4)) {
      case 0: CALL(recvmsg, number, &messages[0].msg_hdr, choose_.of<int>({0, MSG_PEEK, MSG_DONTWAIT})); break;
      case 1: CALL(recvmmsg, number, messages, 3, choose_.of<unsigned>({MSG_DONTWAIT, MSG_WAITFORONE}), &timeout); break;
      default:
        for (mmsghdr& message : messages) {
          const Address to = address(port());
          message.msg_hdr.msg_name = choose_.one_in(2) ? nullptr : &names[0];
          std::memcpy(&names[0], &to.storage, sizeof names[0]);
          message.msg_hdr.msg_namelen = message.msg_hdr.msg_name == nullptr ? 0 : std::min<socklen_t>(to.length, 128);
        }
        if (choose_.one_in(2)) {
          CALL(sendmsg, number, &messages[0].msg_hdr, choose_.of<int>({0, MSG_DONTWAIT, MSG_MORE}));
        } else {
          CALL(sendmmsg, number, messages, 3, 0);
        }
    }
  }

  void files() {
    const int number = static_cast<int>(CALL(openat, AT_FDCWD, choose_.of({"a", "b", "c"}), choose_.of<int>({O_RDONLY, O_CREAT | O_RDWR})));
    keep(number);
    off_t offset = 0;
    if (choose_.one_in(3)) CALL(sendfile, descriptor(), number, choose_.one_in(2) ? nullptr : &offset, choose_.below(5000));
  }

  void pass_time() { CALL(poll, nullptr, 0, static_cast<int>(1 + choose_.below(50))); }

  // A wait that nothing would end: everything happens that can.
  void free_everything() {
    host().budget = false;
    for (fake::TcpSocket* socket : fake::tcp_sockets()) {
      if (socket->state == fake::TcpState::connecting) {
        socket->plan.error = fake::ErrorCode::timeout;
        socket->outcome = true;
      } else if (socket->state == fake::TcpState::listening) {
        remember(host().connects_to(socket->local.port));
      } else if (socket->connection) {
        socket->connection->out.permits.clear();
        socket->connection->reads();
        socket->connection->finishes();
      }
    }
    host().each_udp([](fake::Datagrams& side) {
      side.writable = true;
      side.permits.clear();
      side.arrives("stuck", side.remote ? *side.remote : fake::ipv4("127.0.0.1", 9));
    });
    host().input.finished = true;
    if (++stuck_ > 3000) fail("waits that never end", stuck_);
  }

  void finish() {
    fake::memory::fail_at(0);
    host().chaos = {};
    free_everything();
    for (int number = 0; number < 16384; ++number)
      if (number < 400 || numbers_.count(number) != 0) guest::close(number);
    guest::close(16383);
    posix_sockets::drain_lingering({});
    if (fake::live_handles() != 0) {
      std::fprintf(stderr, "handles left: %s\n", fake::describe_live_handles().c_str());
      std::abort();
    }
  }

  Choices choose_;
  std::set<int> numbers_;
  std::vector<Peer> peers_;
  std::map<Peer, uint8_t> produced_;
  std::map<Peer, uint8_t> expected_;
  uint16_t last_port_ = 10000;
  int stuck_ = 0;
  bool out_of_memory_ = false;
  char buffer_[70000] = {};
};

}  // namespace

#if defined(WPS_LIBFUZZER)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Run(data, size).go();
  return 0;
}
#else
int main(int argc, char** argv) {
  unsigned runs = 100;
  unsigned seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const unsigned value = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 0));
    if (std::strcmp(argv[i], "--runs") == 0) runs = value;
    if (std::strcmp(argv[i], "--seed") == 0) seed = value;
    if (std::strcmp(argv[i], "--trace") == 0) tracing = value != 0;
  }
  for (unsigned run = 0; run < runs; ++run) {
    std::mt19937 generator(seed + run);
    std::vector<uint8_t> bytes(200 + generator() % 4000);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(generator());
    // Each in a process of its own: what one leaves behind can't explain another.
    const pid_t child = fork();
    if (child == 0) {
      std::make_unique<Run>(bytes.data(), bytes.size())->go();
      _exit(__lsan_do_recoverable_leak_check());
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) {
      std::fprintf(stderr, "\nfailed with --seed %u --runs 1\n", seed + run);
      return 1;
    }
  }
  std::fprintf(stderr, "\n%u runs passed\n", runs);
}
#endif

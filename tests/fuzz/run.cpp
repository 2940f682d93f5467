// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Choosing what to call, and what every call must fulfil.
#include "run.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/un.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "memory.h"
#include "tcp.h"
#include "tcp/socket.h"

namespace random_calls {

bool tracing;

void fail(const char* what, long value) {
  std::fprintf(stderr, "random-calls: %s: %ld (errno %d, %s)\n", what, value, errno, std::strerror(errno));
  std::abort();
}

int Run::descriptor() {
  if (numbers_.empty() || choose_.one_in(24)) return choose_.of<int>({-1, 0, 1, 2, 3, 5, 77, 16383, 16384, 1 << 30});
  auto at = numbers_.begin();
  std::advance(at, choose_.below(static_cast<unsigned>(numbers_.size())));
  return *at;
}

int Run::keep(int number) {
  if (number >= 0) numbers_.insert(number);
  return number;
}

uint16_t Run::port() { return choose_.of<uint16_t>({0, 5000, 5001, 5002, 80}); }

Run::Address Run::address(uint16_t number) {
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
    in4.sin_addr.s_addr =
        htonl(choose_.of<uint32_t>({0x7f000001, 0x7f000001, 0x7f000001, 0, 0xffffffff, 0xe0000001, 0x0a000001}));
    std::memcpy(&made.storage, &in4, sizeof in4);
    made.length = sizeof in4;
    if (choose_.one_in(12)) made.storage.ss_family = choose_.of<sa_family_t>({AF_UNSPEC, 77, AF_INET6});
  }
  if (choose_.one_in(16)) made.length = choose_.of<socklen_t>({0, 1, 2, 15, 24, 27, 128, 129, UINT32_MAX});
  if (made.length > sizeof made.storage && made.length != UINT32_MAX) made.length = sizeof made.storage;
  return made;
}

long Run::check(const char* call, long result) {
  if (tracing) std::fprintf(stderr, " = %ld %s", result, result < 0 ? std::strerror(errno) : "");
  if (result >= 0) return result;
  if (result != -1) fail(call, result);
  static const std::set<int> plausible = {
      EPERM,       EINTR,         EBADF,        EAGAIN,          ENOMEM,          EACCES,       EFAULT,
      EBUSY,       EEXIST,        ENOENT,       ENOTDIR,         EINVAL,          EMFILE,       ENOTTY,
      ESPIPE,      EPIPE,         EDOM,         EDEADLK,         ELOOP,           ENOTSOCK,     EDESTADDRREQ,
      EMSGSIZE,    EPROTOTYPE,    ENOPROTOOPT,  EPROTONOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP,   EAFNOSUPPORT,
      EADDRINUSE,  EADDRNOTAVAIL, ENETUNREACH,  ECONNABORTED,    ECONNRESET,      ENOBUFS,      EISCONN,
      ENOTCONN,    ENODEV,        ETOOMANYREFS, ETIMEDOUT,       ECONNREFUSED,    EHOSTUNREACH, EALREADY,
      EINPROGRESS, ECANCELED,     ENOSYS};
  if (plausible.count(errno) == 0) fail(call, result);
  // A mask for the time of the call can let a signal through that is ignored by now.
  const bool lends_mask = std::strcmp(call, "ppoll") == 0 || std::strcmp(call, "epoll_pwait") == 0;
  if (errno == EINTR && !handler_ran_ && !lends_mask) fail(call, result);
  if (errno == ENOMEM && !fake::memory::refused() && !out_of_memory_) fail(call, result);
  return result;
}

void Run::go() {
  fake::reset_host();
  host().stuck = [this] { free_everything(); };
  begin_signals();
  while (!choose_.empty()) step();
  finish();
}

// What a step may be, each as often among all as its weight says.
struct Run::Kind {
  unsigned weight;
  void (Run::*act)();
};

void Run::step() {
  static const Kind kinds[] = {
      {2, &Run::make_socket},   {1, &Run::bind_one},        {1, &Run::listen_one}, {2, &Run::accept_one},
      {3, &Run::connect_one},   {5, &Run::receive},         {4, &Run::send},       {1, &Run::shut_down},
      {2, &Run::close_one},     {3, &Run::duplicate},       {1, &Run::control},    {2, &Run::option},
      {3, &Run::wait},          {1, &Run::names},           {1, &Run::in_process}, {2, &Run::epoll},
      {5, &Run::peers},         {2, &Run::incoming},        {1, &Run::datagrams},  {1, &Run::host_habits},
      {1, &Run::refuse_memory}, {1, &Run::messages},        {1, &Run::files},      {1, &Run::pass_time},
      {2, &Run::send_control},  {2, &Run::receive_control}, {3, &Run::queue},      {1, &Run::move_between},
      {2, &Run::signals},
  };
  unsigned all = 0;
  for (const Kind& kind : kinds) all += kind.weight;
  unsigned chosen = choose_.below(all);
  for (const Kind& kind : kinds) {
    if (chosen < kind.weight) {
      (this->*kind.act)();
      break;
    }
    chosen -= kind.weight;
  }
  // A refused allocation explains an ENOMEM that the library told later.
  if (fake::memory::refused()) out_of_memory_ = true;
}

void Run::make_socket() {
  keep(static_cast<int>(CALL(socket, choose_.of<int>({AF_INET, AF_INET, AF_INET, AF_INET6, AF_UNIX, 99}),
                             choose_.of<int>({SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW, 77}) |
                                 choose_.of<int>({0, 0, SOCK_NONBLOCK, SOCK_CLOEXEC, 1 << 20}),
                             choose_.of<int>({0, 0, 0, IPPROTO_TCP, IPPROTO_UDP, -1, 300}))));
}

void Run::bind_one() {
  const Address local = address(port());
  CALL(bind, descriptor(), choose_.one_in(20) ? nullptr : local.get(), local.length);
}

void Run::listen_one() { CALL(listen, descriptor(), choose_.of<int>({-1, 0, 1, 16})); }

void Run::connect_one() {
  const Address remote = address(++last_port_ > 60000 ? last_port_ = 10000 : last_port_);
  script_connect();
  CALL(connect, descriptor(), choose_.one_in(20) ? nullptr : remote.get(), remote.length);
}

void Run::shut_down() { CALL(shutdown, descriptor(), static_cast<int>(choose_.below(4))); }

void Run::close_one() {
  const int number = descriptor();
  CALL(close, number);
  numbers_.erase(number);
}

void Run::duplicate() {
  switch (choose_.below(3)) {
    case 0:
      keep(static_cast<int>(CALL(dup, descriptor())));
      break;
    case 1:
      keep(static_cast<int>(CALL(dup2, descriptor(), choose_.of<int>({descriptor(), 0, 1, 60, 200, -1}))));
      break;
    default:
      keep(static_cast<int>(
          CALL(dup3, descriptor(), choose_.of<int>({70, 300, -1}), choose_.of<int>({0, O_CLOEXEC, 1}))));
  }
}

void Run::refuse_memory() { fake::memory::fail_at(static_cast<int>(choose_.below(6))); }

void Run::free_everything() {
  host().budget = false;
  for (fake::TcpSocket* socket : fake::tcp_sockets()) {
    if (socket->state == fake::TcpState::connecting) {
      socket->plan.error = ErrorCode::timeout;
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
  // An alarm that was to end it found no handler: another one comes, with one.
  if (++stuck_ % 100 == 50) {
    end_signals();
    begin_signals();
    set_timer(1);
  }
  if (stuck_ > 3000) fail("waits that never end", stuck_);
}

void Run::finish() {
  fake::memory::fail_at(0);
  host().chaos = {};
  end_signals();
  free_everything();
  for (int number = 0; number < 16384; ++number)
    if (number < 400 || numbers_.count(number) != 0) guest::close(number);
  guest::close(16383);
  posix_sockets::drain_lingering();
  if (fake::live_handles() != 0) {
    std::fprintf(stderr, "handles left: %s\n", fake::describe_live_handles().c_str());
    std::abort();
  }
}

}  // namespace random_calls

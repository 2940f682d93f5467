// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "trial.h"

#include "fd/table.h"

namespace faults {

bool program_has_ended;

Scenario* the_scenarios;
Scenario* scenarios() { return the_scenarios; }
Scenario::Scenario(const char* its_name, void (*its_run)()) : name(its_name), run(its_run), next(the_scenarios) {
  the_scenarios = this;
}

void Fd::close() {
  if (number_ < 0) return;
  if (!program_has_ended) {
    CHECK_ALWAYS(guest::close(number_) == 0);
    CHECK_ALWAYS(guest::fcntl(number_, F_GETFD) == -1 && errno == EBADF);
  }
  number_ = -1;
}

Fd& Fd::operator=(Fd&& other) noexcept {
  close();
  number_ = other.number_;
  other.number_ = -1;
  return *this;
}

// What was accepted has come to the peer, in order and once, and all of it unless the connection was broken; and so has the other way.
Stream::~Stream() {
  if (!peer) return;
  socket.close();
  peer->reads = true;
  scripted::settle_peers();
  peer->takes();
  CHECK_ALWAYS(accepted.compare(0, peer->received.size(), peer->received) == 0);
  CHECK_ALWAYS(peer->told.compare(0, got.size(), got) == 0);
  if (is_plain() && ended && !broken) CHECK_PLAIN(got == peer->told);
}

long Stream::send(const std::string& data, int flags) {
  const long sent = CALL(send, socket, data.data(), data.size(), flags | MSG_NOSIGNAL);
  CHECK_ALWAYS(sent <= static_cast<long>(data.size()));
  if (sent > 0) accepted.append(data, 0, static_cast<size_t>(sent));
  if (sent < 0 && errno != EAGAIN && errno != ENOMEM) broken = true;
  return sent;
}

long Stream::recv(size_t size, int flags) {
  std::string room(size, '\0');
  const long size_got = CALL(recv, socket, room.data(), size, flags);
  CHECK_ALWAYS(size_got <= static_cast<long>(size));
  if (size_got > 0 && (flags & MSG_PEEK) == 0) got.append(room, 0, static_cast<size_t>(size_got));
  if (size_got > 0 && (flags & MSG_PEEK) != 0)
    CHECK_ALWAYS(
        peer->told.compare(got.size(), static_cast<size_t>(size_got), room, 0, static_cast<size_t>(size_got)) == 0);
  if (size_got == 0 && size != 0) ended = true;
  if (size_got < 0 && errno != EAGAIN && errno != ENOMEM) broken = true;
  return size_got;
}

namespace {

// Whether it's worth trying again. Without memory it is, once more, as only one allocation fails.
bool goes_on(const std::function<bool(int, short)>& wait, int number, short events) {
  if (errno == ENOMEM) return true;
  return errno == EAGAIN && wait && wait(number, events);
}

}  // namespace

bool Stream::send_all(const std::string& data, const std::function<bool(int, short)>& wait) {
  for (size_t done = 0; done < data.size();) {
    const long sent = send(data.substr(done));
    if (sent > 0) done += static_cast<size_t>(sent);
    if (sent < 0 && !goes_on(wait, socket, POLLOUT)) return false;
  }
  return true;
}

bool Stream::recv_all(size_t size, const std::function<bool(int, short)>& wait) {
  while (got.size() < size) {
    const long part = recv(size - got.size());
    if (part == 0) return false;
    if (part < 0 && !goes_on(wait, socket, POLLIN)) return false;
  }
  return true;
}

sockaddr_in address(uint16_t port, const char* text) {
  sockaddr_in result = {};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, text, &result.sin_addr);
  return result;
}
sockaddr_in6 address6(uint16_t port, const char* text) {
  sockaddr_in6 result = {};
  result.sin6_family = AF_INET6;
  result.sin6_port = htons(port);
  inet_pton(AF_INET6, text, &result.sin6_addr);
  return result;
}

constexpr int wait_ms = 1000;

bool polls(int number, short events) {
  pollfd entry = {number, events, 0};
  const long ready = CALL(poll, &entry, 1, wait_ms);
  return ready > 0 || (ready < 0 && errno == ENOMEM);
}
bool selects(int number, short events) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(number, &set);
  timeval time = {wait_ms / 1000, 0};
  const bool reads = (events & POLLIN) != 0;
  const long ready = CALL(select, number + 1, reads ? &set : nullptr, reads ? nullptr : &set, nullptr, &time);
  return ready > 0 || (ready < 0 && errno == ENOMEM);
}
bool epolls(int number, short events) {
  const Fd epoll(CALL(epoll_create1, 0));
  if (!epoll.is_open()) return errno == ENOMEM;
  epoll_event event = {};
  event.events = (events & POLLIN) != 0 ? EPOLLIN : EPOLLOUT;
  if (CALL(epoll_ctl, epoll, EPOLL_CTL_ADD, number, &event) != 0) return errno == ENOMEM;
  const long ready = CALL(epoll_wait, epoll, &event, 1, wait_ms);
  return ready > 0 || (ready < 0 && errno == ENOMEM);
}

long set_option(int number, int level, int name, int value) {
  return CALL(setsockopt, number, level, name, &value, sizeof value);
}
long get_option(int number, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return CALL(getsockopt, number, level, name, &value, &length) == 0 ? value : -1;
}
void set_times(int number, int milliseconds) {
  const timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
  for (const int name : {SO_RCVTIMEO, SO_SNDTIMEO})
    (void)CALL(setsockopt, number, SOL_SOCKET, name, &time, sizeof time);
}

Fd tcp(int flags, int family) { return Fd(CALL(socket, family, SOCK_STREAM | flags, 0)); }
Fd udp(int flags, int family) { return Fd(CALL(socket, family, SOCK_DGRAM | flags, 0)); }

Stream connected(Mode mode) {
  Stream stream;
  stream.socket = tcp();
  if (!stream.socket.is_open()) return stream;
  stream.peer = world().will_connect();
  const sockaddr_in remote = address(80);
  if (CALL(connect, stream.socket, any(remote), sizeof remote) != 0) {
    stream.socket.close();
    return stream;
  }
  if (mode == Mode::polling) (void)CALL(fcntl, stream.socket, F_SETFL, O_NONBLOCK);
  if (mode == Mode::timed) set_times(stream.socket, wait_ms);
  return stream;
}

std::function<bool(int, short)> way_of(Mode mode) {
  if (mode == Mode::polling) return polls;
  return {};
}

Fd listener(uint16_t port, int flags) {
  Fd socket = tcp(flags);
  if (!socket.is_open()) return socket;
  const sockaddr_in local = address(port);
  if (CALL(bind, socket, any(local), sizeof local) != 0 || CALL(listen, socket, 16) != 0) socket.close();
  return socket;
}

void end_program() {
  program_has_ended = true;
  posix_sockets::fd::drain_all();
}

std::string text_of(size_t size) {
  std::string text(size, 0);
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 7 % 26 + i / 997 % 2);
  return text;
}

}  // namespace faults

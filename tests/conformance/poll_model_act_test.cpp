// The model's operations on single descriptors, and the comparison.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/select.h>

#include <algorithm>

#include "poll_model.h"

namespace conformance::model {
namespace {

constexpr std::uint64_t event_limit = UINT64_MAX - 1;
constexpr int page = 4096;
constexpr std::size_t pipe_pages = 16;
constexpr short all = POLLIN | POLLOUT | POLLRDHUP;

short asked(short bits, short events) { return static_cast<short>(bits & (events | POLLERR | POLLHUP)); }

std::uint32_t to_epoll(short bits) {
  std::uint32_t result = 0;
  if ((bits & POLLIN) != 0) result |= EPOLLIN;
  if ((bits & POLLOUT) != 0) result |= EPOLLOUT;
  if ((bits & POLLRDHUP) != 0) result |= EPOLLRDHUP;
  if ((bits & POLLERR) != 0) result |= EPOLLERR;
  if ((bits & POLLHUP) != 0) result |= EPOLLHUP;
  return result;
}

std::uint32_t expected(const Interest& interest) {
  return to_epoll(interest.end->bits()) & (interest.wanted | EPOLLERR | EPOLLHUP);
}

}  // namespace

void World::send(Descriptor& descriptor) {
  End& end = *descriptor.end;
  EndPointer peer = end.peer.lock();
  if (!peer || end.peer_gone || end.shut_write || end.full || peer->shut_read || peer->inbox.size() >= 5) return;
  const int size = 1 + static_cast<int>(random_.below(2000));
  send_all(descriptor.number, std::string(static_cast<std::size_t>(size), 'x'));
  if (end.is_stream() && !peer->inbox.empty()) {
    peer->inbox.back() += size;
  } else {
    peer->inbox.push_back(size);
  }
}

void World::fill_up(Descriptor& descriptor) {
  End& end = *descriptor.end;
  EndPointer peer = end.peer.lock();
  if (!peer || end.peer_gone || end.shut_write || end.full || peer->shut_read) return;
  const int taken = static_cast<int>(fill(descriptor.number));
  if (peer->inbox.empty()) peer->inbox.push_back(0);
  peer->inbox.back() += taken;
  end.full = true;
}

void World::take(Descriptor& descriptor) {
  End& end = *descriptor.end;
  if (end.inbox.empty()) return;
  EndPointer peer = end.peer.lock();
  if (!end.is_stream()) {
    std::string data(70000, '\0');
    REQUIRE(readable(descriptor.number));
    REQUIRE_RETURNS(recv(descriptor.number, data.data(), data.size(), 0), end.inbox.front());
    end.inbox.pop_front();
    return;
  }
  int size = end.inbox.front();
  const bool sender_is_full = peer && peer->full;
  if (!sender_is_full && random_.once_in(2)) size = 1 + static_cast<int>(random_.below(static_cast<unsigned>(size)));
  REQUIRE(receive(descriptor.number, static_cast<std::size_t>(size)).size() == static_cast<std::size_t>(size));
  end.inbox.front() -= size;
  if (end.inbox.front() == 0) end.inbox.pop_front();
  if (sender_is_full) peer->full = false;
}

void World::shut_down(Descriptor& descriptor) {
  End& end = *descriptor.end;
  if (!end.is_connection() || (end.bits() & POLLHUP) != 0 || end.full) return;
  EndPointer peer = end.peer.lock();
  if (random_.once_in(3)) {
    if (!end.inbox.empty() || end.shut_read || (peer && peer->full)) return;
    REQUIRE_OK(shutdown(descriptor.number, SHUT_RD));
    end.shut_read = true;
    if (peer && end.kind != Kind::tcp) peer->shut_write = true;
  } else {
    if (end.shut_write) return;
    REQUIRE_OK(shutdown(descriptor.number, SHUT_WR));
    end.shut_write = true;
    if (peer) peer->ended = true;
  }
}

void World::act_on_pair(Descriptor& descriptor) {
  const unsigned choice = random_.below(10);
  if (choice < 4) return send(descriptor);
  if (choice < 8) return take(descriptor);
  if (choice == 8 && descriptor.end->kind == Kind::local_stream) return fill_up(descriptor);
  shut_down(descriptor);
}

void World::act_on_pipe(Descriptor& descriptor) {
  End& end = *descriptor.end;
  EndPointer peer = end.peer.lock();
  std::string data(page, 'x');
  if (end.kind == Kind::pipe_reader) {
    if (end.inbox.empty()) return;
    REQUIRE_RETURNS(read(descriptor.number, data.data(), data.size()), page);
    end.inbox.pop_front();
    if (peer) peer->full = false;
    return;
  }
  if (end.peer_gone) return;
  std::size_t pages = random_.once_in(4) ? pipe_pages : 1;
  for (; pages != 0 && !end.full; --pages) {
    REQUIRE_RETURNS(write(descriptor.number, data.data(), data.size()), page);
    peer->inbox.push_back(page);
    end.full = peer->inbox.size() == pipe_pages;
  }
}

void World::act_on_event(Descriptor& descriptor) {
  End& end = *descriptor.end;
  std::uint64_t value = 0;
  if (end.count != 0 && random_.once_in(2)) {
    REQUIRE_RETURNS(read(descriptor.number, &value, sizeof value), 8);
    REQUIRE(value == end.count);
    end.count = 0;
    return;
  }
  value = random_.once_in(4) ? event_limit - end.count : std::min<std::uint64_t>(1, event_limit - end.count);
  REQUIRE_RETURNS(write(descriptor.number, &value, sizeof value), 8);
  end.count += value;
}

void World::act_on_listener(Descriptor& descriptor) {
  const EndPointer end = descriptor.end;
  const int number = descriptor.number;  // the reference doesn't outlive open()
  if (descriptors_.size() >= 49) return;
  if (!end->pending.empty() && random_.once_in(2)) {
    EndPointer server = end->pending.front();
    end->pending.pop_front();
    open(Fd(accept(number, nullptr, nullptr)), server);
    return;
  }
  if (end->pending.size() >= 4) return;
  auto client = std::make_shared<End>(Kind::tcp), server = std::make_shared<End>(Kind::tcp);
  client->peer = server;
  server->peer = client;
  Fd fd = tcp(family_);
  Address address = local_address(number);
  REQUIRE_OK(connect(fd, address.get(), address.length));
  end->pending.push_back(server);
  open(std::move(fd), client);
}

void World::act(std::size_t index) {
  Descriptor& descriptor = descriptors_[index];
  switch (descriptor.end->kind) {
    case Kind::pipe_reader:
    case Kind::pipe_writer:
      return act_on_pipe(descriptor);
    case Kind::event:
      return act_on_event(descriptor);
    case Kind::listener:
      return act_on_listener(descriptor);
    case Kind::file:
      return;
    default:
      return act_on_pair(descriptor);
  }
}

// What the model doesn't have must never be reported; what it has may take a while to arrive.
void World::settle() {
  std::vector<pollfd> entries;
  for (const Descriptor& descriptor : descriptors_) entries.push_back({descriptor.number, all, -1});
  Stopwatch watch;
  for (;;) {
    REQUIRE_OK(poll(entries.data(), entries.size(), 0));
    bool complete = true;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const short wanted = descriptors_[i].end->bits();
      if (entries[i].revents == wanted) continue;
      INFO("number " << entries[i].fd << " of kind " << static_cast<int>(descriptors_[i].end->kind));
      if ((entries[i].revents & ~wanted) != 0 || watch.elapsed() > patience) REQUIRE(entries[i].revents == wanted);
      complete = false;
    }
    if (complete) return;
    poll(nullptr, 0, 1);
  }
}

void World::check_poll() {
  std::vector<pollfd> entries;
  for (const Descriptor& descriptor : descriptors_) {
    pollfd entry{};
    entry.fd = random_.once_in(10) ? -1 : descriptor.number;
    entry.events =
        random_.once_in(2) ? all : static_cast<short>(random_.below(2) * POLLIN | random_.below(2) * POLLOUT);
    entry.revents = -1;
    entries.push_back(entry);
  }
  const int count = poll(entries.data(), entries.size(), 0);
  REQUIRE_OK(count);
  int reported = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const short wanted = entries[i].fd < 0 ? short{0} : asked(descriptors_[i].end->bits(), entries[i].events);
    INFO("number " << entries[i].fd << " of kind " << static_cast<int>(descriptors_[i].end->kind));
    REQUIRE(entries[i].revents == wanted);
    reported += entries[i].revents != 0;
  }
  REQUIRE(count == reported);
}

void World::check_select() {
  fd_set in, out, bad;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_ZERO(&bad);
  int limit = 0;
  for (const Descriptor& descriptor : descriptors_) {
    FD_SET(descriptor.number, &in);
    FD_SET(descriptor.number, &out);
    FD_SET(descriptor.number, &bad);
    limit = std::max(limit, descriptor.number + 1);
  }
  timeval none{};
  const int count = select(limit, &in, &out, &bad, &none);
  REQUIRE_OK(count);
  int expected = 0;
  for (const Descriptor& descriptor : descriptors_) {
    const short bits = descriptor.end->bits();
    const bool reads = (bits & (POLLIN | POLLHUP | POLLERR)) != 0, writes = (bits & (POLLOUT | POLLERR)) != 0;
    INFO("number " << descriptor.number << " of kind " << static_cast<int>(descriptor.end->kind));
    REQUIRE((FD_ISSET(descriptor.number, &in) != 0) == reads);
    REQUIRE((FD_ISSET(descriptor.number, &out) != 0) == writes);
    REQUIRE(FD_ISSET(descriptor.number, &bad) == 0);
    expected += reads + writes;
  }
  REQUIRE(count == expected);
}

// The same by epoll, of what it watches.
void World::settle_with_epoll() {
  Stopwatch watch;
  for (;;) {
    auto found = set_.wait(0, 128);
    bool complete = true;
    for (const Interest& interest : interests_) {
      const std::uint32_t wanted = expected(interest),
                          events = found.count(interest.data) != 0 ? found[interest.data] : 0;
      if (events == wanted) continue;
      INFO("interest " << interest.data << " of kind " << static_cast<int>(interest.end->kind));
      if ((events & ~wanted) != 0 || watch.elapsed() > patience) REQUIRE(events == wanted);
      complete = false;
    }
    if (complete) break;
    poll(nullptr, 0, 1);
  }
  settle();
}

void World::check_epoll() {
  auto found = set_.wait(0, 128);
  std::size_t count = 0;
  for (const Interest& interest : interests_) {
    const std::uint32_t events = expected(interest);
    INFO("interest " << interest.data << " of kind " << static_cast<int>(interest.end->kind));
    REQUIRE((found.count(interest.data) != 0 ? found[interest.data] : 0) == events);
    count += events != 0;
  }
  REQUIRE(found.size() == count);
  REQUIRE(wait_for(set_, POLLIN | POLLOUT, 0) == (count != 0 ? POLLIN : 0));
}

void World::check() {
  // Each of them is the first to look, now and then.
  switch (random_.below(3)) {
    case 0:
      settle();
      break;
    case 1:
      settle();
      check_epoll();
      break;
    default:
      settle_with_epoll();
  }
  check_poll();
  check_select();
  check_epoll();
}

}  // namespace conformance::model

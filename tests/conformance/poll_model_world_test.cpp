// The model's descriptors: making them, random operations, closing them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/eventfd.h>

#include <algorithm>

#include "poll_model.h"

namespace conformance::model {
namespace {

constexpr std::size_t most_descriptors = 48;  // before a step, which may make two
constexpr std::uint64_t event_limit = UINT64_MAX - 1;
constexpr std::uint32_t wanted_masks[] = {EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT, any_event, EPOLLRDHUP, 0};

}  // namespace

short End::stream_bits() const {
  const bool over = ended || shut_read;
  short now = 0;
  if (!inbox.empty() || over) now |= POLLIN;
  if (over) now |= POLLRDHUP;
  if (over && (shut_write || (peer_gone && kind != Kind::tcp))) now |= POLLHUP;
  if (!full) now |= POLLOUT;
  return now;
}

short End::bits() const {
  const auto if_so = [](bool so, short bit) { return so ? bit : short{0}; };
  switch (kind) {
    case Kind::tcp:
    case Kind::local_stream:
    case Kind::local_packets:
      return stream_bits();
    case Kind::udp:
    case Kind::local_datagrams:
      return static_cast<short>(POLLOUT | if_so(!inbox.empty(), POLLIN));
    case Kind::listener:
      return if_so(!pending.empty(), POLLIN);
    case Kind::pipe_reader:
      return static_cast<short>(if_so(!inbox.empty(), POLLIN) | if_so(peer_gone, POLLHUP));
    case Kind::pipe_writer:
      return static_cast<short>(if_so(!full, POLLOUT) | if_so(peer_gone, POLLERR));
    case Kind::event:
      return static_cast<short>(if_so(count != 0, POLLIN) | if_so(count < event_limit, POLLOUT));
    case Kind::file:
      break;
  }
  return POLLIN | POLLOUT;
}

World::~World() {
  for (Descriptor& descriptor : descriptors_) ::close(descriptor.number);
}

void World::open(Fd number, EndPointer end) {
  REQUIRE(number >= 0);
  ++end->numbers;
  if (end->kind != Kind::file && !random_.once_in(4)) {
    const std::uint32_t wanted = wanted_masks[random_.below(6)];
    // A duplicate can get the number under which the description is known already.
    const bool known = std::any_of(interests_.begin(), interests_.end(), [&](const Interest& interest) {
      return interest.number == number && interest.end == end;
    });
    if (known) {
      REQUIRE_FAILS(set_.control(EPOLL_CTL_ADD, number, wanted, next_data_), EEXIST);
    } else {
      REQUIRE_OK(set_.control(EPOLL_CTL_ADD, number, wanted, next_data_));
      interests_.push_back({number, next_data_++, wanted, end});
    }
  }
  descriptors_.push_back({number.release(), std::move(end)});
}

void World::create_pair(Kind kind) {
  auto first = std::make_shared<End>(kind), second = std::make_shared<End>(kind);
  first->peer = second;
  second->peer = first;
  if (kind == Kind::tcp || kind == Kind::udp) {
    Pair pair = kind == Kind::tcp ? tcp_pair(family_) : udp_pair(family_);
    open(std::move(pair.client), first);
    open(std::move(pair.server), second);
    return;
  }
  const int type = kind == Kind::local_stream ? SOCK_STREAM : kind == Kind::local_packets ? SOCK_SEQPACKET : SOCK_DGRAM;
  int ends[2];
  REQUIRE_OK(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, ends));
  open(Fd(ends[0]), first);
  open(Fd(ends[1]), second);
}

void World::create_pipe() {
  auto reader = std::make_shared<End>(Kind::pipe_reader), writer = std::make_shared<End>(Kind::pipe_writer);
  reader->peer = writer;
  writer->peer = reader;
  int ends[2];
  REQUIRE_OK(pipe2(ends, O_NONBLOCK));
  open(Fd(ends[0]), reader);
  open(Fd(ends[1]), writer);
}

void World::create() {
  switch (random_.below(12)) {
    case 0:
      open(Fd(eventfd(0, EFD_NONBLOCK)), std::make_shared<End>(Kind::event));
      break;
    case 1:
      open(open_scratch("file"), std::make_shared<End>(Kind::file));
      break;
    case 2:
    case 3:
      create_pipe();
      break;
    case 4:
      create_pair(Kind::local_stream);
      break;
    case 5:
      create_pair(Kind::local_packets);
      break;
    case 6:
      create_pair(Kind::local_datagrams);
      break;
    case 7:
      open(std::move(listener(family_).fd), std::make_shared<End>(Kind::listener));
      break;
    case 8:
      create_pair(Kind::udp);
      break;
    default:
      create_pair(Kind::tcp);
  }
}

// Not what would make a kernel reset connections: those have a case of their own.
bool World::may_close(const Descriptor& descriptor) const {
  const End& end = *descriptor.end;
  if (end.numbers > 1) return true;
  if (end.kind == Kind::listener) return end.pending.empty();
  if (end.kind == Kind::udp) return end.inbox.empty();
  return !end.is_connection() || end.inbox.empty();
}

void World::close_one(std::size_t index) {
  Descriptor descriptor = descriptors_[index];
  if (!may_close(descriptor)) return;
  descriptors_.erase(descriptors_.begin() + static_cast<std::ptrdiff_t>(index));
  REQUIRE_OK(::close(descriptor.number));
  End& end = *descriptor.end;
  if (--end.numbers != 0) return;
  interests_.erase(std::remove_if(interests_.begin(), interests_.end(),
                                  [&](const Interest& interest) { return interest.end == descriptor.end; }),
                   interests_.end());
  if (EndPointer peer = end.peer.lock()) {
    peer->peer_gone = true;
    if (end.is_connection()) peer->ended = true;
    if (end.kind == Kind::local_stream || end.kind == Kind::local_packets) peer->full = false;
  }
}

void World::change_interest() {
  if (interests_.empty()) return;
  const std::size_t index = random_.below(static_cast<unsigned>(interests_.size()));
  Interest& interest = interests_[index];
  // It is still reached under its number only if that hasn't been closed, or used again, since.
  const bool reachable = std::any_of(descriptors_.begin(), descriptors_.end(), [&](const Descriptor& descriptor) {
    return descriptor.number == interest.number && descriptor.end == interest.end;
  });
  if (!reachable) return;
  if (random_.once_in(2)) {
    interest.wanted = wanted_masks[random_.below(6)];
    interest.data = next_data_++;
    REQUIRE_OK(set_.control(EPOLL_CTL_MOD, interest.number, interest.wanted, interest.data));
  } else {
    REQUIRE_OK(set_.remove(interest.number));
    interests_.erase(interests_.begin() + static_cast<std::ptrdiff_t>(index));
  }
}

void World::step() {
  if (descriptors_.size() < 2 || (descriptors_.size() < most_descriptors && random_.once_in(5))) return create();
  const std::size_t index = random_.below(static_cast<unsigned>(descriptors_.size()));
  Descriptor& descriptor = descriptors_[index];
  switch (random_.below(12)) {
    case 0:
      return close_one(index);
    case 1:
      if (descriptors_.size() < most_descriptors) open(Fd(dup(descriptor.number)), descriptor.end);
      return;
    case 2:
      return change_interest();
    default:
      return act(index);
  }
}

}  // namespace conformance::model

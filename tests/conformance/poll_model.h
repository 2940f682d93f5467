// A model of descriptors and of what poll() has to say of them, for random sequences of operations. On Linux the sequences
// prove the model, in a guest they prove the library by it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "epoll_help.h"

namespace conformance::model {

enum class Kind {
  tcp,
  listener,
  udp,
  pipe_reader,
  pipe_writer,
  local_stream,
  local_packets,
  local_datagrams,
  event,
  file
};

// What a description is; its numbers are kept apart.
struct End {
  explicit End(Kind of) : kind(of) {}

  Kind kind;
  int numbers = 0;
  std::weak_ptr<End> peer;
  std::deque<int> inbox;  // bytes; of a stream all in one
  std::deque<std::shared_ptr<End>> pending;
  bool ended = false;  // the peer sends no more
  bool shut_read = false;
  bool shut_write = false;
  bool full = false;  // what it can send
  bool peer_gone = false;
  std::uint64_t count = 0;  // of an eventfd

  bool is_stream() const { return kind == Kind::tcp || kind == Kind::local_stream; }
  bool is_connection() const { return is_stream() || kind == Kind::local_packets; }
  short bits() const;  // POLL*, with everything asked for
  short stream_bits() const;
};

struct Descriptor {
  int number;
  std::shared_ptr<End> end;
};

struct Interest {
  int number;  // when it was added
  std::uint64_t data;
  std::uint32_t wanted;
  std::shared_ptr<End> end;
};

// The same numbers on every system.
class Random {
 public:
  explicit Random(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  unsigned below(unsigned limit) {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<unsigned>((static_cast<std::uint64_t>(state_ >> 8) * limit) >> 24);
  }
  bool once_in(unsigned times) { return below(times) == 0; }

 private:
  std::uint32_t state_;
};

class World {
 public:
  World(std::uint32_t seed, int family) : random_(seed), family_(family) {}
  ~World();

  void step();
  // Compares what poll, select and epoll say with the model.
  void check();

 private:
  using EndPointer = std::shared_ptr<End>;

  void create();
  void create_pair(Kind kind);
  void create_pipe();
  void open(Fd number, EndPointer end);
  void close_one(std::size_t index);
  void act(std::size_t index);
  void act_on_pair(Descriptor& descriptor);
  void act_on_pipe(Descriptor& descriptor);
  void act_on_event(Descriptor& descriptor);
  void act_on_listener(Descriptor& descriptor);
  void send(Descriptor& descriptor);
  void fill_up(Descriptor& descriptor);
  void take(Descriptor& descriptor);
  void shut_down(Descriptor& descriptor);
  void change_interest();
  bool may_close(const Descriptor& descriptor) const;

  void settle();
  void settle_with_epoll();
  void check_poll();
  void check_select();
  void check_epoll();

  Random random_;
  int family_;
  std::vector<Descriptor> descriptors_;
  std::vector<Interest> interests_;
  std::uint64_t next_data_ = 1;
  Epoll set_;
};

}  // namespace conformance::model

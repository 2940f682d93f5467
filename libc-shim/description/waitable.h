// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a description can be waited for: what holds now, what would tell of more, and the edges that were seen.
#pragma once

#include "description/counted.h"
#include "description/edges.h"
#include "wait/poll_set.h"

namespace posix_sockets {

// Bits of readiness, apart from the POLL* values of any one header.
using Events = uint16_t;
namespace events {
constexpr Events readable = 1;
constexpr Events writable = 2;
constexpr Events error = 4;            // POLLERR
constexpr Events hang_up = 8;          // POLLHUP: both directions are over
constexpr Events read_hang_up = 16;    // POLLRDHUP: the peer sends no more
constexpr Events more_input = 32;      // to wait for only: input beyond what is there already
constexpr Events write_hang_up = 128;  // to ask for only: this end sends no more
constexpr Events more_room = 64;       // to wait for only: room, if the last send found none
}  // namespace events

namespace bands {
constexpr uint8_t normal_read = 1;   // POLLRDNORM
constexpr uint8_t normal_write = 2;  // POLLWRNORM
constexpr uint8_t band_write = 4;    // POLLWRBAND
}  // namespace bands

class Waitable : public Counted {
 public:
  // The last send found no room. Whoever sees room next takes it back and counts an edge.
  bool send_blocked : 1 = false;

  // Which of `wanted` (error and hang-up always count as wanted) hold now. Looks only at the guest's own state, and where
  // the host's pollable is known to be stale, unless `probe` is set: then it asks the host, for instance by reading ahead,
  // so that what it says is the truth.
  virtual Events ready(Events wanted, bool probe) {
    (void)probe;
    return wanted & (events::readable | events::writable);
  }

  // Adds the pollables that may make one of `wanted` come true. None: only the program itself can, by another call; a
  // blocking call would wait for ever, and reports EDEADLK.
  virtual void subscribe(Events wanted, PollSet& set, uint32_t tag) {
    (void)wanted;
    (void)set;
    (void)tag;
  }

  // Something about it changed, so that who watches it looks again: a call of the program began on it, or went on after a wait, or
  // another description did something to it.
  void changed() {
    if (watches != nullptr) tell_watches();
  }

  // What edge-triggered interests are told again for, as the kernel wakes its wait queues: input that arrived, room after
  // there was none, everything else (ends, errors, connects that are through).
  void tell_input() { tell(input_edges); }
  void tell_room() { tell(output_edges); }
  void tell_change() { tell(edges); }
  EdgeCounter input_edges;
  EdgeCounter output_edges;
  EdgeCounter edges;
  // The sum of those that concern who wants `wanted`: it changes with each of them.
  virtual uint32_t edge_count(Events wanted) const {
    uint32_t count = edges;
    if ((wanted & events::readable) != 0) count += input_edges;
    if ((wanted & events::writable) != 0) count += output_edges;
    return count;
  }
  // When the first of them came after `seen`; 0: none did.
  uint32_t first_edge_after(uint32_t seen, Events wanted) const {
    uint32_t first = edges.first_after(seen);
    const auto take = [&](uint32_t other) {
      if (other != 0 && (first == 0 || other < first)) first = other;
    };
    if ((wanted & events::readable) != 0) take(input_edges.first_after(seen));
    if ((wanted & events::writable) != 0) take(output_edges.first_after(seen));
    return first;
  }
  void forget_edges() {
    edges.forget();
    input_edges.forget();
    output_edges.forget();
  }
  bool waits_for_room(Events wanted) const {
    return (wanted & events::writable) != 0 && ((wanted & events::more_room) == 0 || send_blocked);
  }
  void saw_room() {
    if (send_blocked) tell_room();
    send_blocked = false;
  }

  bool in_process() const { return is(kinds::in_process); }
  // Which of the finer events come with readable and writable.
  uint8_t bands() const {
    if (is(kinds::unix_sockets | Kind::udp)) return bands::normal_read | bands::normal_write | bands::band_write;
    if (is(Kind::epoll_set)) return bands::normal_read;
    return is({Kind::event_counter, Kind::timer, Kind::signals}) ? 0 : bands::normal_read | bands::normal_write;
  }

 protected:
  explicit Waitable(Kind kind) : Counted(kind) {}
  ~Waitable() = default;

 private:
  void tell(EdgeCounter& counter) {
    counter.count();
    changed();
  }
  void tell_watches();
};

}  // namespace posix_sockets

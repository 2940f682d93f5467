// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: output that is held back for more to come, so that several small sends leave as one write.
//
// Three things hold: MSG_MORE and TCP_CORK, as the program asks; and TCP_NODELAY, since a WASI 0.2 host runs Nagle's algorithm
// all the same, and a second small write would wait for the peer's delayed acknowledgement. What NODELAY holds leaves with
// the program's next call into the library that isn't a send on the same socket; all that is held leaves before any wait, and
// with a send that finds it old.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tcp/socket.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

// Sockets that hold something.
TcpSocket* holding;

// Memory for the next socket that holds something.
uint8_t* spare;

}  // namespace

void TcpSocket::before_wait(PollSet& set) {
  for (TcpSocket* socket = holding; socket != nullptr;) {
    TcpSocket* next = socket->next_holding_;  // flushing takes a socket off the list
    socket->flush_held();
    // The host has no room: whatever the program waits for, these bytes must go on as soon as it has.
    if (socket->fast_.gathered.size != 0) set.add(socket->output_pollable(), PollSet::upkeep_tag);
    socket = next;
  }
}

void TcpSocket::before_call(const Description* target) {
  for (TcpSocket* socket = holding; socket != nullptr;) {
    TcpSocket* next = socket->next_holding_;
    if (socket != target && !socket->held_for_more_) socket->flush_held();
    socket = next;
  }
}

bool TcpSocket::wants_to_hold(const SendRequest& request) const {
  if (request.size > GatheredOutput::capacity) return false;
  return (request.flags & MSG_MORE) != 0 || corked_ || (no_delay_ && on_.gathers_for_no_delay);
}

bool TcpSocket::hold(const SendRequest& request) {
  if (fast_.gathered.memory == nullptr) {
    fast_.gathered.memory = spare != nullptr ? spare : static_cast<uint8_t*>(malloc(GatheredOutput::capacity));
    if (fast_.gathered.memory == nullptr) return false;
    spare = nullptr;
  }
  if (fast_.gathered.size == 0) {
    next_holding_ = holding;
    holding = this;
    ++GatheredOutput::holders;
    // Who filled the last 16K in no time goes on like that.
    constexpr uint64_t busy_ns = 1000000;
    const uint64_t now = wasi::monotonic_clock::now();
    fast_.gathered.looks_at_age = now - held_since_ < busy_ns ? 16 : 1;
    held_since_ = now;
    fast_.gathered.sends = 0;
    set_upkeep(before_wait);
    posix_sockets::before_call = before_call;
  }
  gather(request.buffers, fast_.gathered.memory + fast_.gathered.size, request.size);
  fast_.gathered.size += static_cast<uint32_t>(request.size);
  ++fast_.gathered.sends;
  held_for_more_ = corked_ || (request.flags & MSG_MORE) != 0;
  fast_.gathered.takes_more = held_for_more_;
  fast_.gathered.takes_plain = corked_ || !held_for_more_;
  return true;
}

// A program that sends now and then, and calls nothing else in between, would have its bytes held back for long: they go after
// a while, which for what the program itself wants held is that of Linux. The clock is looked at ever more seldom while many
// sends follow each other.
bool TcpSocket::held_is_old() {
  constexpr uint64_t most_ns = 5000000;
  constexpr uint64_t most_for_more_ns = 200000000;
  if (fast_.gathered.size == 0 || fast_.gathered.sends < fast_.gathered.looks_at_age) return false;
  fast_.gathered.looks_at_age = static_cast<uint16_t>(16 * fast_.gathered.looks_at_age);
  return wasi::monotonic_clock::now() - held_since_ > (held_for_more_ ? most_for_more_ns : most_ns);
}

// Writes what is held, as far as the host takes it. An error stays for the program's next call.
void TcpSocket::flush_held() {
  while (fast_.gathered.size != 0) {
    const wasi::StreamResult permit = check_write();
    if (permit.status != wasi::StreamStatus::ok) {
      end_output(permit.status);
      drop_held();
      return;
    }
    if (permit.value == 0) {
      fast_.gathered.look_at_next();  // which finds the connection full
      return;
    }
    const uint32_t size =
        permit.value < fast_.gathered.size ? static_cast<uint32_t>(permit.value) : fast_.gathered.size;
    const wasi::StreamStatus status = write_out(fast_.gathered.memory, size);
    if (status != wasi::StreamStatus::ok) {
      end_output(status);
      drop_held();
      return;
    }
    sent_after_end_ = input_ended_;
    fast_.gathered.size -= size;
    memmove(fast_.gathered.memory, fast_.gathered.memory + size, fast_.gathered.size);
  }
  drop_held();
}

// Nothing is held any more: takes the socket off the list and gives its memory back.
void TcpSocket::drop_held() {
  if (fast_.gathered.memory == nullptr) return;
  fast_.gathered.size = 0;
  if (spare == nullptr) {
    spare = fast_.gathered.memory;
  } else {
    free(fast_.gathered.memory);
  }
  fast_.gathered.memory = nullptr;
  fast_.gathered.look_at_next();
  for (TcpSocket** link = &holding; *link != nullptr; link = &(*link)->next_holding_) {
    if (*link == this) {
      *link = next_holding_;
      --GatheredOutput::holders;
      break;
    }
  }
  next_holding_ = nullptr;
  if (holding == nullptr) posix_sockets::before_call = nullptr;
  if (end_pending_) send_end();
  end_pending_ = false;
}

void TcpSocket::tcp_gathering_changed(bool cork, bool no_delay) {
  fast_.gathered.look_at_next();
  corked_ = cork;
  no_delay_ = no_delay;
  if (no_delay) {
    // WASI_POSIX_NODELAY=write-through makes every send on a TCP_NODELAY socket a write of its own.
    const char* value = getenv("WASI_POSIX_NODELAY");
    on_.gathers_for_no_delay = value == nullptr || strcmp(value, "write-through") != 0;
  }
  if (!cork) flush_held();
}

}  // namespace posix_sockets

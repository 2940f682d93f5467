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
    if (socket->held_size_ != 0) set.add(socket->output_pollable(), PollSet::upkeep_tag);
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
  if (request.size > held_capacity) return false;
  return (request.flags & MSG_MORE) != 0 || corked_ || (no_delay_ && on_.gathers_for_no_delay);
}

bool TcpSocket::hold(const SendRequest& request) {
  if (held_ == nullptr) {
    held_ = spare != nullptr ? spare : static_cast<uint8_t*>(malloc(held_capacity));
    if (held_ == nullptr) return false;
    spare = nullptr;
  }
  if (held_size_ == 0) {
    next_holding_ = holding;
    holding = this;
    ++holders;
    // Who filled the last 16K in no time goes on like that.
    constexpr uint64_t busy_ns = 1000000;
    const uint64_t now = wasi::monotonic_clock::now();
    looks_at_age_ = now - held_since_ < busy_ns ? 16 : 1;
    held_since_ = now;
    held_sends_ = 0;
    set_upkeep(before_wait);
    posix_sockets::before_call = before_call;
  }
  gather(request.buffers, held_ + held_size_, request.size);
  held_size_ += static_cast<uint32_t>(request.size);
  ++held_sends_;
  held_for_more_ = corked_ || (request.flags & MSG_MORE) != 0;
  held_takes_more_ = held_for_more_;
  held_takes_plain_ = corked_ || !held_for_more_;
  return true;
}

// A program that sends now and then, and calls nothing else in between, would have its bytes held back for long: they go after
// a while, which for what the program itself wants held is that of Linux. The clock is looked at ever more seldom while many
// sends follow each other.
bool TcpSocket::held_is_old() {
  constexpr uint64_t most_ns = 5000000;
  constexpr uint64_t most_for_more_ns = 200000000;
  if (held_size_ == 0 || held_sends_ < looks_at_age_) return false;
  looks_at_age_ = static_cast<uint16_t>(16 * looks_at_age_);
  return wasi::monotonic_clock::now() - held_since_ > (held_for_more_ ? most_for_more_ns : most_ns);
}

// Writes what is held, as far as the host takes it. An error stays for the program's next call.
void TcpSocket::flush_held() {
  while (held_size_ != 0) {
    const wasi::StreamResult permit = check_write();
    if (permit.status != wasi::StreamStatus::ok) {
      end_output(permit.status);
      drop_held();
      return;
    }
    if (permit.value == 0) {
      look_at_next_send();  // which finds the connection full
      return;
    }
    const uint32_t size = permit.value < held_size_ ? static_cast<uint32_t>(permit.value) : held_size_;
    const wasi::StreamStatus status = write_out(held_, size);
    if (status != wasi::StreamStatus::ok) {
      end_output(status);
      drop_held();
      return;
    }
    sent_after_end_ = input_ended_;
    held_size_ -= size;
    memmove(held_, held_ + size, held_size_);
  }
  drop_held();
}

// Nothing is held any more: takes the socket off the list and gives its memory back.
void TcpSocket::drop_held() {
  if (held_ == nullptr) return;
  held_size_ = 0;
  if (spare == nullptr) {
    spare = held_;
  } else {
    free(held_);
  }
  held_ = nullptr;
  look_at_next_send();
  for (TcpSocket** link = &holding; *link != nullptr; link = &(*link)->next_holding_) {
    if (*link == this) {
      *link = next_holding_;
      --holders;
      break;
    }
  }
  next_holding_ = nullptr;
  if (holding == nullptr) posix_sockets::before_call = nullptr;
  if (end_pending_) send_end();
  end_pending_ = false;
}

void TcpSocket::tcp_gathering_changed(bool cork, bool no_delay) {
  look_at_next_send();
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

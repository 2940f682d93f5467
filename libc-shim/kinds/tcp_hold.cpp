// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: output that is held back for more to come, so that several small sends leave as one write.
//
// Three things hold: MSG_MORE and TCP_CORK, as the program asks; and TCP_NODELAY, since a WASI 0.2 host runs Nagle's algorithm
// all the same, and a second small write would wait for the peer's delayed acknowledgement. What NODELAY holds leaves with
// the program's next call into the library that isn't a send on the same socket; all that is held leaves before any wait,
// and with a send that finds it too old.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "kinds/tcp_socket.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {
namespace {

// How long a program that does nothing but compute and send can keep bytes back. TCP_CORK's limit is Linux's.
constexpr uint64_t longest_no_delay_ns = 1000000;
constexpr uint64_t longest_cork_ns = 200000000;
// The clock costs more than a small send: of many in a row it's read now and then.
constexpr uint8_t sends_always_timed = 4;
constexpr uint8_t sends_between_times = 16;

// Sockets that hold something.
TcpSocket* holding;

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
  if (request.size > held_capacity - held_size_) return false;
  return (request.flags & MSG_MORE) != 0 || corked_ || (no_delay_ && on_.gathers_for_no_delay);
}

bool TcpSocket::held_too_long() {
  ++held_sends_;
  if (held_sends_ > sends_always_timed && held_sends_ % sends_between_times != 0) return false;
  const uint64_t age = wasi::monotonic_clock::now() - held_since_;
  return age > (held_for_more_ ? longest_cork_ns : longest_no_delay_ns);
}

// False: what is held, and this with it, must leave now.
bool TcpSocket::hold(const SendRequest& request) {
  if (held_size_ != 0 && held_too_long()) return false;
  if (held_ == nullptr) {
    held_ = static_cast<uint8_t*>(malloc(held_capacity));
    if (held_ == nullptr) return false;
  }
  if (held_size_ == 0) {
    next_holding_ = holding;
    holding = this;
    held_since_ = wasi::monotonic_clock::now();
    held_sends_ = 1;
    set_upkeep(before_wait);
    posix_sockets::before_call = before_call;
  }
  gather(request.buffers, held_ + held_size_, request.size);
  held_size_ += static_cast<uint32_t>(request.size);
  held_for_more_ = corked_ || (request.flags & MSG_MORE) != 0;
  return true;
}

// Writes what is held, as far as the host takes it. An error stays for the program's next call.
void TcpSocket::flush_held() {
  while (held_size_ != 0) {
    const wasi::StreamResult permit = check_write();
    if (held_size_ == 0) return;  // check_write() waited, and what runs before a wait has flushed it
    if (permit.status != wasi::StreamStatus::ok) {
      end_output(permit.status);
      drop_held();
      return;
    }
    if (permit.value == 0) return;
    const uint32_t size = permit.value < held_size_ ? static_cast<uint32_t>(permit.value) : held_size_;
    const wasi::StreamStatus status = output_.write(held_, size);
    last_write_ = size;
    ++write_count;
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
  free(held_);
  held_ = nullptr;
  for (TcpSocket** link = &holding; *link != nullptr; link = &(*link)->next_holding_) {
    if (*link == this) {
      *link = next_holding_;
      break;
    }
  }
  next_holding_ = nullptr;
  if (end_pending_) (void)host_.shutdown(wasi::ShutdownType::send);
  end_pending_ = false;
}

void TcpSocket::tcp_gathering_changed(bool cork, bool no_delay) {
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

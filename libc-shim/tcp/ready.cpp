// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what poll, select and epoll see. Follows tcp_poll of Linux.
#include "tcp/listener.h"

namespace posix_sockets {

const wasi::Pollable& TcpSocket::socket_pollable() {
  if (!socket_pollable_) socket_pollable_ = host_.subscribe();
  return socket_pollable_;
}
const wasi::Pollable& TcpSocket::new_input_pollable() {
  input_pollable_ = input_.subscribe();
  return input_pollable_;
}
const wasi::Pollable& TcpSocket::output_pollable() {
  if (!output_pollable_) output_pollable_ = output_.subscribe();
  return output_pollable_;
}

// A buffer with enough in it answers for readable without asking the host. The end of the stream and a reset show only
// behind the data: whoever waits for those makes the guest read ahead, up to a limit that keeps the peer from filling it.
bool TcpSocket::needs_input(Events wanted) const {
  constexpr size_t look_ahead_limit = 65536;
  if (input_ended_) return false;
  if (fast_.ahead.empty() || fast_.ahead.size() < static_cast<size_t>(options.receive_low_water)) return true;
  if ((wanted & events::more_input) != 0) return fast_.ahead.size() < look_ahead_limit;
  // Of a connection that this end has finished with, the other end's is a hang-up.
  if ((wanted & events::readable) != 0 && (wanted & events::read_hang_up) == 0 && !send_shut_) return false;
  return fast_.ahead.size() < look_ahead_limit;
}

Events TcpSocket::ready(Events wanted, bool probe) {
  if (probe) progress();
  wanted |= events::error | events::hang_up;
  Events now = 0;
  switch (state_) {
    case State::connecting:
      break;
    case State::fresh:
      now = events::writable | events::hang_up;
      if (receive_shut_) now |= events::readable | events::read_hang_up;
      break;
    case State::failed:
      now = events::readable | events::writable | events::hang_up | events::read_hang_up | events::write_hang_up;
      break;
    case State::listening:
      return listener_->ready(wanted, probe) & wanted;
    case State::connected: {
      const size_t low_water = static_cast<size_t>(options.receive_low_water);
      if (!probe) look_due_ = !was_heard_since_wait();
      const bool was_there = !fast_.ahead.empty() || input_ended_;
      bool looked = false;
      while ((probe || owes_empty_read_ || underway_ != 0) && needs_input(wanted)) {
        looked = !fill(probe ? ask_for() : least_read).ok();
        if (looked) break;
        wanted &= static_cast<Events>(~events::more_input);  // this is it
      }
      if ((!looked || input_ended_) && may_have_error_behind(wanted, probe, was_there)) look_behind_input();
      if (!send_shut_ && !output_ended_ && (probe || !was_writable_) && waits_for_room(wanted)) {
        const wasi::StreamResult permit = check_write();
        if (permit.status != wasi::StreamStatus::ok) end_output(permit.status);
        if (output_ended_ || permit.value != 0) {
          now |= events::writable;
          saw_room();
        }
      }
      const bool receive_over = input_ended_ || receive_shut_;
      if (receive_over) now |= events::readable | events::read_hang_up;
      if (!fast_.ahead.empty() && fast_.ahead.size() >= low_water) now |= events::readable;
      if (send_shut_ || output_ended_) {
        now |= events::writable | events::write_hang_up;
        if (receive_over) now |= events::hang_up;
      }
      break;
    }
  }
  if (!pending_error_.ok()) now |= events::error;
  return now & wanted;
}

// As tcp_set_rcvlowat(): who watches a socket that is readable is told, also if it was so before.
void TcpSocket::receive_low_water_changed() {
  if (watchers == 0 || state_ != State::connected) return;
  const bool enough = (ready(events::readable, true) & events::readable) != 0 && !fast_.ahead.empty();
  if (enough || ended_in_order_) ++input_edges;
}

void TcpSocket::look_for_input() {
  if (state_ == State::connected && fast_.ahead.empty()) (void)fill(least_read);
}

int64_t TcpSocket::tcp_buffered() {
  if (state_ == State::listening) return (listener_->pending.socket ? 1 : 0) + listener_->queued_count;
  return static_cast<int64_t>(fast_.ahead.size());
}

int64_t TcpSocket::tcp_room() {
  if (state_ != State::connected || send_shut_ || output_ended_) return 0;
  const wasi::StreamResult permit = check_write();
  return permit.status == wasi::StreamStatus::ok ? static_cast<int64_t>(permit.value) : 0;
}

void TcpSocket::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  switch (state_) {
    case State::connecting:
      set.add(socket_pollable(), tag);
      break;
    case State::listening:
      listener_->subscribe(wanted, set, tag);
      break;
    case State::connected:
      if (needs_input(wanted)) set.add(input_pollable(), tag);
      if (waits_for_room(wanted) && !send_shut_ && !output_ended_) set.add(output_pollable(), tag);
      break;
    default:
      break;  // nothing changes by itself
  }
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: whether a connection is over in a way that no call has seen yet. A host tells of a reset with the streams, some time
// later and behind what has arrived; it names the peer for as long as the kernel has the connection, at once.
#include "tcp/socket.h"
#include "wait/settle.h"

namespace posix_sockets {

void TcpSocket::latch_error(wasi::StreamStatus status) {
  output_ended_ = true;
  fast_.gathered.look_at_next();
  if (error_latched_) return;
  error_latched_ = true;
  switch (status) {
    case wasi::StreamStatus::broken_pipe:
      pending_error_ = EPIPE;
      break;
    case wasi::StreamStatus::timed_out:
      pending_error_ = ETIMEDOUT;
      break;
    case wasi::StreamStatus::unreachable:
      pending_error_ = EHOSTUNREACH;
      break;
    default:
      pending_error_ = ECONNRESET;
  }
}

// Reads to the end of the input, which is there.
void TcpSocket::take_in_end() {
  constexpr size_t most_at_once = 65536;
  constexpr int most_vain_looks = 8;
  SettlingTime time(Settling::end_of_input);
  for (int vain = 0; has_streams() && !input_ended_ && vain < most_vain_looks;) {
    const Errno error = fill(most_at_once);
    if (error.ok()) continue;
    if (!(error == EAGAIN) || input_ended_) return;
    ++vain;
    if (!time.settle(input_pollable())) return;
  }
}

bool TcpSocket::turns_out_over() {
  if (!has_streams()) return is_over();
  if (send_shut_) (void)ready(events::read_hang_up, true);
  if (is_over()) return true;
  if (host_.remote_address().ok()) return false;
  take_in_end();
  if (input_ended_ && !is_over()) {
    // Reset behind its end, which the kernel calls a broken pipe. A send may have told that already.
    if (!output_ended_) latch_error(wasi::StreamStatus::broken_pipe);
    error_latched_ = true;
    ++edges;
  }
  return is_over();
}

void TcpSocket::look_for_error() {
  progress();
  if (state_ == State::connected) (void)turns_out_over();
}

// An error counts as wanted, also of who only wants input and has some, or the end of it. To ask for it each time would cost a
// host call: it's asked for if the program let time pass, and now and then while it spins.
bool TcpSocket::may_have_error_behind(Events wanted, bool probe, bool was_there) {
  constexpr uint8_t most_skipped = 16;
  constexpr Events input = events::readable | events::read_hang_up;
  if (send_shut_ || output_ended_) return false;
  const bool due = look_due_ || (was_there && ++looks_skipped_ >= most_skipped);
  // The streams tell only the next sender that a peer that had ended has reset the connection.
  if (input_ended_) return probe || sent_after_end_ || (due && (wanted & input) != 0);
  // Of its own sockets the program knows it.
  return due && !fast_.ahead.empty() && other_end_ == nullptr && underway_ == 0;
}

void TcpSocket::look_behind_input() {
  look_due_ = false;
  looks_skipped_ = 0;
  hear();
  const bool reads = !input_ended_ && !last_read_full_ && fast_.ahead.size() <= large_read;
  if (reads) (void)fill(least_read);  // the cheaper call
  if (!reads || input_ended_) (void)turns_out_over();
}

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what is on its way between two sockets of the program. A kernel delivers it before the sender's call returns; a host
// notices some time later, and the longer the more the guest is busy. So the receiver knows what to wait for.
#include "tcp/socket.h"
#include "wait/host_lag.h"
#include "wit-bindings/clocks.h"

namespace posix_sockets {

// An accepted connection finds its client, which may have sent something already.
void TcpSocket::pair_with_client() {
  TcpSocket* client = other_end();
  if (client == nullptr) return;
  other_end_ = client;
  client->other_end_ = this;
  client->look_for_other_end(false);
  underway_ = client->last_write_ + (client->send_shut_ ? 1 : 0);
}

// The connection is given up, which ends what the other end receives.
void TcpSocket::part() {
  if (!send_shut_) other_end_->expect_end();
  other_end_->peer_is_deaf_ = true;
  other_end_->look_at_next_send();
  other_end_->other_end_ = nullptr;
  other_end_ = nullptr;
}

// Dropping a stream waits until the host has written what it was given. So the other end takes that in.
void TcpSocket::let_output_go() {
  constexpr uint64_t longest_ns = 1000000000;
  constexpr size_t most_at_once = 65536;
  const Deadline deadline = Deadline::after(wasi::monotonic_clock::now(), longest_ns);
  while (other_end_ != nullptr && has_unsent()) {
    if (other_end_->fill(most_at_once).ok()) continue;
    PollSet set;
    set.add(output_pollable());
    if (!other_end_->input_ended_) set.add(other_end_->input_pollable());
    if (!set.wait(deadline, false).ok()) return;
  }
}

// Whether something of what is underway has come, or the end has.
bool TcpSocket::await_underway() {
  PollSet set;
  set.add(input_pollable());
  return host_notices(set, underway_);
}

}  // namespace posix_sockets

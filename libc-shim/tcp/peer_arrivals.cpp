// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP: what is on its way between two sockets of the program. A kernel delivers it before the sender's call returns; a host
// notices some time later, and the longer the more the guest is busy. So the receiver knows what to wait for.
#include "tcp/socket.h"
#include "wait/settle.h"

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
  other_end_->fast_.gathered.look_at_next();
  other_end_->other_end_ = nullptr;
  other_end_ = nullptr;
}

// Dropping a stream waits until the host has written what it was given. So the other end takes that in.
void TcpSocket::let_output_go() {
  constexpr size_t most_at_once = 65536;
  SettlingTime time(Settling::unsent_output);
  while (other_end_ != nullptr && has_unsent()) {
    if (other_end_->fill(most_at_once).ok()) continue;
    const Source* const sources[] = {&output_pollable(), &other_end_->input_pollable()};
    if (!time.settle(sources, other_end_->input_ended_ ? 1 : 2)) return;
  }
}

// Whether something of what is underway has come, or the end has.
bool TcpSocket::await_underway() {
  const Source* const sources[] = {&input_pollable()};
  return settle_arrival(sources, 1, underway_);
}

}  // namespace posix_sockets

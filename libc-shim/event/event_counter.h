// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What eventfd() makes: a 64-bit counter that can be waited for.
#pragma once

#include "description/description.h"

namespace posix_sockets {

class EventCounter final : public Description {
 public:
  // `semaphore`: a read takes 1, and not all.
  EventCounter(uint64_t count, bool semaphore)
      : Description(Kind::event_counter), count_(count), semaphore_(semaphore) {}

  void release() override;
  // EINVAL: fewer than 8 bytes; EAGAIN: the counter is 0.
  Result<size_t> receive(ReceiveRequest& request) override;
  // EINVAL: not 8 bytes, or the largest number; EAGAIN: the counter would overflow.
  Result<size_t> send(SendRequest& request) override;
  Events ready(Events wanted, bool probe) override;
  int64_t buffered() override { return static_cast<int64_t>(count_); }
  int64_t room() override { return static_cast<int64_t>(UINT64_MAX - 1 - count_); }
  Errno stat(struct stat& out) override;

 private:
  uint64_t count_;
  bool semaphore_;
};

}  // namespace posix_sockets

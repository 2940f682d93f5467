// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What timerfd_create() makes. It keeps monotonic time: a timer of CLOCK_REALTIME is converted when it is set, and doesn't
// follow what is done to that clock afterwards.
#pragma once

#include "description/description.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

class TimerDescriptor final : public Description {
 public:
  static constexpr Kinds kinds = Kind::timer;

  // In nanoseconds.
  struct Setting {
    uint64_t left;      // until the next expiration; 0: it isn't set
    uint64_t interval;  // 0: it expires once
  };

  explicit TimerDescriptor(bool real_time) : Description(Kind::timer), real_time_(real_time) {}

  void release() override;
  // The number of expirations since the last read or start(). EINVAL: fewer than 8 bytes; EAGAIN: none.
  Result<size_t> receive(ReceiveRequest& request) override;
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }
  Events ready(Events wanted, bool probe) override;
  void subscribe(Events wanted, PollSet& set, uint32_t tag) override;
  int64_t buffered() override { return static_cast<int64_t>(expirations_); }
  Errno stat(struct stat& out) override;

  bool is_real_time() const { return real_time_; }
  // Expires at `instant` of the monotonic clock first, which may be before the clock began.
  // Either drops the expirations that nobody read.
  void start(int64_t instant, uint64_t interval);
  void stop(uint64_t interval);
  Setting setting();

 private:
  // Counts the expirations up to now.
  void advance();

  bool real_time_;
  bool armed_ = false;
  int64_t next_ = 0;  // the instant of the next expiration that isn't counted yet
  uint64_t interval_ = 0;
  uint64_t expirations_ = 0;
  host::Timer timer_;
};

}  // namespace posix_sockets

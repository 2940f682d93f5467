// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "event/timer_descriptor.h"

#include "support/memory.h"

namespace posix_sockets {

void TimerDescriptor::release() { destroy(this); }

void TimerDescriptor::start(int64_t instant, uint64_t interval) {
  stop(interval);
  armed_ = true;
  next_ = instant;
}

void TimerDescriptor::stop(uint64_t interval) {
  armed_ = false;
  interval_ = interval;
  expirations_ = 0;
}

void TimerDescriptor::advance() {
  if (!armed_) return;
  const auto now = static_cast<int64_t>(host::now());
  if (now < next_) return;
  if (expirations_ == 0) tell_input();
  if (interval_ == 0) {
    ++expirations_;
    armed_ = false;
    return;
  }
  const uint64_t times = static_cast<uint64_t>(now - next_) / interval_ + 1;
  expirations_ += times;
  next_ += static_cast<int64_t>(times * interval_);
}

TimerDescriptor::Setting TimerDescriptor::setting() {
  advance();
  if (!armed_) return {0, interval_};
  const auto now = static_cast<int64_t>(host::now());
  return {next_ > now ? static_cast<uint64_t>(next_ - now) : 1, interval_};
}

Result<size_t> TimerDescriptor::receive(ReceiveRequest& request) {
  if (request.size < sizeof expirations_) return Errno(EINVAL);
  advance();
  if (expirations_ == 0) return Errno(EAGAIN);
  scatter(request.buffers, &expirations_, sizeof expirations_);
  expirations_ = 0;
  return sizeof expirations_;
}

// The clock is asked each time: the host's own timer is late, and a fresh one isn't ready at once although its time is over.
Events TimerDescriptor::ready(Events wanted, bool) {
  advance();
  return expirations_ != 0 ? wanted & events::readable : 0;
}

void TimerDescriptor::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if (!armed_ || expirations_ != 0 || (wanted & events::readable) == 0) return;
  timer_.set(next_ > 0 ? static_cast<uint64_t>(next_) : 0);
  set.add(timer_.source(), tag);
}

Errno TimerDescriptor::stat(struct stat& out) { return stat_anonymous(out); }

}  // namespace posix_sockets

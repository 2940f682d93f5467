// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// timerfd_create, timerfd_settime, timerfd_gettime.
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>

#include "api/entry.h"
#include "event/timer_descriptor.h"
#include "support/memory.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr uint64_t ns_per_s = 1000000000;

bool is_valid(const timespec& time) {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && static_cast<uint64_t>(time.tv_nsec) < ns_per_s;
}

// Saturates at a time of 146 years, so that sums and differences of two stay in range.
int64_t to_ns(const timespec& time) {
  constexpr uint64_t longest = INT64_MAX / 2;
  const auto seconds = static_cast<uint64_t>(time.tv_sec);
  return static_cast<int64_t>(seconds >= longest / ns_per_s ? longest
                                                            : seconds * ns_per_s + static_cast<uint64_t>(time.tv_nsec));
}

timespec to_timespec(uint64_t ns) {
  timespec result = {};
  result.tv_sec = static_cast<decltype(result.tv_sec)>(ns / ns_per_s);
  result.tv_nsec = static_cast<decltype(result.tv_nsec)>(ns % ns_per_s);
  return result;
}

Result<TimerDescriptor*> find_timer(int number) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr) {
    TimerDescriptor* timer = as<TimerDescriptor>(target.ours);
    return timer != nullptr ? Result<TimerDescriptor*>(timer) : Result<TimerDescriptor*>(Errno(EINVAL));
  }
  // A file, or nothing.
  Result<bool> open = fd::close_on_exec(number);
  return open.ok() ? Errno(EINVAL) : open.error();
}

itimerspec to_itimerspec(const TimerDescriptor::Setting& setting) {
  return {to_timespec(setting.interval), to_timespec(setting.left)};
}

// The instant of the monotonic clock at which the timer expires first.
int64_t instant_of(const TimerDescriptor& timer, const timespec& time, bool absolute) {
  const int64_t ns = to_ns(time);
  if (absolute && !timer.is_real_time()) return ns - static_cast<int64_t>(monotonic_lead_s * ns_per_s);
  const auto now = static_cast<int64_t>(host::now());
  if (!absolute) return now + ns;
  timespec real;
  clock_gettime(CLOCK_REALTIME, &real);
  return now + (ns - to_ns(real));
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// timerfd_create(2). Parameters: CLOCK_MONOTONIC or CLOCK_REALTIME; flags TFD_NONBLOCK and TFD_CLOEXEC. Errors: EINVAL
// another clock or flag; EMFILE; ENOMEM. Source: timerfd_create(2); wasi:clocks/monotonic-clock subscribe-instant.
int timerfd_create(clockid_t clock, int flags) {
  if ((flags & ~(TFD_NONBLOCK | TFD_CLOEXEC)) != 0) return report(EINVAL);
  if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) return report(EINVAL);
  auto* timer = create<TimerDescriptor>(clock == CLOCK_REALTIME);
  if (timer == nullptr) return report(ENOMEM);
  timer->status_flags = O_RDWR | (flags & TFD_NONBLOCK);
  return report<int>(fd::install(timer, (flags & TFD_CLOEXEC) != 0));
}

// timerfd_settime(2). Parameters: flags TFD_TIMER_ABSTIME; TFD_TIMER_CANCEL_ON_SET is taken and never cancels, as nothing
// tells a guest that a clock was set. A zero it_value stops the timer. Errors: EBADF; EINVAL not a timer, another flag, or
// a time that isn't one; EFAULT.
int timerfd_settime(int number, int flags, const itimerspec* value, itimerspec* previous) {
  if (!accessible(value)) return report(EFAULT);
  if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) return report(EINVAL);
  if (!is_valid(value->it_value) || !is_valid(value->it_interval)) return report(EINVAL);
  Result<TimerDescriptor*> found = find_timer(number);
  if (!found.ok()) return report(found.error());
  if (previous != nullptr && !accessible(previous)) return report(EFAULT);
  TimerDescriptor& timer = *found.value();
  const itimerspec wanted = *value;  // the two may be one
  if (previous != nullptr) *previous = to_itimerspec(timer.setting());
  const auto interval = static_cast<uint64_t>(to_ns(wanted.it_interval));
  if (wanted.it_value.tv_sec == 0 && wanted.it_value.tv_nsec == 0) {
    timer.stop(interval);
  } else {
    timer.start(instant_of(timer, wanted.it_value, (flags & TFD_TIMER_ABSTIME) != 0), interval);
  }
  return 0;
}

// timerfd_gettime(2): the time left until the next expiration, and the interval. Errors: EBADF; EINVAL; EFAULT.
int timerfd_gettime(int number, itimerspec* value) {
  Result<TimerDescriptor*> timer = find_timer(number);
  if (!timer.ok()) return report(timer.error());
  if (!accessible(value)) return report(EFAULT);
  *value = to_itimerspec(timer.value()->setting());
  return 0;
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/entry.h"

#include "wait/alarm.h"
#include "wit-bindings/host.h"

namespace posix_sockets {

Deadline deadline_after_us(uint64_t timeout_us) {
  if (timeout_us == 0) return {};
  const uint64_t ns = timeout_us > UINT64_MAX / 1000 ? UINT64_MAX : timeout_us * 1000;
  return Deadline::after(host::now(), ns);
}

Result<Deadline> deadline_of(const timespec& timeout) {
  if (timeout.tv_sec < 0 || timeout.tv_nsec < 0 || timeout.tv_nsec >= 1000000000) return Errno(EINVAL);
  if (timeout.tv_sec == 0 && timeout.tv_nsec == 0) return Deadline{Deadline::immediately};
  constexpr uint64_t longest = UINT64_MAX / 1000000000 - 1;
  const auto seconds = static_cast<uint64_t>(timeout.tv_sec);
  if (seconds > longest) return Deadline{};
  return Deadline::after(host::now(), seconds * 1000000000 + static_cast<uint64_t>(timeout.tv_nsec));
}

Errno wait_until_ready(const fd::Held& held, Events wanted, Deadline deadline) {
  PollSet set;
  held.ours->subscribe(wanted, set, 0);
  const Errno waited = wait_for(set, deadline);
  return waited.ok() && !held.is_current() ? start_again : waited;
}

Errno wait_for(PollSet& set, Deadline deadline) {
  const bool only_alarm = set.empty() && deadline.is_never();
  if (only_alarm && !the_alarm.is_set()) return EDEADLK;
  const Errno waited = set.wait(only_alarm ? the_alarm.due : deadline);
  if (only_alarm && waited == ETIMEDOUT) return success;  // it was ignored: the caller looks again
  if (!(waited == EINTR)) return waited;
  // SA_RESTART means calls without a timeout only. The caller looks again in any case.
  const bool restarts = the_alarm.last_interruption == Interruption::restart && deadline.is_never();
  return restarts ? success : waited;
}

}  // namespace posix_sockets

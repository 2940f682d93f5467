// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// epoll_create, epoll_create1, epoll_ctl, epoll_wait, epoll_pwait, epoll_pwait2.
#include <fcntl.h>
#include <limits.h>
#include <sys/epoll.h>

#include "api/entry.h"
#include "file/libc.h"
#include "support/memory.h"
#include "wait/signals.h"
#include "watch/epoll_set.h"
#include "watch/wait_for_events.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

// The set behind a number. EBADF; EINVAL: something else.
Result<EpollSet*> find_set(int number) {
  const fd::Target target = fd::resolve(number);
  EpollSet* set = as<EpollSet>(target.ours);
  if (set != nullptr) return set;
  return Errno(target.ours != nullptr || libc::is_open(target.libc) ? EINVAL : EBADF);
}

// What can be watched: everything but regular files and directories, as the kernel has it.
Result<Description*> find_watchable(int number) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr)
    return target.ours->can_be_watched() ? Result<Description*>(target.ours) : Result<Description*>(Errno(EPERM));
  if (!libc::is_open(target.libc)) return Errno(EBADF);
  struct stat status;
  if (libc::fstat(target.libc, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
    return Errno(EPERM);
  if (target.libc == 0) fd::take_over_standard_input(number);
  Description* description = fd::find(number);
  return description != nullptr ? Result<Description*>(description) : Result<Description*>(Errno(ENOMEM));
}

Result<int> create_set(bool close_on_exec) {
  auto* set = create<EpollSet>();
  if (set == nullptr) return Errno(ENOMEM);
  PollSet::see_all = PollSet::complete;
  set->status_flags = O_RDWR;
  return fd::install(set, close_on_exec);
}

// Events written, 0: not by the deadline. EFAULT: there are some, and nowhere to write them.
Result<int> collect_events(EpollSet& set, epoll_event* out, int most, Deadline deadline) {
  const bool writable = accessible(out, static_cast<size_t>(most) * sizeof *out);
  const auto tell = [&]() -> Result<int> {
    if (writable) return set.collect(out, most);
    return set.ready(events::readable, true) != 0 ? Result<int>(Errno(EFAULT)) : Result<int>(0);
  };
  return wait_for_events(set, tell, deadline);
}

Result<int> wait_for_events(int number, epoll_event* out, int most, Deadline deadline, const sigset_t* mask) {
  if (mask != nullptr && !accessible(mask)) return Errno(EFAULT);
  Result<EpollSet*> found = find_set(number);
  if (found.error() == EBADF) return found.error();
  if (most <= 0 || most > static_cast<int>(INT_MAX / sizeof *out)) return Errno(EINVAL);
  if (!found.ok()) return found.error();
  LentMask lent(mask);
  // Who doesn't wait isn't interrupted.
  if (lent.lets_something_through() && !deadline.is_immediate()) {
    Result<int> count = collect_events(*found.value(), out, most, Deadline{Deadline::immediately});
    if (!count.ok() || count.value() != 0) return count;
    (void)lent.deliver();
    return Errno(EINTR);  // also of a signal that is ignored, unlike poll
  }
  return collect_events(*found.value(), out, most, deadline);
}

// The deadline of a timeout in milliseconds; negative: none.
Deadline deadline_after_ms(int timeout) {
  if (timeout < 0) return {};
  if (timeout == 0) return {Deadline::immediately};
  return Deadline::after(host::now(), static_cast<uint64_t>(timeout) * 1000000);
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// epoll_create1(2). Parameter: flags EPOLL_CLOEXEC. Errors: EINVAL a flag; EMFILE; ENOMEM.
int epoll_create1(int flags) {
  if ((flags & ~EPOLL_CLOEXEC) != 0) return report(EINVAL);
  return report<int>(create_set((flags & EPOLL_CLOEXEC) != 0));
}

// epoll_create(2). The size is a hint that must be positive.
int epoll_create(int size) { return size > 0 ? report<int>(create_set(false)) : report(EINVAL); }

// epoll_ctl(2). EPOLL_CTL_ADD, _MOD, _DEL; level-, edge-triggered and one-shot interests. Errors: EBADF; EEXIST; ENOENT;
// EINVAL not an epoll descriptor, or the same one, or the operation, or EPOLLEXCLUSIVE where it can't be; EPERM a regular
// file or directory; ELOOP; ENOMEM; EFAULT.
int epoll_ctl(int number, int operation, int watched, epoll_event* event) {
  if (operation != EPOLL_CTL_DEL && !accessible(event)) return report(EFAULT);
  const Result<EpollSet*> set = find_set(number);
  if (set.error() == EBADF) return report(EBADF);
  const Result<Description*> target = find_watchable(watched);
  if (!target.ok()) return report(target.error());
  if (!set.ok() || target.value() == set.value()) return report(EINVAL);
  constexpr uint32_t exclusive_may = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE;
  switch (operation) {
    case EPOLL_CTL_ADD:
      if ((event->events & EPOLLEXCLUSIVE) != 0 &&
          ((event->events & ~exclusive_may) != 0 || as<EpollSet>(target.value()) != nullptr))
        return report(EINVAL);
      return report(set.value()->add(watched, target.value(), *event));
    case EPOLL_CTL_MOD:
      return report(set.value()->modify(watched, target.value(), *event));
    case EPOLL_CTL_DEL:
      return report(set.value()->remove(watched, target.value()));
    default:
      return report(EINVAL);
  }
}

// epoll_wait(2). Parameter: timeout in milliseconds, -1: none. Result: events written, 0: timeout passed.
// Errors: EBADF; EINVAL not an epoll descriptor, or maxevents isn't positive; EFAULT; ENOMEM.
int epoll_wait(int number, epoll_event* out, int most, int timeout) {
  return report<int>(wait_for_events(number, out, most, deadline_after_ms(timeout), nullptr));
}

// epoll_pwait(2). Parameter: mask, of signals that are blocked while it waits; null: none. Further errors: EINTR the mask let
// a pending signal through, and its handler ran.
int epoll_pwait(int number, epoll_event* out, int most, int timeout, const sigset_t* mask) {
  return report<int>(wait_for_events(number, out, most, deadline_after_ms(timeout), mask));
}

// epoll_pwait2(2): the timeout is a timespec, null: none. Further errors: EINVAL the timeout.
int epoll_pwait2(int number, epoll_event* out, int most, const timespec* timeout, const sigset_t* mask) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  return report<int>(wait_for_events(number, out, most, deadline, mask));
}
}

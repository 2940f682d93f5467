// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// kqueue, kqueuex, kevent.
#include <fcntl.h>
#include <sys/event.h>

#include "api/entry.h"
#include "file/libc.h"
#include "support/memory.h"
#include "watch/event_queue.h"
#include "watch/wait_for_events.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

Result<int> create_queue(bool close_on_exec) {
  auto* queue = create<EventQueue>();
  if (queue == nullptr) return Errno(ENOMEM);
  PollSet::see_all = PollSet::complete;
  queue->status_flags = O_RDWR;
  return fd::install(queue, close_on_exec);
}

Result<EventQueue*> find_queue(int number) {
  const fd::Target target = fd::resolve(number);
  EventQueue* queue = as<EventQueue>(target.ours);
  return queue != nullptr ? Result<EventQueue*>(queue) : Result<EventQueue*>(Errno(EBADF));
}

// What the filters for reading and writing are about. EBADF.
Result<Description*> find_watched(uintptr_t ident, int filter) {
  const auto number = static_cast<int>(ident);
  if (number < 0 || static_cast<uintptr_t>(number) != ident) return Errno(EBADF);
  const fd::Target target = fd::resolve(number);
  if (target.ours == nullptr && target.libc == 0 && filter == EVFILT_READ) {
    struct stat status;
    if (libc::fstat(0, &status) != 0 || !S_ISREG(status.st_mode)) fd::take_over_standard_input(number);
  }
  Description* description = fd::find(number);
  return description != nullptr ? Result<Description*>(description) : Result<Description*>(Errno(EBADF));
}

Errno change(EventQueue& queue, const struct kevent& event) {
  if (event.filter != EVFILT_READ && event.filter != EVFILT_WRITE) return queue.change(event, nullptr);
  Result<Description*> description = find_watched(event.ident, event.filter);
  return description.ok() ? queue.change(event, description.value()) : description.error();
}

// The changes in order. Those that fail, or ask for it, are told as events, as long as there is room.
Result<int> change_all(EventQueue& queue, const struct kevent* changes, int count, struct kevent* out, int most) {
  int told = 0;
  for (int i = 0; i < count; ++i) {
    struct kevent event = changes[i];  // the arrays may be one
    if (event.filter == 0) continue;
    event.flags = static_cast<unsigned short>(event.flags & ~EV_SYSFLAGS);
    const Errno error = change(queue, event);
    if (error.ok() && (event.flags & EV_RECEIPT) == 0) continue;
    if (told == most) return error.ok() ? Result<int>(told) : Result<int>(error);
    event.flags = EV_ERROR;
    event.data = error.value();
    out[told++] = event;
  }
  return told;
}

Result<int> wait_for_events(EventQueue& queue, struct kevent* out, int most, Deadline deadline) {
  return wait_for_events(queue, [&] { return Result<int>(queue.collect(out, most)); }, deadline);
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// kqueue(2) of FreeBSD. Errors: EMFILE; ENOMEM.
int kqueue(void) { return report<int>(create_queue(false)); }

// kqueuex(2). Parameter: flags KQUEUE_CLOEXEC. Further errors: EINVAL another flag.
int kqueuex(unsigned flags) {
  if ((flags & ~KQUEUE_CLOEXEC) != 0) return report(EINVAL);
  return report<int>(create_queue((flags & KQUEUE_CLOEXEC) != 0));
}

// kevent(2). Parameters: changes, applied first; room for events; the timeout, null: none; without room for events nothing
// is waited for. Result: events written. A change that fails is an event with EV_ERROR and errno in `data`, or, without room,
// the error of the call: EBADF the descriptor; ENOENT no such event; EINVAL the filter or a parameter; ENOMEM.
// Further errors: EBADF not a queue; EINVAL the timeout; EFAULT.
int kevent(int number, const struct kevent* changes, int change_count, struct kevent* out, int most,
           const timespec* timeout) {
  Result<EventQueue*> queue = find_queue(number);
  if (!queue.ok()) return report(queue.error());
  if (change_count < 0 || most < 0) return report(EINVAL);
  if (!accessible(changes, static_cast<size_t>(change_count) * sizeof *changes) ||
      !accessible(out, static_cast<size_t>(most) * sizeof *out))
    return report(EFAULT);
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  Result<int> told = change_all(*queue.value(), changes, change_count, out, most);
  if (!told.ok() || told.value() != 0 || most == 0) return report<int>(told);
  return report<int>(wait_for_events(*queue.value(), out, most, deadline));
}
}

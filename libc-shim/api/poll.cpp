// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// poll, ppoll.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "api/poll_core.h"
#include "file/libc.h"
#include "wait/pace.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

constexpr short usual_writable = POLLOUT | POLLWRNORM;

// The events that writable means of it, as far as they are `wanted`. Readable is the same as POLLRDNORM, which wasi-libc has no
// number of its own for.
short writable_events(short wanted, const Description& description) {
  const bool band = (wanted & POLLWRBAND) != 0 && (description.bands() & bands::band_write) != 0;
  return static_cast<short>(band ? usual_writable | POLLWRBAND : usual_writable);
}

Events to_events(short wanted, short writable) {
  Events result = 0;
  if ((wanted & (POLLIN | POLLRDNORM)) != 0) result |= events::readable;
  if ((wanted & writable) != 0) result |= events::writable;
  if ((wanted & POLLRDHUP) != 0) result |= events::read_hang_up;
  return result;
}

short to_revents(Events now, short wanted, short writable) {
  if (now == 0) return 0;
  int result = 0;
  if ((now & events::readable) != 0) result |= wanted & (POLLIN | POLLRDNORM);
  if ((now & events::writable) != 0) result |= wanted & writable;
  if ((now & events::read_hang_up) != 0) result |= wanted & POLLRDHUP;
  if ((now & events::error) != 0) result |= POLLERR;
  if ((now & events::hang_up) != 0) result |= POLLHUP;
  return static_cast<short>(result);
}

// The description that `entry` waits for; null if its answer is known at once, and then revents has it.
Description* waitable(pollfd& entry) {
  entry.revents = 0;
  if (entry.fd < 0) return nullptr;
  Description* usual = InsideLibc::active() ? nullptr : fd::find(entry.fd);
  if (usual != nullptr && !usual->is_libcs) return usual;
  const fd::Target target = fd::resolve(entry.fd);
  if (target.ours == nullptr && target.libc == 0 && (entry.events & POLLIN) != 0) {
    fd::take_over_standard_input(entry.fd);
    Description* input = fd::find(entry.fd);
    if (input != nullptr && !input->is_plain_file()) return input;
  }
  if (target.ours != nullptr) return target.ours;
  if (target.libc < 0 || !libc::is_open(target.libc)) {
    entry.revents = POLLNVAL;
  } else {
    // Files never make a program wait.
    entry.revents = to_revents(events::readable | events::writable, entry.events, usual_writable);
  }
  return nullptr;
}

short look(const pollfd& entry, Description& description, bool probe) {
  const short writable = writable_events(entry.events, description);
  return to_revents(description.ready(to_events(entry.events, writable), probe), entry.events, writable);
}

// Asks the host itself about the entries that a wait said nothing of; how many of them have events.
int look_at_rest(pollfd* entries, nfds_t count) {
  int found = 0;
  for (nfds_t i = 0; i < count; ++i) {
    pollfd& entry = entries[i];
    if (entry.revents != 0 || (entry.events & POLLIN) == 0) continue;
    Description* description = fd::find(entry.fd);
    if (description == nullptr) continue;
    description->look_for_input();
    entry.revents = look(entry, *description, false);
    found += entry.revents != 0;
  }
  return found;
}

// Of a large set that is polled again and again: how often the host is asked about all of it while something is known. Null: each
// time. Room there mostly is, so that who waits for that can't leave the host out.
Pace* pace_of(const pollfd* entries, nfds_t count, bool waits_for_room) {
  constexpr nfds_t large = 64;
  static Pace pace;
  static const pollfd* paced;
  static nfds_t paced_count;
  if (count < large || waits_for_room) return nullptr;
  if (entries != paced || count != paced_count) {
    paced = entries;
    paced_count = count;
    pace = Pace();
  }
  return &pace;
}

}  // namespace

// Correct waiting: look at what the guest knows; for the rest, wait for pollables; then ask the host about those that it
// reported, since ready can mean only that it's worth asking (trap: a stream stays ready until a read came back empty).
Result<int> poll_until(pollfd* entries, nfds_t count, Deadline deadline) {
  PollSet set;
  PollSet::see_all = PollSet::complete;
  if (before_call != nullptr) before_call(nullptr);  // what a send holds back may be for a socket of the set
  for (;;) {
    int found = 0;
    bool waits_for_room = false;
    set.clear();
    for (nfds_t i = 0; i < count; ++i) {
      pollfd& entry = entries[i];
      Description* description = waitable(entry);
      if (description != nullptr) {
        const short writable = writable_events(entry.events, *description);
        const Events wanted = to_events(entry.events, writable);
        entry.revents = to_revents(description->ready(wanted, false), entry.events, writable);
        description->subscribe(wanted, set, static_cast<uint32_t>(i));  // for what isn't known yet
        waits_for_room |= (wanted & events::writable) != 0;
      }
      if (entry.revents != 0) ++found;
    }
    Pace* const pace = pace_of(entries, count, waits_for_room);
    Errno waited = success;
    if (pace == nullptr) {
      waited = found != 0 ? set.look() : set.wait(deadline);
    } else {
      waited = found != 0 ? pace->ask(set) : pace->wait(set, deadline);
    }
    if (!waited.ok() && !(waited == ETIMEDOUT)) return waited;
    for (size_t i = 0; i < set.ready_count(); ++i) {
      pollfd& entry = entries[set.ready_tag(i)];
      const fd::Target target = fd::resolve(entry.fd);
      if (target.ours == nullptr) continue;
      const bool before = entry.revents != 0;
      entry.revents = look(entry, *target.ours, true);
      found += static_cast<int>(entry.revents != 0) - static_cast<int>(before);
    }
    if (set.may_lack_ready()) found += look_at_rest(entries, count);
    if (found != 0 || !waited.ok()) return found;
    if (deadline.is_immediate()) return 0;  // what was reported turned out to be nothing
    if (!deadline.is_never() && host::now() >= deadline.instant) return 0;
  }
}

Result<int> poll_with_mask(pollfd* entries, nfds_t count, Deadline deadline, const sigset_t* mask) {
  LentMask lent(mask);
  if (lent.lets_something_through()) {
    Result<int> found = poll_until(entries, count, Deadline{Deadline::immediately});
    if (!found.ok() || found.value() != 0) return found;
    if (lent.deliver()) return Errno(EINTR);
  }
  return poll_until(entries, count, deadline);
}

}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// poll(2). Parameter: timeout in milliseconds, negative: none. Result: entries with revents, 0: timeout passed.
// Errors: EFAULT; EINVAL more entries than descriptors can be; ENOMEM. Source: POSIX issue 8, poll(2); wasi:io/poll.
int WPS_ENTRY(poll)(pollfd* entries, nfds_t count, int timeout) {
  if (count > static_cast<nfds_t>(fd::limit())) return report(EINVAL);
  if (!accessible(entries, count * sizeof *entries)) return report(EFAULT);
  Deadline deadline;
  if (timeout == 0) deadline = {Deadline::immediately};
  if (timeout > 0) deadline = Deadline::after(host::now(), static_cast<uint64_t>(timeout) * 1000000);
  return report<int>(poll_until(entries, count, deadline));
}

// ppoll(2). Parameter: mask, of signals that are blocked while it waits. Further errors: EINVAL the timeout; EINTR the mask let
// a pending signal through, and its handler ran. What is ready goes before signals, which then stay pending.
int WPS_ENTRY(ppoll)(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  if (mask != nullptr && !accessible(mask)) return report(EFAULT);
  if (count > static_cast<nfds_t>(fd::limit())) return report(EINVAL);
  if (!accessible(entries, count * sizeof *entries)) return report(EFAULT);
  return report<int>(poll_with_mask(entries, count, deadline, mask));
}
}

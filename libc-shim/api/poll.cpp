// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// poll, ppoll.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "api/poll_core.h"
#include "file/libc.h"
#include "wait/pace.h"
#include "watch/wait_for_events.h"
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

short look_at(const pollfd& entry, Description& description) {
  const short writable = writable_events(entry.events, description);
  return to_revents(description.ready(to_events(entry.events, writable), true), entry.events, writable);
}

// How often the host is asked about all of a large set that is polled again and again, while something is known. The set is the same if
// its numbers are.
class PollPace {
 public:
  // Null: each time.
  static Pace* of(nfds_t count, uint32_t numbers) {
    constexpr nfds_t large = 64;
    static PollPace last;
    if (count < large) return nullptr;
    if (count != last.count_ || numbers != last.numbers_) last = PollPace(count, numbers);
    return &last.pace_;
  }

 private:
  constexpr PollPace() = default;
  PollPace(nfds_t count, uint32_t numbers) : count_(count), numbers_(numbers) {}
  nfds_t count_ = 0;
  uint32_t numbers_ = 0;  // a sum of them
  Pace pace_;
};

// What a poll waits for: for wait_for_events(). A number is looked up once, and its description held for the whole call.
class Polled {
 public:
  Polled(pollfd* entries, nfds_t count) : entries_(entries), count_(count) {}
  ~Polled() { give_back(); }
  Polled(const Polled&) = delete;
  Polled& operator=(const Polled&) = delete;

  // ENOMEM.
  Errno resolve();
  Description* const* descriptions() const { return descriptions_; }

  static Deadline wait_limit() { return {}; }
  bool look();
  Errno wait(bool known, Deadline deadline);
  // The number of entries with events, after the host was asked about those that a wait reported.
  int tell();

 private:
  void give_back();

  static constexpr nfds_t inline_count = 16;
  // One large block waits for the next call that needs one.
  static inline Description** spare;
  static inline nfds_t spare_count;

  pollfd* entries_;
  nfds_t count_;
  int found_ = 0;
  bool waits_for_room_ = false;
  uint32_t numbers_ = 0;
  Description* inline_[inline_count];
  Description** descriptions_ = inline_;
  nfds_t capacity_ = inline_count;
  PollSet set_;
};

Errno Polled::resolve() {
  if (count_ > inline_count) {
    capacity_ = spare_count >= count_ ? spare_count : count_;
    Description** const kept = spare_count >= count_ ? spare : nullptr;
    if (kept != nullptr) spare_count = 0;
    descriptions_ = kept != nullptr ? kept : static_cast<Description**>(malloc(count_ * sizeof(Description*)));
    if (descriptions_ == nullptr) return ENOMEM;
  }
  for (nfds_t i = 0; i < count_; ++i) {
    descriptions_[i] = waitable(entries_[i]);
    numbers_ = numbers_ * 31 + static_cast<uint32_t>(entries_[i].fd);
  }
  return success;
}

void Polled::give_back() {
  if (descriptions_ == inline_ || descriptions_ == nullptr) return;
  if (capacity_ > spare_count) {
    if (spare_count != 0) free(spare);
    spare = descriptions_;
    spare_count = capacity_;
  } else {
    free(descriptions_);
  }
}

bool Polled::look() {
  found_ = 0;
  waits_for_room_ = false;
  set_.clear();
  for (nfds_t i = 0; i < count_; ++i) {
    pollfd& entry = entries_[i];
    if (Description* const description = descriptions_[i]; description != nullptr) {
      const short writable = writable_events(entry.events, *description);
      const Events wanted = to_events(entry.events, writable);
      entry.revents = to_revents(description->ready(wanted, false), entry.events, writable);
      description->subscribe(wanted, set_, static_cast<uint32_t>(i));  // for what isn't known yet
      waits_for_room_ |= (wanted & events::writable) != 0;
    }
    if (entry.revents != 0) ++found_;
  }
  return found_ != 0;
}

// Room there mostly is, so that who waits for that can't leave the host out.
Errno Polled::wait(bool known, Deadline deadline) {
  Pace* const pace = waits_for_room_ ? nullptr : PollPace::of(count_, numbers_);
  if (pace == nullptr) return known ? set_.look() : set_.wait(deadline);
  return known ? pace->ask(set_) : pace->wait(set_, deadline);
}

int Polled::tell() {
  for (size_t i = 0; i < set_.ready_count(); ++i) {
    const uint32_t index = set_.ready_tag(i);
    pollfd& entry = entries_[index];
    const bool before = entry.revents != 0;
    entry.revents = look_at(entry, *descriptions_[index]);
    found_ += static_cast<int>(entry.revents != 0) - static_cast<int>(before);
  }
  return found_;
}

}  // namespace

Result<int> poll_until(pollfd* entries, nfds_t count, Deadline deadline) {
  PollSet::see_all = PollSet::complete;
  if (before_call != nullptr) before_call(nullptr);  // what a send holds back may be for a socket of the set
  Polled polled(entries, count);
  const Errno resolved = polled.resolve();
  if (!resolved.ok()) return resolved;
  return wait_for_events(polled, [&] { return Result<int>(polled.tell()); }, deadline);
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

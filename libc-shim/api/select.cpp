// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// select, pselect, over the same core as poll.
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>

#include "api/fd_set.h"
#include "api/poll_core.h"
#include "wit-bindings/host.h"

namespace posix_sockets {
namespace {

// One entry a descriptor that is in any of the sets. Only many of them need memory, which is kept for the next call.
class Entries {
 public:
  Entries() = default;
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;
  bool reserve(int count) {
    static pollfd* kept;
    if (count <= inline_count) return true;
    if (kept == nullptr) kept = static_cast<pollfd*>(malloc(FD_SETSIZE * sizeof(pollfd)));
    if (kept != nullptr) entries_ = kept;
    return kept != nullptr;
  }
  void add(int number, short events) { entries_[count_++] = {number, events, 0}; }
  pollfd* begin() { return entries_; }
  pollfd* end() { return entries_ + count_; }
  nfds_t count() const { return static_cast<nfds_t>(count_); }

 private:
  static constexpr int inline_count = 16;
  pollfd inline_[inline_count];
  pollfd* entries_ = inline_;
  int count_ = 0;
};

struct Sets {
  int limit;
  fd_set *readable, *writable, *exceptional;  // or null
};

// By descriptor: the events of the sets that it is in.
class Wanted {
 public:
  explicit Wanted(int limit) : limit_(limit) { memset(events_, 0, static_cast<size_t>(limit) * sizeof events_[0]); }

  // False: the program has no such memory.
  bool add(const Sets& sets) {
    return add(sets.readable, POLLIN) && add(sets.writable, POLLOUT) && add(sets.exceptional, POLLPRI);
  }
  // False: no memory.
  bool fill(Entries& entries) const {
    if (!entries.reserve(members_)) return false;
    for (int number = 0; number < limit_; ++number)
      if (events_[number] != 0) entries.add(number, events_[number]);
    return true;
  }

 private:
  bool add(const fd_set* set, short event) {
    if (set == nullptr) return true;
    if (!accessible_set(set)) return false;
    for_each_member(*set, limit_, [&](int number) {
      members_ += events_[number] == 0;
      events_[number] = static_cast<short>(events_[number] | event);
    });
    return true;
  }

  int limit_;
  int members_ = 0;
  short events_[FD_SETSIZE];
};

// The sets become what is ready of them. Result: bits set.
int write_back(const Sets& sets, Entries& entries) {
  int bits = 0;
  const int written = (sets.limit + 63) / 64 * 64;  // the kernel writes whole words, and leaves what is behind them
  if (sets.readable != nullptr) remove_members(*sets.readable, written);
  if (sets.writable != nullptr) remove_members(*sets.writable, written);
  if (sets.exceptional != nullptr) remove_members(*sets.exceptional, written);
  for (const pollfd& entry : entries) {
    // A hang-up is readable, an error is both: the call that follows doesn't wait.
    if ((entry.events & POLLIN) != 0 && (entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      add_member(*sets.readable, entry.fd);
      ++bits;
    }
    if ((entry.events & POLLOUT) != 0 && (entry.revents & (POLLOUT | POLLERR)) != 0) {
      add_member(*sets.writable, entry.fd);
      ++bits;
    }
  }
  return bits;
}

Result<int> select_until(Sets sets, Deadline deadline, const sigset_t* mask) {
  if (sets.limit < 0) return Errno(EINVAL);
  if (sets.limit > FD_SETSIZE) sets.limit = FD_SETSIZE;
  Wanted wanted(sets.limit);
  if (!wanted.add(sets)) return Errno(EFAULT);
  Entries entries;
  if (!wanted.fill(entries)) return Errno(ENOMEM);
  Result<int> polled = poll_with_mask(entries.begin(), entries.count(), deadline, mask);
  if (!polled.ok()) return polled;
  for (const pollfd& entry : entries)
    if ((entry.revents & POLLNVAL) != 0) return Errno(EBADF);  // the sets stay as they were
  return write_back(sets, entries);
}

}  // namespace
}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// select(2). Result: bits set in the three sets. Errors: EBADF a set has a descriptor that isn't open; EINVAL the limit is
// negative, or the timeout; EFAULT; ENOMEM. As on Linux, *timeout becomes what was left of it.
int WPS_ENTRY(select)(int limit, fd_set* readable, fd_set* writable, fd_set* exceptional, timeval* timeout) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    // Microseconds of more than a second are taken, as by Linux; negative ones aren't.
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return report(EINVAL);
    const timespec time = {timeout->tv_sec + timeout->tv_usec / 1000000,
                           static_cast<long>(timeout->tv_usec % 1000000 * 1000)};
    Result<Deadline> result = deadline_of(time);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  Result<int> bits = select_until({limit, readable, writable, exceptional}, deadline, nullptr);
  if (timeout != nullptr && !deadline.is_never()) {
    const uint64_t now = deadline.is_immediate() ? 0 : host::now();
    const uint64_t left = deadline.instant > now ? (deadline.instant - now) / 1000 : 0;
    timeout->tv_sec = static_cast<decltype(timeout->tv_sec)>(left / 1000000);
    timeout->tv_usec = static_cast<decltype(timeout->tv_usec)>(left % 1000000);
  }
  return report<int>(bits);
}

// pselect(2). The timeout isn't changed. Parameter: mask, as ppoll's. Further errors: EINTR.
int WPS_ENTRY(pselect)(int limit, fd_set* readable, fd_set* writable, fd_set* exceptional, const timespec* timeout,
                       const sigset_t* mask) {
  Deadline deadline;
  if (timeout != nullptr) {
    if (!accessible(timeout)) return report(EFAULT);
    Result<Deadline> result = deadline_of(*timeout);
    if (!result.ok()) return report(result.error());
    deadline = result.value();
  }
  if (mask != nullptr && !accessible(mask)) return report(EFAULT);
  return report<int>(select_until({limit, readable, writable, exceptional}, deadline, mask));
}
}

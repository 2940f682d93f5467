// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// poll, ppoll, select, pselect. What became ready stands behind the result.
#include <poll.h>
#include <sys/select.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

static Flags poll_bits(short events) { return {poll_events, static_cast<uint16_t>(events)}; }

constexpr nfds_t most_shown = 32;

struct PollSet {
  const pollfd* entries;
  nfds_t count;
};
static void put(PollSet set) {
  if (set.count > 65536 || !accessible(set.entries, set.count * sizeof(pollfd))) return put(Pointer{set.entries});
  put('[');
  for (nfds_t i = 0; i < set.count && i < most_shown; ++i) {
    put(i == 0 ? "{fd=" : ", {fd=");
    put(set.entries[i].fd);
    put(", events=");
    put(poll_bits(set.entries[i].events));
    put('}');
  }
  put(set.count > most_shown ? ", ...]" : "]");
}

static void put_ready(const pollfd* entries, nfds_t count, int result) {
  if (result == 0) put(" (Timeout)");
  if (result <= 0) return;
  nfds_t shown = 0;
  put(" ([");
  for (nfds_t i = 0; i < count && shown < most_shown; ++i) {
    if (entries[i].revents == 0) continue;
    put(shown++ == 0 ? "{fd=" : ", {fd=");
    put(entries[i].fd);
    put(", revents=");
    put(poll_bits(entries[i].revents));
    put('}');
  }
  put(static_cast<nfds_t>(result) > shown ? ", ...])" : "])");
}

static void put_sets(int limit, const fd_set* const (&sets)[3], int result) {
  constexpr const char* titles[] = {"in ", "out ", "exc "};
  if (result == 0) put(" (Timeout)");
  if (result <= 0) return;
  bool any = false;
  for (int i = 0; i < 3; ++i) {
    bool empty = true;
    for (int number = 0; sets[i] != nullptr && number < limit && empty; ++number) empty = !FD_ISSET(number, sets[i]);
    if (empty) continue;
    put(any ? ", " : " (");
    any = true;
    put(titles[i]);
    put(DescriptorSet{sets[i], limit});
  }
  if (any) put(')');
}

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(poll)(pollfd*, nfds_t, int);
int WPS_TRACED(poll)(pollfd* entries, nfds_t count, int timeout) {
  Call call("poll");
  call.arguments(PollSet{entries, count}, count, timeout);
  return call.run([&] { return WPS_BELOW(poll)(entries, count, timeout); }, [](int) {},
                  [&](int result) { put_ready(entries, count, result); });
}

int WPS_BELOW(ppoll)(pollfd*, nfds_t, const timespec*, const sigset_t*);
int WPS_TRACED(ppoll)(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  Call call("ppoll");
  call.arguments(PollSet{entries, count}, count, TimeSpec{timeout}, Pointer{mask});
  return call.run([&] { return WPS_BELOW(ppoll)(entries, count, timeout, mask); }, [](int) {},
                  [&](int result) { put_ready(entries, count, result); });
}

int WPS_BELOW(select)(int, fd_set*, fd_set*, fd_set*, timeval*);
int WPS_TRACED(select)(int limit, fd_set* readable, fd_set* writable, fd_set* exceptional, timeval* timeout) {
  Call call("select");
  call.arguments(limit, DescriptorSet{readable, limit}, DescriptorSet{writable, limit},
                 DescriptorSet{exceptional, limit}, TimeVal{timeout});
  return call.run([&] { return WPS_BELOW(select)(limit, readable, writable, exceptional, timeout); }, [](int) {},
                  [&](int result) { put_sets(limit, {readable, writable, exceptional}, result); });
}

int WPS_BELOW(pselect)(int, fd_set*, fd_set*, fd_set*, const timespec*, const sigset_t*);
int WPS_TRACED(pselect)(int limit, fd_set* readable, fd_set* writable, fd_set* exceptional, const timespec* timeout,
                        const sigset_t* mask) {
  Call call("pselect");
  call.arguments(limit, DescriptorSet{readable, limit}, DescriptorSet{writable, limit},
                 DescriptorSet{exceptional, limit}, TimeSpec{timeout}, Pointer{mask});
  return call.run([&] { return WPS_BELOW(pselect)(limit, readable, writable, exceptional, timeout, mask); }, [](int) {},
                  [&](int result) { put_sets(limit, {readable, writable, exceptional}, result); });
}
}

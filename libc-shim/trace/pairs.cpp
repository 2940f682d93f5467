// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What else makes descriptors: socketpair, pipe, eventfd, timerfd.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

struct Ends {
  const int* ends;
  bool failed;
};
static void put(Ends pair) {
  if (pair.failed) return put(Pointer{pair.ends});
  put('[');
  put(pair.ends[0]);
  put(", ");
  put(pair.ends[1]);
  put(']');
}

struct TimerSetting {
  const itimerspec* value;
};
static void put(TimerSetting setting) {
  if (setting.value == nullptr || !accessible(setting.value)) return put(Pointer{setting.value});
  put("{it_interval=");
  put(TimeSpec{&setting.value->it_interval});
  put(", it_value=");
  put(TimeSpec{&setting.value->it_value});
  put('}');
}

static uint32_t bits(int flags) { return static_cast<uint32_t>(flags); }

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(socketpair)(int, int, int, int[2]);
int WPS_TRACED(socketpair)(int family, int type, int protocol, int ends[2]) {
  Call call("socketpair");
  call.arguments(Named{families, family}, SocketTypes{type}, Named{protocols, protocol});
  return call.run([&] { return WPS_BELOW(socketpair)(family, type, protocol, ends); },
                  [&](int result) { call.arguments(Ends{ends, result < 0}); });
}

int WPS_BELOW(pipe)(int[2]);
int WPS_TRACED(pipe)(int ends[2]) {
  Call call("pipe");
  return call.run([&] { return WPS_BELOW(pipe)(ends); }, [&](int result) { call.arguments(Ends{ends, result < 0}); });
}

int WPS_BELOW(pipe2)(int[2], int);
int WPS_TRACED(pipe2)(int ends[2], int flags) {
  Call call("pipe2");
  return call.run([&] { return WPS_BELOW(pipe2)(ends, flags); },
                  [&](int result) { call.arguments(Ends{ends, result < 0}, Flags{open_flags, bits(flags)}); });
}

int WPS_BELOW(eventfd)(unsigned, int);
int WPS_TRACED(eventfd)(unsigned count, int flags) {
  Call call("eventfd");
  call.arguments(count, Flags{event_flags, bits(flags)});
  return call.run([&] { return WPS_BELOW(eventfd)(count, flags); });
}

int WPS_BELOW(timerfd_create)(clockid_t, int);
int WPS_TRACED(timerfd_create)(clockid_t clock, int flags) {
  Call call("timerfd_create");
  if (clock == CLOCK_REALTIME) {
    call.arguments("CLOCK_REALTIME");
  } else if (clock == CLOCK_MONOTONIC) {
    call.arguments("CLOCK_MONOTONIC");
  } else {
    call.arguments(static_cast<int>(clock));
  }
  call.arguments(Flags{timer_flags, bits(flags)});
  return call.run([&] { return WPS_BELOW(timerfd_create)(clock, flags); });
}

int WPS_BELOW(timerfd_settime)(int, int, const itimerspec*, itimerspec*);
int WPS_TRACED(timerfd_settime)(int number, int flags, const itimerspec* value, itimerspec* previous) {
  Call call("timerfd_settime");
  call.arguments(number, Flags{timer_set_flags, bits(flags)}, TimerSetting{value});
  return call.run([&] { return WPS_BELOW(timerfd_settime)(number, flags, value, previous); },
                  [&](int result) {
                    if (result == 0) {
                      call.arguments(TimerSetting{previous});
                    } else {
                      call.arguments(Pointer{previous});
                    }
                  });
}

// Named plainly, so that the linker knows them: see below.h.
void wps_trace_name_pairs() {
  (void)socketpair(0, 0, 0, nullptr);
  (void)pipe(nullptr);
  (void)pipe2(nullptr, 0);
  (void)eventfd(0, 0);
  (void)timerfd_create(CLOCK_REALTIME, 0);
  (void)timerfd_settime(0, 0, nullptr, nullptr);
}
}

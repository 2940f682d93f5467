// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// epoll_create, epoll_create1, epoll_ctl, epoll_wait, epoll_pwait, epoll_pwait2.
#include <sys/epoll.h>

#include "support/pointer.h"
#include "trace/below.h"
#include "trace/call.h"
#include "trace/names.h"
#include "trace/values.h"

namespace posix_sockets::trace {

struct EpollEvents {
  const epoll_event* events;
  int count;
};
static void put_event(const epoll_event& event) {
  put("{events=");
  put(Flags{epoll_events, event.events});
  put(", data=");
  put(Hex{event.data.u64});
  put('}');
}
struct EpollEvent {
  const epoll_event* event;
};
static void put(EpollEvent event) {
  if (event.event == nullptr || !accessible(event.event)) return put(Pointer{event.event});
  put_event(*event.event);
}
static void put(EpollEvents list) {
  constexpr int most = 32;
  if (list.count < 0 || !accessible(list.events, static_cast<size_t>(list.count) * sizeof(epoll_event)))
    return put(Pointer{list.events});
  put('[');
  for (int i = 0; i < list.count && i < most; ++i) {
    if (i != 0) put(", ");
    put_event(list.events[i]);
  }
  put(list.count > most ? ", ...]" : "]");
}

}  // namespace posix_sockets::trace

using namespace posix_sockets::trace;

extern "C" {

int WPS_BELOW(epoll_create)(int);
int WPS_TRACED(epoll_create)(int size) {
  Call call("epoll_create");
  call.arguments(size);
  return call.run([&] { return WPS_BELOW(epoll_create)(size); });
}

int WPS_BELOW(epoll_create1)(int);
int WPS_TRACED(epoll_create1)(int flags) {
  Call call("epoll_create1");
  call.arguments(Flags{epoll_flags, static_cast<uint32_t>(flags)});
  return call.run([&] { return WPS_BELOW(epoll_create1)(flags); });
}

int WPS_BELOW(epoll_ctl)(int, int, int, epoll_event*);
int WPS_TRACED(epoll_ctl)(int number, int operation, int watched, epoll_event* event) {
  Call call("epoll_ctl");
  call.arguments(number, Named{epoll_operations, operation}, watched);
  if (operation == EPOLL_CTL_DEL) {
    call.arguments(Pointer{event});
  } else {
    call.arguments(EpollEvent{event});
  }
  return call.run([&] { return WPS_BELOW(epoll_ctl)(number, operation, watched, event); });
}

int WPS_BELOW(epoll_wait)(int, epoll_event*, int, int);
int WPS_TRACED(epoll_wait)(int number, epoll_event* events, int most, int timeout) {
  Call call("epoll_wait");
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(epoll_wait)(number, events, most, timeout); },
                  [&](int result) { call.arguments(EpollEvents{events, result}, most, timeout); });
}

int WPS_BELOW(epoll_pwait)(int, epoll_event*, int, int, const sigset_t*);
int WPS_TRACED(epoll_pwait)(int number, epoll_event* events, int most, int timeout, const sigset_t* mask) {
  Call call("epoll_pwait");
  call.arguments(number);
  return call.run([&] { return WPS_BELOW(epoll_pwait)(number, events, most, timeout, mask); },
                  [&](int result) { call.arguments(EpollEvents{events, result}, most, timeout, Pointer{mask}); });
}

int WPS_BELOW(epoll_pwait2)(int, epoll_event*, int, const timespec*, const sigset_t*);
int WPS_TRACED(epoll_pwait2)(int number, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
  Call call("epoll_pwait2");
  call.arguments(number);
  return call.run(
      [&] { return WPS_BELOW(epoll_pwait2)(number, events, most, timeout, mask); },
      [&](int result) { call.arguments(EpollEvents{events, result}, most, TimeSpec{timeout}, Pointer{mask}); });
}

// Named plainly, so that the linker knows them: see below.h.
void wps_trace_name_epoll() {
  (void)epoll_create(0);
  (void)epoll_create1(0);
  (void)epoll_ctl(0, 0, 0, nullptr);
  (void)epoll_wait(0, nullptr, 0, 0);
  (void)epoll_pwait(0, nullptr, 0, 0, nullptr);
  (void)epoll_pwait2(0, nullptr, 0, nullptr, nullptr);
}
}

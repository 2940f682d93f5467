// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sources of readiness, the clock and timers.
#include "wit-bindings/0.2/raw.h"
#include "wit-bindings/host.h"

namespace posix_sockets::host {

void (*before_source_goes)(SourceId source) = nullptr;

void parts::drop_pollable(RawHandle pollable) {
  if (before_source_goes != nullptr) before_source_goes(pollable);
  wasi::raw::wps_pollable_drop(pollable);
}

parts::Source& parts::Source::of(RawHandle watched, RawHandle (*subscribe)(RawHandle)) {
  if (!pollable) pollable = Handle<drop_pollable>(subscribe(watched));
  return *this;
}

uint64_t now() { return wasi::raw::wps_monotonic_clock_now(); }

void Timer::set(uint64_t instant) {
  if (instant == part.instant) return;
  part.source.reset();
  part.instant = instant;
}

Source& Timer::source() {
  if (!part.source) part.source = Source(wasi::raw::wps_monotonic_clock_subscribe_instant(part.instant));
  return part.source;
}

}  // namespace posix_sockets::host

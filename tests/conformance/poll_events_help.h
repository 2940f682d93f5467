// What poll_events_test.cpp and poll_events_local_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include "peer.h"

using namespace conformance;

namespace poll_events {

constexpr short all = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

}  // namespace poll_events

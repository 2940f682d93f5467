// What kqueue_calls_test.cpp and kqueue_flags_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "kqueue_help.h"
#include "peer.h"

using namespace conformance;

namespace kqueue_calls {

inline Fd raised_event() { return Fd(eventfd(1, EFD_NONBLOCK)); }

}  // namespace kqueue_calls

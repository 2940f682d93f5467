// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What epoll sets and event queues have to keep of one interest in one description, and of one that is in nothing but the clock or the
// program itself.
#pragma once

#include "description/description.h"
#include "description/watch.h"
#include "wait/poll_set.h"

namespace posix_sockets {

struct Interest : Watch, PollSet::Member {
  Interest* next_active = nullptr;
  uint32_t told_edge = 0;       // the description's counter when this was last told
  bool told : 1 = false;        // since it was added or changed
  bool disabled : 1 = false;    // by EPOLLONESHOT or EV_DISPATCH
  bool known : 1 = false;       // found by the look at what the guest knows
  bool suspected : 1 = false;   // a source of it is ready
  bool changed : 1 = false;     // since the look at what the guest knows
  bool active : 1 = false;      // to be looked at
  bool wants_room : 1 = false;  // waits for room in the host
};

}  // namespace posix_sockets

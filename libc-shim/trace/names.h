// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers to the names that headers give them, by tables.
#pragma once

#include <stdint.h>

namespace posix_sockets::trace {

struct Name {
  uint32_t value;
  const char* text;  // null: the end of the table
};

extern const Name errnos[];
extern const Name resolver_codes[];  // EAI_
extern const Name host_errors[];     // h_errno
extern const Name families[];
extern const Name types[];  // of sockets, without their flags
extern const Name type_flags[];
extern const Name protocols[];
extern const Name directions[];  // of shutdown
extern const Name message_flags[];
extern const Name open_flags[];
extern const Name poll_events[];
extern const Name epoll_events[];
extern const Name epoll_operations[];
extern const Name epoll_flags[];
extern const Name event_flags[];
extern const Name timer_flags[];
extern const Name timer_set_flags[];
extern const Name fcntl_commands[];
extern const Name ioctl_requests[];
extern const Name ai_flags[];
extern const Name ni_flags[];

// One of the table's names, or the number.
struct Named {
  const Name* table;
  int value;
};
void put(Named number);

// Bits by their names, joined with |; what has no name in hexadecimal; 0.
struct Flags {
  const Name* table;
  uint32_t value;
};
void put(Flags flags);

// The type argument of socket(): a type and flags.
struct SocketTypes {
  int value;
};
void put(SocketTypes type);

}  // namespace posix_sockets::trace

// Flags of send and recv by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/socket.h>

namespace operations {

struct Flag {
  const char* name;
  int value;
};

constexpr Flag flags[] = {
#define WPS_FLAG(name) {#name, name}
    WPS_FLAG(MSG_OOB),          WPS_FLAG(MSG_PEEK),     WPS_FLAG(MSG_DONTROUTE), WPS_FLAG(MSG_CTRUNC),
    WPS_FLAG(MSG_TRUNC),        WPS_FLAG(MSG_DONTWAIT), WPS_FLAG(MSG_EOR),       WPS_FLAG(MSG_WAITALL),
    WPS_FLAG(MSG_CONFIRM),      WPS_FLAG(MSG_ERRQUEUE), WPS_FLAG(MSG_NOSIGNAL),  WPS_FLAG(MSG_MORE),
    WPS_FLAG(MSG_CMSG_CLOEXEC),
#undef WPS_FLAG
};

constexpr int unknown_flag = 0x00800000;

}  // namespace operations

// What own_reset_test.cpp and own_reset_accept_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/uio.h>

#include "peer.h"

using namespace conformance;

namespace own_reset {

inline void reset_on_close(int fd) {
  const linger none = {1, 0};
  REQUIRE_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none));
}

inline long long connect_to(int fd, const Address& address) { return connect(fd, address.get(), address.length); }

}  // namespace own_reset

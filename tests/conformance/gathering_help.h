// What gathering_test.cpp and gathering_options_test.cpp share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <cstdlib>

#include "peer.h"

using namespace conformance;

namespace gathering {

/// Bytes that have arrived, without waiting and without asking a wait to begin.
inline int arrived(int fd) {
  int bytes = -1;
  REQUIRE_OK(ioctl(fd, FIONREAD, &bytes));
  return bytes;
}

}  // namespace gathering

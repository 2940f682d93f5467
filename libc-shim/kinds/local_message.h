// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an AF_UNIX socket sent and its receiver hasn't taken yet.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kinds/local_rights.h"

namespace posix_sockets {

class LocalSocket;

// The data follow in the same block of memory.
struct LocalMessage {
  LocalMessage* next;
  LocalSocket* sender;  // held
  size_t size;
  size_t begin;  // bytes that a stream's reader has taken already
  LocalRights* rights;

  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
  size_t left() const { return size - begin; }
  // What it takes from the sender's buffer: as in the kernel, small messages are mostly overhead.
  size_t charge() const { return size + 768; }
};

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The short ways of recv and send: what the plainest calls on a connection do in memory alone, without further ado. They never wait,
// and say false if there is more to look at; then nothing was done.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "description/read_buffer.h"

namespace posix_sockets {

// Output that is held back until there is more of it.
struct GatheredOutput {
  static constexpr uint32_t capacity = 16384;

  bool takes_more = false;    // what comes with MSG_MORE may be added
  bool takes_plain = false;   // and so may what comes without
  uint16_t sends = 0;         // since something is held
  uint16_t looks_at_age = 0;  // before as many as this are added send() looks how old the first is
  uint16_t size = 0;
  uint8_t* memory = nullptr;

  static inline int holders;  // how many hold something

  // Only while no other socket holds any, as that might have to go first.
  bool add(const void* data, size_t added, bool more) {
    if (added == 0 || added > capacity - size || holders != 1) return false;
    if (!(more ? takes_more : takes_plain) || sends == looks_at_age) return false;
    ++sends;
    memcpy(memory + size, data, added);
    size = static_cast<uint16_t>(size + added);
    return true;
  }
  // These have gone.
  void take_from_front(size_t gone) {
    size = static_cast<uint16_t>(size - gone);
    memmove(memory, memory + gone, size);
  }
  // The next one is looked at by send() itself.
  void look_at_next() { takes_more = takes_plain = false; }
};

struct FastPath {
  ReadBuffer ahead;  // input that was read ahead of what the program asked for
  GatheredOutput gathered;

  // Bytes that were read ahead, if more of them are there than are wanted.
  bool take_ahead(void* out, size_t size) {
    if (size == 0 || size >= ahead.size()) return false;
    memcpy(out, ahead.data(), size);
    ahead.consume_some(size);
    return true;
  }
};

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "file/standard_input.h"

#include "file/libc.h"
#include "support/memory.h"
#include "wait/settle.h"

namespace posix_sockets {

void StandardInput::release() {
  libc::close(0);
  destroy(this);
}

void StandardInput::look_first() {
  SettlingTime time(Settling::standard_input);
  while (needs_input(events::more_input) && time.settle(input_.readable())) fill();
}

// Reads once; false if that brought nothing.
bool StandardInput::fill() {
  if (ended_) return false;
  uint8_t* room = taken_.reserve(4096);
  if (room == nullptr) return false;
  const host::StreamResult result = input_.read(room, 4096);
  if (result.count != 0) {
    taken_.append(result.count);
    tell_input();
    return true;
  }
  taken_.consume(0);
  if (result.over) {
    ended_ = true;
    tell_change();
  }
  return false;
}

bool StandardInput::needs_input(Events wanted) const {
  constexpr size_t look_ahead_limit = 65536;
  if (ended_) return false;
  return taken_.empty() || ((wanted & events::more_input) != 0 && taken_.size() < look_ahead_limit);
}

Result<size_t> StandardInput::receive(ReceiveRequest& request) {
  if (taken_.empty()) fill();
  if (taken_.empty()) return ended_ ? Result<size_t>(size_t{0}) : Result<size_t>(Errno(EAGAIN));
  const size_t size = request.size < taken_.size() ? request.size : taken_.size();
  scatter(request.buffers, taken_.data(), size);
  taken_.consume(size);
  return size;
}

Events StandardInput::ready(Events wanted, bool probe) {
  wanted |= events::hang_up;
  if (probe && needs_input(wanted)) fill();
  Events now = 0;
  if (!taken_.empty()) now |= events::readable;
  if (ended_) now |= events::hang_up;  // with what is left to read, as of a pipe
  return now & wanted;
}

void StandardInput::subscribe(Events wanted, PollSet& set, uint32_t tag) {
  if (needs_input(wanted)) set.add(input_.readable(), tag);
}

Result<int> StandardInput::readable_bytes() {
  if (taken_.empty()) fill();
  return static_cast<int>(taken_.size());
}

}  // namespace posix_sockets

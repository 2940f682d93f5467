// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "event/event_counter.h"

#include "support/memory.h"

namespace posix_sockets {
namespace {

// Always one less than what would overflow: Linux keeps the largest value for the kernel's own use.
constexpr uint64_t largest = UINT64_MAX - 1;

}  // namespace

void EventCounter::release() { destroy(this); }

Result<size_t> EventCounter::receive(ReceiveRequest& request) {
  if (request.size < sizeof count_) return Errno(EINVAL);
  if (count_ == 0) return Errno(EAGAIN);
  const uint64_t taken = semaphore_ ? 1 : count_;
  scatter(request.buffers, &taken, sizeof taken);
  count_ -= taken;
  tell_room();
  return sizeof taken;
}

Result<size_t> EventCounter::send(SendRequest& request) {
  uint64_t added;
  if (request.size != sizeof added) return Errno(EINVAL);
  gather(request.buffers, &added, sizeof added);
  if (added > largest) return Errno(EINVAL);
  if (added > largest - count_) return Errno(EAGAIN);
  count_ += added;
  tell_input();
  return sizeof added;
}

Events EventCounter::ready(Events wanted, bool) {
  Events now = 0;
  if (count_ != 0) now |= events::readable;
  if (count_ < largest) now |= events::writable;
  return now & wanted;
}

Errno EventCounter::stat(struct stat& out) { return stat_anonymous(out); }

}  // namespace posix_sockets

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// eventfd, eventfd_read, eventfd_write.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "api/entry.h"
#include "event/event_counter.h"
#include "support/memory.h"

using namespace posix_sockets;

extern "C" {

// eventfd(2). Parameters: the counter's first value; flags EFD_SEMAPHORE, EFD_NONBLOCK, EFD_CLOEXEC. Errors: EINVAL another
// flag; EMFILE; ENOMEM. Source: eventfd(2).
int eventfd(unsigned count, int flags) {
  if ((flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) != 0) return report(EINVAL);
  auto* counter = create<EventCounter>(count, (flags & EFD_SEMAPHORE) != 0);
  if (counter == nullptr) return report(ENOMEM);
  counter->status_flags = O_RDWR | (flags & EFD_NONBLOCK);
  return report<int>(fd::install(counter, (flags & EFD_CLOEXEC) != 0));
}

// eventfd_read(3), eventfd_write(3): 0, or -1 with the errno of read and write.
int eventfd_read(int number, eventfd_t* value) { return read(number, value, sizeof *value) == sizeof *value ? 0 : -1; }
int eventfd_write(int number, eventfd_t value) { return write(number, &value, sizeof value) == sizeof value ? 0 : -1; }
}

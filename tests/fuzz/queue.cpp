// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// kqueue and kevent.
#include <sys/event.h>

#include "run.h"

namespace random_calls {

void Run::queue() {
  if (choose_.one_in(5)) {
    keep(static_cast<int>(call("kqueue", guest::kqueue)));
    return;
  }
  struct kevent changes[4] = {};
  const int count = static_cast<int>(choose_.below(5));
  for (int i = 0; i < count; ++i) {
    const int number = descriptor();
    const int filter = choose_.of<int>(
        {EVFILT_READ, EVFILT_READ, EVFILT_WRITE, EVFILT_TIMER, EVFILT_USER, EVFILT_SIGNAL, EVFILT_EMPTY, 0, 1, -40});
    const int flags = choose_.of<int>({EV_ADD, EV_ADD, EV_ADD | EV_CLEAR, EV_ADD | EV_ONESHOT, EV_ADD | EV_DISPATCH,
                                       EV_DELETE, EV_ENABLE, EV_DISABLE, EV_ADD | EV_RECEIPT, 0, 0xffff});
    const unsigned notes = choose_.of<unsigned>({0, 0, NOTE_TRIGGER, NOTE_LOWAT, NOTE_FFCOPY | 5, NOTE_MSECONDS, ~0u});
    const int64_t data = choose_.of<int64_t>({0, 1, 10, 5000, -1, INT64_MAX, INT64_MIN});
    EV_SET(&changes[i], static_cast<unsigned>(choose_.one_in(3) ? i : number), filter, flags, notes, data, nullptr);
  }
  struct kevent events[3];
  const timespec timeout = {0, choose_.of<long>({0, 0, 1000000, 20000000, -1, 1000000000})};
  const int most = choose_.of<int>({3, 3, 1, 0, -1});
  const long found = CALL(kevent, descriptor(), choose_.one_in(16) ? nullptr : changes, count,
                          choose_.one_in(16) ? nullptr : events, most, &timeout);
  if (found > most) fail("more kevents than room", found);
  for (long i = 0; i < found; ++i)
    if ((events[i].flags & EV_ERROR) == 0 && events[i].filter >= 0) fail("no filter", events[i].filter);
}

}  // namespace random_calls

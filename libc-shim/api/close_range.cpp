// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// close_range, closefrom.
#include <unistd.h>

#include "api/entry.h"
#include "api/linger.h"
#include "fd/limits.h"

using namespace posix_sockets;

namespace {

template <class Use>
void for_each_open(unsigned first, unsigned last, Use use) {
  if (last >= descriptor_limit) last = descriptor_limit - 1;
  for (unsigned number = first; number <= last; ++number)
    if (fd::close_on_exec(static_cast<int>(number)).ok()) use(static_cast<int>(number));
}

}  // namespace

extern "C" {

// close_range(2): closes what is open from `first` to `last`. Parameter: flags CLOSE_RANGE_CLOEXEC sets FD_CLOEXEC instead,
// CLOSE_RANGE_UNSHARE means nothing with one thread. Errors: EINVAL another flag, or `first` is behind `last`.
int close_range(unsigned first, unsigned last, int flags) {
  if ((static_cast<unsigned>(flags) & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || first > last)
    return report(EINVAL);
  if ((static_cast<unsigned>(flags) & CLOSE_RANGE_CLOEXEC) != 0) {
    for_each_open(first, last, [](int number) { (void)fd::set_close_on_exec(number, true); });
  } else {
    for_each_open(first, last, [](int number) {
      linger_before_close(number);
      (void)fd::close(number);
    });
  }
  return 0;
}

// closefrom(3): closes what is open from `lowest` on; a negative number is 0.
void closefrom(int lowest) { (void)close_range(lowest < 0 ? 0 : static_cast<unsigned>(lowest), ~0U, 0); }
}

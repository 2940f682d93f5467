// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// signalfd.
#include <fcntl.h>
#include <sys/signalfd.h>

#include "api/entry.h"
#include "event/signal_descriptor.h"
#include "file/libc.h"
#include "support/memory.h"

using namespace posix_sockets;
using namespace posix_sockets::signals;

extern "C" {

// signalfd(2). Parameters: -1 for a new descriptor, or one whose set is to change; flags SFD_NONBLOCK, SFD_CLOEXEC. SIGKILL and
// SIGSTOP are left out. Errors: EBADF; EINVAL another kind of descriptor, or a flag; EFAULT; EMFILE; ENOMEM.
int signalfd(int number, const sigset_t* set, int flags) {
  if (!accessible(set)) return report(EFAULT);
  if ((flags & ~(SFD_NONBLOCK | SFD_CLOEXEC)) != 0) return report(EINVAL);
  const SignalBits wanted = to_bits(*set) & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
  if (number != -1) {
    const fd::Target target = fd::resolve(number);
    if (target.ours == nullptr) return report(libc::is_open(target.libc) ? EINVAL : EBADF);
    SignalDescriptor* descriptor = as<SignalDescriptor>(target.ours);
    if (descriptor == nullptr) return report(EINVAL);
    descriptor->set = wanted;
    SignalDescriptor::wake_all();
    return number;
  }
  auto* created = create<SignalDescriptor>(wanted);
  if (created == nullptr) return report(ENOMEM);
  created->status_flags = O_RDWR | (flags & SFD_NONBLOCK);
  return report<int>(fd::install(created, (flags & SFD_CLOEXEC) != 0));
}

}  // extern "C"

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "event/signal_descriptor.h"

#include <sys/signalfd.h>

#include "support/memory.h"

namespace posix_sockets {

using namespace signals;

namespace {

static_assert(sizeof(signalfd_siginfo) == 128);

SignalDescriptor* all;

signalfd_siginfo describe(const SentSignal& sent) {
  const siginfo_t info = info_of(sent);
  signalfd_siginfo result = {};
  result.ssi_signo = static_cast<uint32_t>(info.si_signo);
  result.ssi_code = info.si_code;
  result.ssi_pid = static_cast<uint32_t>(info.si_pid);
  result.ssi_uid = info.si_uid;
  if (sent.code == SI_QUEUE) {
    result.ssi_int = info.si_value.sival_int;
    result.ssi_ptr = reinterpret_cast<uintptr_t>(info.si_value.sival_ptr);
  }
  return result;
}

}  // namespace

SignalDescriptor::SignalDescriptor(SignalBits wanted) : Description(Kind::signals), set(wanted), next_(all) {
  all = this;
  on_pending_signal = wake_all;
}

void SignalDescriptor::wake_all() {
  for (SignalDescriptor* each = all; each != nullptr; each = each->next_) each->tell_change();
}

void SignalDescriptor::release() {
  for (SignalDescriptor** link = &all; *link != nullptr; link = &(*link)->next_) {
    if (*link != this) continue;
    *link = next_;
    break;
  }
  destroy(this);
}

Result<size_t> SignalDescriptor::receive(ReceiveRequest& request) {
  if (request.size < sizeof(signalfd_siginfo)) return Errno(EINVAL);
  size_t done = 0;
  SentSignal sent;
  while (request.size - done >= sizeof(signalfd_siginfo) && take_pending(set, sent)) {
    const signalfd_siginfo info = describe(sent);
    Buffers to = request.buffers;
    to.offset += done;
    done += scatter(to, &info, sizeof info);
  }
  return done != 0 ? Result<size_t>(done) : Result<size_t>(Errno(EAGAIN));
}

}  // namespace posix_sockets

// signalfd: a descriptor that the program's own pending signals are read from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/signalfd.h>

#include "../fd/table.h"
#include "../kinds/libc.h"
#include "../support/memory.h"
#include "../support/pointer.h"
#include "fail.h"
#include "signal_state.h"

using namespace posix_sockets;
using namespace posix_sockets::compat;

namespace posix_sockets {
namespace {

static_assert(sizeof(signalfd_siginfo) == 128);

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

class SignalDescriptor final : public Description {
 public:
  SignalBits set;

  explicit SignalDescriptor(SignalBits wanted) : set(wanted), next_(all) {
    all = this;
    on_pending_signal = wake_all;
  }
  // Every signal wakes all who wait, as in the kernel.
  static void wake_all() {
    for (SignalDescriptor* each = all; each != nullptr; each = each->next_) ++each->edges;
  }
  void release() override {
    for (SignalDescriptor** link = &all; *link != nullptr; link = &(*link)->next_) {
      if (*link != this) continue;
      *link = next_;
      break;
    }
    destroy(this);
  }
  bool in_process() const override { return true; }
  bool is_stream() const override { return false; }
  bool is_anonymous() const override { return true; }
  uint8_t bands() const override { return 0; }
  SignalDescriptor* signals() override { return this; }

  // As many as there are, whole.
  Result<size_t> receive(ReceiveRequest& request) override {
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
  Result<size_t> send(SendRequest&) override { return Errno(EINVAL); }

  Events ready(Events wanted, bool) override {
    return (pending_signals() & set) != 0 ? wanted & events::readable : Events{0};
  }

  Errno stat(struct stat& out) override { return stat_anonymous(out); }

 private:
  static inline SignalDescriptor* all;
  SignalDescriptor* next_;
};

}  // namespace posix_sockets

namespace {

int give(SignalDescriptor* created, bool close_on_exec) {
  const Result<int> number = fd::install(created, close_on_exec);
  return number.ok() ? number.value() : fail(number.error().value());
}

}  // namespace

extern "C" {

// signalfd(2). Parameters: -1 for a new descriptor, or one whose set is to change; flags SFD_NONBLOCK, SFD_CLOEXEC. SIGKILL and
// SIGSTOP are left out. Errors: EBADF; EINVAL another kind of descriptor, or a flag; EFAULT; EMFILE; ENOMEM.
int signalfd(int number, const sigset_t* set, int flags) {
  if (!accessible(set)) return fail(EFAULT);
  if ((flags & ~(SFD_NONBLOCK | SFD_CLOEXEC)) != 0) return fail(EINVAL);
  const SignalBits wanted = to_bits(*set) & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
  if (number != -1) {
    const fd::Target target = fd::resolve(number);
    if (target.ours == nullptr) return fail(libc::is_open(target.libc) ? EINVAL : EBADF);
    SignalDescriptor* descriptor = target.ours->signals();
    if (descriptor == nullptr) return fail(EINVAL);
    descriptor->set = wanted;
    SignalDescriptor::wake_all();
    return number;
  }
  auto* created = create<SignalDescriptor>(wanted);
  if (created == nullptr) return fail(ENOMEM);
  created->status_flags = O_RDWR | (flags & SFD_NONBLOCK);
  return give(created, (flags & SFD_CLOEXEC) != 0);
}

}  // extern "C"

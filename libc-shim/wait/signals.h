// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's own signals, as far as calls that wait have to know of them. A program that does nothing with signals
// doesn't link what keeps them: then there is nobody to ask, and nothing pending.
#pragma once

#include <signal.h>

namespace posix_sockets {

// What a shell, and so wasi-posix-run, says of a program that a signal ended.
constexpr int exit_status_of(int signal) { return 128 + signal; }

struct SignalKeeper {
  // Another mask, for the time of one call. What it lets through stays pending until deliver(). True: there is something.
  bool (*lend_mask)(const sigset_t& mask);
  // Runs the handlers of what is pending and not blocked. True: one ran, so the call ends with EINTR; and the mask from
  // before lend_mask() is there again.
  bool (*deliver)();
  // The mask from before lend_mask(), if it isn't there yet, and what that lets through.
  void (*restore_mask)();
  // As the kernel does to the process that does something wrong: its action is run at once, unless the signal is blocked.
  void (*send)(int signal);
};
inline const SignalKeeper* signal_keeper;

// The mask of ppoll, pselect and epoll_pwait; null: none.
class LentMask {
 public:
  explicit LentMask(const sigset_t* mask) : lent_(mask != nullptr && signal_keeper != nullptr) {
    if (lent_) lets_something_through_ = signal_keeper->lend_mask(*mask);
  }
  ~LentMask() {
    if (lent_) signal_keeper->restore_mask();
  }
  LentMask(const LentMask&) = delete;
  LentMask& operator=(const LentMask&) = delete;

  // Then a look at what is ready must come before deliver(): the kernel lets events win.
  bool lets_something_through() const { return lets_something_through_; }
  bool deliver() const { return signal_keeper->deliver(); }

 private:
  bool lent_;
  bool lets_something_through_ = false;
};

}  // namespace posix_sockets

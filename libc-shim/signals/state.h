// What the guest keeps about its signals: actions, the mask and what is pending. The rules are the kernel's: what is sent to
// the thread (raise) comes before what is sent to the process, then the lower number; a signal below SIGRTMIN is pending
// once in each of the two.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>
#include <stdint.h>

namespace posix_sockets::signals {

using SignalBits = uint64_t;

inline bool is_signal(int signal) { return signal >= 1 && signal < _NSIG; }
inline SignalBits signal_bit(int signal) { return SignalBits{1} << (signal - 1); }
inline SignalBits to_bits(const sigset_t& set) { return set.__bits[0] | static_cast<SignalBits>(set.__bits[1]) << 32; }
inline sigset_t to_set(SignalBits bits) {
  return {{static_cast<unsigned long>(bits & 0xffffffff), static_cast<unsigned long>(bits >> 32)}};
}

struct SentSignal {
  int signal;
  int code;  // SI_TKILL: to the thread, all others to the process
  union sigval value;
};
// As handlers and sigwaitinfo see it. Where it came from: the process itself, but for timers.
siginfo_t info_of(const SentSignal& sent);

SignalBits blocked_signals();
SignalBits pending_signals();
// Called when a signal becomes pending, before it is delivered.
inline void (*on_pending_signal)();

// Takes the next pending signal of the set; false: none. The action isn't run.
bool take_pending(SignalBits set, SentSignal& sent);

// Changes the mask and delivers what that unblocks.
void set_blocked_signals(SignalBits mask);

// For the time of one call, as wait/signals.h has it.
void lend_mask(SignalBits mask);
bool deliver();
void restore_mask();

struct sigaction action_of(int signal);
bool has_handler(int signal);
void set_action(int signal, const struct sigaction& action);

// Sends a signal to the process itself, which runs the action at once unless the signal is blocked. False: no memory to
// keep it.
bool send_to_self(const SentSignal& sent);

// What SIG_DFL means: mostly the end of the program.
void default_action(int signal);
bool is_ignored_by_default(int signal);

// EINTR: the alarm rang, and its handler ran. ENOSYS: no signal can come (any more).
int wait_for_alarm();

}  // namespace posix_sockets::signals

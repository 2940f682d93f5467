// What the guest keeps about its signals: actions, the mask and what is pending. libc's emulated signal() and raise()
// know handlers only; a trampoline installed there asks this state before the program's handler runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>
#include <stdint.h>

namespace posix_sockets::compat {

using SignalBits = uint64_t;

inline bool is_signal(int signal) { return signal >= 1 && signal < _NSIG; }
inline SignalBits signal_bit(int signal) { return SignalBits{1} << (signal - 1); }
inline SignalBits to_bits(const sigset_t& set) { return set.__bits[0] | static_cast<SignalBits>(set.__bits[1]) << 32; }
inline sigset_t to_set(SignalBits bits) {
  return {{static_cast<unsigned long>(bits & 0xffffffff), static_cast<unsigned long>(bits >> 32)}};
}

SignalBits blocked_signals();
SignalBits pending_signals();

// Takes a pending signal out of the state; the action isn't run.
void forget_pending(int signal);

// Changes the mask and delivers what that unblocks. True if a handler ran.
bool set_blocked_signals(SignalBits mask);

// The action of a signal, also when it was set by signal().
struct sigaction action_of(int signal);
void set_action(int signal, const struct sigaction& action);

// Sends a signal to the process itself, with a value for handlers that take one.
void send_to_self(int signal, int code, union sigval value);

// EINTR: the alarm rang, and its handler ran. ENOSYS: no signal can come (any more).
int wait_for_alarm();

}  // namespace posix_sockets::compat

// Keeping and delivering the program's own signals; see signal_state.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "signals/state.h"

#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

#include "description/hold.h"
#include "support/function_type.h"
#include "wait/signals.h"

namespace posix_sockets::signals {
namespace {

struct Pending {
  Pending* next;
  SentSignal sent;
};

// Below SIGRTMIN each signal is pending once at most, to the thread and to the process: those need no memory, and are never lost.
Pending standard[_NSIG][2];

struct sigaction actions[_NSIG];
SignalBits blocked;
SignalBits saved;  // the mask from before a lent one
bool lent;
Pending* pending;  // oldest first
uint32_t handlers_run;
constexpr SignalBits unblockable = SignalBits{1} << (SIGKILL - 1) | SignalBits{1} << (SIGSTOP - 1);

bool is_to_thread(const SentSignal& sent) { return sent.code == SI_TKILL; }

bool lend(const sigset_t& mask) {
  lend_mask(to_bits(mask));
  return (pending_signals() & ~blocked) != 0;
}
void send(int signal) { (void)send_to_self({signal, SI_USER, {}}); }
constexpr SignalKeeper keeper = {lend, deliver, restore_mask, send};

bool is_ignored(int signal) {
  const auto handler = actions[signal].sa_handler;
  return handler == SIG_IGN || (handler == SIG_DFL && is_ignored_by_default(signal));
}

bool is_queued(int signal) { return signal >= SIGRTMIN; }

// Whether `left` goes before `right`, which is older.
bool goes_before(const SentSignal& left, const SentSignal& right) {
  if (is_to_thread(left) != is_to_thread(right)) return is_to_thread(left);
  return left.signal < right.signal;
}

bool is_pending_already(const SentSignal& sent) {
  if (is_queued(sent.signal)) return false;
  for (const Pending* entry = pending; entry != nullptr; entry = entry->next)
    if (entry->sent.signal == sent.signal && is_to_thread(entry->sent) == is_to_thread(sent)) return true;
  return false;
}

// The mask that the handler's end brings back: that from before a lent one, since the call ends then.
SignalBits mask_to_return_to() {
  const SignalBits mask = lent ? saved : blocked;
  lent = false;
  return mask;
}

// The kernel hands all three over, whatever SA_SIGINFO says, and the handler takes those that it has parameters for.
void call_handler(const struct sigaction& action, const SentSignal& sent, ucontext_t& context) {
  const AnyFunction handler = hide_type(action.sa_handler);
  siginfo_t info = info_of(sent);
  if (has_type<void(int)>(handler)) return as<void(int)>(handler)(sent.signal);
  if (has_type<void()>(handler)) return handler();
  if (has_type<void(int, siginfo_t*)>(handler)) return as<void(int, siginfo_t*)>(handler)(sent.signal, &info);
  if (has_type<int()>(handler)) return (void)as<int()>(handler)();
  if (has_type<int(int)>(handler)) return (void)as<int(int)>(handler)(sent.signal);
  if (has_type<int(int, siginfo_t*, void*)>(handler))
    return (void)as<int(int, siginfo_t*, void*)>(handler)(sent.signal, &info, &context);
  as<void(int, siginfo_t*, void*)>(handler)(sent.signal, &info, &context);
}

void run_handler(const SentSignal& sent) {
  const Hold::Interruption interruption;
  const struct sigaction action = actions[sent.signal];
  const auto flags = static_cast<unsigned>(action.sa_flags);
  if ((flags & SA_RESETHAND) != 0) actions[sent.signal].sa_handler = SIG_DFL;
  const SignalBits before = mask_to_return_to();
  const SignalBits itself = (flags & SA_NODEFER) == 0 ? signal_bit(sent.signal) : 0;
  blocked = (blocked | to_bits(action.sa_mask) | itself) & ~unblockable;
  ++handlers_run;
  // The kernel prepares the handlers of all that is pending before the first instruction of any: the last one runs first.
  (void)deliver();
  ucontext_t context = {};
  context.uc_sigmask = to_set(before);
  call_handler(action, sent, context);
  blocked = to_bits(context.uc_sigmask) & ~unblockable;  // which the handler may have changed
}

}  // namespace

siginfo_t info_of(const SentSignal& sent) {
  siginfo_t info = {};
  info.si_signo = sent.signal;
  info.si_code = sent.code;
  info.si_value = sent.value;
  if (sent.code != SI_KERNEL) {
    info.si_pid = getpid();
    info.si_uid = getuid();
  }
  return info;
}

SignalBits blocked_signals() { return blocked; }

SignalBits pending_signals() {
  SignalBits result = 0;
  for (const Pending* entry = pending; entry != nullptr; entry = entry->next) result |= signal_bit(entry->sent.signal);
  return result;
}

bool take_pending(SignalBits set, SentSignal& sent) {
  Pending** best = nullptr;
  for (Pending** link = &pending; *link != nullptr; link = &(*link)->next) {
    if ((set & signal_bit((*link)->sent.signal)) == 0) continue;
    if (best == nullptr || goes_before((*link)->sent, (*best)->sent)) best = link;
  }
  if (best == nullptr) return false;
  Pending* taken = *best;
  sent = taken->sent;
  *best = taken->next;
  if (is_queued(sent.signal)) free(taken);
  return true;
}

bool deliver() {
  const uint32_t before = handlers_run;
  SentSignal sent;
  while (take_pending(~blocked, sent)) {
    if (has_handler(sent.signal)) {
      run_handler(sent);
    } else if (!is_ignored(sent.signal)) {
      default_action(sent.signal);
    }
  }
  return handlers_run != before;
}

void set_blocked_signals(SignalBits mask) {
  signal_keeper = &keeper;
  blocked = mask & ~unblockable;
  (void)deliver();
}

void lend_mask(SignalBits mask) {
  saved = blocked;
  lent = true;
  blocked = mask & ~unblockable;
}

void restore_mask() {
  if (!lent) return;
  lent = false;
  set_blocked_signals(saved);
}

struct sigaction action_of(int signal) { return actions[signal]; }

bool has_handler(int signal) { return actions[signal].sa_handler != SIG_DFL && actions[signal].sa_handler != SIG_IGN; }

// Ignoring a signal forgets what is pending of it.
void set_action(int signal, const struct sigaction& action) {
  signal_keeper = &keeper;
  actions[signal] = action;
  SentSignal sent;
  while (is_ignored(signal) && take_pending(signal_bit(signal), sent)) {
  }
}

bool send_to_self(const SentSignal& sent) {
  signal_keeper = &keeper;
  const bool is_blocked = (blocked & signal_bit(sent.signal)) != 0;
  if ((!is_blocked && is_ignored(sent.signal)) || is_pending_already(sent)) return true;
  Pending* entry = is_queued(sent.signal) ? static_cast<Pending*>(malloc(sizeof(Pending)))
                                          : &standard[sent.signal][is_to_thread(sent) ? 1 : 0];
  if (entry == nullptr) return false;
  *entry = {nullptr, sent};
  Pending** end = &pending;
  while (*end != nullptr) end = &(*end)->next;
  *end = entry;
  if (on_pending_signal != nullptr) on_pending_signal();
  (void)deliver();
  return true;
}

}  // namespace posix_sockets::signals

// Handlers of other types than sigaction() and signal() want: a call passes what there is, and a function takes what it has
// parameters for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/time.h>
#include <ucontext.h>

#include "net.h"
#include "signals.h"

using namespace conformance;

namespace {

using Handler = void (*)(int);

int calls;
int last_signal;

void without() { ++calls; }
void with_one(int signal) {
  ++calls;
  last_signal = signal;
}
void with_two(int signal, siginfo_t*) {
  ++calls;
  last_signal = signal;
}
void with_three(int signal, siginfo_t*, void*) {
  ++calls;
  last_signal = signal;
}
int gives_without() { return ++calls; }
int gives_with_one(int signal) {
  last_signal = signal;
  return ++calls;
}
int gives_with_three(int signal, siginfo_t*, void*) {
  last_signal = signal;
  return ++calls;
}

template <class Function>
Handler cast(Function* function) {
  return reinterpret_cast<Handler>(reinterpret_cast<void (*)()>(function));
}

struct Kind {
  const char* name;
  Handler handler;
  bool is_told;  // the signal
};
const Kind kinds[] = {{"none", cast(without), false},
                      {"one", with_one, true},
                      {"two", cast(with_two), true},
                      {"three", cast(with_three), true},
                      {"none, with a result", cast(gives_without), false},
                      {"one, with a result", cast(gives_with_one), true},
                      {"three, with a result", cast(gives_with_three), true}};

void check_called(const Kind& kind, int signal) {
  CHECK(calls == 1);
  CHECK(last_signal == (kind.is_told ? signal : 0));
  calls = last_signal = 0;
}

}  // namespace

TEST_CASE("signals: a handler takes the parameters that it has, whatever SA_SIGINFO says") {
  for (const Kind& kind : kinds) {
    for (const int flags : {0, SA_SIGINFO}) {
      INFO(kind.name << (flags != 0 ? " with SA_SIGINFO" : ""));
      struct sigaction action{};
      action.sa_handler = kind.handler;
      action.sa_flags = flags;
      REQUIRE_OK(sigaction(SIGUSR1, &action, nullptr));
      CHECK_OK(raise(SIGUSR1));
      check_called(kind, SIGUSR1);
      CHECK_OK(kill(getpid(), SIGUSR1));
      check_called(kind, SIGUSR1);
    }
  }
}

TEST_CASE("signals: signal, bsd_signal, sysv_signal and sigset take a handler of another type behind a cast") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    CHECK(signal(SIGUSR2, kind.handler) != SIG_ERR);
    CHECK_OK(raise(SIGUSR2));
    check_called(kind, SIGUSR2);
    CHECK(sysv_signal(SIGUSR2, kind.handler) == kind.handler);
    CHECK_OK(raise(SIGUSR2));
    check_called(kind, SIGUSR2);
    CHECK(signal(SIGUSR2, SIG_IGN) == SIG_DFL);  // once only
  }
}

TEST_CASE("signals: an alarm calls a handler of three parameters that was installed without SA_SIGINFO") {
  struct sigaction action{};
  action.sa_sigaction = with_three;
  REQUIRE_OK(sigaction(SIGALRM, &action, nullptr));
  const itimerval soon = {{0, 0}, {0, 20000}};
  REQUIRE_OK(setitimer(ITIMER_REAL, &soon, nullptr));
  CHECK_FAILS(poll(nullptr, 0, -1), EINTR);
  CHECK(calls == 1);
  CHECK(last_signal == SIGALRM);
}

TEST_CASE("signals: the mask in a handler's context is what its end brings back") {
  struct sigaction action{};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t*, void* context) {
    sigset_t& mask = static_cast<ucontext_t*>(context)->uc_sigmask;
    calls = sigismember(&mask, SIGUSR1) + 2 * sigismember(&mask, SIGUSR2);
    sigaddset(&mask, SIGHUP);
  };
  REQUIRE_OK(sigaction(SIGUSR1, &action, nullptr));
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  REQUIRE_OK(sigprocmask(SIG_SETMASK, &mask, nullptr));
  CHECK_OK(raise(SIGUSR1));
  CHECK(calls == 2);
  REQUIRE_OK(sigprocmask(SIG_SETMASK, nullptr, &mask));
  CHECK(sigismember(&mask, SIGHUP) == 1);
  CHECK(sigismember(&mask, SIGUSR1) == 0);
}

TEST_CASE("signals: sighold, sigrelse and sigignore") {
  CHECK(signal(SIGUSR1, with_one) == SIG_DFL);
  CHECK_OK(sighold(SIGUSR1));
  CHECK_OK(raise(SIGUSR1));
  CHECK(calls == 0);
  CHECK_OK(sigrelse(SIGUSR1));
  CHECK(calls == 1);
  CHECK_OK(sigignore(SIGUSR1));
  CHECK_OK(raise(SIGUSR1));
  CHECK(calls == 1);
  CHECK_FAILS(sighold(65), EINVAL);
  CHECK_FAILS(sigignore(SIGKILL), EINVAL);
  CHECK(sigset(SIGUSR1, SIG_HOLD) == SIG_IGN);
  CHECK(sigset(SIGUSR1, with_one) == SIG_HOLD);
  CHECK(sigset(SIGUSR1, SIG_DFL) == with_one);
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program's own signals, whose handlers run within its calls and make others.
#include <sys/signalfd.h>
#include <unistd.h>

#include "run.h"

namespace random_calls {
namespace {

constexpr int sent[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, 40};

}  // namespace

void Run::handler(int) { current_->handle(); }
void Run::handler_with_info(int, siginfo_t* info, void*) {
  if (info->si_signo <= 0) fail("a handler's signal", info->si_signo);
  current_->handle();
}

void Run::begin_signals() {
  current_ = this;
  struct sigaction action = {};
  action.sa_handler = handler;
  for (const int signal : sent) guest::sigaction(signal, &action, nullptr);
}

void Run::end_signals() {
  set_timer(0);
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  for (const int signal : sent) guest::sigaction(signal, &action, nullptr);
  sigset_t none;
  guest::sigemptyset(&none);
  guest::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Once only: a wait that goes on after each of endless alarms would never be stuck.
void Run::set_timer(unsigned milliseconds) {
  const itimerval value = {{0, 0}, {0, static_cast<suseconds_t>(milliseconds) * 1000}};
  if (guest::setitimer(ITIMER_REAL, &value, nullptr) != 0) fail("setitimer", -1);
}

sigset_t Run::some_signals() {
  sigset_t set;
  guest::sigemptyset(&set);
  for (const int signal : sent)
    if (choose_.one_in(2)) guest::sigaddset(&set, signal);
  return set;
}

void Run::handle() {
  handler_ran_ = true;
  if (handlers_ > 3) return;
  ++handlers_;
  const int before = errno;
  char byte = 'h';
  pollfd entry;
  const int number = choose_.empty() ? -1 : descriptor();
  switch (choose_.empty() ? 0 : choose_.below(12)) {
    case 1:
    case 2:
      guest::close(number);
      numbers_.erase(number);
      break;
    case 3:
      (void)guest::dup2(number, descriptor());
      break;
    case 4:
      guest::shutdown(number, SHUT_RDWR);
      break;
    case 5:
      (void)guest::send(number, &byte, 1, MSG_DONTWAIT);
      break;
    case 6:
      entry = {number, POLLIN | POLLOUT, 0};
      guest::poll(&entry, 1, 0);
      break;
    case 7:
      set_timer(1 + choose_.below(10));
      break;
    case 8:
      guest::raise(choose_.of<int>({SIGUSR1, SIGUSR2, SIGALRM, 40}));
      break;
    case 9: {
      const itimerspec value = {{0, 1000000}, {0, static_cast<long>(choose_.below(3)) * 1000000}};
      guest::timerfd_settime(number, 0, &value, nullptr);
      break;
    }
    case 10: {
      epoll_event event = {};
      event.events = EPOLLIN | EPOLLOUT;
      guest::epoll_ctl(number, choose_.of<int>({EPOLL_CTL_ADD, EPOLL_CTL_DEL}), descriptor(), &event);
      break;
    }
    case 11:
      entry = {number, POLLIN | POLLOUT, 0};
      guest::poll(&entry, 1, 5);
      break;
    default:
      break;
  }
  errno = before;
  --handlers_;
}

void Run::signals() {
  const int signal = choose_.of<int>({SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, 40});
  sigset_t set = some_signals();
  struct sigaction action = {};
  timespec timeout = {0, choose_.of<long>({0, 0, 1000000, 10000000, -1})};
  siginfo_t info;
  switch (choose_.below(12)) {
    case 0:
      if (choose_.one_in(2)) {
        action.sa_flags = choose_.of<int>({0, SA_RESTART, SA_RESTART | SA_NODEFER});
        action.sa_handler = choose_.one_in(4) ? SIG_IGN : handler;
      } else {
        action.sa_flags = choose_.of<int>({SA_SIGINFO, SA_SIGINFO | SA_RESTART, SA_SIGINFO | SA_NODEFER});
        action.sa_sigaction = handler_with_info;
      }
      action.sa_mask = set;
      CALL(sigaction, signal, &action, nullptr);
      break;
    case 1:
    case 2:
      CALL(sigprocmask, choose_.of<int>({SIG_SETMASK, SIG_BLOCK, SIG_UNBLOCK, 77}), choose_.one_in(8) ? nullptr : &set,
           nullptr);
      break;
    case 3:
      CALL(raise, signal);
      break;
    case 4:
      CALL(kill, getpid(), signal);
      break;
    case 5:
      CALL(sigpending, &set);
      break;
    case 6:
    case 7:
      call("setitimer", [this](unsigned milliseconds) { return set_timer(milliseconds), 0; }, choose_.below(20));
      break;
    case 8:
      CALL(sigtimedwait, &set, &info, &timeout);
      break;
    case 9:
      keep(static_cast<int>(
          CALL(signalfd, choose_.one_in(3) ? descriptor() : -1, &set, choose_.of<int>({0, SFD_NONBLOCK, 1}))));
      break;
    case 10: {
      pollfd entry = {descriptor(), POLLIN, 0};
      CALL(ppoll, &entry, 1, &timeout, &set);
      break;
    }
    default: {
      epoll_event event;
      CALL(epoll_pwait, descriptor(), &event, 1, static_cast<int>(choose_.below(20)), &set);
    }
  }
}

}  // namespace random_calls

// A random walk over the signals that a program sends to itself, and the calls that wait for them: prints every call, every
// handler that ran within it, and what came of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// signals FIRST:COUNT     of the seeds
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "random.h"

using namespace conformance;

namespace {

constexpr int steps = 400;

const struct {
  int number;
  const char* name;
} known[] = {{SIGUSR1, "USR1"}, {SIGUSR2, "USR2"}, {SIGRTMIN, "RT0"}, {SIGRTMIN + 1, "RT1"},
             {SIGCHLD, "CHLD"}, {SIGTERM, "TERM"}, {SIGHUP, "HUP"},   {SIGWINCH, "WINCH"}};
constexpr unsigned count_of_known = 8;

const char* name_of(int number) {
  for (const auto& each : known)
    if (each.number == number) return each.name;
  return "?";
}
const char* code_of(int code) {
  return code == SI_USER ? "USER" : code == SI_TKILL ? "TKILL" : code == SI_QUEUE ? "QUEUE" : "?";
}

Random* random_numbers;
int nesting;
int budget;  // of signals that handlers send within one step

unsigned below(unsigned bound) { return random_numbers->below(bound); }

void send_one() {
  --budget;
  const auto& sent = known[below(count_of_known)];
  const unsigned way = below(3);
  printf("[%s %s]", way == 0 ? "raise" : way == 1 ? "kill" : "queue", sent.name);
  sigval value{};
  if (way == 2) value.sival_int = static_cast<int>(below(100));
  if (way == 0) raise(sent.number);
  if (way == 1) kill(getpid(), sent.number);
  if (way == 2) sigqueue(getpid(), sent.number, value);
}

void within_handler() {
  if (budget > 0 && nesting < 3 && below(8) == 0) {
    ++nesting;
    send_one();
    --nesting;
  }
  printf(">");
}
void plain_handler(int number) {
  printf("<%s", name_of(number));
  within_handler();
}
void telling_handler(int number, siginfo_t* info, void*) {
  printf("<%s %s %d", name_of(number), code_of(info->si_code), info->si_value.sival_int);
  within_handler();
}

sigset_t some_set() {
  sigset_t result;
  sigemptyset(&result);
  unsigned members = random_numbers->bits() & random_numbers->bits();
  if (below(4) == 0) members = 0;
  if (below(6) == 0) members = ~0u;
  printf(" {");
  for (unsigned i = 0; i < count_of_known; ++i) {
    if ((members >> i & 1) == 0) continue;
    sigaddset(&result, known[i].number);
    printf(" %s", known[i].name);
  }
  printf(" }");
  return result;
}
void put_set(const sigset_t& members) {
  printf(" {");
  for (const auto& each : known)
    if (sigismember(&members, each.number) == 1) printf(" %s", each.name);
  printf(" }");
}

class Walk {
 public:
  Walk() {
    sigset_t none;
    sigemptyset(&none);
    for (const auto& each : known) signal(each.number, SIG_IGN);  // forgets what is pending
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const auto& each : known) signal(each.number, plain_handler);
    if (pipe(pipe_) < 0) abort();
    set_ = epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    epoll_ctl(set_, EPOLL_CTL_ADD, pipe_[0], &event);
  }
  ~Walk() {
    for (int fd : {pipe_[0], pipe_[1], set_, descriptor_})
      if (fd >= 0) close(fd);
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  void step() {
    budget = 6;
    errno = 0;
    static void (Walk::* const ways[])() = {&Walk::change_action, &Walk::show,           &Walk::by_ppoll,
                                            &Walk::by_pselect,    &Walk::by_epoll,       &Walk::take_one,
                                            &Walk::suspend,       &Walk::use_descriptor, &Walk::use_pipe};
    const unsigned way = below(14);
    if (way < 3) return send_one();
    if (way < 5) return change_mask();
    (this->*ways[way - 5])();
  }

 private:
  void change_mask() {
    static const int ways[] = {SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK};
    const unsigned way = below(3);
    printf("sigprocmask %u", way);
    const sigset_t wanted = some_set();
    sigset_t previous;
    sigemptyset(&previous);
    put_result(sigprocmask(ways[way], &wanted, &previous));
    put_set(previous);
  }
  void change_action() {
    const auto& which = known[below(count_of_known)];
    unsigned kind = below(6);
    const bool deadly = which.number != SIGCHLD && which.number != SIGWINCH;
    if (kind == 0 && deadly) kind = 1;
    printf("sigaction %s %u", which.name, kind);
    struct sigaction action{}, previous{};
    action.sa_mask = some_set();
    if (kind < 2) action.sa_handler = kind == 0 ? SIG_DFL : SIG_IGN;
    if (kind == 2 || kind == 3) action.sa_handler = plain_handler;
    if (kind > 3) action.sa_sigaction = telling_handler;
    if (kind > 3) action.sa_flags = SA_SIGINFO;
    if (below(4) == 0) action.sa_flags |= SA_NODEFER;
    put_result(sigaction(which.number, &action, &previous));
    printf(" was %s", (previous.sa_flags & SA_SIGINFO) != 0  ? "telling"
                      : previous.sa_handler == SIG_DFL       ? "default"
                      : previous.sa_handler == SIG_IGN       ? "ignored"
                      : previous.sa_handler == plain_handler ? "plain"
                                                             : "?");
  }
  void show() {
    sigset_t pending, mask;
    sigpending(&pending);
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    printf("pending");
    put_set(pending);
    printf(" mask");
    put_set(mask);
  }

  void by_ppoll() {
    pollfd entry = {below(2) != 0 ? pipe_[0] : descriptor_, POLLIN, 0};
    timespec time{};
    time.tv_nsec = static_cast<long>(below(2)) * 300000;
    printf("ppoll");
    const sigset_t mask = some_set();
    const int found = ppoll(&entry, 1, &time, &mask);
    put_result(found);
    putchar(' ');
    if (found >= 0) put_poll_events(entry.revents);
  }
  void by_pselect() {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(pipe_[0], &readable);
    timespec time{};
    time.tv_nsec = static_cast<long>(below(2)) * 300000;
    printf("pselect");
    const sigset_t mask = some_set();
    put_result(pselect(pipe_[0] + 1, &readable, nullptr, nullptr, &time, &mask));
  }
  void by_epoll() {
    epoll_event events[3];
    const int time = static_cast<int>(below(2));
    printf("epoll_pwait %d", time);
    const sigset_t mask = some_set();
    const int found = epoll_pwait(set_, events, 3, time, &mask);
    put_result(found);
    for (int i = 0; i < found; ++i) {
      printf(" %d", static_cast<int>(events[i].data.u64));
      put_epoll_events(events[i].events);
    }
  }
  void take_one() {
    printf("sigtimedwait");
    const sigset_t wanted = some_set();
    siginfo_t info{};
    const timespec none{};
    const int taken = sigtimedwait(&wanted, &info, &none);
    put_result(taken < 0 ? -1 : 0);
    if (taken >= 0) printf(" %s %s", name_of(taken), code_of(info.si_code));
    if (taken >= 0 && info.si_code == SI_QUEUE) printf(" %d", info.si_value.sival_int);
  }
  // Only if something ends it.
  void suspend() {
    printf("sigsuspend");
    const sigset_t mask = some_set();
    sigset_t pending;
    sigpending(&pending);
    bool ends = false;
    for (const auto& each : known) {
      struct sigaction action;
      sigaction(each.number, nullptr, &action);
      const bool runs = action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
      ends |= runs && sigismember(&pending, each.number) == 1 && sigismember(&mask, each.number) == 0;
    }
    if (ends) put_result(sigsuspend(&mask));
  }

  void make_descriptor() {
    printf("signalfd");
    const sigset_t wanted = some_set();
    const bool fresh = below(3) == 0;
    const int made = signalfd(fresh ? -1 : descriptor_, &wanted, SFD_NONBLOCK);
    put_result(made < 0 ? -1 : 0);
    if (made < 0 || made == descriptor_) return;
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = made;
    epoll_event event{};
    event.events = EPOLLIN | (below(2) != 0 ? static_cast<uint32_t>(EPOLLET) : 0);
    event.data.u64 = 1;
    put_epoll_events(event.events);
    epoll_ctl(set_, EPOLL_CTL_ADD, descriptor_, &event);
  }
  void use_descriptor() { below(2) != 0 ? make_descriptor() : read_descriptor(); }
  void read_descriptor() {
    signalfd_siginfo infos[4];
    const unsigned count = below(5);
    printf("signalfd read %u", count);
    if (descriptor_ < 0) return;
    const ssize_t size = read(descriptor_, infos, count * sizeof infos[0]);
    put_result(size);
    for (ssize_t i = 0; i < size / static_cast<ssize_t>(sizeof infos[0]); ++i)
      printf(" %s %s %d", name_of(static_cast<int>(infos[i].ssi_signo)), code_of(infos[i].ssi_code), infos[i].ssi_int);
  }
  void use_pipe() {
    char data[100];
    pollfd entry = {pipe_[0], POLLIN, 0};
    if (below(2) != 0) {
      printf("write");
      put_result(write(pipe_[1], "x", 1));
    } else if (poll(&entry, 1, 0) == 1) {
      printf("read");
      put_result(read(pipe_[0], data, sizeof data));
    }
  }

  int pipe_[2] = {-1, -1};
  int set_ = -1;
  int descriptor_ = -1;
};

}  // namespace

int main(int argc, char** argv) {
  unsigned long first = 0, count = 0;
  if (argc != 2 || sscanf(argv[1], "%lu:%lu", &first, &count) != 2) return 2;
  for (unsigned long seed = first; seed < first + count; ++seed) {
    Random numbers(seed);
    random_numbers = &numbers;
    Walk walk;
    for (int i = 0; i < steps; ++i) {
      printf("%lu/%d: ", seed, i);
      walk.step();
      printf("\n");
    }
  }
  return 0;
}

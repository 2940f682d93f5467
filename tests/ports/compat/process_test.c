// builds: native wasi
// What a process can ask about itself, and what fails the same way on Linux.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static void children(void) {
  int status;
  FAILS(wait(&status), ECHILD);
  FAILS(waitpid(-1, &status, WNOHANG), ECHILD);
  FAILS(waitpid(-1, &status, 0x7f000000), EINVAL);
  FAILS(wait4(-1, &status, 0, NULL), ECHILD);
  siginfo_t info;
  FAILS(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
  FAILS(waitid(P_ALL, 0, &info, 0), EINVAL);
  CHECK(WIFEXITED(0x300) && WEXITSTATUS(0x300) == 3 && !WIFSIGNALED(0x300));
  CHECK(WIFSIGNALED(15) && WTERMSIG(15) == 15 && !WIFEXITED(15));
  CHECK(WIFSTOPPED(0x137f) && WSTOPSIG(0x137f) == 0x13 && !WIFSIGNALED(0x137f));
}

static void ids(void) {
  CHECK(setuid(getuid()) == 0 && setgid(getgid()) == 0 && setreuid(-1, -1) == 0 && setregid(-1, getgid()) == 0);
  uid_t real, effective, saved;
  CHECK(getresuid(&real, &effective, &saved) == 0 && real == getuid() && effective == geteuid());
  CHECK(getgroups(0, NULL) >= 0);
  volatile int negative = -1;  // or the compiler sees it
  FAILS(getgroups(negative, NULL), EINVAL);

  CHECK(getpgid(0) == getpgrp() && getpgid(getpid()) == getpgrp() && gettid() == getpid());
  FAILS(getpgid(0x3ffffff), ESRCH);
  FAILS(getsid(0x3ffffff), ESRCH);
  FAILS(setpgid(0, -1), EINVAL);
}

static void limits_and_priorities(void) {
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 100 && limit.rlim_cur <= limit.rlim_max);
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(getdtablesize() == (int)limit.rlim_cur);
  FAILS(getrlimit(99, &limit), EINVAL);
  FAILS(setrlimit(-1, &limit), EINVAL);
  const struct rlimit upside_down = {10, 5};
  FAILS(setrlimit(RLIMIT_NOFILE, &upside_down), EINVAL);
  FAILS(prlimit(0x3ffffff, RLIMIT_NOFILE, NULL, &limit), ESRCH);
  FAILS(getpriority(77, 0), EINVAL);
  FAILS(getpriority(PRIO_PROCESS, 0x3ffffff), ESRCH);
  CHECK(setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0)) == 0);
  errno = 0;
  CHECK(nice(0) != -1 || errno == 0);
  CHECK(sched_get_priority_max(SCHED_FIFO) == 99 && sched_get_priority_min(SCHED_FIFO) == 1);
  FAILS(sched_get_priority_max(77), EINVAL);
  CHECK(sched_getscheduler(0) == SCHED_OTHER);
}

static void timers(void) {
  struct itimerval timer = {{1, 1}, {1, 1}};
  CHECK(getitimer(ITIMER_REAL, &timer) == 0 && timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0);
  CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0 && alarm(0) == 0);
  FAILS(getitimer(77, &timer), EINVAL);
  timer.it_value.tv_usec = 1000000;
  FAILS(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);

  setenv("TZ", "UTC0", 1);
  tzset();
  CHECK(timezone == 0 && daylight == 0 && strcmp(tzname[0], "UTC") == 0);
}

static void terminals(void) {
  FAILS(tcgetattr(999, (struct termios[1]){0}), EBADF);
  FAILS(tcgetattr(STDIN_FILENO, (struct termios[1]){0}), ENOTTY);
  FAILS(tcflush(STDIN_FILENO, TCIFLUSH), ENOTTY);
  FAILS(ttyname(STDIN_FILENO), ENOTTY);
  FAILS(ttyname(999), EBADF);
  FAILS(tcgetpgrp(STDIN_FILENO), ENOTTY);
  struct termios raw;
  memset(&raw, 0xff, sizeof raw);
  cfmakeraw(&raw);
  CHECK((raw.c_lflag & (ECHO | ICANON | ISIG)) == 0 && (raw.c_cflag & CSIZE) == CS8 && (raw.c_oflag & OPOST) == 0);
  CHECK(cfsetspeed(&raw, B9600) == 0 && cfgetospeed(&raw) == B9600);
  CHECK(CRTSCTS == (tcflag_t)1 << 31 && (EXTB & ~CBAUD) == 0 && EXTA < EXTB && TAB3 == TABDLY && (XCASE & ICANON) == 0);
}

static void interfaces(void) {
  char name[IF_NAMESIZE];
  const unsigned loopback = if_nametoindex("lo");
  CHECK(loopback == 1 && if_indextoname(loopback, name) == name && strcmp(name, "lo") == 0);
  errno = 0;
  CHECK(if_nametoindex("no-such-if") == 0 && errno == ENODEV);
  FAILS(if_indextoname(4711, name), ENXIO);
  struct if_nameindex* names = if_nameindex();
  CHECK(names != NULL && names[0].if_index == 1 && strcmp(names[0].if_name, "lo") == 0);
  if_freenameindex(names);
  struct ifaddrs* addresses;
  CHECK(getifaddrs(&addresses) == 0);
  int found = 0;
  for (struct ifaddrs* a = addresses; a != NULL; a = a->ifa_next) {
    if (strcmp(a->ifa_name, "lo") != 0 || a->ifa_addr == NULL || a->ifa_addr->sa_family != AF_INET) continue;
    found = ((struct sockaddr_in*)a->ifa_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK) &&
            (a->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK);
  }
  CHECK(found);
  freeifaddrs(addresses);
}

static void masks_and_flags(void) {
  CHECK(setlogmask(0) == 0xff && setlogmask(LOG_UPTO(LOG_ERR)) == 0xff && setlogmask(0) == LOG_UPTO(LOG_ERR));
  FAILS(pipe2((int[2]){0}, 0x12345678), EINVAL);
}

int main(void) {
  children();
  ids();
  limits_and_priorities();
  timers();
  terminals();
  interfaces();
  masks_and_flags();
  return done();
}

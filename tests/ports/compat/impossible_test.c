// builds: wasi
// What no guest can do fails, and says so; nothing succeeds in silence. Linux can do all of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>

#include "check.h"

int main(void) {
  char* const none[] = {NULL};
  FAILS(fork(), ENOSYS);
  FAILS(vfork(), ENOSYS);
  FAILS(daemon(0, 0), ENOSYS);
  FAILS(execl("/bin/true", "true", (char*)NULL), ENOSYS);
  FAILS(execve("/bin/true", none, none), ENOSYS);
  FAILS(execvp("true", none), ENOSYS);
  CHECK(system(NULL) == 0);
  FAILS(system("true"), ENOSYS);
  FAILS(popen("true", "r"), ENOSYS);
  CHECK(getuid() == 1000 && geteuid() == 1000 && getgid() == 1000 && getppid() == 0);
  FAILS(setuid(0), EPERM);
  FAILS(setgid(0), EPERM);
  FAILS(setgroups(0, NULL), EPERM);
  FAILS(setsid(), EPERM);
  FAILS(chroot("/tmp"), EPERM);
  FAILS(chown("/tmp", 0, 0), ENOSYS);
  FAILS(fchown(1, 0, 0), ENOSYS);
  FAILS(mkfifo("/tmp/fifo", 0600), ENOSYS);
  FAILS(flock(1, LOCK_EX), ENOSYS);
  FAILS(lockf(1, F_LOCK, 0), ENOSYS);
  FAILS(mlock(none, 1), ENOSYS);
  FAILS(shm_open("/x", O_RDWR, 0600), ENOSYS);
  FAILS(madvise((void*)none, 1, MADV_DONTNEED), ENOSYS);
  CHECK(madvise((void*)none, 1, MADV_WILLNEED) == 0);
  const struct itimerval timer = {{0, 0}, {1, 0}};
  FAILS(setitimer(ITIMER_VIRTUAL, &timer, NULL), ENOSYS);
  FAILS(pause(), ENOSYS);
  sigset_t all;
  sigfillset(&all);
  FAILS(sigsuspend(&all), ENOSYS);
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
  --limit.rlim_cur;
  FAILS(setrlimit(RLIMIT_STACK, &limit), ENOSYS);
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max = limit.rlim_max + 1;
  FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM);
  FAILS(nice(1), ENOSYS);
  FAILS(settimeofday(NULL, NULL), EPERM);
  FAILS(getlogin(), ENXIO);
  return done();
}

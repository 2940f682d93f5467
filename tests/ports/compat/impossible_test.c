// builds: wasi
// What no guest can do fails, and says so; nothing succeeds in silence. Linux can do all of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pty.h>
#include <semaphore.h>
#include <shadow.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <syslog.h>
#include <unistd.h>
#include <utmpx.h>

#include "check.h"

static void processes(void) {
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
}

static void users_and_files(void) {
  CHECK(getuid() == 1000 && geteuid() == 1000 && getgid() == 1000 && getppid() == 0);
  FAILS(setuid(0), EPERM);
  FAILS(setgid(0), EPERM);
  FAILS(setgroups(0, NULL), EPERM);
  FAILS(setsid(), EPERM);
  FAILS(chroot("/tmp"), EPERM);
  FAILS(chown("/tmp", 0, 0), ENOSYS);
  FAILS(fchown(1, 0, 0), ENOSYS);
  FAILS(mkfifo("/tmp/fifo", 0600), ENOSYS);
}

static void memory(void) {
  char* const none[] = {NULL};
  FAILS(mlock(none, 1), ENOSYS);
  FAILS(shm_open("/x", O_RDWR, 0600), ENOSYS);
  FAILS(madvise((void*)none, 1, MADV_DONTNEED), ENOSYS);
  CHECK(madvise((void*)none, 1, MADV_WILLNEED) == 0);
}

static void signals_and_limits(void) {
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
  struct timeval adjustment = {0, 100};
  FAILS(adjtime(&adjustment, NULL), EPERM);
  CHECK(adjtime(NULL, &adjustment) == 0 && adjustment.tv_usec == 0);
  FAILS(getlogin(), ENXIO);
}

static void loading(void) {
  CHECK(dlopen("libc.so.6", RTLD_NOW) == NULL && dlerror() != NULL && dlerror() == NULL);
  CHECK(dlsym(RTLD_DEFAULT, "main") == NULL && dlerror() != NULL);
  Dl_info info;
  CHECK(dladdr((void*)loading, &info) == 0);
  void* calls[9];
  CHECK(backtrace(calls, 9) == 0);
}

static void mappings_and_queues(void) {
  char* const none[] = {NULL};
  FAILS(msync(NULL, 1, MS_SYNC), ENOMEM);
  FAILS(msync(NULL, 1, MS_SYNC | MS_ASYNC), EINVAL);
  CHECK(mremap(NULL, 1, 2, 0) == MAP_FAILED && errno == ENOSYS);
  FAILS(memfd_create("x", 0), ENOSYS);
  FAILS(mq_open("/x", O_RDONLY), ENOSYS);
  FAILS(mq_close(0), EBADF);
  CHECK(sem_open("/x", O_CREAT, 0600, 1) == SEM_FAILED && errno == ENOSYS);
  CHECK(posix_spawn(NULL, "/bin/true", NULL, NULL, none, none) == ENOSYS);
  FAILS(msgget(IPC_PRIVATE, 0), ENOSYS);
  FAILS(semget(IPC_PRIVATE, 1, 0), ENOSYS);
  FAILS(shmget(IPC_PRIVATE, 1, 0), ENOSYS);
}

static void files_of_the_system(void) {
  FAILS(inotify_init(), ENOSYS);
  FAILS(inotify_init1(-1), EINVAL);
  FAILS(getxattr("/tmp", "user.x", NULL, 0), ENOTSUP);
  FAILS(getxattr("/nowhere", "user.x", NULL, 0), ENOENT);
  FAILS(fsetxattr(99, "user.x", "", 0, 0), EBADF);
  FAILS(mount("none", "/tmp", "tmpfs", 0, NULL), EPERM);
  struct statfs system;
  FAILS(statfs("/", &system), ENOSYS);
  FAILS(fstatfs(99, &system), EBADF);
  FAILS(openpty(NULL, NULL, NULL, NULL, NULL), ENOSYS);
  FAILS(posix_openpt(O_RDWR), ENOSYS);
  FAILS(ptsname(1), ENOTTY);
  FAILS(splice(99, NULL, 1, NULL, 1, 0), EBADF);
  FAILS(copy_file_range(0, NULL, 1, NULL, 1, 0), EINVAL);
}

static void clocks_and_logins(void) {
  timer_t clock;
  FAILS(timer_create(CLOCK_REALTIME, NULL, &clock), ENOSYS);
  struct sysinfo machine;
  FAILS(sysinfo(&machine), ENOSYS);
  struct timex adjust = {.modes = ADJ_OFFSET};
  FAILS(adjtimex(&adjust), EPERM);
  errno = 0;
  CHECK(getutxent() == NULL && errno == ENOENT && pututxline(NULL) == NULL && errno == EPERM);
  CHECK(getspnam("root") == NULL && lckpwdf() == -1);
}

int main(void) {
  processes();
  users_and_files();
  memory();
  signals_and_limits();
  loading();
  mappings_and_queues();
  files_of_the_system();
  clocks_and_logins();
  return done();
}

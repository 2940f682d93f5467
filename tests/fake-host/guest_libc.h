// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Put in front of every source of the library in the native test build. It does what wasm-ld's --wrap does for a guest:
// the library's own calls of libc arrive at the entry points, and its memory comes from where tests can refuse it.
#pragma once
#pragma GCC system_header  // as in those, a definition may leave out their noexcept

#include "guest_constants.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

extern "C" {
int close(int) __asm__("__wrap_close");
int fcntl(int, int, ...) __asm__("__wrap_fcntl");
int fstat(int, struct stat*) noexcept __asm__("__wrap_fstat");
int closedir(DIR*) __asm__("__wrap_closedir");
int dirfd(DIR*) noexcept __asm__("__wrap_dirfd");
off_t lseek(int, off_t, int) noexcept __asm__("__wrap_lseek");
ssize_t pread(int, void*, size_t, off_t) __asm__("__wrap_pread");
ssize_t read(int, void*, size_t) __asm__("__wrap_read");
ssize_t write(int, const void*, size_t) __asm__("__wrap_write");
int open(const char*, int, ...) __asm__("fake_open");
char* getenv(const char*) noexcept __asm__("fake_getenv");

void* malloc(size_t) noexcept __asm__("fake_malloc");
void* calloc(size_t, size_t) noexcept __asm__("fake_calloc");
void* realloc(void*, size_t) noexcept __asm__("fake_realloc");
void free(void*) noexcept __asm__("fake_free");

// A guest's signals are its own, and Linux's are the test's.
int sigaction(int, const struct sigaction*, struct sigaction*) noexcept __asm__("guest_sigaction");
int siginterrupt(int, int) noexcept __asm__("guest_siginterrupt");
int sigprocmask(int, const sigset_t*, sigset_t*) noexcept __asm__("guest_sigprocmask");
int pthread_sigmask(int, const sigset_t*, sigset_t*) noexcept __asm__("guest_pthread_sigmask");
int sigpending(sigset_t*) noexcept __asm__("guest_sigpending");
int sigsuspend(const sigset_t*) __asm__("guest_sigsuspend");
int pause() __asm__("guest_pause");
int sigaltstack(const stack_t*, stack_t*) noexcept __asm__("guest_sigaltstack");
int sigemptyset(sigset_t*) noexcept __asm__("guest_sigemptyset");
int sigfillset(sigset_t*) noexcept __asm__("guest_sigfillset");
int sigaddset(sigset_t*, int) noexcept __asm__("guest_sigaddset");
int sigdelset(sigset_t*, int) noexcept __asm__("guest_sigdelset");
int sigismember(const sigset_t*, int) noexcept __asm__("guest_sigismember");
int sigisemptyset(const sigset_t*) noexcept __asm__("guest_sigisemptyset");
int sigorset(sigset_t*, const sigset_t*, const sigset_t*) noexcept __asm__("guest_sigorset");
int sigandset(sigset_t*, const sigset_t*, const sigset_t*) noexcept __asm__("guest_sigandset");
int sigwaitinfo(const sigset_t*, siginfo_t*) __asm__("guest_sigwaitinfo");
int sigtimedwait(const sigset_t*, siginfo_t*, const timespec*) __asm__("guest_sigtimedwait");
int sigwait(const sigset_t*, int*) __asm__("guest_sigwait");
int signalfd(int, const sigset_t*, int) noexcept __asm__("guest_signalfd");
int kill(pid_t, int) noexcept __asm__("guest_kill");
int killpg(pid_t, int) noexcept __asm__("guest_killpg");
int sigqueue(pid_t, int, union sigval) noexcept __asm__("guest_sigqueue");
unsigned alarm(unsigned) noexcept __asm__("guest_alarm");
unsigned ualarm(unsigned, unsigned) noexcept __asm__("guest_ualarm");
int getitimer(__itimer_which_t, struct itimerval*) noexcept __asm__("guest_getitimer");
int setitimer(__itimer_which_t, const struct itimerval*, struct itimerval*) noexcept __asm__("guest_setitimer");

// What the library defines under plain names, as wasi-libc has none: here Linux's libc has them.
ssize_t sendfile(int, int, off_t*, size_t) noexcept __asm__("__wrap_sendfile");
int pipe(int*) noexcept __asm__("__wrap_pipe");
int pipe2(int*, int) noexcept __asm__("__wrap_pipe2");
int socketpair(int, int, int, int*) noexcept __asm__("__wrap_socketpair");
int eventfd(unsigned, int) noexcept __asm__("__wrap_eventfd");
int eventfd_read(int, eventfd_t*) __asm__("__wrap_eventfd_read");
int eventfd_write(int, eventfd_t) __asm__("__wrap_eventfd_write");
int timerfd_create(clockid_t, int) noexcept __asm__("__wrap_timerfd_create");
int timerfd_settime(int, int, const itimerspec*, itimerspec*) noexcept __asm__("__wrap_timerfd_settime");
int timerfd_gettime(int, itimerspec*) noexcept __asm__("__wrap_timerfd_gettime");
int epoll_create(int) noexcept __asm__("__wrap_epoll_create");
int epoll_create1(int) noexcept __asm__("__wrap_epoll_create1");
int epoll_ctl(int, int, int, epoll_event*) noexcept __asm__("__wrap_epoll_ctl");
int epoll_wait(int, epoll_event*, int, int) __asm__("__wrap_epoll_wait");
int epoll_pwait(int, epoll_event*, int, int, const sigset_t*) __asm__("__wrap_epoll_pwait");
int epoll_pwait2(int, epoll_event*, int, const timespec*, const sigset_t*) __asm__("__wrap_epoll_pwait2");
}

// musl's name of what is in a set.
#define __bits __val

// The parameters differ from Linux's.
#define recvmmsg __wrap_recvmmsg
#define sendmmsg __wrap_sendmmsg

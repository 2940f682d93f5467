// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The library's entry points under the names that a guest knows them by.
#pragma once

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

namespace guest {

#define GUEST(result, name, parameters) result name parameters __asm__("__wrap_" #name)

GUEST(int, socket, (int, int, int));
GUEST(int, bind, (int, const sockaddr*, socklen_t));
GUEST(int, listen, (int, int));
GUEST(int, accept, (int, sockaddr*, socklen_t*));
GUEST(int, accept4, (int, sockaddr*, socklen_t*, int));
GUEST(int, connect, (int, const sockaddr*, socklen_t));
GUEST(int, shutdown, (int, int));
GUEST(int, getsockname, (int, sockaddr*, socklen_t*));
GUEST(int, getpeername, (int, sockaddr*, socklen_t*));
GUEST(int, getsockopt, (int, int, int, void*, socklen_t*));
GUEST(int, setsockopt, (int, int, int, const void*, socklen_t));
GUEST(ssize_t, read, (int, void*, size_t));
GUEST(ssize_t, readv, (int, const iovec*, int));
GUEST(ssize_t, recv, (int, void*, size_t, int));
GUEST(ssize_t, recvfrom, (int, void*, size_t, int, sockaddr*, socklen_t*));
GUEST(ssize_t, recvmsg, (int, msghdr*, int));
GUEST(ssize_t, write, (int, const void*, size_t));
GUEST(ssize_t, writev, (int, const iovec*, int));
GUEST(ssize_t, send, (int, const void*, size_t, int));
GUEST(ssize_t, sendto, (int, const void*, size_t, int, const sockaddr*, socklen_t));
GUEST(ssize_t, sendmsg, (int, const msghdr*, int));
GUEST(int, poll, (pollfd*, nfds_t, int));
GUEST(int, ppoll, (pollfd*, nfds_t, const timespec*, const sigset_t*));
GUEST(int, select, (int, fd_set*, fd_set*, fd_set*, timeval*));
GUEST(int, pselect, (int, fd_set*, fd_set*, fd_set*, const timespec*, const sigset_t*));
GUEST(int, close, (int));
GUEST(int, dup, (int));
GUEST(int, dup2, (int, int));
GUEST(int, dup3, (int, int, int));
GUEST(int, fcntl, (int, int, ...));
GUEST(int, ioctl, (int, int, ...));
GUEST(int, fstat, (int, struct stat*));
GUEST(int, isatty, (int));
GUEST(off_t, lseek, (int, off_t, int));
GUEST(int, ftruncate, (int, off_t));
GUEST(int, fsync, (int));
GUEST(ssize_t, pread, (int, void*, size_t, off_t));
GUEST(int, open, (const char*, int, ...));
GUEST(int, openat, (int, const char*, int, ...));
GUEST(FILE*, fdopen, (int, const char*));
GUEST(DIR*, opendir, (const char*));
GUEST(DIR*, fdopendir, (int));
GUEST(int, closedir, (DIR*));
GUEST(int, dirfd, (DIR*));
GUEST(int, pipe, (int*));
GUEST(int, socketpair, (int, int, int, int*));
GUEST(int, eventfd, (unsigned, int));
GUEST(int, timerfd_create, (clockid_t, int));
GUEST(int, timerfd_settime, (int, int, const itimerspec*, itimerspec*));
GUEST(int, timerfd_gettime, (int, itimerspec*));
GUEST(int, epoll_create1, (int));
GUEST(int, epoll_ctl, (int, int, int, epoll_event*));
GUEST(int, epoll_wait, (int, epoll_event*, int, int));
GUEST(int, recvmmsg, (int, mmsghdr*, unsigned, unsigned, timespec*));
GUEST(int, sendmmsg, (int, mmsghdr*, unsigned, unsigned));
GUEST(ssize_t, sendfile, (int, int, off_t*, size_t));
GUEST(void, _Exit, (int));
GUEST(int, raise, (int));
GUEST(int, epoll_pwait, (int, epoll_event*, int, int, const sigset_t*));

#undef GUEST

// What the library has under a plain name, and Linux's libc hasn't, or nothing else in the tests calls.
#define GUEST(result, name, parameters) result name parameters __asm__(#name)

GUEST(int, kqueue, ());
GUEST(int, kevent, (int, const struct kevent*, int, struct kevent*, int, const timespec*));
GUEST(ssize_t, splice, (int, off_t*, int, off_t*, size_t, unsigned));
GUEST(ssize_t, tee, (int, int, size_t, unsigned));
GUEST(ssize_t, vmsplice, (int, const iovec*, size_t, unsigned));

#undef GUEST

// A guest's signals, see guest_libc.h.
#define GUEST(result, name, parameters) result name parameters __asm__("guest_" #name)

GUEST(int, sigaction, (int, const struct sigaction*, struct sigaction*));
GUEST(int, sigprocmask, (int, const sigset_t*, sigset_t*));
GUEST(int, sigpending, (sigset_t*));
GUEST(int, sigsuspend, (const sigset_t*));
GUEST(int, sigemptyset, (sigset_t*));
GUEST(int, sigaddset, (sigset_t*, int));
GUEST(int, sigtimedwait, (const sigset_t*, siginfo_t*, const timespec*));
GUEST(int, signalfd, (int, const sigset_t*, int));
GUEST(int, kill, (pid_t, int));
GUEST(int, sigqueue, (pid_t, int, sigval));
GUEST(int, setitimer, (int, const itimerval*, itimerval*));

#undef GUEST

}  // namespace guest

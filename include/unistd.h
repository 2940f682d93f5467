/* The calls of a Unix process that <unistd.h> of wasi-libc hides. What WASI can't do is there to be called, and
   fails with an errno: see libc-shim/compat. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_UNISTD_H
#define _WASI_POSIX_UNISTD_H

#include <sys/types.h>
#include_next <unistd.h>

/* wasi-libc's macro calls another function for lseek(fd, 0, SEEK_CUR), and warns under -pedantic wherever it is used. */
#undef lseek

#define SEEK_DATA 3
#define SEEK_HOLE 4

#ifdef _GNU_SOURCE
/* The value of `expression`, again as long as a signal interrupts it. */
#define TEMP_FAILURE_RETRY(expression)         \
  (__extension__({                             \
    long __result;                             \
    do __result = (long)(expression);          \
    while (__result == -1L && errno == EINTR); \
    __result;                                  \
  }))
#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Descriptors. */
int dup(int);
int dup2(int, int);
int pipe(int[2]);
int dup3(int, int, int);
int pipe2(int[2], int);
int close_range(unsigned, unsigned, int);
void closefrom(int);
#define CLOSE_RANGE_UNSHARE (1U << 1)
#define CLOSE_RANGE_CLOEXEC (1U << 2)

/* Processes. */
pid_t fork(void);
pid_t vfork(void);
pid_t _Fork(void);
int execl(const char *, const char *, ...);
int execle(const char *, const char *, ...);
int execlp(const char *, const char *, ...);
int execv(const char *, char *const[]);
int execve(const char *, char *const[], char *const[]);
int execvp(const char *, char *const[]);
int execvpe(const char *, char *const[], char *const[]);
int fexecve(int, char *const[], char *const[]);
int daemon(int, int);
int nice(int);
int pause(void);
unsigned alarm(unsigned);
unsigned ualarm(unsigned, unsigned);

pid_t getpid(void);
pid_t getppid(void);
pid_t gettid(void);
pid_t getpgrp(void);
pid_t getpgid(pid_t);
int setpgid(pid_t, pid_t);
pid_t setpgrp(void);
pid_t getsid(pid_t);
pid_t setsid(void);
pid_t tcgetpgrp(int);
int tcsetpgrp(int, pid_t);

/* Users and groups. */
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t);
int seteuid(uid_t);
int setgid(gid_t);
int setegid(gid_t);
int setreuid(uid_t, uid_t);
int setregid(gid_t, gid_t);
int getresuid(uid_t *, uid_t *, uid_t *);
int getresgid(gid_t *, gid_t *, gid_t *);
int setresuid(uid_t, uid_t, uid_t);
int setresgid(gid_t, gid_t, gid_t);
int getgroups(int, gid_t[]);
int setgroups(size_t, const gid_t *);
int issetugid(void);
char *getlogin(void);
int getlogin_r(char *, size_t);

/* Files and terminals. */
int chown(const char *, uid_t, gid_t);
int fchown(int, uid_t, gid_t);
int lchown(const char *, uid_t, gid_t);
int fchownat(int, const char *, uid_t, gid_t, int);
int fchdir(int);
int chroot(const char *);
int eaccess(const char *, int);
int euidaccess(const char *, int);
int lockf(int, int, off_t);
void sync(void);
int syncfs(int);
char *get_current_dir_name(void);
char *ctermid(char *);
char *ttyname(int);
int ttyname_r(int, char *, size_t);
int getdtablesize(void);
int sethostname(const char *, size_t);
int getdomainname(char *, size_t);

long syscall(long, ...);
int acct(const char *);
int vhangup(void);
char *getpass(const char *);
char *getusershell(void);
void setusershell(void);
void endusershell(void);

#ifdef _GNU_SOURCE
int close_range(unsigned, unsigned, int);
void closefrom(int);
ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned);
#endif

#ifdef __cplusplus
}
#endif

#endif

/* Who is logged in: a guest has no such file, so nobody. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _UTMPX_H
#define _UTMPX_H

#include <sys/time.h>
#include <sys/types.h>

#define _PATH_UTMPX "/var/run/utmp"
#define _PATH_WTMPX "/var/log/wtmp"

#define EMPTY 0
#define RUN_LVL 1
#define BOOT_TIME 2
#define NEW_TIME 3
#define OLD_TIME 4
#define INIT_PROCESS 5
#define LOGIN_PROCESS 6
#define USER_PROCESS 7
#define DEAD_PROCESS 8

#define __UT_NAMESIZE 32
#define __UT_LINESIZE 32
#define __UT_HOSTSIZE 256

#ifdef __cplusplus
extern "C" {
#endif

struct utmpx {
  short ut_type;
  pid_t ut_pid;
  char ut_line[__UT_LINESIZE];
  char ut_id[4];
  char ut_user[__UT_NAMESIZE];
  char ut_host[__UT_HOSTSIZE];
  struct {
    short e_termination;
    short e_exit;
  } ut_exit;
  int ut_session;
  struct timeval ut_tv;
  int ut_addr_v6[4];
};

void setutxent(void);
void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *);
struct utmpx *getutxline(const struct utmpx *);
struct utmpx *pututxline(const struct utmpx *);
int utmpxname(const char *);
void updwtmpx(const char *, const struct utmpx *);

#ifdef __cplusplus
}
#endif

#endif

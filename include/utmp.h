/* Who is logged in, by the older names. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _UTMP_H
#define _UTMP_H

#include <utmpx.h>

#define UT_NAMESIZE __UT_NAMESIZE
#define UT_LINESIZE __UT_LINESIZE
#define UT_HOSTSIZE __UT_HOSTSIZE
#define utmp utmpx
#define ut_name ut_user
#define ut_time ut_tv.tv_sec
#define ut_addr ut_addr_v6[0]
#define UTMP_FILE "/var/run/utmp"
#define WTMP_FILE "/var/log/wtmp"
#define UTMP_FILENAME UTMP_FILE
#define WTMP_FILENAME WTMP_FILE

#ifdef __cplusplus
extern "C" {
#endif

void setutent(void);
void endutent(void);
struct utmp *getutent(void);
struct utmp *getutid(const struct utmp *);
struct utmp *getutline(const struct utmp *);
struct utmp *pututline(const struct utmp *);
int utmpname(const char *);
void updwtmp(const char *, const struct utmp *);
void login(const struct utmp *);
int logout(const char *);
void logwtmp(const char *, const char *, const char *);
int login_tty(int);

#ifdef __cplusplus
}
#endif

#endif

// Who is logged in: no guest has a file of it, so there is nothing to read and no place to write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <utmp.h>
#include <utmpx.h>

#include "fail.h"

namespace {

struct utmpx* nobody(int error) {
  errno = error;
  return nullptr;
}

}  // namespace

extern "C" {

void setutxent() {}
void endutxent() {}

// Null, ENOENT: always.
struct utmpx* getutxent() { return nobody(ENOENT); }
struct utmpx* getutxid(const struct utmpx*) { return nobody(ENOENT); }
struct utmpx* getutxline(const struct utmpx*) { return nobody(ENOENT); }

// Null, EPERM: always.
struct utmpx* pututxline(const struct utmpx*) { return nobody(EPERM); }

// -1, ENOSYS: always.
int utmpxname(const char*) { return posix_sockets::compat::fail(ENOSYS); }

// Nothing is written, as when the file can't be opened.
void updwtmpx(const char*, const struct utmpx*) {}

void setutent() {}
void endutent() {}
struct utmp* getutent() { return getutxent(); }
struct utmp* getutid(const struct utmp* entry) { return getutxid(entry); }
struct utmp* getutline(const struct utmp* entry) { return getutxline(entry); }
struct utmp* pututline(const struct utmp* entry) { return pututxline(entry); }
int utmpname(const char* path) { return utmpxname(path); }
void updwtmp(const char*, const struct utmp*) {}
void login(const struct utmp*) {}

// 0: not logged in.
int logout(const char*) { return 0; }
void logwtmp(const char*, const char*, const char*) {}

}  // extern "C"

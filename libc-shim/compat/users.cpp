// User and group ids. WASI knows neither users nor rights of users: the process is an ordinary user, so that programs
// take their unprivileged paths, and it can become nobody else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <grp.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr uid_t own_user = 1000;
constexpr gid_t own_group = 1000;
constexpr unsigned keep = ~0U;

int become(unsigned id, unsigned own) { return id == own ? 0 : fail(EPERM); }
bool stays(unsigned id, unsigned own) { return id == keep || id == own; }

int report(unsigned* real, unsigned* effective, unsigned* saved, unsigned own) {
  if (real == nullptr || effective == nullptr || saved == nullptr) return fail(EFAULT);
  *real = *effective = *saved = own;
  return 0;
}

}  // namespace

extern "C" {

uid_t getuid() { return own_user; }
uid_t geteuid() { return own_user; }
gid_t getgid() { return own_group; }
gid_t getegid() { return own_group; }
int getresuid(uid_t* real, uid_t* effective, uid_t* saved) { return report(real, effective, saved, own_user); }
int getresgid(gid_t* real, gid_t* effective, gid_t* saved) { return report(real, effective, saved, own_group); }
int issetugid() { return 0; }

// EPERM: any id but the one that the process has.
int setuid(uid_t user) { return become(user, own_user); }
int seteuid(uid_t user) { return become(user, own_user); }
int setgid(gid_t group) { return become(group, own_group); }
int setegid(gid_t group) { return become(group, own_group); }

// EPERM: any id but the one that the process has, or -1 for leaving it.
int setreuid(uid_t real, uid_t effective) {
  return stays(real, own_user) && stays(effective, own_user) ? 0 : fail(EPERM);
}
int setregid(gid_t real, gid_t effective) {
  return stays(real, own_group) && stays(effective, own_group) ? 0 : fail(EPERM);
}
int setresuid(uid_t real, uid_t effective, uid_t saved) {
  return stays(saved, own_user) ? setreuid(real, effective) : fail(EPERM);
}
int setresgid(gid_t real, gid_t effective, gid_t saved) {
  return stays(saved, own_group) ? setregid(real, effective) : fail(EPERM);
}

// The process is in no group but its own: 0. EINVAL: a negative size.
int getgroups(int size, gid_t[]) { return size < 0 ? fail(EINVAL) : 0; }

// EPERM: always; it takes a privilege.
int setgroups(size_t, const gid_t*) { return fail(EPERM); }
int initgroups(const char*, gid_t) { return fail(EPERM); }

// ENXIO: no terminal that anybody logged in on.
char* getlogin() {
  errno = ENXIO;
  return nullptr;
}
int getlogin_r(char*, size_t) { return ENXIO; }

}  // extern "C"

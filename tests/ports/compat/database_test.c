// builds: native wasi
// Users and groups of /etc/passwd and /etc/group. A guest is granted the folder etc beside this file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "check.h"

int main(void) {
  errno = 0;
  struct passwd* user = getpwnam("root");
  CHECK(user != NULL && user->pw_uid == 0 && user->pw_gid == 0 && strcmp(user->pw_dir, "/root") == 0);
  user = getpwuid(1);
  CHECK(user != NULL && strcmp(user->pw_name, "daemon") == 0);
  CHECK(getpwnam("nobody-has-this-name") == NULL);
  CHECK(getpwuid(3999999999) == NULL);

  struct group* group = getgrnam("root");
  CHECK(group != NULL && group->gr_gid == 0 && group->gr_mem != NULL);
  group = getgrgid(1);
  CHECK(group != NULL && strcmp(group->gr_name, "daemon") == 0);
  CHECK(getgrnam("nobody-has-this-name") == NULL);

  struct passwd entry, *result = &entry;
  char buffer[1024];
  CHECK(getpwnam_r("root", &entry, buffer, sizeof buffer, &result) == 0 && result == &entry && entry.pw_uid == 0);
  CHECK(getpwnam_r("nobody-has-this-name", &entry, buffer, sizeof buffer, &result) == 0 && result == NULL);
  CHECK(getpwnam_r("root", &entry, buffer, 4, &result) == ERANGE && result == NULL);
  struct group group_entry, *group_result = &group_entry;
  CHECK(getgrgid_r(0, &group_entry, buffer, sizeof buffer, &group_result) == 0 && group_result == &group_entry);
  CHECK(strcmp(group_entry.gr_name, "root") == 0);
  CHECK(getgrgid_r(0, &group_entry, buffer, 4, &group_result) == ERANGE && group_result == NULL);

  setpwent();
  int users = 0, roots = 0;
  while ((user = getpwent()) != NULL) {
    ++users;
    roots += strcmp(user->pw_name, "root") == 0;
  }
  endpwent();
  CHECK(users >= 3 && roots == 1);
  setgrent();
  int groups = 0;
  while (getgrent() != NULL) ++groups;
  endgrent();
  CHECK(groups >= 4);

  gid_t list[32];
  int count = 32;
  CHECK(getgrouplist("root", 0, list, &count) >= 1 && list[0] == 0);
#ifdef __wasi__
  count = 32;
  CHECK(getgrouplist("guest", 1000, list, &count) == 3 && count == 3);
  CHECK(list[0] == 1000 && list[1] == 4 && list[2] == 100);
  count = 1;
  CHECK(getgrouplist("guest", 1000, list, &count) == -1 && count == 3);
  group = getgrnam("adm");
  CHECK(group != NULL && strcmp(group->gr_mem[0], "guest") == 0 && strcmp(group->gr_mem[1], "daemon") == 0 &&
        group->gr_mem[2] == NULL);
  CHECK(getpwnam("bad") == NULL && getpwnam("broken line") == NULL);
#endif
  return done();
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fchdir. libc's working directory is a path, and an open directory doesn't tell its own: so programs that call this keep the
// paths of the directories that they open.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/entry.h"
#include "api/paths.h"
#include "file/libc.h"
#include "support/memory.h"

namespace posix_sockets {
namespace {

struct Opened {
  Opened* next;
  int descriptor;  // libc's
  char path[1];
};
Opened* opened_directories;

Opened** find(int descriptor) {
  Opened** link = &opened_directories;
  while (*link != nullptr && (*link)->descriptor != descriptor) link = &(*link)->next;
  return link;
}

// The absolute path of what `directory` stands for: one that was opened, or the granted one that the last path was in.
const char* path_of(int directory) {
  if (const Opened* opened = *find(directory); opened != nullptr) return opened->path;
  return directory == last_lookup.directory ? last_lookup.prefix : nullptr;
}

bool is_same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

}  // namespace

void note_directory(int descriptor, int directory, const char* relative) {
  struct stat status;
  if (libc::fstat(descriptor, &status) != 0 || !S_ISDIR(status.st_mode)) return;
  const char* base = path_of(directory);
  if (base == nullptr) return;
  const size_t size = strlen(base) + strlen(relative) + 3;
  auto* opened = static_cast<Opened*>(malloc(sizeof(Opened) + size));
  if (opened == nullptr) return;
  opened->descriptor = descriptor;
  char* to = opened->path;
  if (*base != '/') *to++ = '/';
  to = stpcpy(to, base);
  *to++ = '/';
  strcpy(to, relative);
  Opened** link = find(descriptor);  // whose number this was before
  if (*link != nullptr) {
    Opened* former = *link;
    *link = former->next;
    free(former);
  }
  opened->next = opened_directories;
  opened_directories = opened;
}

}  // namespace posix_sockets

using namespace posix_sockets;

extern "C" {

// fchdir(2). Result: 0. Errors: EBADF; ENOTDIR; ENOENT the directory isn't any more where it was opened, or was granted and not
// opened by the program; and those of chdir(2). Source: POSIX issue 8, fchdir(2).
int fchdir(int number) {
  const fd::Target target = fd::resolve(number);
  if (target.ours != nullptr && target.libc < 0) return report(ENOTDIR);
  struct stat status, there;
  if (libc::fstat(target.libc, &status) != 0) return report(errno);
  if (!S_ISDIR(status.st_mode)) return report(ENOTDIR);
  const Opened* opened = *find(target.libc);
  if (opened == nullptr || ::stat(opened->path, &there) != 0 || !is_same(status, there)) return report(ENOENT);
  return chdir(opened->path);
}
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// realpath below the folders that the guest was granted. wasi-libc's looks at every folder from the root on, and those above a
// granted one aren't there for a guest: granted /srv/www, it would find no /srv/www/index.html.
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/entry.h"
#include "unix/paths.h"

using namespace posix_sockets;

namespace {

constexpr int most_links = 40;

// A path in the making: `done` is real, "" for the root; `rest` is still to be walked.
struct Walk {
  char done[PATH_MAX];
  char rest[PATH_MAX];
  char space[PATH_MAX];
  size_t length = 0;

  // rest = first and then, with a slash between them; first need not end with 0. Result: whether it fits.
  bool lead(const char* first, size_t size, const char* then) {
    const size_t tail = strlen(then), slash = *then != '\0' && *then != '/';
    if (size + slash + tail >= sizeof rest) return false;
    memmove(rest + size + slash, then, tail + 1);
    memcpy(rest, first, size);
    if (slash != 0) rest[size] = '/';
    return true;
  }

  bool append(const char* name, size_t size) {
    if (length + 1 + size >= sizeof done) return false;
    done[length] = '/';
    memcpy(done + length + 1, name, size);
    length += size + 1;
    done[length] = '\0';
    return true;
  }

  void parent() {
    while (length > 0 && done[--length] != '/') {
    }
    done[length] = '\0';
  }

  // Whether `done` is above the granted folder that the whole path is in.
  bool above_granted(const char* then) {
    memcpy(space, done, length);
    size_t size = length;
    for (const char* name = then; *name != '\0';) {
      const size_t letters = strcspn(name, "/");
      if (letters > 0 && !(letters == 1 && *name == '.')) {
        if (size + 1 + letters >= sizeof space) return false;
        space[size] = '/';
        memcpy(space + size + 1, name, letters);
        size += 1 + letters;
      }
      name += letters;
      while (*name == '/') ++name;
    }
    space[size] = '\0';
    return unix_paths::is_above_granted(done, space);
  }

  // What `done` is, whose last name is new and `then` follows. Result: errno, or 0.
  int look(const char* then, int& links) {
    const ssize_t size = readlink(done, space, sizeof space);
    if (size < 0 && errno == ENOENT && above_granted(then)) return 0;
    if (size < 0 && errno != EINVAL) return errno;
    struct stat status;
    if (size < 0) return *then == '/' && stat(done, &status) == 0 && !S_ISDIR(status.st_mode) ? ENOTDIR : 0;
    if (++links > most_links) return ELOOP;
    if (size_t(size) == sizeof space || !lead(space, size_t(size), then)) return ENAMETOOLONG;
    if (*rest != '/') {
      parent();
    } else {
      length = 0;
      done[0] = '\0';
    }
    return 0;
  }

  int run() {
    int links = 0;
    const char* at = rest;
    for (;;) {
      while (*at == '/') ++at;
      if (*at == '\0') return 0;
      const size_t size = strcspn(at, "/");
      const char* then = at + size;
      if (size == 2 && at[0] == '.' && at[1] == '.') {
        parent();
      } else if (size != 1 || *at != '.') {
        if (!append(at, size)) return ENAMETOOLONG;
        const int before = links;
        if (const int error = look(then, links); error != 0) return error;
        if (links != before) then = rest;
      }
      at = then;
    }
  }
};

int walk(Walk& walk, const char* path) {
  walk.done[0] = '\0';
  if (*path == '/') {
    if (!walk.lead("", 0, path)) return ENAMETOOLONG;
  } else {
    if (getcwd(walk.space, sizeof walk.space) == nullptr) return errno;
    if (!walk.lead(walk.space, strlen(walk.space), path)) return ENAMETOOLONG;
  }
  return walk.run();
}

}  // namespace

extern "C" {

char* WPS_REAL(realpath)(const char* path, char* resolved);
WPS_TAKE_FROM_LIBC(realpath)

// realpath(3): the path without links, "." and "..", in `resolved` (PATH_MAX bytes), or in memory of malloc if that is null.
// Result: that; null with errno EINVAL, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ENOMEM, and what readlink gives.
// Source: POSIX issue 8, realpath(3).
char* WPS_ENTRY(realpath)(const char* path, char* resolved) {
  const int saved = errno;
  while (path != nullptr && path[0] == '/' && path[1] == '/') ++path;  // POSIX leaves two slashes open; Linux drops one
  char* result = WPS_REAL(realpath)(path, resolved);
  if (result != nullptr || errno != ENOENT || *path == '\0') return result;
  auto* paths = static_cast<Walk*>(malloc(sizeof(Walk)));
  if (paths == nullptr) return nullptr;
  paths->length = 0;
  const int error = walk(*paths, path);
  if (error == 0) {
    const char* found = paths->length == 0 ? "/" : paths->done;
    result = resolved != nullptr ? strcpy(resolved, found) : strdup(found);
  }
  free(paths);
  if (error != 0 || result != nullptr) errno = error != 0 ? error : saved;
  return result;
}
}

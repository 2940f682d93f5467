// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// flock.
#include <sys/file.h>

#include "api/entry.h"
#include "api/lock_range.h"

using namespace posix_sockets;

extern "C" {

// flock(2), between the open file descriptions of the program: duplicates of a descriptor share what it holds. Parameter:
// operation LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB. Errors: EINVAL another operation; EBADF; EWOULDBLOCK with LOCK_NB, another
// description has it, and what this one had is gone; EDEADLK without LOCK_NB, as nobody could ever unlock it; EINTR the alarm's
// handler ran; ENOLCK no memory. Source: flock(2).
int flock(int number, int operation) {
  const int kind = operation & ~LOCK_NB;
  if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN) return report(EINVAL);
  (void)fd::close_on_exec(number);  // from now on files have descriptions
  Description* description = fd::find(number);
  if (description == nullptr) return report(EBADF);
  FileLock lock;
  lock.space = FileLock::Space::whole;
  lock.owner = description;
  Errno error = lock.identify(*description);
  // A lock of the other kind is given up first, also if there is no other in its place then.
  const FileLock* own = error.ok() ? lock.conflict() : nullptr;
  if (kind != LOCK_UN) lock.type = kind == LOCK_EX ? FileLock::Type::exclusive : FileLock::Type::shared;
  if (!error.ok() || (own != nullptr && own->type == lock.type)) return report(error);
  if (own != nullptr || kind == LOCK_UN) {
    FileLock none = lock;
    none.type = FileLock::Type::none;
    error = none.set();
    if (!error.ok() || kind == LOCK_UN) return report(error);
  }
  if ((operation & LOCK_NB) == 0) return report(wait_and_set(lock));
  return report(lock.conflict() != nullptr ? Errno(EWOULDBLOCK) : lock.set());
}
}

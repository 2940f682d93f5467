// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "api/lock_range.h"

#include <fcntl.h>
#include <unistd.h>

#include "api/entry.h"
#include "file/file.h"
#include "file/libc.h"
#include "wait/alarm.h"

namespace posix_sockets {
namespace {

bool is_of_description(int command) { return command >= F_OFD_GETLK && command <= F_OFD_SETLKW; }

Result<FileLock::Type> type_of(short type) {
  switch (type) {
    case F_RDLCK:
      return FileLock::Type::shared;
    case F_WRLCK:
      return FileLock::Type::exclusive;
    case F_UNLCK:
      return FileLock::Type::none;
    default:
      return Errno(EINVAL);
  }
}

// Where `l_start` counts from.
Result<int64_t> base_of(Description& description, short whence) {
  if (whence == SEEK_SET) return int64_t{0};
  if (whence != SEEK_CUR && whence != SEEK_END) return Errno(EINVAL);
  const int libc_descriptor = libc_descriptor_of(description);
  if (libc_descriptor < 0) return int64_t{0};
  struct stat status;
  InsideLibc inside;
  if (whence == SEEK_END) return ::fstat(libc_descriptor, &status) == 0 ? int64_t{status.st_size} : int64_t{0};
  const off_t here = ::lseek(libc_descriptor, 0, SEEK_CUR);
  return int64_t{here > 0 ? here : 0};
}

// As the kernel's flock_to_posix_lock().
Errno read_range(Description& description, const struct flock& from, FileLock& lock) {
  const Result<int64_t> base = base_of(description, from.l_whence);
  if (!base.ok()) return base.error();
  if (from.l_start > INT64_MAX - base.value()) return EOVERFLOW;
  lock.start = base.value() + from.l_start;
  if (lock.start < 0) return EINVAL;
  if (from.l_len > 0) {
    if (from.l_len - 1 > INT64_MAX - lock.start) return EOVERFLOW;
    lock.end = lock.start + from.l_len - 1;
  } else if (from.l_len < 0) {
    if (lock.start + from.l_len < 0) return EINVAL;
    lock.end = lock.start - 1;
    lock.start += from.l_len;
  }
  const Result<FileLock::Type> type = type_of(from.l_type);
  lock.type = type.value();
  return type.error();
}

void tell(const FileLock* found, struct flock& out) {
  out.l_type = F_UNLCK;
  if (found == nullptr) return;
  out.l_type = found->type == FileLock::Type::shared ? F_RDLCK : F_WRLCK;
  out.l_whence = SEEK_SET;
  out.l_start = found->start;
  out.l_len = found->end == INT64_MAX ? 0 : found->end - found->start + 1;
  out.l_pid = found->owner == nullptr ? getpid() : -1;
}

bool may_lock(Description& description, FileLock::Type type) {
  const int libc_descriptor = libc_descriptor_of(description);
  const int flags = libc_descriptor >= 0 ? libc::status_flags(libc_descriptor) : description.status_flags;
  const int mode = flags & O_ACCMODE;
  if (type == FileLock::Type::shared) return mode != O_WRONLY;
  return type == FileLock::Type::none || mode != O_RDONLY;
}

}  // namespace

bool is_lock_command(int command) { return (command >= F_GETLK && command <= F_SETLKW) || is_of_description(command); }

Errno wait_and_set(const FileLock& lock) {
  while (lock.conflict() != nullptr) {
    PollSet nothing;
    const Errno waited = wait_for(nothing, Deadline{});
    if (!waited.ok()) return waited;
  }
  return lock.set();
}

Errno lock_range(int number, int command, void* argument) {
  (void)fd::close_on_exec(number);  // from now on files have descriptions
  Description* description = fd::find(number);
  if (description == nullptr) return EBADF;
  if (!accessible(argument, sizeof(struct flock))) return EFAULT;
  auto& asked = *static_cast<struct flock*>(argument);
  const bool ofd = is_of_description(command);
  const bool gets = command == F_GETLK || command == F_OFD_GETLK;
  if (command == F_GETLK && asked.l_type != F_RDLCK && asked.l_type != F_WRLCK) return EINVAL;
  FileLock lock;
  Errno error = read_range(*description, asked, lock);
  if (!error.ok()) return error;
  if (!gets && !may_lock(*description, lock.type)) return EBADF;
  if (ofd && asked.l_pid != 0) return EINVAL;
  if (ofd) lock.owner = description;
  error = lock.identify(*description);
  if (!error.ok()) return error;
  if (gets) {
    tell(lock.conflict(), asked);
    return success;
  }
  if (lock.type == FileLock::Type::none) return lock.set();
  if (command == F_SETLKW || command == F_OFD_SETLKW) return wait_and_set(lock);
  return lock.conflict() != nullptr ? EAGAIN : lock.set();
}

}  // namespace posix_sockets

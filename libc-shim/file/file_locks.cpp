// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "file/file_locks.h"

#include "file/file.h"
#include "file/libc.h"
#include "support/memory.h"

namespace posix_sockets {
namespace {

// Those of one file and owner stand together, in the order of their beginnings, as in the kernel.
FileLock* locks;

bool is_same_file(const FileLock& a, const FileLock& b) {
  return a.space == b.space && a.device == b.device && a.number == b.number;
}

bool overlap(const FileLock& a, const FileLock& b) { return a.start <= b.end && b.start <= a.end; }

// With nothing between them.
bool touch(const FileLock& a, const FileLock& b) {
  return overlap(a, b) || (a.end != INT64_MAX && a.end + 1 == b.start) || (b.end != INT64_MAX && b.end + 1 == a.start);
}

void remove(FileLock** link) {
  FileLock* lock = *link;
  *link = lock->next;
  destroy(lock);
}

template <class Predicate>
void remove_if(Predicate predicate) {
  for (FileLock** link = &locks; *link != nullptr;) {
    if (predicate(**link))
      remove(link);
    else
      link = &(*link)->next;
  }
}

// What becomes of a lock when its owner makes another one: that takes its range out of one of another type, and joins with one of
// the same type that it touches. `rest` is used, and then null, where something is left on both sides. True: nothing is left of `lock`.
bool displace(FileLock& lock, FileLock& made, FileLock*& rest) {
  if (lock.type == made.type) {
    if (!touch(lock, made)) return false;
    if (lock.start < made.start) made.start = lock.start;
    if (lock.end > made.end) made.end = lock.end;
    return true;
  }
  if (!overlap(lock, made)) return false;
  if (lock.start < made.start) {
    if (lock.end > made.end) {
      *rest = lock;
      rest->start = made.end + 1;
      lock.next = rest;
      rest = nullptr;
    }
    lock.end = made.start - 1;
    return false;
  }
  if (lock.end <= made.end) return true;
  lock.start = made.end + 1;
  return false;
}

// As the kernel's locks_remove_posix() and locks_remove_file(): who closes any number of a file has no range of it locked any
// more, and what a description holds goes with it.
void after_close(Description& description, int number) {
  if (locks == nullptr) return;
  FileLock closed;
  if (number >= 0 && closed.identify(description).ok())
    remove_if([&](const FileLock& lock) { return lock.owner == nullptr && is_same_file(lock, closed); });
  if (description.references == 0) remove_if([&](const FileLock& lock) { return lock.owner == &description; });
}

}  // namespace

Errno FileLock::identify(Description& description) {
  struct stat status;
  const int libc_descriptor = libc_descriptor_of(description);
  if (libc_descriptor >= 0) {
    if (libc::fstat(libc_descriptor, &status) != 0) return errno;
  } else {
    const Errno error = description.stat(status);
    if (!error.ok()) return error;
  }
  device = static_cast<uint64_t>(status.st_dev);
  number = static_cast<uint64_t>(status.st_ino);
  if (number == 0) number = reinterpret_cast<uintptr_t>(&description);  // a host that tells no numbers
  return success;
}

const FileLock* FileLock::conflict() const {
  for (const FileLock* lock = locks; lock != nullptr; lock = lock->next) {
    if (!is_same_file(*lock, *this) || !overlap(*lock, *this)) continue;
    const bool own = lock->owner == owner;
    if (type == Type::none ? own : !own && (type == Type::exclusive || lock->type == Type::exclusive)) return lock;
  }
  return nullptr;
}

Errno FileLock::set() const {
  static DropHook hook = {nullptr, nullptr};
  if (hook.call == nullptr) {
    hook = {after_close, drop_hooks};
    drop_hooks = &hook;
  }
  auto* made = create<FileLock>(*this);
  auto* rest = create<FileLock>();  // behind the middle of another lock
  if (made == nullptr || rest == nullptr) {
    destroy(made);
    destroy(rest);
    return ENOLCK;
  }
  FileLock** place = nullptr;  // of the owner's first
  for (FileLock** link = &locks; *link != nullptr;) {
    FileLock& lock = **link;
    const bool own = is_same_file(lock, *this) && lock.owner == owner;
    if (own && place == nullptr) place = link;
    if (own && displace(lock, *made, rest))
      remove(link);
    else
      link = &lock.next;
  }
  destroy(rest);
  if (type == Type::none) {
    destroy(made);
    return success;
  }
  const bool first = place == nullptr;
  if (first) place = &locks;
  const auto goes_on = [&](const FileLock& lock) {
    return first || (is_same_file(lock, *this) && lock.owner == owner && lock.start < made->start);
  };
  while (*place != nullptr && goes_on(**place)) place = &(*place)->next;
  made->next = *place;
  *place = made;
  return success;
}

}  // namespace posix_sockets

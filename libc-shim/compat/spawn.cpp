// posix_spawn: a WASI guest can't start another program; the attributes for it can be kept.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <spawn.h>
#include <unistd.h>

namespace {

int add(posix_spawn_file_actions_t* actions, int fd) {
  if (fd < 0 || fd >= getdtablesize()) return EBADF;
  ++actions->__count;
  return 0;
}

}  // namespace

extern "C" {

// Return ENOSYS: always.
int posix_spawn(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*, char* const[],
                char* const[]) {
  return ENOSYS;
}
int posix_spawnp(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*, char* const[],
                 char* const[]) {
  return ENOSYS;
}

int posix_spawnattr_init(posix_spawnattr_t* attributes) {
  *attributes = {};
  return 0;
}
int posix_spawnattr_destroy(posix_spawnattr_t*) { return 0; }

// Returns EINVAL: not one of the flags.
int posix_spawnattr_setflags(posix_spawnattr_t* attributes, short flags) {
  if ((flags & ~0xff) != 0) return EINVAL;
  attributes->__flags = flags;
  return 0;
}
int posix_spawnattr_getflags(const posix_spawnattr_t* attributes, short* flags) {
  *flags = attributes->__flags;
  return 0;
}
int posix_spawnattr_setpgroup(posix_spawnattr_t* attributes, pid_t group) {
  attributes->__group = group;
  return 0;
}
int posix_spawnattr_getpgroup(const posix_spawnattr_t* attributes, pid_t* group) {
  *group = attributes->__group;
  return 0;
}
int posix_spawnattr_setsigdefault(posix_spawnattr_t* attributes, const sigset_t* set) {
  attributes->__default = *set;
  return 0;
}
int posix_spawnattr_getsigdefault(const posix_spawnattr_t* attributes, sigset_t* set) {
  *set = attributes->__default;
  return 0;
}
int posix_spawnattr_setsigmask(posix_spawnattr_t* attributes, const sigset_t* set) {
  attributes->__mask = *set;
  return 0;
}
int posix_spawnattr_getsigmask(const posix_spawnattr_t* attributes, sigset_t* set) {
  *set = attributes->__mask;
  return 0;
}
int posix_spawnattr_setschedparam(posix_spawnattr_t* attributes, const struct sched_param* parameter) {
  attributes->__priority = parameter->sched_priority;
  return 0;
}
int posix_spawnattr_getschedparam(const posix_spawnattr_t* attributes, struct sched_param* parameter) {
  parameter->sched_priority = attributes->__priority;
  return 0;
}

// Returns EINVAL: not a policy of POSIX.
int posix_spawnattr_setschedpolicy(posix_spawnattr_t* attributes, int policy) {
  if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR) return EINVAL;
  attributes->__policy = policy;
  return 0;
}
int posix_spawnattr_getschedpolicy(const posix_spawnattr_t* attributes, int* policy) {
  *policy = attributes->__policy;
  return 0;
}

// Only counted: nothing will ever be done with them. Return EBADF: not a descriptor that could be open.
int posix_spawn_file_actions_init(posix_spawn_file_actions_t* actions) {
  actions->__count = 0;
  return 0;
}
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t*) { return 0; }
int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t* actions, int fd, const char*, int, mode_t) {
  return add(actions, fd);
}
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t* actions, int fd) { return add(actions, fd); }
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int fd, int other) {
  return other < 0 || other >= getdtablesize() ? EBADF : add(actions, fd);
}
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t* actions, const char*) { return add(actions, 0); }
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t* actions, int fd) { return add(actions, fd); }

}  // extern "C"

// What a thread has beside its code: the only thread there is can be asked, and set to what it is already.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

extern "C" {

// Never returns: the last thread's end is the program's, with status 0. Clean-up handlers and the destructors of keys
// aren't called.
void pthread_exit(void*) { exit(0); }

// Returns 0: there is no fork, so that nothing is ever called.
int pthread_atfork(void (*)(), void (*)(), void (*)()) { return 0; }

// Returns ESRCH: another thread. EINVAL: not a signal.
int pthread_kill(pthread_t thread, int number) {
  if (thread != pthread_self()) return ESRCH;
  if (number < 0 || number >= NSIG) return EINVAL;
  return number == 0 || raise(number) == 0 ? 0 : errno;
}

// Returns ESRCH: another thread.
int pthread_getschedparam(pthread_t thread, int* policy, struct sched_param* parameter) {
  if (thread != pthread_self()) return ESRCH;
  *policy = SCHED_OTHER;
  return sched_getparam(0, parameter) == 0 ? 0 : errno;
}
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param* parameter) {
  if (thread != pthread_self()) return ESRCH;
  return sched_setscheduler(0, policy, parameter) == 0 ? 0 : errno;
}
int pthread_setschedprio(pthread_t thread, int priority) {
  if (thread != pthread_self()) return ESRCH;
  return priority == 0 ? 0 : EINVAL;
}

// Returns ENOENT: always, there is no clock of a thread.
int pthread_getcpuclockid(pthread_t, clockid_t*) { return ENOENT; }

// Returns EINVAL: below 0.
int pthread_setconcurrency(int level) { return level < 0 ? EINVAL : level == 0 ? 0 : EAGAIN; }
int pthread_getconcurrency() { return 0; }

// Attributes of threads that can't be made: what is the default can be set, all else is ENOTSUP. EINVAL: not a value.
int pthread_attr_setscope(pthread_attr_t*, int scope) {
  return scope == PTHREAD_SCOPE_SYSTEM ? 0 : scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}
int pthread_attr_getscope(const pthread_attr_t*, int* scope) {
  *scope = PTHREAD_SCOPE_SYSTEM;
  return 0;
}
int pthread_attr_setinheritsched(pthread_attr_t*, int inherit) {
  return inherit == PTHREAD_INHERIT_SCHED ? 0 : inherit == PTHREAD_EXPLICIT_SCHED ? ENOTSUP : EINVAL;
}
int pthread_attr_getinheritsched(const pthread_attr_t*, int* inherit) {
  *inherit = PTHREAD_INHERIT_SCHED;
  return 0;
}
int pthread_attr_setschedpolicy(pthread_attr_t*, int policy) {
  return policy == SCHED_OTHER ? 0 : policy == SCHED_FIFO || policy == SCHED_RR ? ENOTSUP : EINVAL;
}
int pthread_attr_getschedpolicy(const pthread_attr_t*, int* policy) {
  *policy = SCHED_OTHER;
  return 0;
}

}  // extern "C"

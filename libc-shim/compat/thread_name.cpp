// The name of the program's only thread, and the rest of prctl.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

#include "fail.h"

using posix_sockets::compat::fail;

namespace {

constexpr size_t name_size = 16;
char own_name[name_size];
bool named = false;

const char* name() {
  if (!named) {
    named = true;
    strncpy(own_name, program_invocation_short_name, name_size - 1);
  }
  return own_name;
}

void set_name(const char* text) {
  named = true;
  strncpy(own_name, text, name_size - 1);
}

}  // namespace

extern "C" {

// Returns ESRCH: another thread. ERANGE: longer than 15 bytes.
int pthread_setname_np(pthread_t thread, const char* text) {
  if (thread != pthread_self()) return ESRCH;
  if (strlen(text) >= name_size) return ERANGE;
  set_name(text);
  return 0;
}

// Returns ESRCH: another thread. ERANGE: no room for 16 bytes.
int pthread_getname_np(pthread_t thread, char* text, size_t size) {
  if (size < name_size) return ERANGE;
  if (thread != pthread_self()) return ESRCH;
  strcpy(text, name());
  return 0;
}

// The name (cut at 15 bytes), and settings that stand as they are in every guest: no dumps, no new privileges, no
// signal from a parent. EINVAL: an operation that Linux has none of, or a value it doesn't take. ENOSYS: else.
int prctl(int operation, ...) {
  va_list arguments;
  va_start(arguments, operation);
  const unsigned long value = va_arg(arguments, unsigned long);
  va_end(arguments);
  switch (operation) {
    case PR_SET_NAME:
      set_name(reinterpret_cast<const char*>(value));
      return 0;
    case PR_GET_NAME:
      strcpy(reinterpret_cast<char*>(value), name());
      return 0;
    case PR_GET_DUMPABLE:
      return 0;
    case PR_SET_DUMPABLE:
      return value == 0 ? 0 : fail(value == 1 ? ENOSYS : EINVAL);
    case PR_GET_NO_NEW_PRIVS:
      return 1;
    case PR_SET_NO_NEW_PRIVS:
      return value == 1 ? 0 : fail(EINVAL);
    case PR_GET_PDEATHSIG:
      *reinterpret_cast<int*>(value) = 0;
      return 0;
    case PR_SET_PDEATHSIG:
      return value == 0 ? 0 : fail(value < 65 ? ENOSYS : EINVAL);
    default:
      return fail(operation > 0 ? ENOSYS : EINVAL);
  }
}

}  // extern "C"

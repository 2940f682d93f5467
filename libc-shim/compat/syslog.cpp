// The system log: lines on standard error, "ident[pid]: message", which is where a host collects them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

namespace {

const char* log_name = nullptr;
int log_options = 0;
int log_mask = 0xff;

}  // namespace

extern "C" {

void openlog(const char* name, int options, int) {
  log_name = name;
  log_options = options;
}

void closelog() {
  log_name = nullptr;
  log_options = 0;
}

int setlogmask(int mask) {
  const int previous = log_mask;
  if (mask != 0) log_mask = mask;
  return previous;
}

void vsyslog(int priority, const char* format, va_list arguments) {
  if ((log_mask & LOG_MASK(LOG_PRI(priority))) == 0) return;
  const int error = errno;
  char line[1024];
  int used = 0;
  if (log_name != nullptr && (log_options & LOG_PID) != 0)
    used = snprintf(line, sizeof line / 2, "%s[%d]: ", log_name, static_cast<int>(getpid()));
  else if (log_name != nullptr)
    used = snprintf(line, sizeof line / 2, "%s: ", log_name);
  if (used < 0) used = 0;
  if (used > static_cast<int>(sizeof line / 2) - 1) used = sizeof line / 2 - 1;
  errno = error;  // for %m
  const int room = static_cast<int>(sizeof line) - used - 1;
  int length = vsnprintf(line + used, static_cast<size_t>(room), format, arguments);
  if (length < 0) length = 0;
  if (length > room - 1) length = room - 1;
  length += used;
  if (length == 0 || line[length - 1] != '\n') line[length++] = '\n';
  (void)!write(STDERR_FILENO, line, static_cast<size_t>(length));
  errno = error;
}

void syslog(int priority, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsyslog(priority, format, arguments);
  va_end(arguments);
}

}  // extern "C"

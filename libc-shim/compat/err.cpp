// err.h: a message on standard error, "program: message: error", and for half of them the end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace {

void say(const char* format, va_list arguments, const char* error) {
  fprintf(stderr, "%s: ", program_invocation_short_name);
  if (format != nullptr) vfprintf(stderr, format, arguments);
  if (error != nullptr) fprintf(stderr, "%s%s", format != nullptr ? ": " : "", error);
  putc('\n', stderr);
}

}  // namespace

extern "C" {

void vwarn(const char* format, va_list arguments) { say(format, arguments, strerror(errno)); }
void vwarnx(const char* format, va_list arguments) { say(format, arguments, nullptr); }
void verr(int status, const char* format, va_list arguments) {
  vwarn(format, arguments);
  exit(status);
}
void verrx(int status, const char* format, va_list arguments) {
  vwarnx(format, arguments);
  exit(status);
}
void warn(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vwarn(format, arguments);
  va_end(arguments);
}
void warnx(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vwarnx(format, arguments);
  va_end(arguments);
}
void err(int status, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  verr(status, format, arguments);
}
void errx(int status, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  verrx(status, format, arguments);
}

}  // extern "C"

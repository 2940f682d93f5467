// error.h, GNU's counterpart of err.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned int error_message_count = 0;
int error_one_per_line = 0;
void (*error_print_progname)(void) = nullptr;

namespace {

const char* last_file = nullptr;
unsigned int last_line = 0;

void say_program(const char* separator) {
  fflush(stdout);
  if (error_print_progname != nullptr)
    error_print_progname();
  else
    fprintf(stderr, "%s:%s", program_invocation_name, separator);
}

void say(int status, int number, const char* format, va_list arguments) {
  vfprintf(stderr, format, arguments);
  ++error_message_count;
  if (number != 0) fprintf(stderr, ": %s", strerror(number));
  putc('\n', stderr);
  if (status != 0) exit(status);
}

}  // namespace

extern "C" {

void error(int status, int number, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say_program(" ");
  say(status, number, format, arguments);
  va_end(arguments);
}

// With error_one_per_line, a second message for the same line in a row isn't said.
void error_at_line(int status, int number, const char* file, unsigned int line, const char* format, ...) {
  if (error_one_per_line != 0) {
    const bool same = last_line == line &&
                      (file == last_file || (file != nullptr && last_file != nullptr && strcmp(file, last_file) == 0));
    if (same) return;
    last_file = file;
    last_line = line;
  }
  va_list arguments;
  va_start(arguments, format);
  say_program(file != nullptr ? "" : " ");
  if (file != nullptr) fprintf(stderr, "%s:%u: ", file, line);
  say(status, number, format, arguments);
  va_end(arguments);
}

}  // extern "C"

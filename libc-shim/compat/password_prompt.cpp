// getpass, on standard input: there is no /dev/tty whose echo could be switched off.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern "C" {

// getpass(3): writes the prompt to standard error and reads a line of standard input, without its end; as glibc does where
// a process has no terminal. The result is overwritten by the next call. Null: the end of the input, or errno of read(2).
char* getpass(const char* prompt) {
  static char* line = nullptr;
  static size_t room = 0;
  fputs(prompt, stderr);
  fflush(stderr);
  const ssize_t length = getline(&line, &room, stdin);
  if (length < 0) return nullptr;
  if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
  return line;
}

}  // extern "C"

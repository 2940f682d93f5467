// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What assert() calls when it fails, in place of libc's. libc's functions that look up path names have assert, too, and the
// message of libc's own would link printf and stderr into every program.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern "C" {

// Says what failed, as libc's does, and ends the program by abort().
[[noreturn]] void __assert_fail(const char* expression, const char* file, int line, const char* function) {
  char digits[12];
  char* number = digits + sizeof digits;
  *--number = 0;
  do {
    *--number = static_cast<char>('0' + line % 10);
    line /= 10;
  } while (line != 0);
  const char* const parts[] = {"Assertion failed: ", expression, " (", file, ": ", function, ": ", number, ")\n"};
  for (const char* part : parts) (void)write(2, part, strlen(part));
  abort();
}
}

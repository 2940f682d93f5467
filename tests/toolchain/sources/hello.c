// Prints a greeting, through stdio.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>

int main(void) {
  puts("hello from C");
  return 0;
}

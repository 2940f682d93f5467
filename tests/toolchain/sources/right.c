// main(void), which must link without a warning.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
int main(void) {
  puts("right");
  return 0;
}

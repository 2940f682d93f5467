// main(void), which must link without a warning.
#include <stdio.h>
int main(void) {
  puts("right");
  return 0;
}

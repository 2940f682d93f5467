// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Prints the descriptor numbers that a program gets, in a folder that is granted as /here.
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void show(int number) {
  static int first = -1;
  if (first < 0) first = number;
  printf("%d\n", number - first);
}

int main(void) {
  int i, number = open("/here/one", O_CREAT | O_RDWR, 0600);
  show(number);
  show(socket(AF_INET, SOCK_STREAM, 0));
  show(open("/here/two", O_CREAT | O_RDWR, 0600));
  show(socket(AF_INET, SOCK_DGRAM, 0));
  for (i = number; i < 100; ++i) close(i);
  // The trace goes on all the same.
  show(socket(AF_INET, SOCK_STREAM, 0));
  show(open("/here/two", O_RDONLY));
  return 0;
}

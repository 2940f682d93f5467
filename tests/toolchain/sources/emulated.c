// Uses what wasi-libc has only in its emulation libraries, and setjmp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static jmp_buf place;
static volatile int seen;

static void on_signal(int number) { seen = number; }
static void leave(int value) { longjmp(place, value); }

int main(void) {
  signal(SIGUSR1, on_signal);
  raise(SIGUSR1);
  if (seen != SIGUSR1) return 1;
  if (getpid() <= 0) return 2;
  if (mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) return 3;
  if (clock() == (clock_t)-1) return 4;
  struct tms used;
  times(&used);
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) < 0) return 5;
  volatile int round = 0;
  int value = setjmp(place);
  round = round + 1;
  if (value < 3) leave(value + 1);
  printf("jumped %d times\n", round - 1);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What all programs of the benchmark share. A program is called with PORT WORK SIZE IDLE ACTIVE, sets its work up, says
// "ready", and does it for a slice of time for each line of stdin, which gives the seconds: then it prints how much it did in a
// second. So programs can take turns in small slices, and what the machine does meanwhile hits all of them alike.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct arguments {
  int port;       // of the peer
  size_t size;    // bytes of a call or message
  size_t idle;    // connections that nothing comes on
  size_t active;  // those that something comes on; a rotating one is told by `rotating`
  int rotating;
};

struct work {
  const char* name;
  void (*set_up)(const struct arguments* arguments);
  double (*run)(void);  // some of the work, of a fraction of a millisecond if that can be; how much it was
};

static char buffer[1 << 20];
// Seconds of the slice that aren't of the work, for works that can't do without.
static double not_counted;
// Of a work that isn't about time: what it prints.
static double figure;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(int ok, const char* what) {
  if (ok) return;
  perror(what);
  exit(1);
}

// Of the slice the first part isn't counted: what piled up while others had their turn.
static double slice(const struct work* work, double seconds) {
  double count = 0, start = now(), end;
  do {
    (void)work->run();
  } while (now() - start < seconds / 5);
  start = now();
  not_counted = 0;
  do {
    count += work->run();
    end = now();
  } while (end - start < seconds);
  return count / (end - start - not_counted);
}

static int run_bench(int argc, char** argv, const struct work* works, size_t count) {
  struct arguments arguments;
  char line[64];
  size_t i;
  if (argc != 6) return 2;
  arguments.port = atoi(argv[1]);
  arguments.size = (size_t)atol(argv[3]);
  arguments.idle = (size_t)atol(argv[4]);
  arguments.rotating = argv[5][0] == 'r';
  arguments.active = (size_t)atol(argv[5] + arguments.rotating);
  for (i = 0; i < count && strcmp(works[i].name, argv[2]) != 0; ++i) {
  }
  if (i == count) {
    printf("none\n");  // it has no such work
    return 0;
  }
  works[i].set_up(&arguments);
  printf("ready\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    printf("%.6g\n", works[i].run != NULL ? slice(&works[i], atof(line)) : figure);
    fflush(stdout);
  }
  return 0;
}

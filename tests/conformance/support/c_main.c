/* Runs the C case that is named on the command line, or lists all with --list.
   SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <signal.h>
#include <string.h>

#include "c_case.h"

static struct c_case* cases;

void c_case_add(struct c_case* added) {
  added->next = cases;
  cases = added;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: conformance-c --list | CASE\n");
    return 2;
  }
#ifndef __wasi__
  signal(SIGPIPE, SIG_IGN);
#endif
  int list = strcmp(argv[1], "--list") == 0;
  for (struct c_case* at = cases; at != NULL; at = at->next) {
    if (list) {
      printf("%s\n", at->name);
    } else if (strcmp(at->name, argv[1]) == 0) {
      at->body();
      return 0;
    }
  }
  if (!list) fprintf(stderr, "no such case: %s\n", argv[1]);
  return list ? 0 : 2;
}

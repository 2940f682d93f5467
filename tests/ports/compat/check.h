// How a compatibility test says what it expects; the program goes on after a failure and ends with 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures, checks;

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    ++checks;                                                                                                          \
    if (!(condition)) {                                                                                                \
      ++failures;                                                                                                      \
      fprintf(stderr, "%s:%d: not true: %s (errno %d, %s)\n", __FILE__, __LINE__, #condition, errno, strerror(errno)); \
    }                                                                                                                  \
  } while (0)

// The call gives -1 (or null) and this errno.
#define FAILS(call, error)                                                           \
  do {                                                                               \
    errno = 0;                                                                       \
    CHECK((long)(call) == ((__builtin_types_compatible_p(__typeof__(call), char*) || \
                            __builtin_types_compatible_p(__typeof__(call), FILE*))   \
                               ? 0                                                   \
                               : -1));                                               \
    CHECK(errno == (error));                                                         \
  } while (0)

static int done(void) {
  fprintf(stderr, "%d checks, %d failed\n", checks, failures);
  return failures != 0 || checks == 0;
}

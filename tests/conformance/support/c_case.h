/* Cases in plain C: the library and its headers must need no C++.
   SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CONFORMANCE_C_CASE_H
#define CONFORMANCE_C_CASE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct c_case {
  const char* name;
  void (*body)(void);
  struct c_case* next;
};
void c_case_add(struct c_case*);

#define C_JOIN2(a, b) a##b
#define C_JOIN(a, b) C_JOIN2(a, b)
#define CASE(text)                                                                                                \
  static void C_JOIN(body_, __LINE__)(void);                                                                      \
  static struct c_case C_JOIN(case_, __LINE__) = {text, C_JOIN(body_, __LINE__), NULL};                           \
  __attribute__((constructor)) static void C_JOIN(add_, __LINE__)(void) { c_case_add(&C_JOIN(case_, __LINE__)); } \
  static void C_JOIN(body_, __LINE__)(void)

#define CHECK(condition)                                                                          \
  do {                                                                                            \
    errno = 0;                                                                                    \
    if (!(condition)) {                                                                           \
      fprintf(stderr, "%s:%d: not true: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno); \
      exit(1);                                                                                    \
    }                                                                                             \
  } while (0)

#define CHECK_FAILS(call, error) CHECK((call) == -1 && errno == (error))

#endif

// builds: native wasi
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lists of <sys/queue.h>: each operation at the ends and in the middle.
#include <sys/queue.h>

#include "check.h"

struct item {
  int number;
  SLIST_ENTRY(item) single;
  LIST_ENTRY(item) both;
  STAILQ_ENTRY(item) tail;
  SIMPLEQ_ENTRY(item) simple;
  TAILQ_ENTRY(item) ends;
};
SLIST_HEAD(singles, item);
LIST_HEAD(boths, item);
STAILQ_HEAD(tails, item);
SIMPLEQ_HEAD(simples, item);
TAILQ_HEAD(ends, item);

static struct item items[9];

#define ORDER(foreach, head, field, wanted)                \
  do {                                                     \
    char order[16] = "";                                   \
    struct item* each;                                     \
    foreach (each, head, field) {                          \
      order[strlen(order)] = (char)('0' + (each - items)); \
    }                                                      \
    CHECK(strcmp(order, wanted) == 0);                     \
  } while (0)

static void lists(void) {
  struct singles single = SLIST_HEAD_INITIALIZER(single);
  CHECK(SLIST_EMPTY(&single));
  SLIST_INSERT_HEAD(&single, &items[1], single);
  SLIST_INSERT_HEAD(&single, &items[0], single);
  SLIST_INSERT_AFTER(&items[1], &items[2], single);
  ORDER(SLIST_FOREACH, &single, single, "012");
  SLIST_REMOVE(&single, &items[1], item, single);
  ORDER(SLIST_FOREACH, &single, single, "02");
  SLIST_REMOVE_HEAD(&single, single);
  ORDER(SLIST_FOREACH, &single, single, "2");

  struct boths both;
  LIST_INIT(&both);
  LIST_INSERT_HEAD(&both, &items[2], both);
  LIST_INSERT_HEAD(&both, &items[0], both);
  LIST_INSERT_AFTER(&items[2], &items[3], both);
  LIST_INSERT_BEFORE(&items[2], &items[1], both);
  ORDER(LIST_FOREACH, &both, both, "0123");
  LIST_REMOVE(&items[2], both);
  LIST_REMOVE(&items[0], both);
  ORDER(LIST_FOREACH, &both, both, "13");
  LIST_REMOVE(&items[3], both);
  LIST_INSERT_BEFORE(&items[1], &items[4], both);
  ORDER(LIST_FOREACH, &both, both, "41");
}

static void queues(void) {
  struct tails one = STAILQ_HEAD_INITIALIZER(one), other = STAILQ_HEAD_INITIALIZER(other);
  STAILQ_INSERT_TAIL(&one, &items[1], tail);
  STAILQ_INSERT_HEAD(&one, &items[0], tail);
  STAILQ_INSERT_AFTER(&one, &items[1], &items[2], tail);
  STAILQ_INSERT_TAIL(&other, &items[3], tail);
  STAILQ_CONCAT(&one, &other);
  ORDER(STAILQ_FOREACH, &one, tail, "0123");
  CHECK(STAILQ_EMPTY(&other));
  STAILQ_REMOVE(&one, &items[3], item, tail);
  STAILQ_INSERT_TAIL(&one, &items[4], tail);
  STAILQ_REMOVE_HEAD(&one, tail);
  ORDER(STAILQ_FOREACH, &one, tail, "124");

  struct simples simple = SIMPLEQ_HEAD_INITIALIZER(simple);
  SIMPLEQ_INSERT_HEAD(&simple, &items[0], simple);
  SIMPLEQ_INSERT_AFTER(&simple, &items[0], &items[1], simple);
  SIMPLEQ_INSERT_TAIL(&simple, &items[2], simple);
  SIMPLEQ_REMOVE(&simple, &items[2], item, simple);
  SIMPLEQ_INSERT_TAIL(&simple, &items[3], simple);
  ORDER(SIMPLEQ_FOREACH, &simple, simple, "013");

  struct ends ends = TAILQ_HEAD_INITIALIZER(ends), more;
  TAILQ_INIT(&more);
  CHECK(TAILQ_LAST(&ends, ends) == NULL);
  TAILQ_INSERT_HEAD(&ends, &items[1], ends);
  TAILQ_INSERT_TAIL(&ends, &items[3], ends);
  TAILQ_INSERT_BEFORE(&items[1], &items[0], ends);
  TAILQ_INSERT_AFTER(&ends, &items[1], &items[2], ends);
  TAILQ_INSERT_TAIL(&more, &items[4], ends);
  TAILQ_INSERT_AFTER(&more, &items[4], &items[5], ends);
  TAILQ_CONCAT(&ends, &more, ends);
  ORDER(TAILQ_FOREACH, &ends, ends, "012345");
  CHECK(TAILQ_LAST(&ends, ends) == &items[5] && TAILQ_PREV(&items[1], ends, ends) == &items[0]);
  CHECK(TAILQ_PREV(&items[0], ends, ends) == NULL);
  TAILQ_REMOVE(&ends, &items[5], ends);
  TAILQ_REMOVE(&ends, &items[0], ends);
  TAILQ_REMOVE(&ends, &items[2], ends);
#ifdef TAILQ_REPLACE  // GNU's has none
  TAILQ_REPLACE(&ends, &items[4], &items[6], ends);
#else
  TAILQ_REMOVE(&ends, &items[4], ends);
  TAILQ_INSERT_TAIL(&ends, &items[6], ends);
#endif
  TAILQ_INSERT_TAIL(&ends, &items[7], ends);
  ORDER(TAILQ_FOREACH, &ends, ends, "1367");
  struct item* each;
  int backwards = 0;
  TAILQ_FOREACH_REVERSE(each, &ends, ends, ends) { backwards = backwards * 10 + (int)(each - items); }
  CHECK(backwards == 7631);
}

int main(void) {
  lists();
  queues();
  return done();
}

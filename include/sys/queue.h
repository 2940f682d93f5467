/* Linked lists as macros, with the names and the members that the BSDs' manual queue(3) gives them:
   SLIST (singly linked), LIST (doubly), STAILQ and SIMPLEQ (singly, with a tail), TAILQ (doubly, with a tail). */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _SYS_QUEUE_H_
#define _SYS_QUEUE_H_

/* clang-format off */

#define SLIST_HEAD(name, type) struct name { struct type *slh_first; }
#define SLIST_HEAD_INITIALIZER(head) { 0 }
#define SLIST_ENTRY(type) struct { struct type *sle_next; }
#define SLIST_FIRST(head) ((head)->slh_first)
#define SLIST_NEXT(item, field) ((item)->field.sle_next)
#define SLIST_EMPTY(head) (SLIST_FIRST(head) == 0)
#define SLIST_INIT(head) do { SLIST_FIRST(head) = 0; } while (0)
#define SLIST_INSERT_HEAD(head, item, field) do { \
    SLIST_NEXT(item, field) = SLIST_FIRST(head); \
    SLIST_FIRST(head) = (item); \
  } while (0)
#define SLIST_INSERT_AFTER(before, item, field) do { \
    SLIST_NEXT(item, field) = SLIST_NEXT(before, field); \
    SLIST_NEXT(before, field) = (item); \
  } while (0)
#define SLIST_REMOVE_HEAD(head, field) do { SLIST_FIRST(head) = SLIST_NEXT(SLIST_FIRST(head), field); } while (0)
#define SLIST_REMOVE_AFTER(before, field) do { \
    SLIST_NEXT(before, field) = SLIST_NEXT(SLIST_NEXT(before, field), field); \
  } while (0)
#define SLIST_REMOVE(head, item, type, field) do { \
    struct type **__link = &SLIST_FIRST(head); \
    while (*__link != (item)) __link = &SLIST_NEXT(*__link, field); \
    *__link = SLIST_NEXT(*__link, field); \
  } while (0)
#define SLIST_FOREACH(item, head, field) for ((item) = SLIST_FIRST(head); (item); (item) = SLIST_NEXT(item, field))
#define SLIST_FOREACH_SAFE(item, head, field, next) \
  for ((item) = SLIST_FIRST(head); (item) && ((next) = SLIST_NEXT(item, field), 1); (item) = (next))

#define LIST_HEAD(name, type) struct name { struct type *lh_first; }
#define LIST_HEAD_INITIALIZER(head) { 0 }
#define LIST_ENTRY(type) struct { struct type *le_next; struct type **le_prev; }
#define LIST_FIRST(head) ((head)->lh_first)
#define LIST_NEXT(item, field) ((item)->field.le_next)
#define LIST_EMPTY(head) (LIST_FIRST(head) == 0)
#define LIST_INIT(head) do { LIST_FIRST(head) = 0; } while (0)
#define __LIST_LINK(place, item, field) do { \
    (item)->field.le_prev = (place); \
    LIST_NEXT(item, field) = *(item)->field.le_prev; \
    if (LIST_NEXT(item, field) != 0) LIST_NEXT(item, field)->field.le_prev = &LIST_NEXT(item, field); \
    *(item)->field.le_prev = (item); \
  } while (0)
#define LIST_INSERT_HEAD(head, item, field) __LIST_LINK(&LIST_FIRST(head), item, field)
#define LIST_INSERT_AFTER(before, item, field) __LIST_LINK(&LIST_NEXT(before, field), item, field)
#define LIST_INSERT_BEFORE(after, item, field) __LIST_LINK((after)->field.le_prev, item, field)
#define LIST_REMOVE(item, field) do { \
    if (LIST_NEXT(item, field) != 0) LIST_NEXT(item, field)->field.le_prev = (item)->field.le_prev; \
    *(item)->field.le_prev = LIST_NEXT(item, field); \
  } while (0)
#define LIST_REPLACE(item, by, field) do { \
    LIST_NEXT(by, field) = LIST_NEXT(item, field); \
    if (LIST_NEXT(by, field) != 0) LIST_NEXT(by, field)->field.le_prev = &LIST_NEXT(by, field); \
    (by)->field.le_prev = (item)->field.le_prev; \
    *(by)->field.le_prev = (by); \
  } while (0)
#define LIST_FOREACH(item, head, field) for ((item) = LIST_FIRST(head); (item); (item) = LIST_NEXT(item, field))
#define LIST_FOREACH_SAFE(item, head, field, next) \
  for ((item) = LIST_FIRST(head); (item) && ((next) = LIST_NEXT(item, field), 1); (item) = (next))

#define STAILQ_HEAD(name, type) struct name { struct type *stqh_first; struct type **stqh_last; }
#define STAILQ_HEAD_INITIALIZER(head) { 0, &(head).stqh_first }
#define STAILQ_ENTRY(type) struct { struct type *stqe_next; }
#define STAILQ_FIRST(head) ((head)->stqh_first)
#define STAILQ_NEXT(item, field) ((item)->field.stqe_next)
#define STAILQ_EMPTY(head) (STAILQ_FIRST(head) == 0)
#define STAILQ_LAST(head, type, field) \
  (STAILQ_EMPTY(head) ? (struct type *)0 : \
   (struct type *)(void *)((char *)(head)->stqh_last - __builtin_offsetof(struct type, field)))
#define STAILQ_INIT(head) do { \
    STAILQ_FIRST(head) = 0; \
    (head)->stqh_last = &STAILQ_FIRST(head); \
  } while (0)
#define __STAILQ_LINK(head, place, item, field) do { \
    if ((STAILQ_NEXT(item, field) = *(place)) == 0) (head)->stqh_last = &STAILQ_NEXT(item, field); \
    *(place) = (item); \
  } while (0)
#define STAILQ_INSERT_HEAD(head, item, field) __STAILQ_LINK(head, &STAILQ_FIRST(head), item, field)
#define STAILQ_INSERT_AFTER(head, before, item, field) __STAILQ_LINK(head, &STAILQ_NEXT(before, field), item, field)
#define STAILQ_INSERT_TAIL(head, item, field) do { \
    STAILQ_NEXT(item, field) = 0; \
    *(head)->stqh_last = (item); \
    (head)->stqh_last = &STAILQ_NEXT(item, field); \
  } while (0)
#define STAILQ_REMOVE_HEAD(head, field) do { \
    if ((STAILQ_FIRST(head) = STAILQ_NEXT(STAILQ_FIRST(head), field)) == 0) (head)->stqh_last = &STAILQ_FIRST(head); \
  } while (0)
#define STAILQ_REMOVE_AFTER(head, before, field) do { \
    if ((STAILQ_NEXT(before, field) = STAILQ_NEXT(STAILQ_NEXT(before, field), field)) == 0) \
      (head)->stqh_last = &STAILQ_NEXT(before, field); \
  } while (0)
#define STAILQ_REMOVE(head, item, type, field) do { \
    struct type **__link = &STAILQ_FIRST(head); \
    while (*__link != (item)) __link = &STAILQ_NEXT(*__link, field); \
    if ((*__link = STAILQ_NEXT(*__link, field)) == 0) (head)->stqh_last = __link; \
  } while (0)
#define STAILQ_CONCAT(head, other) do { \
    if (!STAILQ_EMPTY(other)) { \
      *(head)->stqh_last = STAILQ_FIRST(other); \
      (head)->stqh_last = (other)->stqh_last; \
      STAILQ_INIT(other); \
    } \
  } while (0)
#define STAILQ_FOREACH(item, head, field) for ((item) = STAILQ_FIRST(head); (item); (item) = STAILQ_NEXT(item, field))
#define STAILQ_FOREACH_SAFE(item, head, field, next) \
  for ((item) = STAILQ_FIRST(head); (item) && ((next) = STAILQ_NEXT(item, field), 1); (item) = (next))

#define SIMPLEQ_HEAD(name, type) struct name { struct type *sqh_first; struct type **sqh_last; }
#define SIMPLEQ_HEAD_INITIALIZER(head) { 0, &(head).sqh_first }
#define SIMPLEQ_ENTRY(type) struct { struct type *sqe_next; }
#define SIMPLEQ_FIRST(head) ((head)->sqh_first)
#define SIMPLEQ_NEXT(item, field) ((item)->field.sqe_next)
#define SIMPLEQ_EMPTY(head) (SIMPLEQ_FIRST(head) == 0)
#define SIMPLEQ_INIT(head) do { \
    SIMPLEQ_FIRST(head) = 0; \
    (head)->sqh_last = &SIMPLEQ_FIRST(head); \
  } while (0)
#define __SIMPLEQ_LINK(head, place, item, field) do { \
    if ((SIMPLEQ_NEXT(item, field) = *(place)) == 0) (head)->sqh_last = &SIMPLEQ_NEXT(item, field); \
    *(place) = (item); \
  } while (0)
#define SIMPLEQ_INSERT_HEAD(head, item, field) __SIMPLEQ_LINK(head, &SIMPLEQ_FIRST(head), item, field)
#define SIMPLEQ_INSERT_AFTER(head, before, item, field) __SIMPLEQ_LINK(head, &SIMPLEQ_NEXT(before, field), item, field)
#define SIMPLEQ_INSERT_TAIL(head, item, field) do { \
    SIMPLEQ_NEXT(item, field) = 0; \
    *(head)->sqh_last = (item); \
    (head)->sqh_last = &SIMPLEQ_NEXT(item, field); \
  } while (0)
#define SIMPLEQ_REMOVE_HEAD(head, field) do { \
    if ((SIMPLEQ_FIRST(head) = SIMPLEQ_NEXT(SIMPLEQ_FIRST(head), field)) == 0) \
      (head)->sqh_last = &SIMPLEQ_FIRST(head); \
  } while (0)
#define SIMPLEQ_REMOVE(head, item, type, field) do { \
    struct type **__link = &SIMPLEQ_FIRST(head); \
    while (*__link != (item)) __link = &SIMPLEQ_NEXT(*__link, field); \
    if ((*__link = SIMPLEQ_NEXT(*__link, field)) == 0) (head)->sqh_last = __link; \
  } while (0)
#define SIMPLEQ_FOREACH(item, head, field) \
  for ((item) = SIMPLEQ_FIRST(head); (item); (item) = SIMPLEQ_NEXT(item, field))
#define SIMPLEQ_FOREACH_SAFE(item, head, field, next) \
  for ((item) = SIMPLEQ_FIRST(head); (item) && ((next) = SIMPLEQ_NEXT(item, field), 1); (item) = (next))

/* The last item is found by the link before it, which heads and items have at the same place. */
#define TAILQ_HEAD(name, type) struct name { struct type *tqh_first; struct type **tqh_last; }
#define TAILQ_HEAD_INITIALIZER(head) { 0, &(head).tqh_first }
#define TAILQ_ENTRY(type) struct { struct type *tqe_next; struct type **tqe_prev; }
#define TAILQ_FIRST(head) ((head)->tqh_first)
#define TAILQ_END(head) 0
#define TAILQ_NEXT(item, field) ((item)->field.tqe_next)
#define TAILQ_LAST(head, name) (*((struct name *)(void *)(head)->tqh_last)->tqh_last)
#define TAILQ_PREV(item, name, field) (*((struct name *)(void *)(item)->field.tqe_prev)->tqh_last)
#define TAILQ_EMPTY(head) (TAILQ_FIRST(head) == 0)
#define TAILQ_INIT(head) do { \
    TAILQ_FIRST(head) = 0; \
    (head)->tqh_last = &TAILQ_FIRST(head); \
  } while (0)
#define __TAILQ_LINK(head, place, item, field) do { \
    (item)->field.tqe_prev = (place); \
    TAILQ_NEXT(item, field) = *(item)->field.tqe_prev; \
    if (TAILQ_NEXT(item, field) != 0) TAILQ_NEXT(item, field)->field.tqe_prev = &TAILQ_NEXT(item, field); \
    else (head)->tqh_last = &TAILQ_NEXT(item, field); \
    *(item)->field.tqe_prev = (item); \
  } while (0)
#define TAILQ_INSERT_HEAD(head, item, field) __TAILQ_LINK(head, &TAILQ_FIRST(head), item, field)
#define TAILQ_INSERT_TAIL(head, item, field) __TAILQ_LINK(head, (head)->tqh_last, item, field)
#define TAILQ_INSERT_AFTER(head, before, item, field) __TAILQ_LINK(head, &TAILQ_NEXT(before, field), item, field)
#define TAILQ_INSERT_BEFORE(after, item, field) do { \
    (item)->field.tqe_prev = (after)->field.tqe_prev; \
    TAILQ_NEXT(item, field) = (after); \
    *(item)->field.tqe_prev = (item); \
    (after)->field.tqe_prev = &TAILQ_NEXT(item, field); \
  } while (0)
#define TAILQ_REMOVE(head, item, field) do { \
    if (TAILQ_NEXT(item, field) != 0) TAILQ_NEXT(item, field)->field.tqe_prev = (item)->field.tqe_prev; \
    else (head)->tqh_last = (item)->field.tqe_prev; \
    *(item)->field.tqe_prev = TAILQ_NEXT(item, field); \
  } while (0)
#define TAILQ_REPLACE(head, item, by, field) do { \
    TAILQ_NEXT(by, field) = TAILQ_NEXT(item, field); \
    if (TAILQ_NEXT(by, field) != 0) TAILQ_NEXT(by, field)->field.tqe_prev = &TAILQ_NEXT(by, field); \
    else (head)->tqh_last = &TAILQ_NEXT(by, field); \
    (by)->field.tqe_prev = (item)->field.tqe_prev; \
    *(by)->field.tqe_prev = (by); \
  } while (0)
#define TAILQ_CONCAT(head, other, field) do { \
    if (!TAILQ_EMPTY(other)) { \
      *(head)->tqh_last = TAILQ_FIRST(other); \
      TAILQ_FIRST(other)->field.tqe_prev = (head)->tqh_last; \
      (head)->tqh_last = (other)->tqh_last; \
      TAILQ_INIT(other); \
    } \
  } while (0)
#define TAILQ_FOREACH(item, head, field) for ((item) = TAILQ_FIRST(head); (item); (item) = TAILQ_NEXT(item, field))
#define TAILQ_FOREACH_SAFE(item, head, field, next) \
  for ((item) = TAILQ_FIRST(head); (item) && ((next) = TAILQ_NEXT(item, field), 1); (item) = (next))
#define TAILQ_FOREACH_REVERSE(item, head, name, field) \
  for ((item) = TAILQ_LAST(head, name); (item); (item) = TAILQ_PREV(item, name, field))
#define TAILQ_FOREACH_REVERSE_SAFE(item, head, name, field, previous) \
  for ((item) = TAILQ_LAST(head, name); (item) && ((previous) = TAILQ_PREV(item, name, field), 1); (item) = (previous))

/* clang-format on */

#endif

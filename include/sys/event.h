/* kqueue(2), with FreeBSD's names and values. What a filter does here, and which there are, is in docs of the library. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_EVENT_H
#define _WASI_POSIX_SYS_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Filters. kevent() takes READ, WRITE, TIMER and USER; the others are EINVAL. */
#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_AIO (-3)
#define EVFILT_VNODE (-4)
#define EVFILT_PROC (-5)
#define EVFILT_SIGNAL (-6)
#define EVFILT_TIMER (-7)
#define EVFILT_PROCDESC (-8)
#define EVFILT_FS (-9)
#define EVFILT_LIO (-10)
#define EVFILT_USER (-11)
#define EVFILT_SENDFILE (-12)
#define EVFILT_EMPTY (-13)
#define EVFILT_SYSCOUNT 13

struct kevent {
  uintptr_t ident;
  short filter;
  unsigned short flags;
  unsigned int fflags;
  int64_t data;
  void *udata;
  uint64_t ext[4];
};

#define EV_SET(event, a, b, c, d, e, f)             \
  do {                                              \
    struct kevent *_wasi_posix_event = (event);     \
    _wasi_posix_event->ident = (uintptr_t)(a);      \
    _wasi_posix_event->filter = (short)(b);         \
    _wasi_posix_event->flags = (unsigned short)(c); \
    _wasi_posix_event->fflags = (unsigned int)(d);  \
    _wasi_posix_event->data = (int64_t)(e);         \
    _wasi_posix_event->udata = (void *)(f);         \
    _wasi_posix_event->ext[0] = 0;                  \
    _wasi_posix_event->ext[1] = 0;                  \
    _wasi_posix_event->ext[2] = 0;                  \
    _wasi_posix_event->ext[3] = 0;                  \
  } while (0)

/* What to do with an event. */
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ENABLE 0x0004
#define EV_DISABLE 0x0008
#define EV_FORCEONESHOT 0x0100
#define EV_KEEPUDATA 0x0200

/* How it behaves. */
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_RECEIPT 0x0040
#define EV_DISPATCH 0x0080

#define EV_SYSFLAGS 0xF000
#define EV_DROP 0x1000
#define EV_FLAG1 0x2000
#define EV_FLAG2 0x4000

/* What it says. */
#define EV_EOF 0x8000
#define EV_ERROR 0x4000

/* fflags of EVFILT_USER */
#define NOTE_FFNOP 0x00000000
#define NOTE_FFAND 0x40000000
#define NOTE_FFOR 0x80000000
#define NOTE_FFCOPY 0xc0000000
#define NOTE_FFCTRLMASK 0xc0000000
#define NOTE_FFLAGSMASK 0x00ffffff
#define NOTE_TRIGGER 0x01000000

/* of EVFILT_READ and EVFILT_WRITE */
#define NOTE_LOWAT 0x0001
#define NOTE_FILE_POLL 0x0002

/* of EVFILT_VNODE */
#define NOTE_DELETE 0x0001
#define NOTE_WRITE 0x0002
#define NOTE_EXTEND 0x0004
#define NOTE_ATTRIB 0x0008
#define NOTE_LINK 0x0010
#define NOTE_RENAME 0x0020
#define NOTE_REVOKE 0x0040

/* of EVFILT_TIMER */
/* Of the process filter, which kevent refuses. */
#define NOTE_EXIT 0x80000000
#define NOTE_FORK 0x40000000
#define NOTE_EXEC 0x20000000
#define NOTE_PCTRLMASK 0xf0000000
#define NOTE_PDATAMASK 0x000fffff
#define NOTE_TRACK 0x00000001
#define NOTE_TRACKERR 0x00000002
#define NOTE_CHILD 0x00000004
#define NOTE_SECONDS 0x00000001
#define NOTE_MSECONDS 0x00000002
#define NOTE_USECONDS 0x00000004
#define NOTE_NSECONDS 0x00000008
#define NOTE_ABSTIME 0x00000010

/* flags of kqueuex() */
#define KQUEUE_CLOEXEC 0x00000001

int kqueue(void);
int kqueuex(unsigned int);
int kevent(int, const struct kevent *, int, struct kevent *, int, const struct timespec *);

#ifdef __cplusplus
}
#endif

#endif

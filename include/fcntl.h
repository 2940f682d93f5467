/* fcntl: commands, flags and locks that <fcntl.h> of wasi-libc hides, with the values that Linux has on 64 bits. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_FCNTL_H
#define _WASI_POSIX_FCNTL_H

#include_next <fcntl.h>

#define F_DUPFD 0
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#define F_SETOWN 8
#define F_GETOWN 9
#define F_SETSIG 10
#define F_GETSIG 11
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#define F_SETLEASE 1024
#define F_GETLEASE 1025
#define F_NOTIFY 1026
#define F_DUPFD_CLOEXEC 1030
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

#define F_ULOCK 0
#define F_LOCK 1
#define F_TLOCK 2
#define F_TEST 3

/* Of pipes: what one write brought is what one read takes. Of files it has no effect; no bit of wasi-libc's. */
#define O_DIRECT 0x20000000
#define O_NDELAY O_NONBLOCK
#define O_LARGEFILE 0
#define FAPPEND O_APPEND
#define FFSYNC O_SYNC
#define FNONBLOCK O_NONBLOCK
#define FNDELAY O_NDELAY

/* <sys/stat.h> has the same; POSIX lets programs take them from here. */
#ifndef F_OK
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#endif

#ifdef __cplusplus
extern "C" {
#endif

int lockf(int, int, off_t);

#define SPLICE_F_MOVE 1
#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_MORE 4
#define SPLICE_F_GIFT 8

struct iovec;
ssize_t splice(int, off_t *, int, off_t *, size_t, unsigned);
ssize_t tee(int, int, size_t, unsigned);
ssize_t vmsplice(int, const struct iovec *, size_t, unsigned);

#ifdef __cplusplus
}
#endif

#endif

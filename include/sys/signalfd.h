/* signalfd, which wasi-libc lacks: for the signals that a program sends to itself. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SIGNALFD_H
#define _WASI_POSIX_SYS_SIGNALFD_H

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>

#define SFD_NONBLOCK O_NONBLOCK
#define SFD_CLOEXEC 0x2000 /* SOCK_CLOEXEC's value: O_CLOEXEC is 0, and the flag would be lost */

struct signalfd_siginfo {
  uint32_t ssi_signo;
  int32_t ssi_errno;
  int32_t ssi_code;
  uint32_t ssi_pid;
  uint32_t ssi_uid;
  int32_t ssi_fd;
  uint32_t ssi_tid;
  uint32_t ssi_band;
  uint32_t ssi_overrun;
  uint32_t ssi_trapno;
  int32_t ssi_status;
  int32_t ssi_int;
  uint64_t ssi_ptr;
  uint64_t ssi_utime;
  uint64_t ssi_stime;
  uint64_t ssi_addr;
  uint16_t ssi_addr_lsb;
  uint8_t __pad[46];
};

#ifdef __cplusplus
extern "C" {
#endif

int signalfd(int, const sigset_t *, int);

#ifdef __cplusplus
}
#endif

#endif

// Moving data between descriptors inside the kernel: there is none. Programs then read and write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail_on_descriptor;

extern "C" {

// EBADF: not open. ENOSYS: else.
ssize_t splice(int in, off_t*, int out, off_t*, size_t, unsigned) {
  return fail_on_descriptor(in, ENOSYS) == -1 && errno == EBADF ? -1 : fail_on_descriptor(out, ENOSYS);
}
ssize_t tee(int in, int out, size_t, unsigned) { return splice(in, nullptr, out, nullptr, 0, 0); }
ssize_t vmsplice(int fd, const struct iovec*, size_t, unsigned) { return fail_on_descriptor(fd, ENOSYS); }
ssize_t copy_file_range(int in, off_t*, int out, off_t*, size_t, unsigned) {
  return splice(in, nullptr, out, nullptr, 0, 0);
}
int fallocate(int fd, int, off_t, off_t) { return fail_on_descriptor(fd, ENOSYS); }
int sync_file_range(int fd, off_t, off_t, unsigned) { return fail_on_descriptor(fd, ENOSYS); }
ssize_t readahead(int fd, off_t, size_t) { return fail_on_descriptor(fd, ENOSYS); }

}  // extern "C"

// POSIX message queues: they are for other processes, of which there are none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <mqueue.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
mqd_t mq_open(const char*, int, ...) { return fail(ENOSYS); }
int mq_unlink(const char*) { return fail(ENOSYS); }

// EBADF: always, as none can be open.
int mq_close(mqd_t) { return fail(EBADF); }
int mq_getattr(mqd_t, struct mq_attr*) { return fail(EBADF); }
int mq_setattr(mqd_t, const struct mq_attr*, struct mq_attr*) { return fail(EBADF); }
int mq_notify(mqd_t, const struct sigevent*) { return fail(EBADF); }
int mq_send(mqd_t, const char*, size_t, unsigned) { return fail(EBADF); }
int mq_timedsend(mqd_t, const char*, size_t, unsigned, const struct timespec*) { return fail(EBADF); }
ssize_t mq_receive(mqd_t, char*, size_t, unsigned*) { return fail(EBADF); }
ssize_t mq_timedreceive(mqd_t, char*, size_t, unsigned*, const struct timespec*) { return fail(EBADF); }

}  // extern "C"

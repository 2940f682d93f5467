// System V's queues, semaphores and shared memory are for several processes. Linux built without them says ENOSYS too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
int msgget(key_t, int) { return fail(ENOSYS); }
int msgsnd(int, const void*, size_t, int) { return fail(ENOSYS); }
ssize_t msgrcv(int, void*, size_t, long, int) { return fail(ENOSYS); }
int msgctl(int, int, struct msqid_ds*) { return fail(ENOSYS); }
int semget(key_t, int, int) { return fail(ENOSYS); }
int semop(int, struct sembuf*, size_t) { return fail(ENOSYS); }
int semtimedop(int, struct sembuf*, size_t, const struct timespec*) { return fail(ENOSYS); }
int semctl(int, int, int, ...) { return fail(ENOSYS); }
int shmget(key_t, size_t, int) { return fail(ENOSYS); }
void* shmat(int, const void*, int) {
  errno = ENOSYS;
  return reinterpret_cast<void*>(-1);
}
int shmdt(const void*) { return fail(ENOSYS); }
int shmctl(int, int, struct shmid_ds*) { return fail(ENOSYS); }

// A key of the file's numbers and 8 bits of the program's. Those of stat: the file can't be asked.
key_t ftok(const char* path, int project) {
  struct stat status;
  if (stat(path, &status) != 0) return -1;
  return static_cast<key_t>((status.st_ino & 0xffff) | (status.st_dev & 0xff) << 16 |
                            static_cast<unsigned>(project & 0xff) << 24);
}

}  // extern "C"

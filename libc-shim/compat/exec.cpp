// exec: a WASI guest can't load another program in its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include "fail.h"

using posix_sockets::compat::fail;

extern "C" {

// ENOSYS: always.
int execl(const char*, const char*, ...) { return fail(ENOSYS); }
int execle(const char*, const char*, ...) { return fail(ENOSYS); }
int execlp(const char*, const char*, ...) { return fail(ENOSYS); }
int execv(const char*, char* const[]) { return fail(ENOSYS); }
int execve(const char*, char* const[], char* const[]) { return fail(ENOSYS); }
int execvp(const char*, char* const[]) { return fail(ENOSYS); }
int execvpe(const char*, char* const[], char* const[]) { return fail(ENOSYS); }
int fexecve(int fd, char* const[], char* const[]) { return posix_sockets::compat::fail_on_descriptor(fd, ENOSYS); }

}  // extern "C"

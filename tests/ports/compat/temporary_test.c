// builds: native wasi
// Temporary files and other calls on files, in the folder that the first argument names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"

static void temporary_file(const char* folder) {
  char name[256];
  struct stat file;

  snprintf(name, sizeof name, "%s/aXXXXXX", folder);
  int fd = mkstemp(name);
  CHECK(fd >= 0 && strstr(name, "XXXXXX") == NULL);
  CHECK(write(fd, "hello", 5) == 5 && lseek(fd, 0, SEEK_SET) == 0);
  char buffer[8] = "";
  CHECK(read(fd, buffer, sizeof buffer) == 5 && strcmp(buffer, "hello") == 0);

  const struct timeval times[2] = {{1000000000, 250000}, {1000000001, 500000}};
  CHECK(futimes(fd, times) == 0 && fstat(fd, &file) == 0);
  CHECK(file.st_atim.tv_sec == 1000000000 && file.st_mtim.tv_sec == 1000000001 && file.st_mtim.tv_nsec == 500000000);
  CHECK(lutimes(name, NULL) == 0);
  const struct timeval wrong[2] = {{0, 1000000}, {0, 0}};
  FAILS(futimes(fd, wrong), EINVAL);
  CHECK(fchown(fd, -1, -1) == 0 && chown(name, -1, -1) == 0 && lchown(name, -1, -1) == 0);
  CHECK(syncfs(fd) == 0);
  sync();
  FAILS(flock(fd, 77), EINVAL);
  CHECK(close(fd) == 0 && unlink(name) == 0);
  FAILS(fchown(fd, -1, -1), EBADF);
  FAILS(flock(fd, LOCK_SH), EBADF);
  FAILS(fchdir(fd), EBADF);
  FAILS(chown(name, -1, -1), ENOENT);
}

static void temporary_names(const char* folder) {
  char name[256], other[256];
  struct stat file;
  snprintf(name, sizeof name, "%s/bXXXXXX.txt", folder);
  const int fd = mkstemps(name, 4);
  CHECK(fd >= 0 && strcmp(name + strlen(name) - 4, ".txt") == 0 && close(fd) == 0 && unlink(name) == 0);

  snprintf(name, sizeof name, "%s/dXXXXXX", folder);
  strcpy(other, name);
  CHECK(mkdtemp(name) == name && stat(name, &file) == 0 && S_ISDIR(file.st_mode));
  CHECK(mkdtemp(other) == other && strcmp(name, other) != 0);
  CHECK(rmdir(name) == 0 && rmdir(other) == 0);
}

static void impossible_names(void) {
  char name[256];
  strcpy(name, "nothing-to-replace");
  FAILS(mkstemp(name), EINVAL);
  strcpy(name, "XXXXX");
  FAILS(mkstemp(name), EINVAL);
  FAILS(mkdtemp(name), EINVAL);
  strcpy(name, "/no/such/folder/XXXXXX");
  FAILS(mkstemp(name), ENOENT);
  strcpy(name, "/no/such/folder/XXXXXX");
  FAILS(mkdtemp(name), ENOENT);
}

static void other_calls(void) {
  char buffer[8];
  FILE* stream = tmpfile();
  CHECK(stream != NULL && fputs("line\n", stream) >= 0);
  rewind(stream);
  CHECK(fgets(buffer, sizeof buffer, stream) == buffer && strcmp(buffer, "line\n") == 0 && fclose(stream) == 0);

  const mode_t before = umask(077);
  CHECK(umask(before) == 077 && umask(before) == before);

  char bytes[600] = "";
  CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
  int zeros = 0;
  for (size_t i = 0; i < sizeof bytes; ++i) zeros += bytes[i] == 0;
  CHECK(zeros < 60);
  FAILS(getrandom(bytes, 1, 0x8000), EINVAL);

  char* here = get_current_dir_name();
  CHECK(here != NULL && here[0] == '/');
  free(here);
}

int main(int count, char** arguments) {
  CHECK(count == 2);
  temporary_file(arguments[1]);
  temporary_names(arguments[1]);
  impossible_names();
  other_calls();
  return done();
}

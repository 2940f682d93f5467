// builds: native wasi
// A file that grows is read on behind the end that was met: tail's -f, and stdio after clearerr.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char** argv) {
  char path[256];
  CHECK(argc == 2 && snprintf(path, sizeof path, "%s/growing", argv[1]) > 0);
  const int writer = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  const int reader = open(path, O_RDONLY);
  FILE* file = fopen(path, "r");
  CHECK(writer >= 0 && reader >= 0 && file != NULL);
  char got[8];
  for (int i = 0; i < 3; ++i) {
    CHECK(write(writer, "abc", 3) == 3);
    errno = 0;
    CHECK(read(reader, got, sizeof got) == 3);
    CHECK(read(reader, got, sizeof got) == 0);
    CHECK(fread(got, 1, sizeof got, file) == 3 && feof(file));
    clearerr(file);
    CHECK(errno == 0);
  }
  CHECK(write(writer, "de", 2) == 2);
  const struct iovec pieces[] = {{got, 1}, {got + 1, 2}};
  CHECK(readv(reader, pieces, 2) == 2 && memcmp(got, "de", 2) == 0);
  CHECK(readv(reader, pieces, 2) == 0);
  CHECK(write(writer, "f", 1) == 1);
  CHECK(readv(reader, pieces, 2) == 1 && got[0] == 'f');
  CHECK(lseek(reader, 0, SEEK_CUR) == 12);

  // All of a large one at once, in pieces, and at a position.
  enum { large = 300000 };
  static char bytes[large], back[large];
  memset(bytes, 'x', large);
  struct iovec parts[] = {{bytes, 7}, {bytes, 100000}, {NULL, 0}, {bytes, 199993}};
  CHECK(writev(writer, parts, 4) == large && write(writer, bytes, large) == large);
  CHECK(pwritev(writer, parts, 4, 12) == large && pwrite(writer, bytes, large, 12) == large);
  parts[0].iov_base = back, parts[1].iov_base = back + 7, parts[3].iov_base = back + 100007;
  CHECK(readv(reader, parts, 4) == large && memcmp(back, bytes, large) == 0);
  CHECK(read(reader, back, large) == large && read(reader, back, large) == 0);
  CHECK(pread(reader, back, large, 12) == large && preadv(reader, parts, 4, 12) == large);
  CHECK(preadv(reader, parts, 4, 2 * large) == 12 && pread(reader, back, 100, 3 * large) == 0);
  volatile int count = -1;
  FAILS(preadv(reader, parts, count, 0), EINVAL);
  count = 1025;
  FAILS(readv(reader, parts, count), EINVAL);
  // What has no end to seek at is still read, without an error.
  int ends[2];
  CHECK(pipe(ends) == 0 && close(ends[1]) == 0);
  errno = 0;
  CHECK(read(ends[0], got, sizeof got) == 0 && read(STDIN_FILENO, got, sizeof got) == 0 && errno == 0);
  return done();
}

// builds: native wasi
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// err.h, error.h and libintl.h say and give what GNU's do.
#include <err.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <libintl.h>
#include <unistd.h>

#include "check.h"

static char said[1024];
static int kept, file;

static void listen(const char* folder) {
  char path[256];
  snprintf(path, sizeof path, "%s/said", folder);
  fflush(stderr);
  kept = dup(2);
  file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  dup2(file, 2);
}

// What came since listen(), without the program's name.
static const char* heard(const char* name) {
  fflush(stderr);
  dup2(kept, 2);
  close(kept);
  const ssize_t size = pread(file, said, sizeof said - 1, 0);
  close(file);
  said[size < 0 ? 0 : size] = '\0';
  const size_t length = strlen(name);
  return strncmp(said, name, length) == 0 ? said + length : said;
}

int main(int argc, char** argv) {
  (void)argc;
  const char* folder = argv[1];
  listen(folder);
  errno = ENOENT;
  warn("%s %d", "file", 7);
  CHECK(errno == ENOENT);
  CHECK(strcmp(heard(program_invocation_short_name), ": file 7: No such file or directory\n") == 0);
  listen(folder);
  warn(NULL);
  CHECK(strcmp(heard(program_invocation_short_name), ": No such file or directory\n") == 0);
  listen(folder);
  warnx("%s", "alone");
  CHECK(strcmp(heard(program_invocation_short_name), ": alone\n") == 0);
  listen(folder);
  error(0, EACCES, "%s", "text");
  CHECK(strcmp(heard(program_invocation_name), ": text: Permission denied\n") == 0);
  listen(folder);
  error_at_line(0, 0, "a.c", 12, "wrong");
  CHECK(strcmp(heard(program_invocation_name), ":a.c:12: wrong\n") == 0);
  error_one_per_line = 1;
  listen(folder);
  error_at_line(0, 0, "a.c", 13, "wrong");
  error_at_line(0, 0, "a.c", 13, "once more");
  CHECK(strcmp(heard(program_invocation_name), ":a.c:13: wrong\n") == 0);
  CHECK(error_message_count == 3);

  CHECK(strcmp(gettext("message"), "message") == 0);
  CHECK(strcmp(ngettext("one", "many", 1), "one") == 0 && strcmp(ngettext("one", "many", 0), "many") == 0);
  CHECK(strcmp(textdomain(NULL), "messages") == 0);
  CHECK(strcmp(textdomain("mine"), "mine") == 0 && strcmp(textdomain(NULL), "mine") == 0);
  CHECK(strcmp(textdomain(""), "messages") == 0);
  CHECK(bind_textdomain_codeset("mine", NULL) == NULL);
  CHECK(strcmp(bindtextdomain("mine", "/a/b"), "/a/b") == 0 && strcmp(bindtextdomain("mine", NULL), "/a/b") == 0);
  CHECK(strcmp(bind_textdomain_codeset("mine", "UTF-8"), "UTF-8") == 0);
  CHECK(bindtextdomain("", "/a") == NULL);
  return done();
}

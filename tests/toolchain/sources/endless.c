// Writes to standard output until that fails: endless HOW DISPOSITION. Exit status: 3 EPIPE with nothing else, 4 the handler
// ran, 5 the signal is pending, 6 another error, 7 there was none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static volatile int handled;
static void handle(int signal) { handled += signal == SIGPIPE; }

static void dispose(const char* disposition) {
  sigset_t set;
  if (strcmp(disposition, "ignored") == 0) signal(SIGPIPE, SIG_IGN);
  if (strcmp(disposition, "restored") == 0) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGPIPE, SIG_DFL);
  }
  if (strcmp(disposition, "handled") == 0) signal(SIGPIPE, handle);
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  if (strcmp(disposition, "blocked") == 0) sigprocmask(SIG_BLOCK, &set, NULL);
}

static char text[1000];

static ssize_t write_once(const char* how, int out, int file) {
  const struct iovec pieces[2] = {{text, 500}, {text + 500, 499}};
  off_t start = 0;
  if (strcmp(how, "writev") == 0) return writev(1, pieces, 2);
  if (strcmp(how, "printf") == 0) return printf("%s\n", text) < 0 || fflush(stdout) != 0 ? -1 : 1;
  return file >= 0 ? sendfile(1, file, &start, sizeof text) : write(out, text, sizeof text);
}

int main(int count, char** words) {
  int out = 1, file = -1;
  if (count != 3) return 8;
  const char* how = words[1];
  memset(text, 'x', sizeof text - 1);
  dispose(words[2]);
  if (strcmp(how, "duplicate") == 0) {
    out = dup(1);
    close(1);
  }
  if (strcmp(how, "error") == 0) out = dup2(1, 2);
  if (strcmp(how, "sendfile") == 0) {
    file = open("/told/text", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (write(file, text, sizeof text) != sizeof text) return 8;
  }
  for (int i = 0; i < 20000; ++i) {
    errno = 0;
    if (write_once(how, out, file) >= 0) continue;
    if (errno != EPIPE) return 6;
    if (handled != 0) return handled == 1 ? 4 : 8;
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, SIGPIPE) ? 5 : 3;
  }
  return 7;
}

// A guest that does what its first argument says; for the tests of the runner.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int print_file(const char* path) {
  char line[256];
  FILE* file = fopen(path, "r");
  if (file == NULL) {
    perror(path);
    return 1;
  }
  while (fgets(line, sizeof line, file) != NULL) fputs(line, stdout);
  fclose(file);
  return 0;
}

static int print_variable(const char* name) {
  const char* value = getenv(name);
  puts(value != NULL ? value : "(unset)");
  return 0;
}

static int print_upper(void) {
  for (int c = getchar(); c != EOF; c = getchar()) putchar(c >= 'a' && c <= 'z' ? c - 32 : c);
  return 0;
}

static int write_file(const char* path) {
  FILE* file = fopen(path, "w");
  if (file == NULL) return 1;
  fputs("written by the guest\n", file);
  return fclose(file) == 0 ? 0 : 1;
}

int main(int count, char** words) {
  const char* verb = count > 1 ? words[1] : "";
  const char* what = count > 2 ? words[2] : "";
  if (strcmp(verb, "exit") == 0) exit(atoi(what));
  if (strcmp(verb, "_exit") == 0) _exit(atoi(what));
  if (strcmp(verb, "return") == 0) return atoi(what);
  if (strcmp(verb, "trap") == 0) __builtin_trap();
  if (strcmp(verb, "abort") == 0) abort();
  if (strcmp(verb, "print") == 0) return print_file(what);
  if (strcmp(verb, "env") == 0) return print_variable(what);
  if (strcmp(verb, "upper") == 0) return print_upper();
  if (strcmp(verb, "sleep") == 0) {
    puts("sleeping");
    fflush(stdout);
    sleep((unsigned)atoi(what));
    return 0;
  }
  if (strcmp(verb, "write") == 0) return write_file(what);
  if (strcmp(verb, "complain") == 0) {
    fputs(what, stderr);
    return 0;
  }
  for (int i = 1; i < count; i++) printf("[%s]", words[i]);
  puts("");
  return 0;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// h_errno, hstrerror, herror.
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "names/plain_name.h"

extern "C" {

// A plain variable, which old sources declare themselves. There is no --wrap for data; and --wrap redirects a call only
// after the linker has looked for the plain name, so libc's netdb, which has an h_errno, may be there though nothing in
// it is called: weak, so that both are then one variable.
__attribute__((weak)) int h_errno = NETDB_SUCCESS;

// The English text of an h_errno value; it's constant. Never null. Source: gethostbyname(3).
const char* __wrap_hstrerror(int error) {
  switch (error) {
    case NETDB_INTERNAL:
      return "Resolver internal error";
    case NETDB_SUCCESS:
      return "Resolver Error 0 (no error)";
    case HOST_NOT_FOUND:
      return "Unknown host";
    case TRY_AGAIN:
      return "Host name lookup failure";
    case NO_RECOVERY:
      return "Unknown server error";
    case NO_DATA:
      return "No address associated with name";
    default:
      return error < 0 ? "Resolver internal error" : "Unknown resolver error";
  }
}

// Writes "PREFIX: TEXT" for h_errno to standard error; without a prefix (null or "") just the text.
// Source: gethostbyname(3).
void __wrap_herror(const char* prefix) {
  const char* text = __wrap_hstrerror(h_errno);
  char line[256];
  size_t used = 0;
  if (prefix != nullptr && *prefix != '\0') {
    used = strnlen(prefix, sizeof line / 2);
    memcpy(line, prefix, used);
    line[used++] = ':';
    line[used++] = ' ';
  }
  const size_t length = strlen(text);
  memcpy(line + used, text, length);
  used += length;
  line[used++] = '\n';
  (void)!write(STDERR_FILENO, line, used);
}

}  // extern "C"

PLAIN_NAME(hstrerror)
PLAIN_NAME(herror)

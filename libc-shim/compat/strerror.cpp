// strerror and strerror_l, which perror, strerror_r and printf's %m come down to, in libc, too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <locale.h>
#include <string.h>

#include "../support/libc_name.h"

extern "C" {

// Weak: see error_text.cpp.
__attribute__((weak)) const char* wps_error_text(int error);

char* __real_strerror(int error);
WPS_TAKE_FROM_LIBC(strerror)
char* __real_strerror_l(int error, locale_t locale);
WPS_TAKE_FROM_LIBC(strerror_l)

// The text isn't to be changed. An unknown number has one, too: libc says the same of all as of 0, unless it's known here.
char* __wrap_strerror(int error) {
  char* text = __real_strerror(error);
  const bool known = error == 0 || wps_error_text == nullptr || text != __real_strerror(0);
  return known ? text : const_cast<char*>(wps_error_text(error));
}
char* __wrap_strerror_l(int error, locale_t locale) {
  char* text = __real_strerror_l(error, locale);
  const bool known = error == 0 || wps_error_text == nullptr || text != __real_strerror_l(0, locale);
  return known ? text : const_cast<char*>(wps_error_text(error));
}

}  // extern "C"

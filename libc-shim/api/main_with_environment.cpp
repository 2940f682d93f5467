// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// main(int, char**, char**), which Unix knows beside the two forms of the standard. The compiler gives those names of their own,
// and wasi-libc calls these; any other main() keeps the name "main". In an object of its own, which isn't linked into a
// program that has a main(int, char**).
#include <unistd.h>

#include "support/function_type.h"

extern "C" {

// Only its address is taken, so that the linker lets it have any type. Weak: a program with main(void) may have none. By --wrap,
// as link-time optimisation would insist on the type that is declared here.
__attribute__((weak)) int __real_main(int count, char** words, char** environment);

// main() of three parameters that calls itself.
int __wrap_main(int count, char** words, char** environment) {
  const auto address = posix_sockets::hide_type(&__real_main);
  if (posix_sockets::has_type<int(int)>(address)) return posix_sockets::as<int(int)>(address)(count);
  if (posix_sockets::has_type<void()>(address)) return posix_sockets::as<void()>(address)(), 0;
  if (posix_sockets::has_type<void(int, char**, char**)>(address))
    return posix_sockets::as<void(int, char**, char**)>(address)(count, words, environment), 0;
  return posix_sockets::as<int(int, char**, char**)>(address)(count, words, environment);
}

int __main_argc_argv(int count, char** words) { return __wrap_main(count, words, environ); }

}  // extern "C"

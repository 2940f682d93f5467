// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <catch_amalgamated.hpp>

#include "names/resolver_settings.h"

int main(int argc, char** argv) {
  // What the machine's own file says must not decide.
  posix_sockets::resolver_settings_path = "/nonexistent/resolv.conf";
  return Catch::Session().run(argc, argv);
}

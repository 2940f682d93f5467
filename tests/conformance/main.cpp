// Runs the one case that is named on the command line, or lists all with --list.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <catch_amalgamated.hpp>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

static int list_cases() {
  for (const Catch::TestCaseHandle& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
    std::printf("%s\n", test.getTestCaseInfo().name.c_str());
  }
  return 0;
}

static std::string escaped(const char* name) {
  std::string text;
  for (; *name != '\0'; ++name) {
    if (std::strchr(",[]\"\\*~", *name) != nullptr) text += '\\';
    text += *name;
  }
  return text;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: conformance --list | CASE\n");
    return 2;
  }
  if (std::strcmp(argv[1], "--list") == 0) return list_cases();
#ifndef __wasi__
  // Where the scope differs from Linux: writing to a broken connection never raises SIGPIPE.
  std::signal(SIGPIPE, SIG_IGN);
#endif
  Catch::Session session;
  Catch::ConfigData config;
  config.testsOrTags.push_back(escaped(argv[1]));
  config.defaultColourMode = Catch::ColourMode::None;
  config.warnings =
      static_cast<Catch::WarnAbout::What>(Catch::WarnAbout::NoAssertions | Catch::WarnAbout::UnmatchedTestSpec);
  session.useConfigData(config);
  return session.run() == 0 ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Without arguments: every case in a process of its own, as the library's state is a program's. With arguments
// Catch2's own main; ctest names one case at a time.
#include <sys/wait.h>
#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc > 1) return Catch::Session().run(argc, argv);
  Catch::Session session;
  int failed = 0;
  int count = 0;
  for (const Catch::TestCaseHandle& test : Catch::getAllTestCasesSorted(session.config())) {
    std::string name = test.getTestCaseInfo().name;
    for (size_t at = 0; (at = name.find(',', at)) != std::string::npos; at += 2) name.insert(at, 1, '\\');
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      const char* arguments[] = {argv[0], name.c_str(), nullptr};
      return session.run(2, arguments);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ++count;
    if (status == 0) continue;
    ++failed;
    std::printf("FAILED: %s\n", name.c_str());
  }
  std::printf("%d of %d cases failed\n", failed, count);
  return failed == 0 ? 0 : 1;
}

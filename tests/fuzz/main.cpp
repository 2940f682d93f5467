// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random sequences of calls, see run.h.
//
//   random-calls [--runs N] [--seed S] [--trace 1]     a fixed set of runs; a failing one prints its seed
// With -DWPS_LIBFUZZER it's a libFuzzer target instead, for a compiler that has one.
#if !defined(WPS_LIBFUZZER)
#include <sanitizer/lsan_interface.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "run.h"

using random_calls::Run;
using random_calls::tracing;

#if defined(WPS_LIBFUZZER)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Run(data, size).go();
  return 0;
}
#else
int main(int argc, char** argv) {
  unsigned runs = 100;
  unsigned seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const unsigned value = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 0));
    if (std::strcmp(argv[i], "--runs") == 0) runs = value;
    if (std::strcmp(argv[i], "--seed") == 0) seed = value;
    if (std::strcmp(argv[i], "--trace") == 0) tracing = value != 0;
  }
  for (unsigned run = 0; run < runs; ++run) {
    std::mt19937 generator(seed + run);
    std::vector<uint8_t> bytes(200 + generator() % 4000);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(generator());
    // Each in a process of its own: what one leaves behind can't explain another.
    const pid_t child = fork();
    if (child == 0) {
      std::make_unique<Run>(bytes.data(), bytes.size())->go();
      _exit(__lsan_do_recoverable_leak_check());
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) {
      std::fprintf(stderr, "\nfailed with --seed %u --runs 1\n", seed + run);
      return 1;
    }
  }
  std::fprintf(stderr, "\n%u runs passed\n", runs);
}
#endif

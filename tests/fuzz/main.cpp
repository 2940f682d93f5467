// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random sequences of calls, see run.h.
//
//   random-calls [--runs N] [--seed S]     N runs, of seed S and those after it; without S of a fresh one, which is printed
//     --go-on 1        does the other runs, too, when one fails
//     --trace 1        prints each call
//     --reduce FILE    leaves the least bytes found that still fail as the first failing seed does in FILE
//   random-calls FILE...                   the runs of these bytes, as toolchain/fuzz and --reduce leave them
// A seed loses its meaning when the generator changes: what one shows is written down as a case in tests/faults.
// With -DWPS_LIBFUZZER it's a libFuzzer target instead.
#if !defined(WPS_LIBFUZZER)
#include <sanitizer/lsan_interface.h>
#endif
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "libc.h"
#include "run.h"

using random_calls::Run;
using random_calls::tracing;

#if defined(WPS_LIBFUZZER)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fake::reset_libc();
  auto run = std::make_unique<Run>(data, size);
  run->go();
  return 0;
}
#else
namespace {

using Bytes = std::vector<uint8_t>;
constexpr unsigned seconds_of_a_run = 30;

Bytes bytes_of(unsigned seed) {
  std::mt19937 generator(seed);
  Bytes bytes(200 + generator() % 4000);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(generator());
  return bytes;
}

// In a process of its own: what one leaves behind can't explain another. Its wait status.
int run_alone(const Bytes& bytes, const char* errors = nullptr) {
  const pid_t child = fork();
  if (child == 0) {
    if (errors != nullptr) dup2(open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    alarm(seconds_of_a_run);  // one that spins fails
    std::make_unique<Run>(bytes.data(), bytes.size())->go();
    _exit(__lsan_do_recoverable_leak_check());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// The line that says what is wrong, without addresses and numbers.
std::string kind_of(const Bytes& bytes, const std::string& file) {
  if (run_alone(bytes, file.c_str()) == 0) return "";
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("random-calls:") == std::string::npos && line.find("trap") == std::string::npos &&
        line.find("handles left") == std::string::npos && line.find("ERROR:") == std::string::npos &&
        line.find("runtime error") == std::string::npos)
      continue;
    std::string kind;
    for (const char c : line)
      if (c < '0' || c > '9') kind += c;
    return kind.substr(0, 60);
  }
  return "killed";
}

// Leaves out parts, ever smaller ones, as long as what is left fails in the same way.
Bytes reduce(Bytes bytes, const std::string& file) {
  const std::string kind = kind_of(bytes, file);
  for (size_t part = bytes.size() / 2; part > 0; part /= 2) {
    bool smaller = true;
    while (smaller) {
      smaller = false;
      for (size_t at = 0; at + part <= bytes.size();) {
        Bytes without(bytes.begin(), bytes.begin() + static_cast<long>(at));
        without.insert(without.end(), bytes.begin() + static_cast<long>(at + part), bytes.end());
        if (kind_of(without, file) == kind) {
          bytes = without;
          smaller = true;
        } else {
          at += part;
        }
      }
    }
  }
  return bytes;
}

int run_files(char** names) {
  int failed = 0;
  for (; *names != nullptr; ++names) {
    std::ifstream file(*names, std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "%s: can't be read\n", *names);
      return 2;
    }
    const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    if (run_alone(bytes) != 0) {
      std::fprintf(stderr, "\nfailed: %s\n", *names);
      failed = 1;
    }
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned runs = 100;
  unsigned seed = std::random_device()();
  bool go_on = false;
  const char* reduced = nullptr;
  int i = 1;
  for (; i + 1 < argc && std::strncmp(argv[i], "--", 2) == 0; i += 2) {
    const unsigned value = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 0));
    if (std::strcmp(argv[i], "--runs") == 0) runs = value;
    if (std::strcmp(argv[i], "--seed") == 0) seed = value;
    if (std::strcmp(argv[i], "--trace") == 0) tracing = value != 0;
    if (std::strcmp(argv[i], "--go-on") == 0) go_on = value != 0;
    if (std::strcmp(argv[i], "--reduce") == 0) reduced = argv[i + 1];
  }
  if (i < argc) return run_files(argv + i);
  std::fprintf(stderr, "%u runs from --seed %u\n", runs, seed);
  unsigned failed = 0;
  for (unsigned run = 0; run < runs && (failed == 0 || go_on); ++run) {
    const Bytes bytes = bytes_of(seed + run);
    if (run_alone(bytes) == 0) continue;
    ++failed;
    std::fprintf(stderr, "\nfailed with --seed %u --runs 1\n", seed + run);
    if (reduced == nullptr || failed > 1) continue;
    const Bytes least = reduce(bytes, std::string(reduced) + ".output");
    std::ofstream(reduced, std::ios::binary)
        .write(reinterpret_cast<const char*>(least.data()), static_cast<long>(least.size()));
  }
  if (failed == 0) std::fprintf(stderr, "\n%u runs passed\n", runs);
  return failed == 0 ? 0 : 1;
}
#endif

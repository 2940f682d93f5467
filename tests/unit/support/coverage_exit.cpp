// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes down what gcov has counted before a process ends by _exit; linked by toolchain/coverage's build alone.
extern "C" void __gcov_dump();
extern "C" [[noreturn]] void __real__exit(int status);

extern "C" [[noreturn]] void __wrap__exit(int status) {
  __gcov_dump();
  __real__exit(status);
}

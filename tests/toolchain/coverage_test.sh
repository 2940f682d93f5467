# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/coverage: what it makes of gcov's counts, and the floors.

# A copy whose library is one file; its "programs" are compiled here, and cmake and the tests are done without.
copy_coverage() {
  mkdir -p copy/toolchain copy/tests copy/libc-shim/wait copy/libc-shim/compat copy/build/coverage fake
  cp "$root/toolchain/coverage" copy/toolchain/
  sed -i 's/^    measure(runs)$/    pass/' copy/toolchain/coverage
  printf '%s\n' 'int main(int argc, char**) {' '  if (argc > 1)' '    return 0;' '  int sum = 0;' \
    '  for (int i = 0; i < 3; ++i) sum += i;' '  return sum == 3 ? 0 : 1;' '}' >copy/libc-shim/wait/one.cpp
  printf 'int never() { return 1; }\n' >copy/libc-shim/wait/unlinked.cpp
  printf 'int other() { return 1; }\n' >copy/libc-shim/compat/foreign.cpp
  (cd copy/build/coverage && g++ -O0 --coverage -c ../../libc-shim/wait/one.cpp ../../libc-shim/wait/unlinked.cpp &&
    g++ --coverage one.o -o one && ./one)
}
case_counts_lines_and_branches() {
  copy_coverage
  python3 copy/toolchain/coverage --files >out
  grep -E 'one\.cpp +6 +83\.3 % +4 +75\.0 %' out || fail "$(cat out)"
  grep -E 'unlinked\.cpp +1 +0\.0 %' out
  grep -E '^wait +7 +71\.4 %' out
  expect_text out 'not built natively: 1 files of compat'
  expect_equal "$(python3 copy/toolchain/coverage --lines wait/one.cpp)" '3:     return 0;'
}
case_floors_are_checked() {
  copy_coverage
  printf 'wait 71 60\nall 71 60\n' >copy/tests/coverage.list
  expect_status 0 python3 copy/toolchain/coverage --check
  printf 'wait 72 60\nall 71 60\n' >copy/tests/coverage.list
  expect_status 1 python3 copy/toolchain/coverage --check
  expect_text out 'wait: 71.4 % of the lines are reached; the floor is 72.0 %'
  printf 'wait 71 80\nall 71 60\n' >copy/tests/coverage.list
  expect_status 1 python3 copy/toolchain/coverage --check
  expect_text out 'of the branches are reached'
}
case_every_folder_has_a_floor() {
  copy_coverage
  printf 'all 1 1\n' >copy/tests/coverage.list
  expect_status 1 python3 copy/toolchain/coverage --check
  expect_text out 'wait: it has no floor'
  printf 'wait 1 1\nall 1 1\ngone 1 1\n' >copy/tests/coverage.list
  expect_status 1 python3 copy/toolchain/coverage --check
  expect_text out 'gone: there is no such folder'
}

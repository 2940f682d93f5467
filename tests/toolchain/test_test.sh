# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/test: which tests it runs, and which of them a second time. The cases use a copy beside fakes of what it calls.

# A ctest that writes down its arguments, and fails the tests of $failing when first called.
copy_test() {
  mkdir -p copy/toolchain copy/tests/conformance/support copy/.toolchain/venv/bin copy/build/native/Testing/Temporary fake
  cp "$root/toolchain/test" copy/toolchain/
  cp "$root/tests/repeat.py" copy/tests/
  printf '#!/bin/sh\n' >copy/toolchain/build
  printf 'print("wasmtime-49\\nwasmtime-47")\n' >copy/tests/conformance/support/hosts.py
  printf '*/known to fail | the kernel may be busy then\n' >copy/tests/repeat.list
  ln -s "$root/.toolchain/venv/bin/python" copy/.toolchain/venv/bin/python
  cat >fake/ctest <<'CTEST'
#!/bin/bash
printf '<%s>' "$@" >>called
echo >>called
log=copy/build/native/Testing/Temporary/LastTestsFailed.log
rm -f "$log"
((${#failing} == 0)) && exit 0
[[ $* == *--rerun-failed* && -z ${always:-} ]] && exit 0
number=0
while read -rd , name; do printf '%s:%s\n' $((++number)) "$name" >>"$log"; done <<<"$failing,"
echo "75% tests passed, $number tests failed out of 8"
exit 8
CTEST
  chmod +x fake/ctest copy/toolchain/build
  PATH=$PWD/fake:$PATH
  export failing='' always=''
}

case_runs_the_default_host() {
  copy_test
  expect_status 0 copy/toolchain/test -R some
  expect_text called '<-LE><^(slow|wasmtime-47)$><-R><some>'
  expect_equal "$(wc -l <called)" 1
}
case_runs_another_host() {
  copy_test
  expect_status 0 copy/toolchain/test --host wasmtime-47
  expect_text called '<-LE><^(slow|wasmtime-49)$>'
  expect_status 2 copy/toolchain/test --host=wasmer
  expect_text err 'wasmtime-49 wasmtime-47'
}
case_runs_every_host() {
  copy_test
  expect_status 0 copy/toolchain/test --axes
  expect_text called '<-LE><^(slow)$>'
}
case_runs_everything() {
  copy_test
  expect_status 0 copy/toolchain/test --all
  expect_no_text called '-LE'
}
case_takes_nothing_for_a_failure_but_what_is_listed() {
  copy_test
  failing='wasm32-wasi/known to fail,linux/another' expect_status 8 copy/toolchain/test
  expect_text out 'not in tests/repeat.list: linux/another'
  expect_equal "$(wc -l <called)" 1
  expect_no_text called repeat
}
case_repeats_what_is_listed_once() {
  copy_test
  failing='wasm32-wasi/known to fail,linux/known to fail' expect_status 0 copy/toolchain/test
  expect_text out 'linux/known to fail is run again: the kernel may be busy then'
  expect_equal "$(wc -l <called)" 2
  expect_text called '<--rerun-failed>'
  expect_equal "$(tail -n 1 out)" '100% tests passed, 0 tests failed out of 8 (2 when run again)'
  rm called
  failing='linux/known to fail' always=1 expect_status 8 copy/toolchain/test
  expect_no_text out 'when run again'
  expect_equal "$(wc -l <called)" 2
}

# ---- the list itself ----------------------------------------------------------------------------------------------
# A ctest that knows these tests.
tests_are() { # name...
  mkdir -p fake copy
  cp "$root/tests/repeat.py" copy/
  printf '{"tests": [' >listing
  local name separator=
  for name; do
    printf '%s{"name": "%s"}' "$separator" "$name" >>listing
    separator=,
  done
  printf ']}' >>listing
  printf '#!/bin/sh\ncat listing\n' >fake/ctest
  chmod +x fake/ctest
  PATH=$PWD/fake:$PATH
}
expect_list() { # status, text of the list
  printf '%s\n' "$2" >copy/repeat.list
  expect_status "$1" python3 copy/repeat.py check nowhere
}

case_list_needs_reasons() {
  tests_are linux/one
  expect_list 0 'linux/one | the kernel may be busy then'
  expect_list 1 'linux/one'
  expect_text err 'wanted is NAME'
  expect_list 1 'linux/one | busy'
}
case_list_names_tests_that_there_are() {
  tests_are linux/one wasm32-wasi/one
  expect_list 0 '*/one | the kernel may be busy then'
  expect_list 1 'linux/two | the kernel may be busy then'
  expect_text out 'no test is called linux/two'
  expect_list 1 $'linux/one | the kernel may be busy then\nlinux/* | the kernel may be busy then'
  expect_text out 'in two entries'
}
case_list_stays_short() {
  local number lines=
  # shellcheck disable=SC2046
  tests_are $(seq -f 'linux/%g' 20)
  expect_list 1 'linux/* | the kernel may be busy then'
  expect_text out 'more than 10'
  for number in $(seq 13); do lines+="linux/$number | the kernel may be busy then"$'\n'; done
  expect_list 1 "$lines"
  expect_text out '13 entries'
}

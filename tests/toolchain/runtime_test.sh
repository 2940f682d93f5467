# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-run: which runtime it takes, how quickly it starts, and what it keeps.

# shellcheck source=/dev/null
. "$here/runner_help.sh"

case_wasmtime_on_path_comes_first() {
  fake_wasmtime 48.0.0
  guest
  PATH=$PWD/fake:$PATH "$run" --dir=.::/d --env=A=b guest.wasm x 'y z' >out
  expect_text out '<run>'
  expect_text out 'inherit-network=y'
  expect_text out 'allow-ip-name-lookup=y'
  expect_text out '<--dir=.::/d>'
  expect_text out '<--env=A=b>'
  expect_text out '<guest.wasm><x><y z>'
  PATH=$PWD/fake:$PATH "$run" --no-network guest.wasm >out
  expect_text out 'inherit-network=n'
}

case_old_wasmtime_is_passed_over() {
  fake_wasmtime 29.0.1
  guest
  expect_equal "$(PATH=$PWD/fake:$PATH "$run" guest.wasm x)" '[x]'
  PATH=$PWD/fake:$PATH WASI_POSIX_RUNTIME=wasmtime expect_status 125 "$run" guest.wasm x
  expect_text err 'no wasmtime of version'
}

# A prefix of its own, where a command that only says so is what set-up installed; and a cache of its own.
own_prefix() {
  local share=prefix/share/wasi-posix-sockets
  mkdir -p prefix/bin "$share/wasmtime-49" cache
  cp "$run" prefix/bin/
  cp "$top"/toolchain/lib/wasi_posix_*.py "$share/"
  ln -s "$top/.toolchain/venv" "$share/venv"
  printf '#!/bin/sh\necho that of set-up "$1"\n' >"$share/wasmtime-49/wasmtime"
  chmod +x "$share/wasmtime-49/wasmtime"
  export XDG_CACHE_HOME=$PWD/cache
}
# PATH without whatever wasmtime this machine has.
no_wasmtime_on_path() {
  local folder kept=
  while IFS= read -rd : folder; do
    [[ -x $folder/wasmtime ]] || kept+=${kept:+:}$folder
  done <<<"$PATH:"
  PATH=$kept
}

case_which_runtime() {
  own_prefix
  fake_wasmtime 48.0.0
  guest
  no_wasmtime_on_path
  local installed=prefix/share/wasi-posix-sockets/wasmtime-49/wasmtime with_fake=$PWD/fake:$PATH
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" 'that of set-up run'
  PATH=$with_fake prefix/bin/wasi-posix-run guest.wasm x >out
  expect_text out '<run>'
  expect_equal "$(PATH=$with_fake WASI_POSIX_RUNTIME=cli prefix/bin/wasi-posix-run guest.wasm x)" 'that of set-up run'
  expect_equal "$(PATH=$with_fake WASI_POSIX_RUNTIME=wheel prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  WASI_POSIX_RUNTIME=$PWD/fake/wasmtime prefix/bin/wasi-posix-run guest.wasm x >out
  expect_text out '<run>'
  WASI_POSIX_RUNTIME=wasmtime expect_status 125 prefix/bin/wasi-posix-run guest.wasm x
  expect_text err 'no wasmtime on PATH'
  # A command that can't be run isn't there: then the wheel serves.
  chmod -x "$installed"
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  WASI_POSIX_RUNTIME=cli expect_status 125 prefix/bin/wasi-posix-run guest.wasm x
  expect_text err 'installed no wasmtime command'
  WASI_POSIX_RUNTIME=wasmer expect_status 2 prefix/bin/wasi-posix-run guest.wasm x
  expect_text err 'wasmtime, cli, wheel'
}

case_says_which_runtime_it_takes() {
  own_prefix
  fake_wasmtime 48.0.0
  no_wasmtime_on_path
  expect_equal "$(WASI_POSIX_RUNTIME=wheel "$run" --which | cut -d, -f1)" "wasmtime $(
    "$top/.toolchain/venv/bin/python" -c 'import importlib.metadata as m; print(m.version("wasmtime"))')"
  expect_text <(WASI_POSIX_RUNTIME=wheel "$run" --which) 'the wheel'
  expect_equal "$(PATH=$PWD/fake:$PATH "$run" --which)" "wasmtime 48.0.0, the command $PWD/fake/wasmtime"
  expect_text <(prefix/bin/wasi-posix-run --which) 'wasmtime-49/wasmtime'
}

# What the runner itself costs beside its runtime, in time on the processor, as tests run on busy machines too.
case_starts_quickly() {
  local command
  command=$(compgen -G "$top/.toolchain/wasmtime-*/wasmtime") || return 0
  guest
  python3 - "$run" "$command" <<'PYTHON'
import os, resource, subprocess, sys
run, command = sys.argv[1:]
def cost(*words):
    """Milliseconds of the cheapest of 15 runs."""
    best = 1e9
    for _ in range(15):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, WASI_POSIX_RUNTIME="cli"))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return best
alone = cost(command, "run", "-C", "cache=y", "-W", "exceptions=y", "guest.wasm", "hello")
ours = cost(run, "guest.wasm", "hello")
print(f"{ours:.1f} ms, of which the runtime takes {alone:.1f}")
assert ours - alone < 20, "the runner takes longer than 20 ms"
PYTHON
}

# wasmtime refuses to start where it can't make its cache; ours is another, and can be done without.
case_command_needs_no_home() {
  local command
  command=$(compgen -G "$top/.toolchain/wasmtime-*/wasmtime") || return 0
  own_prefix
  guest
  export WASI_POSIX_RUNTIME=$command HOME=/proc
  expect_status 3 prefix/bin/wasi-posix-run guest.wasm exit 3
  expect_equal "$(cat err)" ''
  # What was compiled is used: it is many times as quick.
  [[ -n $(find cache/wasi-posix-sockets/wasmtime/modules -type f -size +100k) ]] || fail "nothing was kept"
  expect_equal "$("$run" --inherit-env guest.wasm env XDG_CACHE_HOME)" "$PWD/cache" # the guest's is that of the caller
  XDG_CACHE_HOME=/proc expect_status 3 prefix/bin/wasi-posix-run guest.wasm exit 3
  expect_equal "$(cat err)" ''
}

case_cache_is_used_and_survives_damage() {
  own_prefix
  export WASI_POSIX_RUNTIME=wheel
  guest
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  local compiled
  compiled=$(echo cache/wasi-posix-sockets/*.cwasm)
  [[ -s $compiled ]]
  touch -d '2001-01-01' "$compiled"
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  [[ -n $(find "$compiled" -newermt 2002-01-01) ]] || fail "the compiled component was not used"
  echo damaged >"$compiled"
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  chmod -w cache/wasi-posix-sockets
  "$cc" -O0 "$sources/guest.c" -o guest.wasm
  expect_equal "$(prefix/bin/wasi-posix-run guest.wasm x)" '[x]'
  chmod +w cache/wasi-posix-sockets
}

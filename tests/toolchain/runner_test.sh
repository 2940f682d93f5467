# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-run: arguments, streams, exit statuses, signals.

# The wheel is always there, the command that set-up installs nearly everywhere; one on PATH is tested besides them.
runtimes=(wheel)
if compgen -G "$top/.toolchain/wasmtime-*/wasmtime" >/dev/null; then runtimes+=(cli); fi
if command -v wasmtime >/dev/null; then runtimes+=(wasmtime); fi

# shellcheck source=/dev/null
. "$here/runner_help.sh"

# Runs a check with each runtime and each target.
everywhere() {
  local target
  for target in wasm32-wasi wasm32-wasip2; do
    guest "$target"
    for WASI_POSIX_RUNTIME in "${runtimes[@]}"; do
      export WASI_POSIX_RUNTIME
      "$@"
    done
  done
}

case_arguments() {
  everywhere expect_arguments
}
expect_arguments() {
  expect_equal "$("$run" guest.wasm a 'b c' '' --dir=x --help -- '*')" '[a][b c][][--dir=x][--help][--][*]'
  expect_equal "$("$run" -- guest.wasm a)" '[a]'
  expect_equal "$("$run" guest.wasm)" ''
}

case_status_of_exit() {
  everywhere expect_statuses exit
}
case_status_of_underscore_exit() {
  everywhere expect_statuses _exit
}
case_status_of_return_from_main() {
  everywhere expect_statuses return
}
expect_statuses() { # verb
  local status
  for status in 0 1 2 3 42 125 255 256 257 -1 -2; do
    expect_status $((status & 255)) "$run" guest.wasm "$1" "$status"
    expect_equal "$(cat err)" ''
  done
  expect_status 1 "$run" guest.wasm "$1" 257
}

case_trap_is_134() {
  everywhere expect_trap trap
}
case_abort_is_134() {
  everywhere expect_trap abort
}
expect_trap() {
  expect_status 134 "$run" guest.wasm "$1"
  expect_text err unreachable
  expect_text err 'guest.wasm!main'
}

case_argument_that_is_not_utf8() {
  guest
  expect_status 125 "$run" guest.wasm $'\xff'
  expect_text err 'UTF-8'
}

# A closed descriptor must not become a file of the runner's.
case_closed_streams() {
  printf '%s\n' '#include <unistd.h>' 'int main(void) { char c; return read(0, &c, 1) == 1 ? 9 : 3; }' >closed.c
  "$cc" closed.c -o closed.wasm
  local status=0
  "$run" closed.wasm <&- || status=$?
  expect_equal "$status" 3
  status=0
  "$run" closed.wasm <&- >&- 2>&- || status=$?
  expect_equal "$status" 3
}

case_stdin_and_stdout_in_a_pipeline() {
  everywhere expect_pipeline
}
expect_pipeline() {
  expect_equal "$(printf 'some words\nmore\n' | "$run" guest.wasm upper | tr O 0)" $'S0ME W0RDS\nM0RE'
  expect_equal "$("$run" guest.wasm upper </dev/null)" ''
  head -c 300000 /dev/zero | tr '\0' x >big
  expect_equal "$("$run" guest.wasm upper <big | tr X x | cmp - big && echo same)" same
}

case_stderr_is_apart() {
  everywhere expect_stderr
}
expect_stderr() {
  expect_status 0 "$run" guest.wasm complain loudly
  expect_equal "$(cat out)" ''
  expect_equal "$(cat err)" loudly
}

case_environment() {
  everywhere expect_environment
}
expect_environment() {
  expect_equal "$("$run" --env=A=1 --env 'B=two words' guest.wasm env B)" 'two words'
  expect_equal "$("$run" --env=A=1 --env=A=2 guest.wasm env A)" 2
  expect_equal "$("$run" --env=A= guest.wasm env A)" ''
  expect_equal "$(OURS=x "$run" guest.wasm env OURS)" '(unset)'
  expect_equal "$(OURS=x "$run" --env=OURS guest.wasm env OURS)" x
  expect_equal "$(OURS=x "$run" --inherit-env guest.wasm env OURS)" x
  expect_equal "$(OURS=x "$run" --inherit-env --env=OURS=y guest.wasm env OURS)" y
}

case_folders() {
  mkdir -p one two
  echo first >one/file
  echo second >two/file
  everywhere expect_folders
}
expect_folders() {
  expect_equal "$("$run" --dir=one::/data guest.wasm print /data/file)" first
  expect_equal "$("$run" --dir=one::/a --dir two::/b guest.wasm print /b/file)" second
  expect_equal "$("$run" --dir=one guest.wasm print one/file)" first
  expect_equal "$("$run" --dir="$PWD/two" guest.wasm print "$PWD/two/file")" second
  expect_equal "$("$run" --dir=. guest.wasm print two/file)" second
  expect_status 1 "$run" guest.wasm print one/file
  expect_status 0 "$run" --dir=one::/data guest.wasm write /data/new
  expect_equal "$(cat one/new)" 'written by the guest'
  rm one/new
}

case_network_is_on() {
  local target
  for target in wasm32-wasi wasm32-wasip2; do
    "$cc" "--target=$target" "$sources/echo_self.c" -o echo.wasm
    for WASI_POSIX_RUNTIME in "${runtimes[@]}"; do
      export WASI_POSIX_RUNTIME
      expect_equal "$("$run" echo.wasm)" 'over the wire'
    done
  done
}

case_refused_network_is_explained_in_one_line() {
  "$cc" "$sources/echo_self.c" -o echo.wasm
  for WASI_POSIX_RUNTIME in "${runtimes[@]}"; do
    export WASI_POSIX_RUNTIME
    expect_status 3 "$run" --no-network echo.wasm
    expect_equal "$(grep -c 'ran without network' err)" 1
    expect_text err '--no-network'
    WASI_POSIX_NETWORK=off expect_status 3 "$run" echo.wasm
    expect_text err 'WASI_POSIX_NETWORK=off'
  done
}

case_refused_network_is_no_matter_to_a_success() {
  guest
  expect_status 0 "$run" --no-network guest.wasm hello
  expect_equal "$(cat err)" ''
}

# Starts a sleeping guest with signals as a shell gives them to a foreground job, sends it one, and prints its status.
signalled() { # signal
  python3 - "$run" "$1" <<'PYTHON'
import os, signal, subprocess, sys
run, name = sys.argv[1:]
def foreground():
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
guest = subprocess.Popen([run, "guest.wasm", "sleep", "60"], stdout=subprocess.PIPE, preexec_fn=foreground)
assert guest.stdout.readline() == b"sleeping\n"
guest.send_signal(getattr(signal, name))
status = guest.wait(30)
assert guest.stdout.read() == b""  # nobody holds the pipe any more: the guest ended, too
print(status)
PYTHON
}
case_signals_end_it() {
  everywhere expect_signals
}
expect_signals() {
  local folder=$work/tmp
  mkdir -p "$folder"
  expect_equal "$(TMPDIR=$folder signalled SIGTERM)" -15
  expect_equal "$(TMPDIR=$folder signalled SIGINT)" -2
  expect_equal "$(TMPDIR=$folder signalled SIGHUP)" -1
  expect_equal "$(ls -A "$folder")" ''
}
case_killed_runner_takes_its_guest_along() {
  everywhere expect_killed
}
expect_killed() { expect_equal "$(signalled SIGKILL)" -9; }

case_control_c_on_a_terminal() {
  guest
  python3 - "$run" <<'PYTHON'
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], [sys.argv[1], "guest.wasm", "sleep", "60"])
seen = b""
while b"sleeping" not in seen:
    seen += os.read(terminal, 100)
os.write(terminal, b"\x03")
status = os.waitpid(child, 0)[1]
assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == 2, status
PYTHON
}

case_leaves_no_temporary_files() {
  guest
  mkdir tmp
  TMPDIR=$PWD/tmp expect_status 3 "$run" guest.wasm exit 3
  TMPDIR=$PWD/tmp expect_status 134 "$run" guest.wasm trap
  expect_equal "$(ls -A tmp)" ''
}

case_missing_file_is_127() {
  expect_status 127 "$run" nowhere.wasm
  expect_text err 'nowhere.wasm: no such file'
}

case_file_that_is_no_component() {
  echo 'no wasm' >text.wasm
  WASI_POSIX_RUNTIME=wheel expect_status 125 "$run" text.wasm
  expect_text err 'not a component'
  "$cc" -nostdlib -Wl,--no-entry,--skip-wit-component "$sources/hello.c" -Wl,--allow-undefined -o module.wasm
  WASI_POSIX_RUNTIME=wheel expect_status 125 "$run" module.wasm
  expect_text err 'module.wasm'
}

case_unknown_option() {
  expect_status 2 "$run" --colour=blue app.wasm
  expect_text err --colour=blue
  expect_status 2 "$run"
  expect_text err usage
}
case_missing_folder() {
  guest
  expect_status 125 "$run" --dir=nowhere guest.wasm
  expect_text err 'nowhere'
}
case_help() {
  expect_status 0 "$run" --help
  expect_text out '--dir=HOST[::GUEST]'
}

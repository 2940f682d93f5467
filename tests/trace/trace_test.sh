# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-cc --trace-sockets: what the trace shows, where it goes, and that nothing of it is there without the switch.

targets=(wasm32-wasi wasm32-wasip2)
here=$top/tests/trace

# Lines of the trace without what differs from run to run: ports, pointers, durations, host calls.
normalised() {
  sed -E 's/ \[[a-z][^]]*\]$//; s/ <[0-9]+\.[0-9]{6}>$//; s/htons\([1-9][0-9]{3,4}\)/htons(PORT)/g; s/0x[0-9a-f]{4,}/POINTER/g
    /^eventfd\(0, 0\)/d' "$1"
}
traced() { # target, source, output, further arguments
  local target=$1 source=$2 output=$3
  shift 3
  "$cc" "--target=$target" -D_GNU_SOURCE --trace-sockets "$@" "$source" -o "$output"
}

case_calls_are_shown_decoded() {
  local target
  for target in "${targets[@]}"; do
    traced "$target" "$here/sources/calls.c" calls.wasm
    "$run" calls.wasm >out 2>err
    expect_equal "$(tail -n 1 out)" end
    normalised err | diff -u "$here/calls.expected" -
  done
}

case_the_program_sees_no_difference() {
  local target
  for target in "${targets[@]}"; do
    traced "$target" "$here/sources/calls.c" traced.wasm
    "$cc" "--target=$target" -D_GNU_SOURCE "$here/sources/calls.c" -o plain.wasm
    "$run" traced.wasm >traced.out 2>traced.err
    "$run" plain.wasm >plain.out 2>plain.err
    cmp traced.out plain.out
    [[ ! -s plain.err ]] || fail "the program writes to standard error by itself"
  done
}

case_host_calls_and_durations_stand_behind() {
  local target
  for target in "${targets[@]}"; do
    traced "$target" "$here/sources/calls.c" calls.wasm
    "$run" calls.wasm >out 2>err
    grep -qE '^socket\(AF_INET, SOCK_STREAM, IPPROTO_TCP\) = [0-9]+ <0\.[0-9]{6}> \[create-tcp-socket\]$' err
    grep -qE '^connect\(11, .* = 0 <.*> \[.*tcp-socket\.start-connect.*tcp-socket\.finish-connect.*\]$' err
    grep -qE '^write\(12, .* \[.*output-stream\.write = 49\]$' err
    grep -qE '^read\(11, 0x.* EAGAIN .* \[.*input-stream\.read = 0.*\]$' err
    grep -qE '^sendto\(10, .* \[.*outgoing-datagram-stream\.send = 1[],]' err
    # What the library knows without the host.
    grep -qE '^setsockopt\(10, SOL_SOCKET, SO_REUSEADDR, \[1\], 4\) = 0 <[0-9.]+>$' err
    if grep -vE '^#' err | grep -vE ' <[0-9]+\.[0-9]{6}>( \[[^]]*\])?$'; then fail "a line of another form"; fi
  done
}

case_the_trace_goes_to_the_named_file() {
  local target
  for target in "${targets[@]}"; do
    rm -rf here
    mkdir here
    traced "$target" "$here/sources/numbers.c" traced.wasm
    "$cc" "--target=$target" "$here/sources/numbers.c" -o plain.wasm
    "$run" --dir=here::/here plain.wasm >plain.out 2>plain.err
    "$run" --dir=here::/here --env=WASI_POSIX_TRACE=/here/trace traced.wasm >traced.out 2>traced.err
    # The file costs the program no descriptor number, and no close() of its own closes it.
    diff plain.out traced.out
    [[ ! -s traced.err ]] || fail "something went to standard error"
    expect_equal "$(grep -c '^socket(' here/trace)" 3
    # A second run begins anew.
    "$run" --dir=here::/here --env=WASI_POSIX_TRACE=/here/trace traced.wasm >traced.out
    expect_equal "$(grep -c '^socket(' here/trace)" 3
  done
}

case_a_file_that_cannot_be_opened_is_told() {
  local target
  for target in "${targets[@]}"; do
    traced "$target" "$here/sources/calls.c" calls.wasm
    "$run" --env=WASI_POSIX_TRACE=/nowhere/trace calls.wasm >out 2>err
    expect_equal "$(grep -c '^# ' err)" 1
    expect_text err "# WASI_POSIX_TRACE can't be opened (is its folder granted?): the trace goes here: /nowhere/trace"
    expect_text err 'socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 11'
  done
}

case_a_call_that_waits_shows_its_beginning() {
  local target process
  for target in "${targets[@]}"; do
    traced "$target" "$here/sources/accept.c" accept.wasm
    : >"err.$target"
    "$run" accept.wasm >out 2>"err.$target" &
    process=$!
    wait_until grep -q '^accept(' "err.$target"
    kill "$process"
    wait "$process" || true
    expect_equal "$(tail -n 1 "err.$target" | sed 's/[0-9]*$//')" 'accept('
  done
}

case_a_denied_network_is_eacces_and_tells_the_flag_once() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$here/sources/denied.c" -o plain.wasm
    "$run" --no-network plain.wasm >out 2>err
    expect_no_text out 'another'
    expect_equal "$(sort -u out | tr '\n' '.')" 'bind: EACCES.connect: EACCES.getaddrinfo: refused.'
    if grep -v '^wasi-posix-run: ' err; then fail "a guest without the trace writes to standard error"; fi
    traced "$target" "$here/sources/denied.c" traced.wasm
    "$run" --no-network traced.wasm >traced.out 2>err
    diff out traced.out
    expect_text err 'EACCES (Permission denied)'
    expect_text err '= access-denied]'
    expect_equal "$(grep -c '^# The host denied this. It is granted by: wasmtime run .*-S inherit-network' err)" 1
    expect_equal "$(grep -c '^# The host denied this. It is granted by: wasmtime run -S allow-ip-name-lookup' err)" 1
    expect_equal "$(grep -c '^# ' err)" 2
    "$run" traced.wasm >out 2>err || true
    expect_no_text err '# '
  done
}

case_without_the_switch_there_is_nothing_of_it() {
  local target library
  for target in "${targets[@]}"; do
    library=$top/build/$target/lib
    "$cc" "--target=$target" -D_GNU_SOURCE "$here/sources/calls.c" -o plain.wasm
    # The same to the byte from a library that never had a trace beside it
    # (the component has its file's name in it).
    rm -rf alone
    mkdir alone
    cp "$library/libposix-sockets.a" alone/
    mv plain.wasm beside.wasm
    "$cc" "--target=$target" -D_GNU_SOURCE -Lalone "$here/sources/calls.c" -o plain.wasm
    cmp beside.wasm plain.wasm
    if grep -qE 'WASI_POSIX_TRACE|wps_untraced|__wrap_wps_' plain.wasm; then fail "$target: something of the trace"; fi
    if grep -qE 'WASI_POSIX_TRACE|wps_untraced|__wrap_wps_' "$library/libposix-sockets.a"; then
      fail "$target: something of the trace in the library"
    fi
    traced "$target" "$here/sources/calls.c" traced.wasm
    grep -q 'WASI_POSIX_TRACE' traced.wasm
  done
}

case_the_switch_fits_every_way_of_building() {
  local target
  cp "$here/sources/calls.c" calls.cpp
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" -D_GNU_SOURCE --trace-sockets -Werror -c "$here/sources/calls.c" -o calls.o 2>err
    [[ ! -s err ]] || fail "compiling complains"
    "$cc" "--target=$target" --trace-sockets calls.o -o calls.wasm
    "$run" calls.wasm >out 2>err
    normalised err | diff -u "$here/calls.expected" -
    traced "$target" "$here/sources/calls.c" lto.wasm -O2 -flto
    "$run" lto.wasm >out 2>err
    normalised err | diff -u "$here/calls.expected" -
  done
}

# One call of each file of the trace alone: what the others need isn't in the link then.
case_a_program_with_few_calls_links() {
  local target call
  for target in "${targets[@]}"; do
    for call in 'socket(AF_INET, SOCK_STREAM, 0)' 'pipe(ends)' 'epoll_create1(0)' 'poll(0, 0, 0)' 'sendfile(1, 2, 0, 0)' \
      'recvmmsg(1, 0, 0, 0, 0)' 'getaddrinfo(0, 0, 0, 0)' 'close(99)' 'setsockopt(9, 0, 0, 0, 0)' 'getpid()'; do
      cat >few.c <<SOURCE
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  int ends[2];
  (void)ends;
  (void)$call;
  return 0;
}
SOURCE
      traced "$target" few.c few.wasm
      "$run" few.wasm 2>err || fail "$target: $call"
    done
  done
}

case_every_import_is_shown() {
  grep -ohE '\bwps_[a-z_0-9]+\(' "$top/wit-bindings/0.2/raw.h" "$top/wit-bindings/0.2/drops.h" | tr -d '(' | sort >imports
  sed -nE 's/^[A-Z]+\(([a-z_0-9]+).*/wps_\1/p' "$top/libc-shim/trace/host_calls.def" | sort >shown
  [[ -s imports ]]
  diff imports shown
}

# Each call that makes, uses or waits for a socket; the rest of the wrapped names are files' and databases'.
case_every_socket_call_is_shown() {
  local name
  sed -nE 's/^CALL\(([a-z_0-9]+)\)/\1/p' "$top/libc-shim/trace/calls.def" >shown
  for name in socket bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt read readv \
    recv recvfrom recvmsg recvmmsg write writev send sendto sendmsg sendmmsg sendfile close dup dup2 dup3 fcntl ioctl poll \
    ppoll select pselect epoll_ctl epoll_wait epoll_pwait epoll_pwait2 socketpair pipe pipe2 getaddrinfo getnameinfo; do
    grep -qx "$name" shown || fail "$name isn't in calls.def"
  done
  # What calls.def promises is there.
  "$top/.toolchain/wasi-sdk/bin/llvm-nm" --defined-only --extern-only "$top/build/wasm32-wasi/lib/libposix-sockets-trace.a" \
    >symbols 2>/dev/null
  while read -r name; do
    grep -q " __wrap_$name\$" symbols || fail "the trace has no $name"
  done <shown
}

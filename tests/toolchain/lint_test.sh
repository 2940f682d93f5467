# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/lint finds what it is there for. Each case makes a small tree of its own.

spdx='// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception'

tree() {
  mkdir -p tree/toolchain/lib tree/libc-shim/{api,fd,tcp,wait,support,names,trace} tree/wit-bindings
  cp "$root/toolchain/lint" tree/toolchain/
  cp "$root"/toolchain/lib/lint_*.py tree/toolchain/lib/
  cd tree
  git init -q .
  printf 'out\nerr\n' >.git/info/exclude # what the checks of these cases write
  source_file libc-shim/api/poll.cpp 'fd/table.h'
  source_file libc-shim/fd/table.h 'tcp/socket.h'
  source_file libc-shim/tcp/socket.h 'wait/wait.h'
  source_file libc-shim/wait/wait.h 'wit-bindings/io.h'
  source_file wit-bindings/io.h 'support/result.h'
  source_file libc-shim/support/result.h
  source_file libc-shim/trace/line.h 'fd/table.h'
}
source_file() { # path, included...
  local path=$1 included
  shift
  echo "$spdx" >"$path"
  for included; do echo "#include \"$included\"" >>"$path"; done
}

case_downward_includes_are_fine() {
  tree
  expect_status 0 toolchain/lint layers heads names
}

case_upward_include_is_found() {
  local path included
  tree
  while read -r path included; do
    source_file "$path" "$included"
    expect_status 1 toolchain/lint layers
    expect_text err "$path:2: includes"
    expect_text err 'a layer above'
    rm "$path"
  done <<'UPWARD'
libc-shim/wait/bad.cpp tcp/socket.h
libc-shim/tcp/bad.cpp fd/table.h
libc-shim/names/bad.cpp fd/table.h
libc-shim/tcp/bad.cpp ../fd/table.h
wit-bindings/bad.cpp wait/wait.h
libc-shim/support/bad.h wit-bindings/io.h
libc-shim/api/bad.cpp trace/line.h
UPWARD
  expect_status 0 toolchain/lint layers
}

case_include_of_nothing_is_found() {
  tree
  source_file libc-shim/api/bad.cpp 'api/nowhere.h'
  expect_status 1 toolchain/lint layers
  expect_text err 'which is nowhere'
}

case_missing_licence_line_is_found() {
  tree
  echo 'int x;' >libc-shim/api/bad.cpp
  expect_status 1 toolchain/lint heads
  expect_text err 'libc-shim/api/bad.cpp: no SPDX line'
}

case_foreign_host_and_machine_path_are_found() {
  tree
  printf 'see https://%s/pool\n' registry.somewhere.test >notes.md
  expect_status 1 toolchain/lint names
  expect_text err 'the host registry.somewhere.test is named'
  printf 'in /%s/me/project\n' root >notes.md
  expect_status 1 toolchain/lint names
  expect_text err 'a path of one machine'
  printf 'see https://www.rfc-editor.org/rfc/rfc9293 and run it at /opt/x\n' >notes.md
  expect_status 0 toolchain/lint names
}
case_link_to_nowhere_is_found() {
  tree
  printf '[here](libc-shim/api/poll.cpp), [there](https://www.rfc-editor.org/) and [below](#below)\n' >notes.md
  expect_status 0 toolchain/lint names
  printf '\n[gone](libc-shim/gone.cpp)\n' >>notes.md
  expect_status 1 toolchain/lint names
  expect_text err 'notes.md:3: the link to libc-shim/gone.cpp leads nowhere'
}

# Nothing of the compiler's is needed: the tools of the tree's .toolchain are the checkout's.
objects() { # the objects of all sources of the tree
  local source
  ln -s "$root/.toolchain" .toolchain
  for source in libc-shim/*/*.cpp wit-bindings/*.cpp; do
    mkdir -p "build/wasm32-wasi/CMakeFiles/posix-sockets.dir/$(dirname "$source")"
    .toolchain/wasi-sdk/bin/clang++ --target=wasm32-wasip1 -c "$source" -o "build/wasm32-wasi/CMakeFiles/posix-sockets.dir/$source.o"
  done
}
case_upward_call_is_found() {
  tree
  printf '%s\nint f(); int g() { return f(); }\n' "$spdx" >libc-shim/api/up.cpp
  printf '%s\nint f() { return 1; }\n' "$spdx" >libc-shim/tcp/down.cpp
  printf '%s\nextern "C" int close(int);\nint h() { return close(1); }\n' "$spdx" >libc-shim/fd/close.cpp
  printf '%s\n' "$spdx" >wit-bindings/none.cpp
  printf '%s\n' "$spdx" >libc-shim/api/poll.cpp
  objects
  expect_status 0 toolchain/lint symbols
  printf '%s\nint g(); int f() { return g(); }\n' "$spdx" >libc-shim/tcp/down.cpp
  printf '%s\nextern "C" int __wrap_close(int) { return 0; }\n' "$spdx" >libc-shim/api/close.cpp
  rm .toolchain
  objects
  expect_status 1 toolchain/lint symbols
  expect_text err 'libc-shim/tcp/down.cpp: names g(), which is a layer above'
  expect_no_text err 'libc-shim/fd/close.cpp'
}
case_sleeping_and_versions_are_kept_in_their_rooms() {
  tree
  printf '%s\nnamespace wasi { void poll(int); void read(int); }\nextern "C" void wps_poll();\n' "$spdx" >libc-shim/wait/names.h
  printf '%s\n#include "names.h"\nvoid f() { wasi::poll(1); }\n' "$spdx" >libc-shim/wait/wait.cpp
  printf '%s\n#include "../wait/names.h"\nvoid g() { wps_poll(); wasi::read(1); }\n' "$spdx" >libc-shim/tcp/tcp.cpp
  printf '%s\n' "$spdx" | tee wit-bindings/none.cpp >libc-shim/api/poll.cpp
  objects
  expect_status 1 toolchain/lint symbols
  expect_text err 'libc-shim/tcp/tcp.cpp: names wps_poll, which waits: only wait/ does'
  expect_text err 'libc-shim/tcp/tcp.cpp: names wasi::read(int), which belongs to one version of WASI'
  expect_text err 'libc-shim/wait/wait.cpp: names wasi::poll(int), which belongs to one version of WASI'
}

case_long_and_involved_code_is_found() {
  local i
  tree
  {
    echo "$spdx"
    echo 'int long_one(int x) {'
    for i in {1..60}; do echo "  x += $i * x;"; done
    printf '  return x;\n}\n'
    echo 'int involved(int x) {'
    for i in {1..5}; do echo "  for (;;) if (x && $i) { while (x) x = $i; }"; done
    printf '  return x;\n}\n'
    echo 'struct Flags { bool a, b, c, d; bool e = false; unsigned f : 1, g : 1, h : 1; bool i; bool* no; bool neither(); };'
  } >libc-shim/tcp/bad.cpp
  expect_status 1 toolchain/lint limits
  expect_text err 'libc-shim/tcp/bad.cpp:2: long_one has 63 lines; a function has 60 at most'
  expect_text err 'libc-shim/tcp/bad.cpp:65: involved has a cognitive complexity of 35; 25 is the most'
  expect_text err 'libc-shim/tcp/bad.cpp:73: Flags has 9 booleans; 8 is the most'
  printf 'limits libc-shim/tcp/bad.cpp %s\n' long_one involved Flags gone >toolchain/lint.list
  expect_status 1 toolchain/lint limits
  expect_text err "lint.list has an entry that isn't needed any more: limits libc-shim/tcp/bad.cpp gone"
  expect_status 0 toolchain/lint --fix limits
  expect_equal "$(wc -l <toolchain/lint.list)" 3
}
case_long_file_and_repeated_lines_are_found() {
  local i
  tree
  for i in {1..299}; do echo "static int value_$i = 1;"; done >lines
  { echo "$spdx"; cat lines; } >libc-shim/tcp/whole.cpp
  expect_status 0 toolchain/lint limits
  { echo "$spdx"; sed -n 11,29p lines; } >libc-shim/tcp/part.cpp
  expect_status 0 toolchain/lint limits
  echo 'static int one_more;' >>libc-shim/tcp/whole.cpp
  { echo "$spdx"; sed -n 11,30p lines; } >libc-shim/tcp/part.cpp
  expect_status 1 toolchain/lint limits
  expect_text err 'libc-shim/tcp/whole.cpp: 301 lines; a file has 300 at most'
  expect_text err 'these 20 lines stand at libc-shim/tcp/part.cpp:2, too'
}
case_mistakes_in_python_are_found() {
  tree
  cp "$root/ruff.toml" .
  ln -s "$root/.toolchain" .toolchain
  printf 'def f(:\n' >bad.py
  expect_status 1 toolchain/lint python
  printf 'print("fine")\n' >bad.py
  expect_status 0 toolchain/lint python
}

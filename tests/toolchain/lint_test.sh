# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/lint finds what it is there for. Each case makes a small tree of its own.

spdx='// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception'

tree() {
  mkdir -p tree/toolchain tree/libc-shim/{api,fd,tcp,wait,support,names} tree/wit-bindings
  cp "$root/toolchain/lint" tree/toolchain/
  cd tree
  git init -q .
  printf 'out\nerr\n' >.git/info/exclude # what the checks of these cases write
  source_file libc-shim/api/poll.cpp 'fd/table.h'
  source_file libc-shim/fd/table.h 'tcp/socket.h'
  source_file libc-shim/description/socket.h 'wait/wait.h'
  source_file libc-shim/wait/wait.h 'wit-bindings/io.h'
  source_file wit-bindings/io.h 'support/result.h'
  source_file libc-shim/support/result.h
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

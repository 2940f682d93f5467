# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-ld, the link step behind the drivers: what it makes, what it hands on, and what it leaves when it fails.

targets=(wasm32-wasi wasm32-wasip2)
linker=$bin/wasi-posix-ld
wasm_tools=$top/.toolchain/wasm-tools/wasm-tools

imports_and_exports() { "$wasm_tools" component wit "$1" | sed -nE '/^ *(import|export) /p'; }

case_same_input_same_component() {
  local target options
  for target in "${targets[@]}"; do
    for options in -O2 '-g -O1' '-s -Oz -flto'; do
      # shellcheck disable=SC2086
      "$cc" "--target=$target" $options -c "$sources/echo_self.c" -o echo.o
      mkdir -p one two
      # shellcheck disable=SC2086
      "$cc" "--target=$target" $options echo.o -o one/echo.wasm
      # shellcheck disable=SC2086
      "$cc" "--target=$target" $options echo.o -o two/echo.wasm
      cmp one/echo.wasm two/echo.wasm
    done
  done
}

case_debug_information_is_kept_when_asked_for() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" -g "$sources/hello.c" -o hello.wasm
    "$wasm_tools" objdump hello.wasm >sections
    expect_text sections .debug_info
    "$cc" "--target=$target" -g -s "$sources/hello.c" -o hello.wasm
    "$wasm_tools" objdump hello.wasm >sections
    expect_no_text sections custom
    expect_equal "$("$run" hello.wasm)" 'hello from C'
  done
}

case_world_is_that_of_a_command() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/echo_self.c" -o echo.wasm
    imports_and_exports echo.wasm >world
    expect_equal "$(grep -c export world)" 1
    expect_text world 'export wasi:cli/run@0.2.'
    expect_text world 'import wasi:sockets/tcp@0.2.'
    expect_no_text world wasi_snapshot_preview1
  done
}

case_reactor_has_no_start() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" -mexec-model=reactor "$sources/hello.c" -o reactor.wasm 2>log || {
      # wasi-libc's component type of this target gives less of wasi:io than the library takes.
      expect_equal "$target" wasm32-wasip2
      continue
    }
    imports_and_exports reactor.wasm >world
    expect_no_text world export
  done
}

# Another linker must make a component with the same imports and exports of the same objects.
case_wasm_component_ld_makes_the_same() {
  local other target
  other=$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$(rustc -vV 2>/dev/null | sed -n 's/^host: //p')/bin/wasm-component-ld
  [[ -x $other ]] || return 0
  for target in "${targets[@]}"; do
    for options in -O2 '-s -Oz -flto'; do
      # shellcheck disable=SC2086
      "$cc" "--target=$target" $options "$sources/echo_self.c" -o own.wasm
      # shellcheck disable=SC2086
      WASI_POSIX_COMPONENT_LINKER=$other "$cc" "--target=$target" $options "$sources/echo_self.c" -o other.wasm
      expect_equal "$(imports_and_exports own.wasm)" "$(imports_and_exports other.wasm)"
      local own=0 theirs=0
      own=$(wc -c <own.wasm) theirs=$(wc -c <other.wasm)
      ((own < theirs + theirs / 100)) || fail "$target $options: $own bytes instead of $theirs"
      expect_equal "$("$run" other.wasm)" 'over the wire'
    done
  done
}

# Another linker of a few lines, which writes down what it is asked for.
other_linker() {
  mkdir -p sdk/bin
  # shellcheck disable=SC2016
  printf '#!/bin/bash\nprintf "%%s\\n" "$@" >%q\nwhile [[ $1 != -o ]]; do shift; done\necho made >"$2"\n' "$PWD/asked" >sdk/bin/wasm-component-ld
  chmod +x sdk/bin/wasm-component-ld
  local tool
  for tool in clang wasm-ld; do ln -s "$top/.toolchain/wasi-sdk/bin/$tool" sdk/bin/; done
  ln -s "$top/.toolchain/wasi-sdk/share" sdk/share
}
case_wasm_component_ld_when_asked_for() {
  other_linker
  export WASI_SDK_PATH=$PWD/sdk
  WASI_POSIX_COMPONENT_LINKER=wasm-component-ld "$cc" "$sources/hello.c" -Wl,-rpath,/nowhere,-mllvm,-debug-pass=Disabled -o a.wasm
  expect_equal "$(cat a.wasm)" made
  expect_text asked "$PWD/sdk/bin/wasm-ld"
  expect_text asked -mllvm=-debug-pass=Disabled
  expect_no_text asked rpath
  WASI_POSIX_COMPONENT_LINKER=$PWD/sdk/bin/wasm-component-ld "$cc" "$sources/hello.c" -o b.wasm
  expect_equal "$(cat b.wasm)" made
  "$cc" "$sources/hello.c" -o c.wasm
  is_component c.wasm
  WASI_POSIX_COMPONENT_LINKER=no-such-linker expect_status 1 "$cc" "$sources/hello.c" -o d.wasm
  expect_text err 'WASI_POSIX_COMPONENT_LINKER: there is no no-such-linker'
  [[ ! -e d.wasm ]]
}
case_without_wasm_tools_the_sdks_linker_serves() {
  other_linker
  mkdir -p prefix/bin
  cp "$linker" prefix/bin/
  local path=/usr/bin:/bin
  WASI_SDK_PATH=$PWD/sdk PATH=$path prefix/bin/wasi-posix-ld x.o -o a.wasm
  expect_equal "$(cat a.wasm)" made
  rm sdk/bin/wasm-component-ld
  WASI_SDK_PATH=$PWD/sdk PATH=$path expect_status 1 prefix/bin/wasi-posix-ld x.o -o b.wasm
  expect_text err 'neither wasm-tools nor wasm-component-ld is here'
}

case_failed_link_leaves_nothing() {
  export TMPDIR=$PWD/tmp
  mkdir tmp
  printf 'int nowhere(void); int main(void) { return nowhere(); }\n' >a.c
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" -c a.c
    printf 'int nowhere(void) { return 0; }\n' >b.c
    "$cc" "--target=$target" a.o b.c -o a.wasm
    expect_status 1 "$cc" "--target=$target" a.o -o a.wasm
    expect_text err 'undefined symbol: nowhere'
    [[ ! -e a.wasm ]]
    expect_equal "$(ls tmp)" ''
  done
  expect_status 1 "$cc" "$sources/hello.c" -o no-such-folder/a.wasm
  expect_equal "$(ls tmp)" ''
}

# A configure script declares each function as it likes, and looks only whether that links.
case_module_that_is_invalid_is_a_warning() {
  printf 'int send(int a) { return a; }\nint caller(void) { return send(1); }\nint main(void) { return caller(); }\n' >a.c
  local target
  for target in "${targets[@]}"; do
    expect_status 0 "$cc" "--target=$target" -O0 -fno-builtin a.c -o a.wasm
    expect_text err 'warning: the module is invalid, by the function caller'
    expect_text err wrap.rsp
    is_component a.wasm
    expect_status 1 "$cc" "--target=$target" -O0 -fno-builtin a.c -Wl,--fatal-warnings -o a.wasm
    expect_text err 'error: the module is invalid, by the function caller'
    [[ ! -e a.wasm ]]
  done
}
case_function_of_another_type_is_a_warning() {
  printf 'long recv(int);\nvolatile int never;\nint main(void) { return never ? recv(1) : 0; }\n' >a.c
  expect_status 0 "$cc" -fno-builtin a.c -o a.wasm
  expect_text err 'function signature mismatch: recv'
  "$run" a.wasm
}

case_temporary_files_go() {
  export TMPDIR=$PWD/tmp
  mkdir tmp
  "$cc" -c "$sources/hello.c" -o hello.o
  "$cc" -s hello.o -o hello.wasm
  expect_equal "$(ls tmp)" ''
  # Ended from outside, while wasm-ld runs.
  mkdir -p sdk/bin
  printf '#!/bin/sh\ntouch started\nexec sleep 60\n' >sdk/bin/wasm-ld
  chmod +x sdk/bin/wasm-ld
  WASI_SDK_PATH=$PWD/sdk setsid "$linker" hello.o -o killed.wasm &
  local pid=$!
  wait_until test -e started
  kill -TERM -- "-$pid"
  wait "$pid" || true
  expect_equal "$(ls tmp)" ''
  [[ ! -e killed.wasm ]]
}

case_output_anywhere() {
  mkdir -p 'a folder/of mine'
  "$cc" -c "$sources/hello.c" -o hello.o
  "$cc" -o first.wasm hello.o
  "$cc" hello.o -ojoined.wasm
  "$cc" hello.o -o 'a folder/of mine/my hello.wasm'
  "$cc" hello.o -o ./-dash.wasm
  ln -s target.wasm link.wasm
  "$cc" hello.o -o link.wasm
  [[ -L link.wasm ]]
  local file
  for file in first.wasm joined.wasm 'a folder/of mine/my hello.wasm' ./-dash.wasm target.wasm; do
    is_component "$file"
    cmp <("$wasm_tools" strip --all "$file") <("$wasm_tools" strip --all first.wasm)
  done
  "$cc" hello.o -o /dev/null
  [[ -c /dev/null ]]
}

case_links_side_by_side() {
  local i pids=()
  "$cc" -c "$sources/hello.c" -o hello.o
  for i in 1 2 3 4 5 6; do
    "$cc" hello.o -o "hello.wasm.$i" & pids+=($!)
    mkdir "$i"
    "$cc" hello.o -o "$i/hello.wasm" & pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  for i in 2 3 4 5 6; do cmp "1/hello.wasm" "$i/hello.wasm"; done
  expect_equal "$("$run" hello.wasm.6)" 'hello from C'
}

case_command_line_of_any_length() {
  local i
  for ((i = 0; i < 60000; i++)); do printf -- '-Wl,--export-if-defined=a_name_that_nobody_has_%s\n' "$i"; done >long
  "$cc" @long "$sources/hello.c" -o 'my hello.wasm' -Wl,--export=main_of_mine -Wl,--defsym=x=1 2>/dev/null && fail 'an unknown flag was taken'
  "$cc" @long "$sources/hello.c" -o 'my hello.wasm'
  expect_equal "$("$run" 'my hello.wasm')" 'hello from C'
}

case_response_file_of_the_linkers_own() {
  mkdir 'a folder'
  "$cc" -c "$sources/hello.c" -o 'a folder/hello $HOME `x`.o'
  printf '%s\n' "--as-needed 'a folder/hello \$HOME \`x\`.o'" '"-Map=a \"map\".txt"' '-z relro --strip-all' >words
  "$cc" -Wl,@words -o hello.wasm
  expect_equal "$("$run" hello.wasm)" 'hello from C'
  [[ -s 'a "map".txt' ]]
  expect_no_text hello.wasm component-name
}

case_linkers_own_options() {
  printf '#include <stdio.h>\nint answer(void) { puts("x"); return 42; }\n' >answer.c
  printf 'package my:pack;\nworld mine {\n  export answer: func() -> s32;\n}\n' >mine.wit
  expect_status 0 "$cc" -mexec-model=reactor -Wl,--export=answer,--component-type=mine.wit answer.c -o answer.wasm
  imports_and_exports answer.wasm >world
  expect_text world 'export answer: func() -> s32;'
  # Without the adapter nobody has what libc imports.
  expect_status 1 "$cc" -Wl,--wasi-adapter=none "$sources/hello.c" -o hello.wasm
  expect_text err wasi_snapshot_preview1
  cp "$top/toolchain/adapter/wasi_snapshot_preview1.command.wasm" .
  "$cc" -Wl,--wasi-adapter=none,--adapt,wasi_snapshot_preview1.command.wasm "$sources/hello.c" -o hello.wasm
  expect_equal "$("$run" hello.wasm)" 'hello from C'
  "$cc" -Wl,--append-lld-flag=--export=main -Wl,--skip-wit-component "$sources/hello.c" -o module.wasm
  is_module module.wasm
}

case_it_serves_where_wasm_component_ld_is_called() {
  expect_status 0 "$linker" --version
  expect_text out wasm-tools
  expect_text out LLD
  "$top/.toolchain/wasi-sdk/bin/clang" --target=wasm32-wasip2 "$sources/hello.c" -o hello.wasm
  is_component hello.wasm
  "$cc" -c "$sources/hello.c" -o hello.o
  "$linker" -flavor wasm -r hello.o -o again.o
  is_module again.o
}

case_adapters_are_what_they_say() {
  (cd "$top/toolchain/adapter" && sha256sum --quiet -c SHA256SUMS)
}

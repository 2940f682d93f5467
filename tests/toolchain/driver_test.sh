# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-cc and wasi-posix-c++: every way in which build systems call a compiler.

targets=(wasm32-wasi wasm32-wasip2)

case_one_step_makes_a_component() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/hello.c" -o hello.wasm
    is_component hello.wasm
    expect_equal "$("$run" hello.wasm)" "hello from C"
  done
}

case_default_target_is_wasm32_wasi() {
  "$cc" -dM -E -x c /dev/null >out
  expect_text out '__wasip1__ 1'
  "$cc" "$sources/hello.c" -o hello.wasm
  is_component hello.wasm
}

case_target_wasip1_means_wasi() {
  "$cc" --target=wasm32-wasip1 "$sources/hello.c" -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_target_of_the_environment() {
  WASI_POSIX_TARGET=wasm32-wasip2 "$cc" -dM -E -x c /dev/null >out
  expect_text out '__wasip2__ 1'
  WASI_POSIX_TARGET=wasm32-wasip2 "$cc" --target=wasm32-wasi -dM -E -x c /dev/null >out
  expect_text out '__wasip1__ 1'
}

case_separate_target_argument() {
  "$cc" -target wasm32-wasip2 -dM -E -x c /dev/null >out
  expect_text out '__wasip2__ 1'
}

case_foreign_target_is_refused() {
  expect_status 1 "$cc" --target=x86_64-linux-gnu -c "$sources/hello.c" -o hello.o
  expect_text err 'the targets are wasm32-wasi'
  [[ ! -e hello.o ]]
}

case_compile_only_makes_an_object() {
  "$cc" -c "$sources/hello.c" -o hello.o
  is_module hello.o
  "$cc" hello.o -o hello.wasm
  is_component hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_what_gcc_warned_of_is_no_error() {
  printf '%s\n' '#include <errno.h>' 'extern int errno;' 'int f(char *p) { return p; }' 'main(){return(0);}' >old.c
  "$cc" -w old.c -o old.wasm
  expect_status 1 "$cc" -Werror -c old.c
  expect_status 1 "$cc" -Werror=int-conversion -c old.c
  printf '%s\n' 'int f(void) { return undeclared(1); }' >undeclared.c
  expect_status 1 "$cc" -c undeclared.c
}

case_folders_of_the_build_machine_are_left_out() {
  "$cc" -Werror -I/usr/include -L/usr/lib -L/lib64 "$sources/hello.c" -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_the_system_is_a_unix() {
  printf '%s\n' '#if !defined(__unix__) || !defined(__unix)' '#error' '#endif' 'int main(void) { return 0; }' >unix.c
  "$cc" -std=c99 -pedantic -Werror -c unix.c
  "$cxx" -Werror -xc++ -c unix.c
  expect_status 1 "$cc" -U__unix__ -c unix.c
}

case_errno_may_be_declared_before_its_header() {
  printf '%s\n' 'extern int errno;' '#include <errno.h>' 'int main(void) { errno = 3; return errno != 3; }' >early.c
  "$cc" -Werror early.c -o early.wasm
  "$run" early.wasm
}

case_compile_only_names_the_object_itself() {
  cp "$sources/hello.c" .
  "$cc" -c hello.c
  is_module hello.o
}

case_compile_only_gives_no_warning() {
  expect_status 0 "$cc" -Wall -Wextra -Werror -c "$sources/hello.c" -o hello.o
  expect_equal "$(cat out err)" ""
  expect_status 0 "$cc" -Werror hello.o -o hello.wasm
  expect_equal "$(cat out err)" ""
}

case_preprocess_only() {
  "$cc" -E "$sources/hello.c" >hello.i
  expect_text hello.i 'hello from C'
  "$cc" -x cpp-output -c hello.i -o hello.o
  is_module hello.o
}

case_assembler_and_back() {
  "$cc" -S "$sources/emulated.c" -o emulated.s
  expect_text emulated.s main
  "$cc" -c emulated.s -o emulated.o
  "$cc" emulated.o -o emulated.wasm
  expect_equal "$("$run" emulated.wasm)" "jumped 3 times"
}

case_dependencies_only() {
  "$cc" -M "$sources/hello.c" >deps
  expect_text deps stdio.h
  "$cc" -MM "$sources/hello.c" >deps
  expect_text deps 'hello.o:'
  "$cc" -MMD -MF deps.d -MT target -c "$sources/hello.c" -o hello.o
  expect_text deps.d 'target:'
}

case_syntax_only() {
  "$cc" -fsyntax-only "$sources/hello.c"
  printf 'int main(void) { return x; }\n' >bad.c
  expect_status 1 "$cc" -fsyntax-only bad.c
  expect_text err "undeclared identifier 'x'"
}

case_source_from_stdin() {
  "$cc" -x c - -o hello.wasm <"$sources/hello.c"
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_shared_is_refused() {
  local flag
  for flag in -shared -Wl,-shared --shared; do
    expect_status 1 "$cc" "$flag" -fPIC "$sources/hello.c" -o libhello.so
    expect_text err 'no shared libraries'
    [[ ! -e libhello.so ]]
  done
}

case_shared_in_a_compile_is_no_error() {
  "$cc" -shared -fPIC -c "$sources/hello.c" -o hello.o 2>/dev/null
  is_module hello.o
}

case_response_file_with_a_compile() {
  printf -- '-c\n"%s"\n-o hello.o\n' "$sources/hello.c" >args.rsp
  "$cc" @args.rsp
  is_module hello.o
}

case_response_file_with_a_link() {
  "$cc" -c "$sources/hello.c" -o hello.o
  printf -- 'hello.o -o\nhello.wasm\n' >args.rsp
  "$cc" @args.rsp
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_response_file_in_a_response_file() {
  printf -- '-c -o hello.o' >inner.rsp
  printf -- '@inner.rsp %s\n' "$sources/hello.c" >outer.rsp
  "$cc" @outer.rsp
  is_module hello.o
}

case_response_file_with_the_target() {
  printf -- '--target=wasm32-wasip2 -dM -E -x c /dev/null\n' >args.rsp
  "$cc" @args.rsp >out
  expect_text out '__wasip2__ 1'
}

case_cxx() {
  local target options
  for target in "${targets[@]}"; do
    for options in -O0 '-Oz -flto'; do
      # shellcheck disable=SC2086
      "$cxx" "--target=$target" $options "$sources/hello.cpp" -o hello.wasm
      expect_equal "$("$run" hello.wasm)" "hello from C++ 13 circle"
    done
  done
}

case_cxx_object_linked_by_cxx() {
  "$cxx" -std=c++20 -c "$sources/hello.cpp" -o hello.o
  "$cxx" hello.o -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C++ 13 circle"
}

case_cc_compiles_cxx_by_suffix() {
  "$cc" -c "$sources/hello.cpp" -o hello.o
  is_module hello.o
}

case_cxx_exceptions_are_off() {
  printf 'int main() { throw 1; }\n' >throw.cpp
  expect_status 1 "$cxx" throw.cpp -o throw.wasm
  expect_text err 'exceptions disabled'
}

case_optimised_for_size_with_lto() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" -Oz -flto "$sources/emulated.c" -o small.wasm
    expect_equal "$("$run" small.wasm)" "jumped 3 times"
    "$cc" "--target=$target" -Oz -flto "$sources/echo_self.c" -o echo.wasm
    expect_equal "$("$run" echo.wasm)" "over the wire"
  done
}

case_thin_lto() {
  "$cc" -O2 -flto=thin -c "$sources/echo_self.c" -o echo.o
  "$cc" -O2 -flto=thin echo.o -o echo.wasm
  expect_equal "$("$run" echo.wasm)" "over the wire"
}

case_sockets_are_linked() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/echo_self.c" -o echo.wasm
    expect_equal "$("$run" echo.wasm)" "over the wire"
  done
}

case_emulation_libraries_and_setjmp() {
  local target
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" "$sources/emulated.c" -o emulated.wasm
    expect_equal "$("$run" emulated.wasm)" "jumped 3 times"
  done
}

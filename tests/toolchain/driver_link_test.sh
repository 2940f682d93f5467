# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-cc and wasi-posix-c++: what is linked, and where they lie.

targets=(wasm32-wasi wasm32-wasip2)

case_libraries_of_unix_are_accepted() {
  "$cc" -pthread "$sources/hello.c" -lm -lrt -ldl -lresolv -lpthread -lutil -lnsl -lsocket \
    -lcrypt -latomic -lgcc -lgcc_s -lstdc++ -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_library_before_and_after_objects() {
  printf 'int answer(void) { return 42; }\n' >answer.c
  printf '#include <stdio.h>\nint answer(void);\nint main(void) { printf("%%d\\n", answer()); }\n' >main.c
  "$cc" -c answer.c
  "$cc" -c main.c
  "$(dirname "$("$cc" -print-prog-name=llvm-ar)")/llvm-ar" rcs libanswer.a answer.o
  "$cc" -L. -lanswer main.o -o a.wasm
  expect_equal "$("$run" a.wasm)" 42
  "$cc" main.o libanswer.a -o b.wasm
  expect_equal "$("$run" b.wasm)" 42
}

case_linker_flags_of_linux_makefiles() {
  expect_status 0 "$cc" "$sources/hello.c" -Wl,--as-needed -Wl,--start-group -lm -Wl,--end-group -Wl,-rpath,/nowhere \
    -Wl,-z,relro,-z,now -Wl,-O1 -Wl,--no-as-needed,--gc-sections -Wl,--version-script=none,--hash-style=gnu \
    -Wl,-dynamic-list=none -Wl,--exclude-libs,ALL -Wl,-Bsymbolic-functions,--warn-common -s -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_main_in_an_archive() {
  printf '#include <stdio.h>\nint main(int n, char **v) { return n != 2 || v[1][0] != 97; }\n' >main.c
  "$cc" -c main.c
  "$(dirname "$("$cc" -print-prog-name=llvm-ar)")/llvm-ar" rcs libmain.a main.o
  "$cc" libmain.a -o main.wasm
  "$run" main.wasm a
}

case_return_address_is_unknown() {
  printf 'int main(void) { return __builtin_return_address(0) != 0; }\n' >caller.c
  "$cc" caller.c -o caller.wasm
  "$run" caller.wasm
}

# What GNU ld means by these is nothing to a component: each by itself, in silence, and also if warnings are errors.
case_flags_of_linux_are_taken_in_silence() {
  printf '{ global: main; };\n' >v.map
  printf '{ main; };\n' >dynamic.list
  local flags
  for flags in -rdynamic '-fPIE -pie' -no-pie -static-pie -static -static-libgcc -shared-libgcc -flto=auto -flto=4 \
    -march=native -mtune=generic -fno-plt -fcf-protection=full -fstack-clash-protection -fno-semantic-interposition \
    -fuse-linker-plugin -fuse-ld=gold -specs=/nowhere -pthreads -Wl,-z,relro,-z,now '-z now' -Wl,-znoexecstack \
    -Wl,--version-script=v.map -Wl,--version-script,v.map '-Xlinker --version-script -Xlinker v.map' \
    -Wl,--dynamic-list=dynamic.list -Wl,-rpath,/nowhere '-Wl,-rpath -Wl,/nowhere' '-Xlinker -rpath -Xlinker /nowhere' \
    -Wl,-rpath-link,/nowhere -Wl,-R/nowhere -Wl,-R,/nowhere -Wl,-soname,libhello.so.1 -Wl,-h,libhello.so.1 \
    -Wl,--hash-style=gnu -Wl,--build-id=sha1 -Wl,-Bsymbolic-functions -Wl,--enable-new-dtags -Wl,--warn-common \
    -Wl,--no-allow-shlib-undefined -Wl,--no-copy-dt-needed-entries -Wl,--eh-frame-hdr -Wl,--sort-common -Wl,--relax \
    -Wl,--icf=all -Wl,--threads -Wl,--no-keep-memory -Wl,--stats -Wl,--cref -Wl,-x -Wl,--discard-all -Wl,-pie \
    -Wl,--push-state,--as-needed,-lm,--pop-state -Wl,--exclude-libs,ALL -Wl,--exclude-libs=ALL -Wl,-m,elf_x86_64 \
    -Wl,--compress-debug-sections=zlib -Wl,--gdb-index -Wl,--dynamic-linker=/nowhere -Wl,--no-dynamic-linker \
    -Wl,--orphan-handling=warn -Wl,-z,muldefs -Wl,-E -Wl,--export-dynamic -Wl,-O2 -Wl,--fatal-warnings; do
    # shellcheck disable=SC2086
    "$cc" -Werror $flags "$sources/hello.c" -o hello.wasm >log 2>&1 || { cat log >&2; fail "$flags"; }
    [[ ! -s log ]] || { cat log >&2; fail "$flags isn't silent"; }
  done
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_compiler_flags_of_linux_in_a_compile() {
  "$cc" -Werror -c -march=native -mtune=native -fno-plt -fcf-protection -fstack-clash-protection -rdynamic -pie \
    "$sources/hello.c" -o hello.o 2>err
  expect_equal "$(cat err)" ''
}

case_sanitizers_are_refused() {
  expect_status 1 "$cc" -fsanitize=address "$sources/hello.c" -o hello.wasm
  expect_text err 'no such sanitizer'
  expect_status 1 "$cc" -fsanitize=undefined,leak "$sources/hello.c" -o hello.wasm
  "$cc" -fsanitize=undefined -fsanitize-trap "$sources/hello.c" -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_archives_alone() {
  printf 'int main(void) { return 7; }\n' >seven.c
  "$cc" -c seven.c
  "$("$cc" -print-prog-name=llvm-ar)" rcs libseven.a seven.o
  "$cc" libseven.a -o seven.wasm
  expect_status 7 "$run" seven.wasm
}

case_default_output_is_a_out() {
  "$cc" "$sources/hello.c"
  expect_equal "$("$run" a.out)" "hello from C"
}

case_last_output_wins() {
  "$cc" "$sources/hello.c" -o first.wasm -o last.wasm
  [[ ! -e first.wasm && -s last.wasm ]]
}

case_stripped_means_without_any_names() {
  local flag target
  "$cc" "$sources/hello.c" -o named.wasm
  expect_text named.wasm component-name
  for target in "${targets[@]}"; do
    for flag in -s -Wl,-s -Wl,-O1,--strip-all; do
      "$cc" "--target=$target" "$flag" "$sources/hello.c" -o bare.wasm
      is_component bare.wasm
      expect_no_text bare.wasm component-name
      expect_equal "$("$run" bare.wasm)" "hello from C"
    done
  done
  "$cc" "$sources/hello.c" -Xlinker -s
  expect_no_text a.out component-name
  expect_status 1 "$cc" -s nothing.c -o nothing.wasm
}

case_linker_flags_reach_the_linker() {
  "$cc" "$sources/hello.c" -Wl,-Map=hello.map -Wl,-mllvm,-debug-pass=Disabled -o hello.wasm
  [[ -s hello.map ]]
  expect_status 1 "$cc" "$sources/hello.c" -u putchar -Wl,-u,puts,--export=missing_symbol -o hello.wasm
  expect_text err missing_symbol
}

case_long_double_is_printed_and_read() {
  local target
  cat >long.c <<'C'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  long double x;
  printf("%.2Lf %d", strtold("1.5", NULL) * 2, sscanf("2.25", "%Lf", &x));
  printf(" %.3Lf\n", x);
}
C
  for target in "${targets[@]}"; do
    "$cc" "--target=$target" long.c -o long.wasm
    expect_equal "$("$run" long.wasm)" "3.00 1 2.250"
  done
}

case_own_functions_by_names_of_the_libraries() {
  local target
  cat >own.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int daemon(int a, int b) { return a + b; }
unsigned long strtoul(const char* text, char** end, int base) { return (unsigned long)(text[0] + base + !end); }
int main(void) { printf("%d %lu %ld %d\n", daemon(1, 2), strtoul("a", NULL, 10), strtol("7", NULL, 10), (int)fork()); }
C
  for target in "${targets[@]}"; do
    expect_status 0 "$cc" "--target=$target" own.c -o own.wasm
    expect_equal "$("$run" own.wasm)" "3 108 7 -1"
  done
}

case_stack_size_of_the_caller_wins() {
  printf '#include <string.h>\nint main(void) { char big[3 << 20]; memset(big, 1, sizeof big); return big[9] - 1; }\n' >big.c
  "$cc" -O0 big.c -o big.wasm
  expect_status 134 "$run" big.wasm
  "$cc" -O0 -Wl,-z,stack-size=8388608 big.c -o big.wasm
  expect_status 0 "$run" big.wasm
}

case_relocatable_link() {
  printf 'int answer(void) { return 42; }\n' >answer.c
  "$cc" -c answer.c
  "$cc" -c "$sources/hello.c" -o hello.o
  "$cc" -r answer.o hello.o -o both.o
  is_module both.o
  "$cc" both.o -o hello.wasm
  expect_equal "$("$run" hello.wasm)" "hello from C"
}

case_without_standard_libraries() {
  local flag
  printf 'int answer(void) { return 42; }\n' >answer.c
  for flag in -nostdlib -nodefaultlibs; do
    expect_status 0 "$cc" "$flag" -nostartfiles -Wl,--no-entry,--skip-wit-component,--export=answer answer.c -o a.wasm
    is_module a.wasm
  done
  expect_status 1 "$cc" -nodefaultlibs "$sources/hello.c" -o hello.wasm
  expect_text err puts
}

case_verbose_shows_the_commands() {
  expect_status 0 "$cc" -v "$sources/hello.c" -o hello.wasm
  expect_text err '-cc1'
  expect_text err wasi-posix-ld
  is_component hello.wasm
}

case_dry_run_shows_the_link() {
  expect_status 0 "$cc" '-###' "$sources/hello.c" -o hello.wasm
  expect_text err wasi-posix-ld
  expect_text err 'lposix-sockets'
  [[ ! -e hello.wasm ]]
}

case_questions_without_inputs() {
  expect_status 0 "$cc" --version
  expect_text out 'clang version'
  expect_status 0 "$cxx" --version
  expect_status 0 "$cc" -v
  expect_no_text err wasi-posix-ld
  expect_status 0 "$cc" -print-search-dirs
  expect_status 0 "$cc" -print-resource-dir
  expect_status 0 "$cc" -print-libgcc-file-name
  expect_text out builtins
  expect_status 0 "$cc" -dumpmachine
  expect_text out wasm32
  expect_status 0 "$cc" -dumpversion
  expect_status 1 "$cc"
  expect_text err 'no input files'
}

case_missing_input_is_clangs_error() {
  expect_status 1 "$cc" nowhere.c -o nowhere.wasm
  expect_text err 'no such file or directory'
}

case_undefined_function_fails_the_link() {
  printf 'int nowhere(void); int main(void) { return nowhere(); }\n' >a.c
  expect_status 1 "$cc" a.c -o a.wasm
  expect_text err 'undefined symbol: nowhere'
}

case_called_through_a_link() {
  mkdir elsewhere
  ln -s "$cc" elsewhere/wasi-posix-cc
  ln -s "$cxx" elsewhere/wasi-posix-c++
  elsewhere/wasi-posix-cc "$sources/hello.c" -o hello.wasm
  is_component hello.wasm
  elsewhere/wasi-posix-c++ "$sources/hello.cpp" -o hello.wasm
  is_component hello.wasm
}

case_called_by_a_relative_path() {
  cd "$(dirname "$cc")"
  ./wasi-posix-cc -c "$sources/hello.c" -o "$work/hello.o"
  is_module "$work/hello.o"
  PATH=.:$PATH wasi-posix-cc "$sources/hello.c" -o "$work/hello.wasm"
  is_component "$work/hello.wasm"
}

case_paths_with_blanks() {
  mkdir 'a folder'
  cp "$sources/hello.c" 'a folder/my hello.c'
  "$cc" -c 'a folder/my hello.c' -o 'a folder/my hello.o'
  "$cc" 'a folder/my hello.o' -o 'a folder/my hello.wasm'
  expect_equal "$("$run" 'a folder/my hello.wasm')" "hello from C"
}

case_installed_prefix() {
  mkdir -p prefix/bin prefix/share/wasi-posix-sockets prefix/include
  cp "$(dirname "$cc")"/wasi-posix-* prefix/bin/
  cp "$top/toolchain/wrap.rsp" prefix/share/wasi-posix-sockets/
  cp -r "$top/include" prefix/include/wasi-posix-sockets
  local target
  for target in "${targets[@]}"; do
    mkdir -p "prefix/lib/$target"
    cp "$top/build/$target/lib/libposix-sockets.a" "prefix/lib/$target/"
  done
  expect_status 1 env -u WASI_SDK_PATH prefix/bin/wasi-posix-cc "$sources/hello.c" -o hello.wasm
  expect_text err 'set WASI_SDK_PATH'
  WASI_SDK_PATH=$top/.toolchain/wasi-sdk prefix/bin/wasi-posix-cc "$sources/echo_self.c" -o echo.wasm
  expect_equal "$("$run" echo.wasm)" "over the wire"
}

case_missing_library_is_explained() {
  mkdir -p checkout/toolchain
  cp -r "$(dirname "$cc")" checkout/toolchain/bin
  cp "$top/toolchain/wrap.rsp" checkout/toolchain/
  ln -s "$top/.toolchain" checkout/.toolchain
  expect_status 1 checkout/toolchain/bin/wasi-posix-cc "$sources/hello.c" -o hello.wasm
  expect_text err 'toolchain/build'
  checkout/toolchain/bin/wasi-posix-cc -c "$sources/hello.c" -o hello.o
  is_module hello.o
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# wasi-posix-env, and build systems that know nothing of us: autoconf, make, CMake.

# A package with a configure script made by autoconf.
autoconf_package() {
  mkdir -p package
  cp "$sources/echo_self.c" package/
  cat >package/configure.ac <<'AC'
AC_INIT([package], [1])
AC_CONFIG_SRCDIR([echo_self.c])
AC_CONFIG_AUX_DIR([.])
AC_CANONICAL_HOST
AC_PROG_CC
AC_PROG_RANLIB
AC_CHECK_TOOL([AR], [ar])
AC_CHECK_HEADERS([sys/socket.h netdb.h sys/no_such_header.h])
AC_SEARCH_LIBS([socket], [socket])
AC_CHECK_FUNCS([socket getaddrinfo select no_such_function])
AC_FUNC_MALLOC
AC_CHECK_SIZEOF([long])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
AC
  cat >package/Makefile.in <<'MAKE'
echo: echo_self.o libnothing.a
	@CC@ @CFLAGS@ @LDFLAGS@ -o $@ echo_self.o -L. -lnothing @LIBS@
libnothing.a: nothing.o
	@AR@ cr $@ nothing.o
	@RANLIB@ $@
nothing.c:
	echo 'int nothing;' >$@
.c.o:
	@CC@ @CFLAGS@ @DEFS@ -c $<
MAKE
  # AC_CANONICAL_HOST wants these beside configure; the case decides what config.sub knows.
  printf '#!/bin/sh\necho x86_64-pc-linux-gnu\n' >package/config.guess
  cat >package/config.sub
  printf '#!/bin/sh\nexec install "$@"\n' >package/install-sh
  chmod +x package/config.guess package/config.sub package/install-sh
  (cd package && autoconf)
}
new_config_sub() { printf '#!/bin/sh\ncase $1 in wasm32-wasi) echo wasm32-unknown-wasi;; *) echo "$1-pc-linux-gnu";; esac\n'; }
old_config_sub() {
  printf '#!/bin/sh\ncase $1 in *wasi*) echo "Invalid configuration: system wasi not recognized" >&2; exit 1;; esac\n'
  printf 'echo "$1"\n'
}
expect_configured() {
  expect_text log 'checking for socket... yes'
  expect_text log 'checking for getaddrinfo... yes'
  expect_text log 'checking for no_such_function... no'
  expect_text log 'checking for sys/no_such_header.h... no'
  expect_text log 'checking whether we are cross compiling... yes'
  expect_text log 'checking size of long... 4'
  expect_no_text log 'malloc... no'
}

case_autoconf_by_env_command() {
  new_config_sub | autoconf_package
  cd package
  "$posix_env" ./configure >log 2>&1 || { cat log >&2; fail configure; }
  expect_configured
  expect_text log 'wasm32-unknown-wasi'
  make >log 2>&1 || { cat log >&2; fail make; }
  expect_equal "$("$run" echo)" 'over the wire'
}

case_autoconf_by_eval() {
  new_config_sub | autoconf_package
  mkdir out-of-tree
  cd out-of-tree
  eval "$("$posix_env")"
  ../package/configure --host="$HOST" >log 2>&1 || { cat log >&2; fail configure; }
  expect_configured
  make VPATH=../package >log 2>&1 || { cat log >&2; fail make; }
  expect_equal "$("$run" echo)" 'over the wire'
}

case_autoconf_with_an_old_config_sub() {
  old_config_sub | autoconf_package
  cd package
  "$posix_env" ./configure >log 2>&1 || { cat log >&2; fail configure; }
  expect_configured
}

case_autoconf_252_finds_the_target() {
  # It asks config.sub for the target by the name that it asked for the host, which it didn't if that was cached.
  cat >configure <<'SCRIPT'
#!/bin/sh
# --host=HOST
config_sub() { [ -n "$1" ] && echo "sub of $1"; }
if test "${ac_cv_host+set}" != set; then
  ac_cv_host_alias=wasm32-wasi
  ac_cv_host=$(config_sub "$ac_cv_host_alias") || exit 1
fi
ac_cv_target=$(config_sub "${target_alias:-$ac_cv_host_alias}") || exit 1
echo "$ac_cv_target"
SCRIPT
  chmod +x configure
  expect_equal "$("$posix_env" ./configure)" 'sub of wasm32-wasi'
}

case_autoconf_with_only_cc_and_host() {
  new_config_sub | autoconf_package
  cd package
  CC=$cc ./configure --host=wasm32-wasi >log 2>&1 || { cat log >&2; fail configure; }
  expect_text log 'checking for socket... yes'
  expect_text log 'checking whether we are cross compiling... yes'
}

case_autoconf_keeps_the_callers_host() {
  new_config_sub | autoconf_package
  cd package
  printf '#!/bin/sh\n# --host=HOST\nprintf "<%%s>" "$@"\n' >configure
  expect_equal "$("$posix_env" ./configure --host=other --prefix=/x)" '<--host=other><--prefix=/x>'
  expect_equal "$("$posix_env" ./configure --prefix=/x)" '<--prefix=/x><--host=wasm32-wasi>'
  sed -i /HOST/d configure # not autoconf's
  expect_equal "$("$posix_env" ./configure --prefix=/x)" '<--prefix=/x>'
}

case_make_with_variables() {
  printf 'echo: echo_self.o\n\t$(CC) $(LDFLAGS) -o $@ $^\n' >Makefile
  cp "$sources/echo_self.c" .
  "$posix_env" make -s
  is_component echo
  expect_equal "$("$run" echo)" 'over the wire'
}

case_make_with_implicit_rules() {
  cp "$sources/echo_self.c" "$sources/hello.cpp" .
  "$posix_env" make -s echo_self hello
  expect_equal "$("$run" echo_self)" 'over the wire'
  expect_equal "$("$run" hello)" 'hello from C++ 13 circle'
}

case_env_prints_for_eval() {
  eval "$("$posix_env")"
  expect_equal "$CC" "$cc"
  expect_equal "$CXX" "$cxx"
  expect_equal "$HOST" wasm32-wasi
  "$CC" -c "$sources/hello.c" -o hello.o
  "$AR" cr libhello.a hello.o
  "$RANLIB" libhello.a
  "$NM" libhello.a >names
  expect_text names main
  "$CC" libhello.a -o hello.wasm
  "$STRIP" hello.o
}

case_strip_takes_components() {
  eval "$("$posix_env")"
  "$CC" "$sources/echo_self.c" -o echo_self.wasm
  "$STRIP" -s -o small.wasm echo_self.wasm
  [[ $(wc -c <small.wasm) -lt $(wc -c <echo_self.wasm) ]] || fail 'nothing was stripped'
  expect_equal "$("$run" small.wasm)" 'over the wire'
  cp small.wasm again.wasm
  "$STRIP" again.wasm
  cmp small.wasm again.wasm
  expect_status 1 "$STRIP" missing.o
}

case_env_with_the_other_target() {
  eval "$("$posix_env" --target=wasm32-wasip2)"
  "$CC" -dM -E -x c /dev/null >out
  expect_text out __wasip2__
  expect_status 2 "$posix_env" --target=mips true
  expect_text err mips
}

case_env_gives_the_commands_status() {
  expect_status 0 "$posix_env" true
  expect_status 7 "$posix_env" bash -c 'exit 7'
  expect_status 127 "$posix_env" no-such-command
  expect_status 0 "$posix_env" --help
  expect_text out usage
}

case_env_hides_the_hosts_pkg_config() {
  # shellcheck disable=SC2016
  "$posix_env" bash -c 'echo "$PKG_CONFIG_LIBDIR"' >out
  expect_text out wasi-sysroot
  # shellcheck disable=SC2016
  expect_equal "$(PKG_CONFIG_LIBDIR=/mine "$posix_env" bash -c 'echo "$PKG_CONFIG_LIBDIR"')" /mine
}

cmake_project() {
  mkdir -p project
  cp "$sources"/{hello.cpp,echo_self.c,guest.c} project/
  cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.20)
project(project C CXX)
include(CheckFunctionExists)
include(CheckIncludeFile)
include(CheckTypeSize)
check_function_exists(accept HAVE_ACCEPT)
check_function_exists(no_such_function HAVE_NOTHING)
check_include_file(sys/socket.h HAVE_SOCKET_H)
check_type_size(long SIZE_OF_LONG)
if(NOT HAVE_ACCEPT OR HAVE_NOTHING OR NOT HAVE_SOCKET_H OR NOT SIZE_OF_LONG EQUAL 4)
  message(FATAL_ERROR "wrong answers: ${HAVE_ACCEPT} ${HAVE_NOTHING} ${HAVE_SOCKET_H} ${SIZE_OF_LONG}")
endif()
file(WRITE "${CMAKE_BINARY_DIR}/status.c" "int main(void) { return 5; }")
try_run(RUN_STATUS COMPILED "${CMAKE_BINARY_DIR}" "${CMAKE_BINARY_DIR}/status.c")
if(NOT COMPILED OR NOT RUN_STATUS EQUAL 5)
  message(FATAL_ERROR "try_run gives ${RUN_STATUS}")
endif()
find_package(Threads REQUIRED)
find_library(M_LIBRARY m REQUIRED)
find_path(SOCKET_HEADER sys/socket.h REQUIRED)
if(NOT UNIX OR NOT CMAKE_CROSSCOMPILING)
  message(FATAL_ERROR "platform")
endif()
add_library(nothing hello.cpp)
add_executable(hello hello.cpp)
target_link_libraries(hello Threads::Threads ${M_LIBRARY})
add_executable(echo echo_self.c)
add_executable(guest guest.c)
enable_testing()
add_test(NAME hello COMMAND hello)
add_test(NAME echo COMMAND echo)
add_test(NAME status COMMAND guest exit 9)
set_tests_properties(hello PROPERTIES PASS_REGULAR_EXPRESSION "hello from C")
set_tests_properties(echo PROPERTIES PASS_REGULAR_EXPRESSION "over the wire")
set_tests_properties(status PROPERTIES WILL_FAIL TRUE)
CMAKE
}
expect_cmake() { # options
  cmake -S project -B build -G Ninja "$@" >log 2>&1 || { cat log >&2; fail "cmake $*"; }
  cmake --build build >log 2>&1 || { cat log >&2; fail "cmake --build"; }
  is_component build/echo.wasm
  (cd build && ctest --output-on-failure) >log 2>&1 || { cat log >&2; fail ctest; }
}

case_cmake_with_the_toolchain_file() {
  cmake_project
  expect_cmake "-DCMAKE_TOOLCHAIN_FILE=$top/toolchain/wasi-posix.cmake"
}
case_cmake_with_wasip2() {
  cmake_project
  expect_cmake "-DCMAKE_TOOLCHAIN_FILE=$top/toolchain/wasi-posix.cmake" -DWASI_POSIX_TARGET=wasm32-wasip2 \
    -DCMAKE_BUILD_TYPE=MinSizeRel -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
  "$cc" --target=wasm32-wasip2 -dM -E -x c /dev/null >macros
  expect_text build/CMakeFiles/rules.ninja '--target=wasm32-wasip2'
}
case_cmake_with_an_unknown_target() {
  cmake_project
  expect_status 1 cmake -S project -B build "-DCMAKE_TOOLCHAIN_FILE=$top/toolchain/wasi-posix.cmake" \
    -DWASI_POSIX_TARGET=wasm64
  expect_text err 'wasm32-wasi or wasm32-wasip2'
}
case_cmake_by_env_command() {
  cmake_project
  "$posix_env" cmake -S project -B build -G Ninja >log 2>&1 || { cat log >&2; fail cmake; }
  "$posix_env" cmake --build build >log 2>&1 || { cat log >&2; fail "cmake --build"; }
  expect_equal "$("$run" build/echo.wasm)" 'over the wire'
}

case_meson_cross_file() {
  "$posix_env" --target=wasm32-wasip2 --meson-cross-file >cross
  python3 - <<'PYTHON'
import configparser
file = configparser.ConfigParser()
file.read("cross")
assert file["binaries"]["c"].endswith("wasi-posix-cc', '--target=wasm32-wasip2']"), file["binaries"]["c"]
assert file["host_machine"]["system"] == "'wasi'"
PYTHON
}

# What every configure script does with each function: declares it with a type of its own, and links. All at once here.
case_every_wrapped_name_links_by_any_type() {
  local target name
  for name in $(sed -n 's/.*--wrap=//p' "$top/toolchain/wrap.rsp"); do
    case $name in __main_argc_argv | __main_void | __wasm_call_dtors) continue ;; esac # nobody's to call
    printf 'char %s(void);\n' "$name" >>declarations
    printf '  if (%s()) return 1;\n' "$name" >>calls
  done
  { cat declarations && echo 'int main(void) {' && cat calls && echo '  return 0; }'; } >all.c
  for target in wasm32-wasi wasm32-wasip2; do
    "$cc" "--target=$target" -w -fno-builtin all.c -o all.wasm 2>log || { cat log >&2; fail "$target"; }
    is_component all.wasm
  done
}

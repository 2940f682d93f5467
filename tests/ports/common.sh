# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=bash disable=SC2034
#
# What the scripts that port a program share; each sets $program first:
#   root, toolchain, build (a folder of the program's own), library, env, python; logged, source_of, relink
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
toolchain=$root/toolchain
build=$root/build/ports/${program:?}
library=$root/build/wasm32-wasi/lib/libposix-sockets.a
env=$toolchain/bin/wasi-posix-env
python=$root/.toolchain/venv/bin/python
export PYTHONDONTWRITEBYTECODE=1

# Runs a command with its output in a log, whose end is shown when it fails.
logged() { # name of the log, command
  local log=$build/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null || {
    printf '%s: failed: %s\n%s: the last lines of %s:\n' "$program" "$*" "$program" "$log" >&2
    tail -n 30 "$log" >&2
    exit 1
  }
}

# The upstream source of a Debian package (suite trixie, if none is named), in $build/../PACKAGE-source, which is printed.
source_of() { # package, suite
  local folder=$root/build/ports/$1${2:+-$2}-source
  "$root/tests/ports/fetch-source" "$1" "${2:-trixie}" "$folder" >&2
  printf '%s\n' "$folder"
}

# The library isn't among the files that a program's own build looks at: away with what an older one is in.
relink() { # what was linked
  local file
  for file; do
    [[ $file -nt $library ]] || rm -f "$file"
  done
}

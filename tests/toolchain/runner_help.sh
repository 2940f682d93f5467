# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What the tests of the runner share.

guest() { "$cc" "--target=${1:-wasm32-wasi}" -O1 "$sources/guest.c" -o guest.wasm; }

# A command that stands for wasmtime: says its version, and prints what it was called with.
fake_wasmtime() { # version
  mkdir -p fake
  cat >fake/wasmtime <<FAKE
#!/bin/bash
if [[ \$1 == --version ]]; then echo "wasmtime $1 (0123456 2026-01-01)"; exit; fi
printf '<%s>' "\$@"
FAKE
  chmod +x fake/wasmtime
}

# Compiles one C program and runs it: natively, or by the driver and the runner in a folder of its own.
#   run.py PROGRAM.c TARGET FOLDER
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
BIN = os.path.realpath(os.path.join(HERE, "..", "..", "..", "toolchain", "bin"))


def main():
    program, target, folder = sys.argv[1:]
    flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-D_GNU_SOURCE"]
    with tempfile.TemporaryDirectory(dir=folder) as work:
        binary = os.path.join(work, "test.wasm")
        compiler = ["cc"] if target == "native" else [os.path.join(BIN, "wasi-posix-cc"), f"--target={target}"]
        subprocess.run(compiler + flags + [program, "-o", binary, "-lresolv"], check=True)
        if target == "native":
            command = [binary, work]
        else:
            tmp = os.path.join(work, "tmp")
            os.mkdir(tmp)
            command = [os.path.join(BIN, "wasi-posix-run"), f"--dir={tmp}::/tmp", f"--dir={os.path.join(HERE, 'etc')}::/etc",
                       binary, "/tmp"]
        sys.exit(subprocess.run(command, stdin=subprocess.DEVNULL).returncode)


main()

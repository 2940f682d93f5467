# Writes the ctest entries of all conformance cases, from the native programs' own lists: each case in each build.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import argparse
import os
import subprocess
import sys

TARGETS = ("linux", "wasm32-wasi", "wasm32-wasip2")
SECONDS = 25


def quoted(text):
    return f"[==[{text}]==]"


def main():
    options = argparse.ArgumentParser()
    for name in ("--python", "--runner", "--builds", "--output"):
        options.add_argument(name, required=True)
    options.add_argument("--guests-only", help="a program of cases that Linux can't run")
    options.add_argument("programs", nargs="+")
    options = options.parse_args()

    lines = []

    def test(name, *command, seconds=SECONDS):
        words = " ".join(quoted(word) for word in command)
        lines.append(f"add_test({quoted(name)} {words})")
        lines.append(f"set_tests_properties({quoted(name)} PROPERTIES TIMEOUT {seconds} LABELS {label})")

    seen = set()
    for program in options.programs + [options.guests_only]:
        cases = subprocess.run([program, "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for case in cases:
            if case in seen or ";" in case:
                sys.exit(f"the case name is taken or unusable: {case}")
            seen.add(case)
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(program))))
        for label in TARGETS if program != options.guests_only else TARGETS[1:]:
            target = label
            binary = program
            if target != "linux":
                binary = os.path.join(options.builds, target, os.path.relpath(os.path.realpath(program), here) + ".wasm")
            for case in cases:
                test(f"{target}/{case}", options.python, options.runner, target, binary, case)
            test(f"{target}/list of {os.path.basename(program)}", options.python,
                 os.path.join(os.path.dirname(options.runner), "support", "check-list.py"),
                 options.runner, target, program, binary)
    label = "linux"
    test("conformance: differences.md is current", options.python,
         os.path.join(os.path.dirname(options.runner), "support", "differences.py"), "--check")
    with open(options.output, "w") as file:
        file.write("\n".join(lines) + "\n")


main()

# Writes the ctest entries of all conformance cases, from the native programs' own lists: each case in each build.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import argparse
import os
import subprocess
import sys

TARGETS = ("wasm32-wasi", "wasm32-wasip2")
SECONDS = 25


def quoted(text):
    return f"[==[{text}]==]"


def main():
    options = argparse.ArgumentParser()
    for name in ("--python", "--runner", "--builds", "--output"):
        options.add_argument(name, required=True)
    options.add_argument("--guests-only", help="a program of cases that Linux can't run")
    options.add_argument("--hosts", nargs="+", default=[], help="each target runs under each of these")
    options.add_argument("programs", nargs="+")
    options = options.parse_args()

    lines = []

    def test(name, *command, labels="linux", needs=None):
        words = " ".join(quoted(word) for word in command)
        lines.append(f"add_test({quoted(name)} {words})")
        needs = f" FIXTURES_REQUIRED {quoted(needs)}" if needs else ""
        lines.append(f"set_tests_properties({quoted(name)} PROPERTIES TIMEOUT {SECONDS} LABELS {quoted(labels)}{needs})")

    seen = set()
    support = os.path.join(os.path.dirname(options.runner), "support")
    for program in options.programs + [options.guests_only]:
        cases = subprocess.run([program, "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for case in cases:
            if case in seen or ";" in case:
                sys.exit(f"the case name is taken or unusable: {case}")
            seen.add(case)
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(program))))
        name = os.path.basename(program)
        if program != options.guests_only:
            for case in cases:
                test(f"linux/{case}", options.python, options.runner, "linux", program, case)
            test(f"linux/list of {name}", options.python, os.path.join(support, "check-list.py"), options.runner, "linux",
                 program, program)
        for target in TARGETS:
            binary = os.path.join(options.builds, target, os.path.relpath(os.path.realpath(program), here) + ".wasm")
            for host in options.hosts:
                guest = f"{target}@{host}"
                of_guest = {"labels": f"{target};{host}", "needs": f"{guest}/{name}"}
                for case in cases:
                    test(f"{guest}/{case}", options.python, options.runner, guest, binary, case, **of_guest)
                test(f"{guest}/list of {name}", options.python, os.path.join(support, "check-list.py"), options.runner,
                     guest, program, binary, **of_guest)
    test("conformance: differences.md is current", options.python, os.path.join(support, "differences.py"), "--check")
    with open(options.output, "w") as file:
        file.write("\n".join(lines) + "\n")


main()

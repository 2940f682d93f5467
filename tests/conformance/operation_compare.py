# Runs the walk of operations/ natively and as a guest and compares what the two print, line by line.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# operation_compare.py TARGET NATIVE GUEST KIND     KIND is tcp4, tcp6, udp4, udp6; rst4, rst6, gon4, gon6: resets that nobody saw
#
# The differences that are meant are the entries of differences.list that begin with "operation"; an entry that no longer
# differs fails the test of each kind that it names.
import fnmatch
import os
import re
import subprocess
import sys

from option_compare import KINDS, allowed, concerns

here = os.path.dirname(os.path.realpath(__file__))
FLOOR = {"tcp": 10000, "udp": 7000, "rst": 5000, "gon": 5000}  # results that are compared at least
PREFIX = "operation "
KINDS.update({"rst4": "TCP-reset IPv4", "rst6": "TCP-reset IPv6", "gon4": "TCP-gone IPv4", "gon6": "TCP-gone IPv6"})


def transcript(target, program, kind):
    done = subprocess.run([sys.executable, os.path.join(here, "run-case.py"), target, program, kind],
                          stdout=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{target}: the walk ended with {done.returncode} after:\n" + done.stdout[-300:])
    results = {}
    for line in done.stdout.splitlines():
        key, result = re.fullmatch(r"(.*?) = (.*)", line).groups()
        if key in results:
            sys.exit(f"{key}: stands there twice")
        results[key] = result
    return results


def main():
    target, native, guest, kind = sys.argv[1:]
    kernel = transcript("linux", native, kind)
    ours = transcript(target, guest, kind)
    patterns = [p for p in allowed() if p.startswith(PREFIX) and concerns(p.removeprefix(PREFIX), kind)]
    problems, used = [], set()
    for key in kernel | ours:
        if kernel.get(key) == ours.get(key):
            continue
        difference = f"{key}: {kernel.get(key, 'nothing')} -> {ours.get(key, 'nothing')}"
        matching = [pattern for pattern in patterns if fnmatch.fnmatchcase(difference, pattern)]
        used.update(matching)
        if not matching:
            problems.append(difference)
    problems += [f"no longer differs: {pattern}" for pattern in patterns if pattern not in used]
    if len(kernel) < FLOOR[kind[:3]]:
        problems.append(f"only {len(kernel)} results were compared")
    if problems:
        sys.exit("\n".join(problems + [f"{len(problems)} of {len(kernel)} results differ and aren't in differences.list"]))
    print(f"{len(kernel)} results, {len(used)} entries of differences.list used")


if __name__ == "__main__":
    main()

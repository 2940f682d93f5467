# Runs a random walk of random/ natively and as a guest and wants them to print the same.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# random_compare.py TARGET NATIVE GUEST FIRST:COUNT     of the seeds; fresh:COUNT for seeds of its own choice
#
# Seeds that are named must all be equal. Of fresh ones a few may differ, as a host notices some events later than a kernel: one in
# MANY at the most. Each is printed, to be looked into. A guest that dies or hangs fails in any case.
import difflib
import os
import random
import subprocess
import sys

here = os.path.dirname(os.path.realpath(__file__))
STEPS = 400  # of one seed
MANY = 25
PART = 25  # seeds that a program walks in its time


def transcript(target, program, seeds):
    done = subprocess.run([sys.executable, os.path.join(here, "run-case.py"), target, program, seeds],
                          stdout=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{target}: the walk ended with {done.returncode} after:\n" + done.stdout[-300:])
    return done.stdout.splitlines()


def by_seed(lines):
    walks = {}
    for line in lines:
        walks.setdefault(line.partition("/")[0], []).append(line)
    return walks


def differences(kernel, ours, target):
    """Of each seed that differs the steps up to there."""
    guest, found = by_seed(ours), []
    for seed, walk in by_seed(kernel).items():
        other = guest.get(seed, [])
        if walk == other:
            continue
        at = next((i for i, pair in enumerate(zip(walk, other)) if pair[0] != pair[1]), min(len(walk), len(other)))
        part = slice(max(at - 30, 0), at + 1)
        found.append("\n".join(difflib.unified_diff(walk[part], other[part], "linux", target, n=30, lineterm="")))
    return found


def main():
    target, native, guest, seeds = sys.argv[1:]
    first, count = seeds.split(":")[0], int(seeds.split(":")[1])
    begin = random.SystemRandom().randrange(2**31 - 2**20) if first == "fresh" else int(first)
    print(f"seeds {begin}:{count}", flush=True)
    different = []
    for at in range(begin, begin + count, PART):
        part = f"{at}:{min(PART, begin + count - at)}"
        kernel, ours = transcript("linux", native, part), transcript(target, guest, part)
        if len(kernel) < STEPS * min(PART, begin + count - at):
            sys.exit(f"only {len(kernel)} steps")
        different += differences(kernel, ours, target)
    print("\n".join(different))
    print(f"{len(different)} of {count} seeds differ")
    return 1 if len(different) > (count // MANY if first == "fresh" else 0) else 0


if __name__ == "__main__":
    sys.exit(main())

# Runs a random walk of random/ natively and as a guest and wants them to print the same.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# random_compare.py TARGET NATIVE GUEST FIRST:COUNT     of the seeds; fresh:COUNT for seeds of its own choice
import difflib
import os
import random
import subprocess
import sys

here = os.path.dirname(os.path.realpath(__file__))
STEPS = 400  # of one seed


def transcript(target, program, seeds):
    done = subprocess.run([sys.executable, os.path.join(here, "run-case.py"), target, program, seeds],
                          stdout=subprocess.PIPE, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit(f"{target}: the walk ended with {done.returncode} after:\n" + done.stdout[-300:])
    return done.stdout.splitlines()


def main():
    target, native, guest, seeds = sys.argv[1:]
    first, count = seeds.split(":")
    seeds = f"{random.SystemRandom().randrange(2**31 - 2**20) if first == 'fresh' else int(first)}:{count}"
    print(f"seeds {seeds}", flush=True)
    kernel, ours = transcript("linux", native, seeds), transcript(target, guest, seeds)
    if len(kernel) < STEPS * int(count):
        sys.exit(f"only {len(kernel)} steps")
    if kernel != ours:
        different = next((i for i, pair in enumerate(zip(kernel, ours)) if pair[0] != pair[1]), 0)
        sys.exit("\n".join(difflib.unified_diff(kernel[max(different - 30, 0):different + 1],
                                                ours[max(different - 30, 0):different + 1],
                                                "linux", target, n=30, lineterm="")))
    print(f"{len(kernel)} steps")


if __name__ == "__main__":
    main()

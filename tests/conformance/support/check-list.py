# Checks that a build of the conformance program has the very cases of the native one, and not suspiciously few.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import subprocess
import sys

LEAST = {"conformance": 1100, "conformance-c": 14, "conformance-kqueue": 50}

runner, target, native, program = sys.argv[1:]


def cases(target, program):
    done = subprocess.run([sys.executable, runner, target, program, "--list"], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{program} --list ended with {done.returncode}")
    return done.stdout.splitlines()


wanted, found = cases("linux", native), cases(target, program)
least = LEAST[os.path.basename(native)]
if len(found) < least:
    sys.exit(f"{len(found)} cases in {program}: at least {least} are wanted")
if sorted(wanted) != sorted(found):
    sys.exit("cases that only one build has:\n  " + "\n  ".join(sorted(set(wanted) ^ set(found))))
print(f"{len(found)} cases")

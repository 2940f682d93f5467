# Which tests may be run again when they fail: the entries of repeat.list, and no others.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# repeat.py check BUILD     every entry has its tests, a reason, and is for a few of them; no test is in two entries
# repeat.py failed BUILD    what failed in the last run of ctest: status 0 if all of it may be run again, else 1
import fnmatch
import json
import os
import subprocess
import sys

LIST = os.path.join(os.path.dirname(os.path.realpath(__file__)), "repeat.list")
MOST_ENTRIES = 12
MOST_TESTS = 10  # of an entry: a case in both families, natively and in two targets under two hosts


def entries(path=LIST):
    """Patterns of the tests' names, with the reasons."""
    found = {}
    with open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            pattern, bar, reason = (part.strip() for part in line.partition(" | "))
            if not bar or len(reason.split()) < 4:
                sys.exit(f"{path}:{number}: wanted is NAME | why a failure can be the machine's")
            if pattern in found:
                sys.exit(f"{path}:{number}: {pattern} stands there twice")
            found[pattern] = reason
    return found


def problems(patterns, names):
    found = []
    if len(patterns) > MOST_ENTRIES:
        found.append(f"{len(patterns)} entries: more than {MOST_ENTRIES} are no list of exceptions any more")
    owner = {}
    for pattern in patterns:
        tests = fnmatch.filter(names, pattern)
        if not tests:
            found.append(f"no test is called {pattern}")
        if len(tests) > MOST_TESTS:
            found.append(f"{pattern}: {len(tests)} tests, more than {MOST_TESTS}")
        for test in tests:
            if test in owner:
                found.append(f"{test} is in two entries: {owner[test]} and {pattern}")
            owner[test] = pattern
    return found


def check(build):
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, stdout=subprocess.PIPE)
    patterns = entries()
    found = problems(patterns, [test["name"] for test in json.loads(listed.stdout)["tests"]])
    print("\n".join(found) or f"{len(patterns)} entries")
    return 1 if found else 0


def failed(build):
    patterns = entries()
    try:
        with open(os.path.join(build, "Testing", "Temporary", "LastTestsFailed.log")) as file:
            names = [line.rstrip("\n").partition(":")[2] for line in file]
    except OSError:
        return 1  # nothing ran that could be run again
    reasons = {name: [pattern for pattern in patterns if fnmatch.fnmatchcase(name, pattern)] for name in names}
    others = [name for name in names if not reasons[name]]
    if others or not names:
        print(f"repeat: failed, and not in tests/repeat.list: {'; '.join(others)}")
        return 1
    for name in names:
        print(f"repeat: {name} is run again: {patterns[reasons[name][0]]}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "failed"):
        sys.exit("usage: repeat.py check|failed BUILD")
    sys.exit({"check": check, "failed": failed}[sys.argv[1]](sys.argv[2]))

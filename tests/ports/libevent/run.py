# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs libevent's regress, each of its tests in a process of its own, with each back end, and compares with a list.

  run.py [--jobs=N] [--backends=epoll,poll,select] [--only=PREFIX] [--expected=FILE] COMMAND [ARG...]

COMMAND runs regress: the program itself, or wasi-posix-run and the component, which gets a folder for its temporary files
and an /etc with hosts and resolv.conf, as a Unix system has them. A test that asks for a process of its
own gets one here, so that regress itself needs no fork. FILE tells which tests don't come out "ok", and why; a
difference in either direction is a failure. Without FILE the outcomes are only shown.
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time

BACKENDS = ("epoll", "poll", "select")
FOLDERS = ""  # the guest's
TEST_SECONDS = 20  # then regress's own alarm ends it


def environment(backend):
    return {"EVENT_NO" + other.upper(): "yes" for other in ("kqueue",) + BACKENDS if other != backend}


def call(command, variables, arguments):
    """Runs one regress process; its status ("timeout" if it took too long) and what it printed."""
    if "wasi-posix-run" in command[0]:
        options = [f"--env={key}={value}" for key, value in variables.items()]
        command = command[:1] + options + [f"--dir={FOLDERS}/tmp::/tmp", f"--dir={FOLDERS}/etc::/etc"] + command[1:]
    try:
        done = subprocess.run(command + arguments, env=dict(os.environ, **variables), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TEST_SECONDS + 10, errors="replace")
    except subprocess.TimeoutExpired as late:
        text = late.stdout or b""
        return "timeout", text.decode(errors="replace") if isinstance(text, bytes) else text
    return done.returncode, done.stdout


def outcome(command, backend, test):
    status, text = call(command, environment(backend), ["--no-fork", "--timeout", str(TEST_SECONDS), test])
    if status == "timeout":
        return "timeout", text
    if "FAILED]" in text:
        return "fails", text
    if status == 0 and re.search(r"^1 tests ok", text, re.M):
        return "ok", text
    if status == 0 and re.search(r"^0 tests ok\.\s+\(1 skipped\)", text, re.M):
        return "skipped", text
    return "ends", text  # the process went away in the middle of the test


def tests(command):
    status, text = call(command, {}, ["--list-tests"])
    names = re.findall(r"^    (\S+)$", text, re.M)  # those off by default or disabled have a remark behind
    if status != 0 or len(names) < 100:
        sys.exit(f"run.py: no list of tests, but status {status} and:\n{text}")
    return names


def read_expected(path):
    """Lines of: test, back end or *, outcome or outcomes joined by |, reason."""
    expected = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split(None, 3)
            if len(words) < 4:
                sys.exit(f"{path}:{number}: a test, a back end, an outcome and a reason are wanted")
            for backend in BACKENDS if words[1] == "*" else words[1].split(","):
                expected[words[0], backend] = words[2].split("|")
    return expected


def make_folders(top):
    global FOLDERS
    FOLDERS = top
    os.mkdir(os.path.join(top, "tmp"))
    os.mkdir(os.path.join(top, "etc"))
    for name, text in ("resolv.conf", "nameserver 127.0.0.1\n"), ("hosts", "127.0.0.1 localhost\n::1 localhost\n"):
        with open(os.path.join(top, "etc", name), "w", encoding="utf-8") as file:
            file.write(text)


def main(words):
    options = {"jobs": "2", "backends": ",".join(BACKENDS), "only": "", "expected": ""}
    while words and words[0].startswith("--"):
        name, _, value = words.pop(0)[2:].partition("=")
        if name not in options:
            sys.exit(__doc__)
        options[name] = value
    if not words:
        sys.exit(__doc__)
    backends = options["backends"].split(",")
    names = [name for name in tests(words) if name.startswith(options["only"])]
    expected = read_expected(options["expected"]) if options["expected"] else {}
    known = set(names)
    wrong = [f"{test} is in the list, but regress has no such test" for test, _ in expected if test not in known and
             test.startswith(options["only"])]

    start = time.monotonic()
    again = []
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(int(options["jobs"])) as pool:
        pending = [(test, backend, pool.submit(outcome, words, backend, test)) for test in names for backend in backends]
        for test, backend, future in pending:
            got, text = future.result()
            wanted = expected.get((test, backend), ["ok"])
            if got in wanted:
                counts[got] = counts.get(got, 0) + 1
            else:
                again.append((test, backend, got, text, wanted))
    # Some have to be quick on the clock, and six at a time aren't.
    for test, backend, got, text, wanted in again:
        late = got
        if options["expected"]:
            late, text = outcome(words, backend, test)
        counts[late] = counts.get(late, 0) + 1
        if late in wanted:
            print(f"{test} with {backend}: {got} at first, {late} alone", flush=True)
        else:
            wrong.append(f"{test} with {backend}: {late}, expected {' or '.join(wanted)}")
            report = "\n".join("    " + line for line in text.splitlines()[-12:])
            print(f"{wrong[-1]}\n{report}", flush=True)
    print(f"{len(names)} tests with {', '.join(backends)}:", ", ".join(f"{n} {what}" for what, n in sorted(counts.items())),
          f"in {time.monotonic() - start:.0f} s")
    if wrong:
        print(f"{len(wrong)} differences" + (f" from {options['expected']}" if expected else ""), *wrong, sep="\n  ")
    return 1 if wrong else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make_folders(folder)
        sys.exit(main(sys.argv[1:]))

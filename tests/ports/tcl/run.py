# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs Tcl's own tests in tclsh. What fails must be what can't work, and each file must pass about what it passes natively."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, check, finish  # noqa: E402

TESTS = {  # file: how many must pass at least, and what fails
    "socket": (86, r"socket-14\.(7|8|9|10)\.[01]|socket-14\.15"),  # start a second tclsh
    "event": (35, r"event-7\.5"),  # the same
    "io": (378, r"io-14\.[34]|io-29\.33b?|io-29\.36\.1"  # the same
                r"|io-40\.2|io-40\.17"),  # a file's mode; $HOME
    "timer": (54, "none"),
    "chan": (41, "none"),
}

tclsh, source = sys.argv[1:]
with tempfile.TemporaryDirectory() as top:
    root = os.path.join(top, "root")
    shutil.copytree(os.path.join(source, "library"), os.path.join(root, "lib"))
    shutil.copytree(os.path.join(source, "tests"), os.path.join(root, "tests"))
    os.mkdir(os.path.join(root, "tmp"))
    for name, (least, failing) in TESTS.items():
        done = subprocess.run(
            [RUN, f"--dir={root}::/", "--env=TCL_LIBRARY=/lib", tclsh, f"/tests/{name}.test", "-tmpdir", "/tmp"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, errors="replace")
        failed = set(re.findall(r"^==== (\S+) FAILED$", done.stdout, re.M))
        check(f"{name}.test: what fails", sorted(t for t in failed if not re.fullmatch(failing, t)), [])
        passed = re.search(r"^%s\.test:\s+Total\s+\d+\s+Passed\s+(\d+)" % name, done.stdout, re.M)
        check(f"{name}.test: at least {least} pass", int(passed[1]) >= least if passed else done.stderr[-500:], True)
finish()

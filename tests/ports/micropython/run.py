# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MicroPython's own tests of sockets, select and asyncio: one guest, and a guest with a native peer, either way round.

Left out are those that connect to hosts outside, that name Linux's numbers of errors (accept_nonblock, tcp_accept_recv), that
want a reset for unread data (*_client_rst), and TLS.
"""

import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, check, finish  # noqa: E402

build = sys.argv[1]
tests = f"{build}/source/tests"
native = f"{build}/source/ports/unix/build-standard/micropython"
guest = f"{build}/guest"
with open(guest, "w") as script:
    script.write(
        f"""#!/bin/sh
exec '{RUN}' --dir=/etc::/etc --dir='{tests}::{tests}' --dir="$PWD::/" \\
  '{build}/source/ports/unix/build-wasi/micropython' "$@"
"""
    )
os.chmod(guest, 0o755)


def names(*patterns):
    found = sorted(name for pattern in patterns for name in glob.glob(pattern, root_dir=tests))
    return [name for name in found if not name.endswith("_rst.py")]


def outcome(script, *words, **environment):
    done = subprocess.run(
        [sys.executable, script, *words],
        cwd=tests,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
    )
    with open(f"{build}/{script}.log", "a") as log:
        log.write(done.stdout + done.stderr)
    lines = done.stdout.splitlines()
    return done.returncode, [line for line in lines if line.startswith("FAIL") or line.endswith("FAIL")]


alone = names("extmod/socket_*.py", "extmod/select_*.py", "extmod/asyncio_*.py", "net_hosted/asyncio_*.py", "net_hosted/*_timeout.py")
check("enough tests", len(alone) > 35, True)
check("alone", outcome("run-tests.py", "-j2", *alone, MICROPY_MICROPYTHON=guest), (0, []))
pairs = names("multi_net/asyncio_tcp_*.py", "multi_net/tcp_data.py", "multi_net/udp_data.py")
check("enough tests of pairs", len(pairs) >= 7, True)
for what, first, second in (("server", guest, native), ("client", native, guest), ("both", guest, guest)):
    check(what, outcome("run-multitests.py", "-i", f"exec:{first}", "-i", f"exec:{second}", *pairs), (0, []))
finish()

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the smoke tests of ported programs share: peers on loopback, and running components."""

import os
import random
import socket
import subprocess
import sys
import threading
import time

RUN = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "toolchain", "bin", "wasi-posix-run"))
SECONDS = 30
failures = 0


def check(what, got, wanted):
    global failures
    good = got == wanted
    failures += not good
    print(f"{'ok' if good else 'WRONG'}: {what}" + ("" if good else f": {got!r}, expected {wanted!r}"), flush=True)


def serve(talk):
    """A peer that takes one connection after the other, each handed to `talk`; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def loop():
        while True:
            connection, _ = listener.accept()
            connection.settimeout(SECONDS)
            with connection:
                talk(connection)

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def run(*words, options=(), seconds=SECONDS, **more):
    return subprocess.run([RUN, *options, *words], capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, **more)


def free_port():
    """A port for a server, none of those that Linux gives to clients: between this probe and the server one would take it."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", random.randrange(10000, 32000))) as probe:
                return probe.getsockname()[1]
        except OSError:
            continue


def start(*words, port, options=(), log):
    """Starts a server, and waits until its port takes connections."""
    process = subprocess.Popen([RUN, *options, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    process.terminate()
    process.wait()
    sys.exit(f"{words[0]} doesn't listen on port {port}; see {log.name}")


def stop(process):
    process.terminate()
    process.wait(SECONDS)


def finish():
    sys.exit(1 if failures else 0)

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The echo server by libev, with each back end: 30 clients at once, and the other watchers."""

import os
import socket
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import SECONDS, check, finish, free_port, start, stop  # noqa: E402

for backend, name in {1: "select", 2: "poll", 4: "epoll", 8: "kqueue"}.items():
    port = free_port()
    with tempfile.TemporaryDirectory() as tmp, open(sys.argv[2], "w+b") as log:
        server = start(sys.argv[1], str(backend), str(port), port=port, options=[f"--dir={tmp}::/tmp"], log=log)
        clients = [socket.create_connection(("127.0.0.1", port), SECONDS) for _ in range(30)]
        for i, client in enumerate(clients):
            client.sendall(bytes([i]) * (i * 1000 + 1))
        good = 0
        for i, client in enumerate(clients):
            with client, client.makefile("rb") as file:
                good += file.read(i * 1000 + 1) == bytes([i]) * (i * 1000 + 1)
        check(f"{name}: clients", good, 30)
        wanted = {b"timer", b"signal 1", b"stat 7"}
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and set(open(log.name, "rb").read().split(b"\n")[:-1]) != wanted:
            time.sleep(0.05)
        check(f"{name}: watchers", set(open(log.name, "rb").read().split(b"\n")[:-1]), wanted)
        stop(server)
finish()

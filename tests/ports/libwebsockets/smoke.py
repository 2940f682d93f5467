# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""libwebsockets' test servers: a page, and WebSocket connections that are told numbers and each other's messages."""

import os
import shutil
import socket
import struct
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import SECONDS, check, finish, free_port, start, stop  # noqa: E402

BUILD = sys.argv[1]
FOLDER = "usr/local/share/libwebsockets-test-server"
ROOT = os.path.join(BUILD, "root")
shutil.copytree(os.path.join(BUILD, "share", "libwebsockets-test-server"), os.path.join(ROOT, FOLDER), dirs_exist_ok=True)


class WebSocket:
    def __init__(self, port, protocol):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        lines = ["GET / HTTP/1.1", "Host: here", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Sec-WebSocket-Protocol: {protocol}", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self.input = self.socket.makefile("rb")
        self.status = self.input.readline()
        while self.input.readline() not in (b"\r\n", b""):
            pass

    def send(self, code, data):
        mask = os.urandom(4)
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | code, 0x80 | len(data)]) + mask + body)

    def receive(self):
        code, length = self.input.read(2)
        if length == 126:
            (length,) = struct.unpack(">H", self.input.read(2))
        return code & 15, self.input.read(length)


for name in ("server", "server-extpoll"):
    port = free_port()
    program = os.path.join(BUILD, "bin", f"libwebsockets-test-{name}.wasm")
    with open(os.path.join(BUILD, f"{name}.log"), "w") as log:
        server = start(program, "-p", str(port), port=port, options=[f"--dir={ROOT}::/", "--dir=/dev::/dev"], log=log)
    with open(os.path.join(ROOT, FOLDER, "test.html"), "rb") as file:
        page = file.read()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/test.html", timeout=SECONDS) as answer:
        check(f"{name}: a page", answer.read() == page, True)
    numbers = WebSocket(port, "dumb-increment-protocol")
    check(f"{name}: an upgrade", numbers.status, b"HTTP/1.1 101 Switching Protocols\r\n")
    told = [int(numbers.receive()[1]) for _ in range(20)]
    check(f"{name}: numbers", told, list(range(told[0], told[0] + 20)))
    mirrors = [WebSocket(port, "lws-mirror-protocol") for _ in range(10)]
    mirrors[0].send(1, b"d #000000 1 2 3 4;")
    check(f"{name}: a message to all", [mirror.receive() for mirror in mirrors], [(1, b"d #000000 1 2 3 4;")] * 10)
    numbers.send(8, b"")
    while (message := numbers.receive())[0] != 8:
        pass
    check(f"{name}: a close", message[0], 8)
    stop(server)
finish()

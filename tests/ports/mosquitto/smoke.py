# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mosquitto's clients against a peer that speaks as much MQTT as they need."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import check, finish, run, serve  # noqa: E402

published = []


def packet(file):
    head = file.read(2)  # all are shorter than 128 bytes
    return (head[0] >> 4, file.read(head[1])) if len(head) == 2 else (0, b"")


def talk(connection):
    file = connection.makefile("rwb")
    while True:
        kind, body = packet(file)
        if kind == 1:  # CONNECT
            file.write(b"\x20\x02\x00\x00")
        elif kind == 3:  # PUBLISH
            published.append(body)
        elif kind == 8:  # SUBSCRIBE; then a message for it
            file.write(b"\x90\x03" + body[:2] + b"\x00" + b"\x30\x0a\x00\x03a/bhello")
        else:
            return
        file.flush()


port = str(serve(talk))
pub, sub = (os.path.join(sys.argv[1], name) for name in ("mosquitto_pub.wasm", "mosquitto_sub.wasm"))
check("publish", (run(pub, "-h", "127.0.0.1", "-p", port, "-t", "a/b", "-m", "message").returncode, published),
      (0, [b"\x00\x03a/bmessage"]))
check("subscribe", run(sub, "-h", "localhost", "-p", port, "-t", "a/b", "-C", "1").stdout, b"hello\n")
finish()

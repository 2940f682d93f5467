# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Native MQTT clients that talk to each other through mosquitto's broker."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import SECONDS, check, finish, free_port, start, stop  # noqa: E402


def text(string):
    return len(string).to_bytes(2, "big") + string


class Client:
    def __init__(self, port, name):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.file = self.socket.makefile("rb")
        self.send(0x10, text(b"MQTT") + b"\x04\x02\x00\x3c" + text(name))
        assert self.packet() == (0x20, b"\x00\x00")

    def send(self, kind, body):
        length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) % 128 | 128, len(body) // 128])
        self.socket.sendall(bytes([kind]) + length + body)

    def packet(self):
        kind, size, shift = self.file.read(1)[0], 0, 0
        while True:
            digit = self.file.read(1)[0]
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return kind, self.file.read(size)

    def subscribe(self, topic):
        self.send(0x82, b"\x00\x01" + text(topic) + b"\x01")
        return self.packet()

    def publish(self, topic, payload, kind=0x32):
        self.send(kind, text(topic) + b"\x00\x07" + payload)
        return self.packet()


folder = sys.argv[2]
ports = free_port(), free_port()
with open(os.path.join(folder, "broker.conf"), "w") as conf:
    conf.write(f"allow_anonymous true\nlistener {ports[0]} 127.0.0.1\nlistener {ports[1]} ::1\n"
               "persistence true\npersistence_location /data/\n")
saved = os.path.join(folder, "mosquitto.db")
if os.path.exists(saved):
    os.remove(saved)
with open(os.path.join(folder, "broker.log"), "w") as log:
    broker = start(sys.argv[1], "-c", "/data/broker.conf", port=ports[0], options=[f"--dir={folder}::/data"], log=log)
    try:
        subscribers = [Client(ports[0], b"sub%d" % i) for i in range(30)]
        check("subscribe", {one.subscribe(b"a/+") for one in subscribers}, {(0x90, b"\x00\x01\x01")})
        publisher = Client(ports[0], b"pub")
        payload = b"message" * 500
        check("publish, acknowledged", publisher.publish(b"a/b", payload), (0x40, b"\x00\x07"))
        check("what 30 subscribers got", {one.packet() for one in subscribers},
              {(0x32, text(b"a/b") + b"\x00\x01" + payload)})
        check("publish, retained", publisher.publish(b"kept", b"later", 0x33), (0x40, b"\x00\x07"))
        late = Client(ports[0], b"late")
        late.subscribe(b"kept")
        check("a late subscriber gets it", late.packet(), (0x33, text(b"kept") + b"\x00\x01" + b"later"))
        late.send(0xC0, b"")
        check("ping", late.packet(), (0xD0, b""))
        again = Client(ports[0], b"late")
        check("the same name again ends the older one", (late.file.read(1), again.subscribe(b"x")[0]), (b"", 0x90))
        with socket.create_connection(("::1", ports[1]), SECONDS) as other:
            other.sendall(b"\x10\xff\xff\xff\xff\xff")
            try:
                check("nonsense over IPv6 ends the connection", other.recv(9), b"")
            except ConnectionResetError:
                check("nonsense over IPv6 ends the connection", b"", b"")
    finally:
        stop(broker)
finish()

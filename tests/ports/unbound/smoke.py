# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""unbound, in front of a native name server: over UDP, TCP and TLS, its cache, answers that are too large, 40 at a time."""

import concurrent.futures
import os
import random
import socket
import ssl
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import SECONDS, check, finish, free_port, run, start  # noqa: E402

build = sys.argv[1]
HOST = "127.0.0.1"
A, NO_NAME, MANY = 1, 3, 300
asked = []


def answer(query, by_udp):
    """A name server's: big.* has many addresses, none.* isn't there, everything else has one address."""
    end = query.index(0, 12) + 5
    first = query[13 : 13 + query[12]].lower()
    asked.append(query[12:end].lower())
    flags, count = 0x8580, 1
    if first == b"none":
        flags, count = flags | NO_NAME, 0
    elif first == b"big":
        flags, count = (flags | 0x200, 0) if by_udp else (flags, MANY)
    record = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 60, 4)
    records = b"".join(record + bytes([192, 0, i >> 8, i & 255]) for i in range(count))
    return query[:2] + struct.pack("!5H", flags, 1, count, 0, 0) + query[12:end] + records


def serve_datagrams(server):
    while True:
        query, client = server.recvfrom(4096)
        server.sendto(answer(query, True), client)


def serve_streams(listener):
    while True:
        connection, _ = listener.accept()
        connection.settimeout(SECONDS)
        with connection, connection.makefile("rwb") as stream:
            try:
                while len(size := stream.read(2)) == 2:
                    reply = answer(stream.read(struct.unpack("!H", size)[0]), False)
                    stream.write(struct.pack("!H", len(reply)) + reply)
                    stream.flush()
            except OSError:
                pass


datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind((HOST, 0))
behind = datagrams.getsockname()[1]
threading.Thread(target=serve_datagrams, args=(datagrams,), daemon=True).start()
threading.Thread(target=serve_streams, args=(socket.create_server((HOST, behind)),), daemon=True).start()

folder = os.path.join(build, "etc")
os.makedirs(folder, exist_ok=True)
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "9",
                "-keyout", "key.pem", "-out", "certificate.pem"], cwd=folder, check=True, capture_output=True)  # fmt: skip
port, tls_port, control_port = free_port(), free_port(), free_port()
with open(os.path.join(folder, "unbound.conf"), "w") as file:
    file.write(f"""server:
  interface: {HOST}@{port}
  interface: {HOST}@{tls_port}
  tls-port: {tls_port}
  tls-service-key: /etc/key.pem
  tls-service-pem: /etc/certificate.pem
  do-daemonize: no
  do-ip6: no
  do-not-query-localhost: no
  use-syslog: no
  chroot: ""
  username: ""
  directory: "/etc"
  module-config: "iterator"
  local-zone: "home." static
  local-data: "here.home. IN A 10.1.2.3"
remote-control:
  control-enable: yes
  control-use-cert: no
  control-interface: {HOST}
  control-port: {control_port}
forward-zone:
  name: "."
  forward-addr: {HOST}@{behind}
""")


def ask(name, way="udp"):
    """The code of the answer, whether it was cut off, and its number of records."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    query = struct.pack("!6H", random.randrange(65536), 0x100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, A, 1)
    if way == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(SECONDS)
            client.connect((HOST, port))
            client.send(query)
            reply = client.recv(65536)
    else:
        with socket.create_connection((HOST, tls_port if way == "tls" else port), SECONDS) as client:
            if way == "tls":
                client = ssl._create_unverified_context().wrap_socket(client)
            with client, client.makefile("rwb") as stream:
                stream.write(struct.pack("!H", len(query)) + query)
                stream.flush()
                reply = stream.read(struct.unpack("!H", stream.read(2))[0])
    number, flags, _, count = struct.unpack("!4H", reply[:8])
    return (flags & 15, bool(flags & 0x200), count) if number == struct.unpack("!H", query[:2])[0] else "another's answer"


ONE = (0, False, 1)
granted = [f"--dir={folder}::/etc"]
program = os.path.join(build, "unbound")
with open(os.path.join(build, "unbound.log"), "wb") as log:
    server = start(program, "-d", "-c", "/etc/unbound.conf", port=port, options=granted, log=log)
try:
    check("data of its own", ask("here.home"), ONE)
    check("no data of its own", ask("there.home"), (NO_NAME, False, 0))
    check("a name from behind", ask("www.example.zz"), ONE)
    before = len(asked)
    check("from the cache", (ask("www.example.zz"), len(asked)), (ONE, before))
    check("no such name", ask("none.example.zz"), (NO_NAME, False, 0))
    for way in ("tcp", "tls"):
        check(f"over {way}", ask(f"{way}.example.zz", way), ONE)
        check(f"a large answer over {way}", ask("big.example.zz", way), (0, False, MANY))
    check("a large answer doesn't fit into a datagram", ask("big.example.zz")[:2], (0, True))
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        answers = set(pool.map(lambda i: ask(f"n{i}.example.zz", ("udp", "tcp", "tls")[i % 3]), range(300)))
    check("300 questions, 40 at a time", answers, {ONE})
    control = [os.path.join(build, "unbound-control"), "-c", "/etc/unbound.conf"]
    statistics = run(*control, "stats_noreset", options=granted).stdout
    check("unbound-control stats", b"total.num.queries=310\n" in statistics, True)
    check("unbound-control stop", run(*control, "stop", options=granted).stdout, b"ok\n")
    check("its exit status", server.wait(SECONDS), 0)
finally:
    server.kill()
    server.wait()
finish()

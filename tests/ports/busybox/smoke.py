# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""busybox's applets against native peers."""

import os
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, SECONDS, check, finish, free_port, run, serve  # noqa: E402

busybox, folder = sys.argv[1:]
body = os.urandom(1000000)


def web(connection):
    file = connection.makefile("rwb")
    while file.readline() not in (b"\r\n", b""):
        pass
    file.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    file.flush()


check("wget", run(busybox, "wget", "-q", "-O", "-", f"http://127.0.0.1:{serve(web)}/x").stdout, body)


def echo(connection):
    connection.sendall(connection.recv(99).upper())


client = subprocess.Popen([RUN, busybox, "nc", "127.0.0.1", str(serve(echo))], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
check("nc as a client", client.communicate(b"hello\n", SECONDS)[0], b"HELLO\n")

port = free_port()
server = subprocess.Popen([RUN, busybox, "nc", "-l", "-p", str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
for _attempt in range(SECONDS * 20):
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as peer:
            peer.sendall(body)
        break
    except ConnectionRefusedError:
        time.sleep(0.05)
check("nc as a server", server.communicate(timeout=SECONDS)[0], body)

etc = os.path.join(folder, "etc")
os.makedirs(etc, exist_ok=True)
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 0))


def answer_names():
    while True:
        query, peer = names.recvfrom(512)
        head = query[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"
        record = b"\xc0\x0c\x00\x0f\x00\x01\x00\x00\x01\x00\x00\x09\x00\x0a\x04mail\xc0\x0c"
        names.sendto(head + query[12:] + record, peer)


threading.Thread(target=answer_names, daemon=True).start()
with open(os.path.join(etc, "resolv.conf"), "w") as conf:
    conf.write(f"nameserver [127.0.0.1]:{names.getsockname()[1]}\n")
check("nslookup", b"a.org\tmail exchanger = 10 mail.a.org\n" in
      run(busybox, "nslookup", "-type=mx", "a.org", options=[f"--dir={etc}::/etc"]).stdout, True)

port = free_port()
with open(os.path.join(etc, "dnsd.conf"), "w") as conf:
    conf.write("example.test 127.0.0.9\n")
server = subprocess.Popen([RUN, f"--dir={etc}::/etc", busybox, "dnsd", "-i", "127.0.0.1", "-p", str(port)],
                          stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
question = b"\x07\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x04test\x00\x00\x01\x00\x01"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
    asker.connect(("127.0.0.1", port))
    asker.settimeout(0.2)
    reply = b""
    for _attempt in range(SECONDS * 5):
        try:
            asker.send(question)
            reply = asker.recv(512)
            break
        except (ConnectionRefusedError, TimeoutError):
            time.sleep(0.05)
server.terminate()
server.wait(SECONDS)
check("dnsd", (reply[:2], reply[-4:]), (b"\x07\x07", b"\x7f\x00\x00\x09"))
check("awk on a pipe", run(busybox, "awk", 'BEGIN { print 6 * 7, substr("wasi", 2) }').stdout, b"42 asi\n")
finish()

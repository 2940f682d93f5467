# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ncat against native peers: both ways at once over TCP, a broker, the most connections, UDP, a proxy, an idle time-out."""

import os
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, SECONDS, check, finish, free_port, serve  # noqa: E402

NCAT = sys.argv[1]
LARGE = os.urandom(1 << 20) * 8
HOST = "127.0.0.1"


def ncat(*words):
    pipe = subprocess.PIPE
    return subprocess.Popen([RUN, NCAT, *words], stdin=pipe, stdout=pipe, stderr=pipe)


def connect(port):
    end = time.monotonic() + SECONDS
    while True:
        try:
            connection = socket.create_connection((HOST, port))
            connection.settimeout(SECONDS)
            return connection
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def end(process):
    process.kill()
    process.communicate()


def read_all(connection):
    data = bytearray()
    while piece := connection.recv(65536):
        data += piece
    return bytes(data)


came = []


def keep_and_answer(connection):
    came.append(read_all(connection))
    connection.sendall(b"answer")


client = ncat(HOST, str(serve(keep_and_answer)))
out, _ = client.communicate(LARGE, timeout=SECONDS)
check("8 MB to a server, and its answer after the end", (out, came[0] == LARGE, client.returncode), (b"answer", True, 0))
client = ncat(HOST, str(free_port()))
check("a refused connection", (client.communicate()[1], client.returncode), (b"Ncat: Connection refused.\n", 1))

port = free_port()
server = ncat("-l", HOST, str(port))
peer = connect(port)
threading.Thread(target=lambda: (peer.sendall(LARGE), peer.shutdown(socket.SHUT_WR)), daemon=True).start()
server.stdin.write(b"from the server")
server.stdin.close()
out = server.stdout.read()
check("8 MB from a client, and an answer to it", (out == LARGE, read_all(peer)), (True, b"from the server"))
check("the server's end", server.wait(SECONDS), 0)

port = free_port()
server = ncat("-l", "--broker", HOST, str(port))
peers = [connect(port) for _ in range(20)]
time.sleep(1)  # nothing tells that a broker has taken a connection
peers[0].sendall(b"hello")
check("a broker's other 19 peers", [peer.recv(10) for peer in peers[1:]], [b"hello"] * 19)
end(server)

port = free_port()
server = ncat("-l", "-k", "-m", "3", HOST, str(port))
peers = [connect(port) for _ in range(3)]
for number, peer in enumerate(peers):
    peer.sendall(b"%d" % number)
check("input of three peers", sorted(server.stdout.read(3)), sorted(b"012"))
server.stdin.write(b"all")
server.stdin.flush()
check("output to three peers", [peer.recv(10) for peer in peers], [b"all"] * 3)
check("a fourth connection", connect(port).recv(10), b"")
end(server)

datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.settimeout(SECONDS)
datagrams.bind((HOST, 0))
client = ncat("-u", HOST, str(datagrams.getsockname()[1]))
client.stdin.write(b"a datagram")
client.stdin.flush()
data, source = datagrams.recvfrom(100)
datagrams.sendto(b"another", source)
check("datagrams", (data, client.stdout.read(7)), (b"a datagram", b"another"))
end(client)


def proxy(connection):
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(1000)
    connection.sendall(b"HTTP/1.0 200 ok\r\n\r\n")
    connection.sendall(request.split()[1] + connection.recv(100).upper())


client = ncat("--proxy", f"{HOST}:{serve(proxy)}", "--proxy-type", "http", "192.0.2.1", "99")
check("by a proxy", client.communicate(b" abc", timeout=SECONDS)[0], b"192.0.2.1:99 ABC")
client = ncat("-i", "1", HOST, str(serve(lambda connection: connection.recv(1))))
check("an idle time-out", (client.wait(SECONDS), b"Idle timeout expired" in client.stderr.read()), (1, True))
finish()

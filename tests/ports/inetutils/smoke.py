# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""GNU inetutils' programs against peers of the test's own; logger's messages go to syslogd."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from ftp_server import ftp_server  # noqa: E402
from smoke import RUN, SECONDS, check, finish, serve, stop  # noqa: E402

top = tempfile.TemporaryDirectory()
for folder in ("etc", "dev", "log"):
    os.mkdir(os.path.join(top.name, folder))


def put(name, content):
    with open(os.path.join(top.name, name), "wb") as file:
        file.write(content)


def got(name):
    path = os.path.join(top.name, name)
    return open(path, "rb").read() if os.path.exists(path) else b""


def command(program, *words):
    return [RUN, f"--dir={top.name}::/", os.path.join(sys.argv[1], program), *words]


def run(program, *words, given=b""):
    return subprocess.run(command(program, *words), input=given, capture_output=True, timeout=SECONDS)


def upper(connection):
    while some := connection.recv(1000):
        connection.sendall(some.upper())


def tftp_server(listener, content):
    _, peer = listener.recvfrom(1000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.bind(("127.0.0.1", 0))
        end.settimeout(SECONDS)
        for block in range(len(content) // 512 + 1):
            end.sendto(b"\0\3" + (block + 1).to_bytes(2, "big") + content[block * 512:block * 512 + 512], peer)
            end.recv(1000)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.bind(("127.0.0.1", 0))
    syslog_port = udp.getsockname()[1]
put("etc/services", b"ftp 21/tcp\ntelnet 23/tcp\ntftp 69/udp\nsyslog %d/udp\n" % syslog_port)

port = serve(lambda connection: connection.sendall(b"of " + connection.makefile("rb").readline()))
check("whois", run("whois/whois", "-h", "127.0.0.1", "-p", str(port), "example.org").stdout, b"of example.org\n")

# The end of its input ends telnet, whether or not there was an answer: there is none before.
with subprocess.Popen(command("telnet/telnet", "127.0.0.1", str(serve(upper))), stdin=subprocess.PIPE,
                      stdout=subprocess.PIPE) as telnet:
    telnet.stdin.write(b"hello\n")
    telnet.stdin.flush()
    lines = iter(telnet.stdout.readline, b"")
    check("telnet", next((line for line in lines if b"HELLO" in line), None), b"HELLO\n")
    telnet.stdin.close()
    telnet.wait(SECONDS)

content = os.urandom(100_000)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
    listener.bind(("127.0.0.1", 0))
    threading.Thread(target=tftp_server, args=(listener, content), daemon=True).start()
    run("src/tftp", "127.0.0.1", str(listener.getsockname()[1]), given=b"binary\nget by-tftp\nquit\n")
check("tftp", got("by-tftp") == content, True)

files = {"large": os.urandom(1_000_000)}
put("mine", content)
ftp = str(serve(ftp_server(files)))
for name, switch in (("active", b""), ("passive", b"passive\n")):
    given = b"user me secret\n" + switch + b"binary\nget large by-ftp-%s\nput mine theirs-%s\nquit\n" % ((name.encode(),) * 2)
    run("ftp/ftp", "-n", "127.0.0.1", ftp, given=given)
    check(f"ftp, {name}, down and up", (got(f"by-ftp-{name}") == files["large"], files.get(f"theirs-{name}") == content),
          (True, True))

put("etc/syslog.conf", b"*.*\t/log/all\nuser.err\t/log/errors\n")
put("log/all", b"")
put("log/errors", b"")
daemon = subprocess.Popen(command("src/syslogd", "--no-detach", "--inet", "--ipv4", "--rcfile=/etc/syslog.conf",
                                  "--pidfile=/log/pid"), stdin=subprocess.DEVNULL)
end = time.monotonic() + SECONDS
# Datagrams: until it listens, nobody hears them.
while time.monotonic() < end and (b"a notice" not in got("log/all") or b"an error" not in got("log/errors")):
    run("src/logger", "-h", f"127.0.0.1:{syslog_port}", "-t", "test", "a notice")
    run("src/logger", "-h", f"127.0.0.1:{syslog_port}", "-t", "test", "-p", "user.err", "an error")
check("logger and syslogd", (b"test: a notice" in got("log/all"), b"test: an error" in got("log/errors"),
                             b"notice" in got("log/errors")), (True, True, False))
stop(daemon)
finish()

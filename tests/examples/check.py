#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the programs of docs/examples, by make or CMake, and talks to each of them.

usage: check.py linux|wasm32-wasi|wasm32-wasip2 make|cmake
"""
import contextlib
import http.server
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
BIN = ROOT / "toolchain" / "bin"
PATIENCE = 30  # seconds


def build(folder, target, tool):
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    guest = target != "linux"
    if tool == "make":
        words = ["make", "-s"]
        if guest:
            words += [f"CC={BIN}/wasi-posix-cc --target={target}", f"CXX={BIN}/wasi-posix-c++ --target={target}", "EXE=.wasm"]
        subprocess.run(words, cwd=folder, check=True)
        return folder, ".wasm" if guest else ""
    words = ["cmake", "-S", ".", "-B", "build"]
    if guest:
        words += [f"-DCMAKE_TOOLCHAIN_FILE={ROOT}/toolchain/wasi-posix.cmake", f"-DWASI_POSIX_TARGET={target}"]
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "build", ".wasm" if guest else ""


class Programs:
    def __init__(self, folder, ending):
        self.folder, self.ending = folder, ending

    def words(self, name, *arguments, grant=None):
        program = str(self.folder / (name + self.ending))
        if not self.ending:
            return [program, *arguments]
        return [str(BIN / "wasi-posix-run"), *([f"--dir={grant}"] if grant else []), program, *arguments]

    def output(self, name, *arguments):
        done = subprocess.run(self.words(name, *arguments), stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
        return done.stdout

    @contextlib.contextmanager
    def server(self, name, *arguments, grant=None):
        process = subprocess.Popen(self.words(name, *arguments, grant=grant), stdout=subprocess.PIPE, text=True)
        try:
            line = process.stdout.readline()
            yield int(re.fullmatch(r"listening at 127\.0\.0\.1:(\d+)\n", line).group(1))
            assert process.poll() is None, f"{name} has ended"
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def receive(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        assert more, f"the end after {data!r}"
        data += more
    return data


def check_echo(programs):
    with programs.server("echo-poll") as port:
        connections = [connect(port) for _ in range(20)]
        for number, connection in enumerate(connections):
            connection.sendall(b"%d" % number * 1000)
        for number, connection in reversed(list(enumerate(connections))):
            text = b"%d" % number * 1000
            assert receive(connection, len(text)) == text
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
            connection.close()


def check_chat(programs):
    with programs.server("chat-epoll") as port:
        members = []
        for _ in range(3):  # who is heard by those before has joined
            member = connect(port)
            if members:
                say(member, b"hello\n", members)
            members.append(member)
        members[0].sendall(b"half of ")
        members[0].sendall(b"a line\nand more")
        for other in members[1:]:
            heard = receive(other, 15)
            assert heard == b"half of a line\n", heard
        members[0].close()
        members[1].sendall(b"are you there?\n")
        assert receive(members[2], 15) == b"are you there?\n"
        for member in members[1:]:
            member.close()


def say(member, line, others):
    member.sendall(line)
    for other in others:
        assert receive(other, len(line)) == line


def check_files(programs, folder):
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>it works\n")
    large = os.urandom(3_000_000)
    (site / "large").write_bytes(large)
    with programs.server("file-server", str(site), grant=site) as port:
        for path, status, body in (
            ("/", b"200 OK", b"<p>it works\n"), ("/large", b"200 OK", large), ("/nothing", b"404 Not Found", b"not found\n"),
            ("/../Makefile", b"400 Bad Request", b""),
        ):
            with connect(port) as connection:
                connection.sendall(b"GET %s HTTP/1.0\r\n\r\n" % path.encode())
                answer = connection.makefile("rb").read()
            head, _, content = answer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.0 " + status) and content == body, (path, head, len(content))


def check_get(programs):
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"hello from " + self.path.encode() + b"\n"
            self.send_response(200 if self.path == "/page" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_address[1])
        assert programs.output("http-get", "127.0.0.1", port, "/page") == b"hello from /page\n"
        failed = subprocess.run(programs.words("http-get", "127.0.0.1", port, "/none"), timeout=PATIENCE, capture_output=True)
        assert failed.returncode == 1 and b"status 404" in failed.stderr, failed
        server.shutdown()


def check_time(programs):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(PATIENCE)

        def answer():
            for attempt in range(2):  # the first is lost
                packet, client = server.recvfrom(100)
                if attempt == 1:
                    server.sendto(bytes([4 << 3 | 4]) + bytes(23) + packet[40:48] + bytes(8) + struct.pack(">II", 2208988800 + 86400, 0), client)

        thread = threading.Thread(target=answer)
        thread.start()
        assert programs.output("udp-time", "127.0.0.1", str(server.getsockname()[1])) == b"1970-01-02 00:00:00 UTC\n"
        thread.join()


def check_store(programs):
    with programs.server("key-value") as port, connect(port) as one, connect(port) as other:
        for connection, question, answer in (
            (one, b"set colour dark blue\r\n", b"ok\n"), (other, b"get colour\n", b"dark blue\n"), (other, b"get size\n", b"none\n"),
            (one, b"count\nwhere\n", b"1\nwhat?\n"),
        ):
            connection.sendall(question)
            assert receive(connection, len(answer)) == answer, question
        one.sendall(b"quit\n")
        assert one.recv(1) == b""


def main(target, tool):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        programs = Programs(*build(folder / "with spaces", target, tool))
        check_echo(programs)
        check_chat(programs)
        check_files(programs, folder)
        check_get(programs)
        check_time(programs)
        check_store(programs)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

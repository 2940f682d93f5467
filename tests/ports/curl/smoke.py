# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""curl against Python's server: a page, a large file, an upload, a missing page, a refused connection."""

import http.server
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import check, finish, free_port, run  # noqa: E402

curl, build = sys.argv[1:]
LARGE = bytes(range(256)) * 40000
sent = []


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = {"/": b"hello\n", "/large": LARGE}.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_PUT(self):
        sent.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
check("a page", run(curl, "-sS", base + "/").stdout, b"hello\n")
check("two pages over one connection", run(curl, "-sS", base + "/", base + "/").stdout, b"hello\nhello\n")
check("a name", run(curl, "-sS", f"http://localhost:{server.server_port}/").stdout, b"hello\n")
check("a large file", run(curl, "-sS", base + "/large").stdout == LARGE, True)
with open(os.path.join(build, "upload"), "wb") as file:
    file.write(LARGE)
done = run(curl, "-sS", "-T", "/files/upload", base + "/upload", options=[f"--dir={build}::/files"])
check("an upload", (done.returncode, sent[0] == LARGE if sent else None), (0, True))
check("a missing page", run(curl, "-sS", "--fail", base + "/none").returncode, 22)
check("a refused connection", run(curl, "-sS", f"http://127.0.0.1:{free_port()}/").returncode, 7)
finish()

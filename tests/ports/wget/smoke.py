# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""wget: a large page, the rest of one, a folder with what it links to, a POST, FTP both ways, and what goes wrong."""

import http.server
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from ftp_server import ftp_server  # noqa: E402
from smoke import check, finish, free_port, run, serve  # noqa: E402

LARGE = os.urandom(3_000_000)
PAGES = {"/large": LARGE, "/": b'<a href="one.html">1</a> <a href="two.html">2</a>', "/one.html": b"one", "/two.html": b"two"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, body, *headers):
        self.send_response(code)
        for header in (("Content-Length", str(len(body))), ("Content-Type", "text/html"), *headers):
            self.send_header(*header)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        body = PAGES.get(self.path)
        if body is None:
            self.answer(404, b"")
        elif "Range" in self.headers:
            start = int(self.headers["Range"].split("=")[1].split("-")[0])
            self.answer(206, body[start:], ("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}"))
        else:
            self.answer(200, body)

    do_HEAD = do_GET

    def do_POST(self):
        self.answer(200, self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://localhost:{server.server_port}"
with tempfile.TemporaryDirectory() as folder:
    def wget(*words):
        return run(sys.argv[1], "-nv", *words, options=[f"--dir={folder}::/"])

    def content(name):
        path = os.path.join(folder, name)
        return open(path, "rb").read() if os.path.exists(path) else None

    check("a large page", (wget(base + "/large").returncode, content("large") == LARGE), (0, True))
    open(os.path.join(folder, "large"), "wb").write(LARGE[:1_000_000])
    check("the rest of it", (wget("-c", base + "/large").returncode, content("large") == LARGE), (0, True))
    wget("-r", "-nH", base + "/")
    check("a folder", [content(name) for name in ("one.html", "two.html")], [b"one", b"two"])
    check("POST", wget("-q", "-O", "-", "--post-data=a=b", base + "/").stdout, b"a=b")
    check("no such page", wget(base + "/none").returncode, 8)
    check("nobody there", wget("-t", "1", f"http://127.0.0.1:{free_port()}/").returncode, 4)
    silent = serve(lambda connection: time.sleep(3))
    check("a silent server", wget("-t", "1", "-T", "0.5", f"http://127.0.0.1:{silent}/").returncode, 4)
    ftp = serve(ftp_server({"large": LARGE}))
    for name, option in {"passive": "--passive-ftp", "active": "--no-passive-ftp"}.items():
        done = wget(option, "-O", name, f"ftp://127.0.0.1:{ftp}/large")
        check(f"FTP, {name}", (done.returncode, content(name) == LARGE), (0, True))
finish()

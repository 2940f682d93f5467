# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""nginx with select, poll and kqueue: pages, ranges, many clients, and a native server behind it."""

import concurrent.futures
import http.server
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import check, finish, free_port, start, stop  # noqa: E402

nginx, build, here = sys.argv[1:]
LARGE = bytes(range(256)) * 40000


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(LARGE)

    def log_message(self, *_):
        pass


def get(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def try_method(method, top, upstream):
    port = free_port()
    with open(os.path.join(here, "nginx.conf"), encoding="utf-8") as file:
        text = file.read()
    for name, value in ("METHOD", method), ("PORT", port), ("UPSTREAM", upstream):
        text = text.replace(f"@{name}@", str(value))
    with open(os.path.join(top, "srv", "conf", "nginx.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(build, f"run-{method}.log"), "w", encoding="utf-8") as log:
        options = [f"--dir={os.path.join(top, name)}::/{name}" for name in ("srv", "dev", "etc")]
        process = start(nginx, "-p", "/srv", "-c", "/srv/conf/nginx.conf", port=port, options=options, log=log)
        try:
            check(f"{method}: a page", get(port, "/"), (200, b"hello\n"))
            check(f"{method}: a large file", get(port, "/large") == (200, LARGE), True)
            check(f"{method}: a range", get(port, "/large", Range="bytes=250-259"), (206, LARGE[250:260]))
            check(f"{method}: a missing page", get(port, "/none")[0], 404)
            check(f"{method}: a proxied file", get(port, "/up/") == (200, LARGE), True)
            with concurrent.futures.ThreadPoolExecutor(30) as pool:
                answers = list(pool.map(lambda _: get(port, "/large") == (200, LARGE), range(60)))
            check(f"{method}: 60 requests of 30 clients", answers.count(True), 60)
        finally:
            stop(process)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    for name in "srv/conf", "srv/html", "srv/logs", "dev", "etc":
        os.makedirs(os.path.join(folder, name))
    for name, content in (("srv/html/index.html", b"hello\n"), ("srv/html/large", LARGE), ("dev/null", b""),
                          ("etc/passwd", b"nobody:x:1000:1000::/:\n"), ("etc/group", b"nogroup:x:1000:\n")):
        with open(os.path.join(folder, name), "wb") as page:
            page.write(content)
    for event_method in "select", "poll", "kqueue":
        try_method(event_method, folder, server.server_port)
finish()

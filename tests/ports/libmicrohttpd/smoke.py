# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Native clients of libmicrohttpd's examples."""

import concurrent.futures
import os
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import SECONDS, check, finish, free_port, start, stop  # noqa: E402


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.code


examples, folder = sys.argv[1:]
served = os.path.join(folder, "served")
os.makedirs(served, exist_ok=True)
big = os.urandom(3000000)
with open(os.path.join(served, "big"), "wb") as file:
    file.write(big)
for name, words, path, wanted in (
        ("fileserver_example_external_select", ["600"], "big", big),
        ("suspend_resume_epoll", [], "some/page", b"/some/page")):
    port = free_port()
    with open(os.path.join(folder, f"{name}.log"), "w") as log:
        server = start(os.path.join(examples, name), str(port), *words, port=port, options=[f"--dir={served}::/"], log=log)
        try:
            url = f"http://127.0.0.1:{port}/"
            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                answers = list(pool.map(get, [url + path] * 20))
            check(f"{name}: 20 clients at a time", [answer == wanted for answer in answers], [True] * 20)
            if words:
                check(f"{name}: no such file", get(url + "none"), 404)
        finally:
            stop(server)
finish()

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CPython in a guest: http.server, urllib, asyncio, and its own tests of sockets as far as they start no threads."""

import os
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import check, finish, free_port, run, start, stop  # noqa: E402

build, library = sys.argv[1:]
here = os.path.dirname(os.path.realpath(__file__))
interpreter = os.path.join(build, "python.wasm")
platform = os.path.join(build, open(os.path.join(build, "pybuilddir.txt")).read())
TESTS = {  # what must pass at least, and what may fail
    "test_selectors": (80, set()),
    "test_select": (4, set()),
    "test_poll": (2, set()),
    "test_epoll": (8, {"test_control_and_wait"}),  # wants answers within 10 ms
    "test_kqueue": (6, set()),
    # No SO_REUSEPORT, no UDP-Lite; CPython builds no fcntl for WASI, and expects Linux's answer to AF_UNIX of Linux only.
    "test_socket": (80, {"test_reuse_port", "testTimeoutZero", "testUDPLITETimeout", "test_SOCK_NONBLOCK",
                         "testEmptyAddress"}),
}
ASYNCIO = """
import asyncio
async def talk(reader, writer):
    writer.write((await reader.readline()).upper())
    writer.close()
async def ask(address, i):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"hello %d\\n" % i)
    return await reader.read() == b"HELLO %d\\n" % i
async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(sum(await asyncio.gather(*(ask(server.sockets[0].getsockname(), i) for i in range(50)))))
asyncio.run(main())
"""

with tempfile.TemporaryDirectory() as tmp:
    for name in ("tmp", "dev"):
        os.mkdir(os.path.join(tmp, name))
    open(os.path.join(tmp, "dev", "null"), "w").close()
    options = [f"--dir={tmp}/tmp::/tmp", f"--dir={tmp}/dev::/dev", f"--dir={here}::/tests", "--env=PYTHONHOME=/",
               f"--dir={library}::/lib/python3.11", f"--dir={platform}::/lib/python3.11/build",
               "--env=PYTHONPATH=/lib/python3.11/build", "--env=PYTHONDONTWRITEBYTECODE=1"]
    content = os.urandom(1_000_000)
    open(os.path.join(tmp, "tmp", "page"), "wb").write(content)
    port = free_port()
    with open(os.path.join(build, "server.log"), "wb") as log:
        serve = ("import http.server as h, os; os.chdir('/tmp');"  # python -m http.server starts a thread a client
                 f"h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()")
        server = start(interpreter, "-c", serve, port=port, options=options, log=log)
        check("http.server", urllib.request.urlopen(f"http://127.0.0.1:{port}/page", timeout=30).read() == content, True)
        fetch = f"import urllib.request as u; print(len(u.urlopen('http://127.0.0.1:{port}/page').read()))"
        check("urllib", run(interpreter, "-c", fetch, options=options).stdout, b"1000000\n")
        stop(server)
    check("asyncio", run(interpreter, "-c", ASYNCIO, options=options).stdout, b"50\n")
    for name, (least, failing) in TESTS.items():
        words = run(interpreter, "/tests/unthreaded.py", name, options=options, seconds=300).stdout.decode().split() or ["0"]
        check(f"{name}: at least {least} pass", int(words[0]) >= least, True)
        check(f"{name}: what else fails", set(words[1:]) - failing, set())
finish()

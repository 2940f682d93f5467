# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LuaSocket's own test, a client that tells a server what to do: natively, with either end in the guest, and with both."""

import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, SECONDS, check, finish, free_port, stop  # noqa: E402

build = sys.argv[1]
outcomes = {}


def command(end, port, script):
    scripts = f"{build}/scripts" if end == "native" else "/scripts"
    words = [str(port), f"{scripts}/{script}.lua"]
    if end == "native":
        return ["env", f"LUA_PATH={scripts}/?.lua", f"{build}/native/host", *words]
    options = [f"--dir={build}/scripts::/scripts", "--dir=/etc::/etc", f"--env=LUA_PATH={scripts}/?.lua"]
    return [RUN, *options, f"{build}/guest/host", *words]


def talk(server_end, client_end):
    port = free_port()
    with open(f"{build}/server-{server_end}-{client_end}.log", "w") as log:
        server = subprocess.Popen(command(server_end, port, "testsrvr"), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        time.sleep(0.2)
        end = time.monotonic() + SECONDS
        while True:  # it takes one connection, which is to be the client's: so the client is started until it gets it
            client = subprocess.run(command(client_end, port, "testclnt"), capture_output=True, timeout=180)
            if b"connection refused" not in client.stderr or time.monotonic() > end:
                break
            time.sleep(0.2)
        stop(server)
    outcomes[server_end, client_end] = (client.stderr.count(b"ok"), b"testing: done in" in client.stderr)
    with open(f"{build}/client-{server_end}-{client_end}.log", "wb") as log:
        log.write(client.stderr)


ends = ("native", "guest")
threads = [threading.Thread(target=talk, args=(server, client)) for server in ends for client in ends]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
wanted = outcomes.get(("native", "native"))
check("natively", wanted is not None and wanted[0] > 30 and wanted[1], True)
for pair in (("guest", "native"), ("native", "guest"), ("guest", "guest")):
    check("server {}, client {}".format(*pair), outcomes.get(pair), wanted)
finish()

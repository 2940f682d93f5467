# Serves files with lighttpd compiled for wasm32-wasi, lets native clients ask for them, compares every answer with
# the file, then measures it beside the same lighttpd built natively. Does so under the runner's usual runtime, and under the
# wheel where that is another one.
#   check.py RUNNER LIGHTTPD_WASM LIGHTTPD_NATIVE LOAD FOLDER
# Prints what was asked and what came back; exits non-zero when anything differs. Ends all that it starts.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

TIME_LIMIT = 300  # seconds, for all of it
SMALL = b"<!doctype html><title>lighttpd in WebAssembly</title><p>This page came out of a WASI guest.\n"
BIG_SIZE = 64 << 20
CLIENTS = 50

failures = []


def report(good, asked, came):
    print(f"  {'ok  ' if good else 'FAIL'}  {asked:<44}  {came}", flush=True)
    if not good:
        failures.append(asked)


def make_files(folder):
    """The files to serve; returns the checksum of the big one and that of its middle megabyte."""
    files = os.path.join(folder, "files")
    for name in ("files", "dev", "tmp", "etc"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    with open(os.path.join(files, "index.html"), "wb") as page:
        page.write(SMALL)
    # Not a pattern that a lost or doubled block would leave in place: the hash of a counter, grown block by block.
    digest = hashlib.sha256()
    with open(os.path.join(files, "big.bin"), "wb") as big:
        for block in range(BIG_SIZE >> 16):
            data = hashlib.shake_128(block.to_bytes(4, "big")).digest(1 << 16)
            digest.update(data)
            big.write(data)
    # lighttpd opens /dev/null at start, and WASI has no devices: the guest gets a folder with an empty file of that name.
    open(os.path.join(folder, "dev", "null"), "wb").close()
    return digest.hexdigest()


def read_file(folder, first, last):
    with open(os.path.join(folder, "files", "big.bin"), "rb") as big:
        big.seek(first)
        return big.read(last - first + 1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One lighttpd on a port of its own; `base` is the folder as the server sees it."""

    def __init__(self, name, folder, base, command, environment=None):
        self.name = name
        for _ in range(3):  # the port may be taken by somebody else in between
            self.port = free_port()
            config = os.path.join(folder, "etc", f"{name}.conf")
            with open(config, "w") as out:
                out.write(
                    f'server.document-root = "{base}/files"\nserver.bind = "127.0.0.1"\nserver.port = {self.port}\n'
                    f'server.upload-dirs = ("{base}/tmp")\nserver.modules = ("mod_indexfile", "mod_staticfile")\n'
                    'index-file.names = ("index.html")\nserver.max-keep-alive-requests = 60000\n'
                    'mimetype.assign = (".html" => "text/html", "" => "application/octet-stream")\n')
            self.log_path = os.path.join(folder, f"{name}.log")
            self.log = open(self.log_path, "wb")
            begin = time.monotonic()
            self.process = subprocess.Popen(command + ["-D", "-f", f"{base}/etc/{name}.conf"], stdin=subprocess.DEVNULL,
                                            stdout=self.log, stderr=self.log, env=dict(os.environ, **(environment or {})))
            try:
                if self.wait_until_it_answers():
                    self.start_seconds = time.monotonic() - begin
                    return
            except BaseException:
                self.stop()
                raise
            self.stop()
        sys.exit(f"{name} did not start; its output:\n{self.output()}")

    def wait_until_it_answers(self):
        for _ in range(600):
            if self.process.poll() is not None:
                return False
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def output(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()[-4000:]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self.log.close()


def connection(server):
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)


def get(link, path, headers=None, method="GET"):
    link.request(method, path, headers=headers or {})
    answer = link.getresponse()
    return answer, answer.read()


def check_answers(server, folder, big_digest):
    link = connection(server)
    answer, body = get(link, "/")
    report(answer.status == 200 and body == SMALL and answer.getheader("Content-Type") == "text/html", "GET /",
           f"{answer.status}, {len(body)} bytes, as in the file: {body == SMALL}")

    answer, body = get(link, "/", method="HEAD")
    report(answer.status == 200 and body == b"" and answer.getheader("Content-Length") == str(len(SMALL)), "HEAD /",
           f"{answer.status}, Content-Length {answer.getheader('Content-Length')}, no body")

    answer, body = get(link, "/no-such-file")
    report(answer.status == 404, "GET /no-such-file", f"{answer.status} {answer.reason}")
    link.close()

    link = connection(server)
    begin = time.monotonic()
    link.request("GET", "/big.bin")
    answer = link.getresponse()
    digest, size = hashlib.sha256(), 0
    while block := answer.read(1 << 18):
        digest.update(block)
        size += len(block)
    seconds = time.monotonic() - begin
    same = digest.hexdigest() == big_digest
    report(answer.status == 200 and size == BIG_SIZE and same, "GET /big.bin (64 MB)",
           f"{answer.status}, {size} bytes in {seconds:.2f} s, sha256 {digest.hexdigest()[:16]}... "
           f"{'=' if same else 'instead of'} {big_digest[:16]}...")

    first, last = 33_333_333, 34_444_444
    answer, body = get(link, "/big.bin", {"Range": f"bytes={first}-{last}"})
    same = body == read_file(folder, first, last)
    report(answer.status == 206 and same and answer.getheader("Content-Range") == f"bytes {first}-{last}/{BIG_SIZE}",
           f"GET /big.bin, bytes={first}-{last}",
           f"{answer.status}, {answer.getheader('Content-Range')}, as in the file: {same}")

    answer, body = get(link, "/big.bin", {"Range": f"bytes={BIG_SIZE}-"})
    report(answer.status == 416, f"GET /big.bin, bytes={BIG_SIZE}-", f"{answer.status} {answer.reason}")
    link.close()


def check_keep_alive(server):
    count = 200
    link = connection(server)
    link.connect()
    port = link.sock.getsockname()[1]
    good = 0
    for _ in range(count):
        answer, body = get(link, "/")
        kept = link.sock is not None and link.sock.getsockname()[1] == port
        good += answer.status == 200 and body == SMALL and kept
    link.close()
    report(good == count, f"GET / {count} times over one connection", f"{good} right answers, the connection kept")


def check_parallel(server, folder):
    together = threading.Barrier(CLIENTS)
    good = [0] * CLIENTS
    errors = []

    def client(number):
        try:
            link = connection(server)
            link.connect()
            together.wait(30)  # all are connected before the first asks
            first = number << 20
            for _ in range(4):
                answer, body = get(link, "/")
                good[number] += answer.status == 200 and body == SMALL
            last = first + (1 << 20) - 1
            answer, body = get(link, "/big.bin", {"Range": f"bytes={first}-{last}"})
            good[number] += answer.status == 206 and body == read_file(folder, first, last)
            link.close()
        except Exception as error:  # told below: a thread's own exception would be lost
            errors.append(f"client {number}: {error!r}")
            together.abort()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    report(sum(good) == CLIENTS * 5, f"{CLIENTS} clients at once: 4 pages, 1 MB of big.bin",
           f"{sum(good)} of {CLIENTS * 5} answers right{'; ' + errors[0] if errors else ''}")


def measure(load, server, path, size, count, clients, mode):
    """Seconds, the median of three runs."""
    command = [load, str(server.port), path, str(size), str(count), str(clients), mode]
    return sorted(float(subprocess.run(command, check=True, timeout=60, stdout=subprocess.PIPE).stdout)
                  for _ in range(3))[1]


def compare(load, guests, native):
    """Figures of the guests, by the short name of their runtime, and of the native server; how the first compares with that."""
    works = (
        ("small page, 10 connections kept", "/", len(SMALL), 5000, 10, "keep", "requests/s", 5000),
        ("small page, 50 connections kept", "/", len(SMALL), 5000, 50, "keep", "requests/s", 5000),
        ("small page, a connection each, 10 at once", "/", len(SMALL), 2000, 10, "close", "requests/s", 2000),
        ("64 MB file", "/big.bin", BIG_SIZE, 2, 1, "keep", "MB/s", 2 * (BIG_SIZE >> 20)),
    )
    print(f"  {'':<44}" + "".join(f"  {name:>15}" for name in [*guests, "native"]) + "   ratio")
    for what, path, size, count, clients, mode, unit, amount in works:
        figures = [amount / measure(load, server, path, size, count, clients, mode) for server in [*guests.values(), native]]
        print(f"  {what:<44}" + "".join(f"  {value:>15.0f}" for value in figures) + f"  {figures[0] / figures[-1]:>6.2f}  {unit}",
              flush=True)


def runtimes(runner):
    """What the runner takes by itself, and the wheel where that is another: the runtime's name and the variables that ask for it."""
    found = {}
    for environment in ({}, {"WASI_POSIX_RUNTIME": "wheel"}):
        done = subprocess.run([runner, "--which"], env=dict(os.environ, **environment), stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, timeout=20)
        if done.returncode == 0:
            found.setdefault(done.stdout.partition(",")[0], (done.stdout.strip(), environment))
    return found


def main():
    runner, wasm_binary, native_binary, load, folder = sys.argv[1:]
    folder = os.path.realpath(folder)

    def give_up(*_):
        sys.exit("demo: not done in time, or told to end")

    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, give_up)
    signal.alarm(TIME_LIMIT)

    big_digest = make_files(folder)
    servers = []
    try:
        guest = [runner] + [f"--dir={os.path.join(folder, name)}::/{name}" for name in ("files", "dev", "tmp", "etc")]
        version = subprocess.run([native_binary, "-v"], stdout=subprocess.PIPE, text=True, timeout=20).stdout
        version = re.match(r"\S+", version).group()
        guests = {}
        for runtime, (which, environment) in runtimes(runner).items():
            wasm = Server(f"lighttpd-{runtime.replace(' ', '-')}", folder, "", guest + [wasm_binary], environment)
            servers.append(wasm)
            guests[runtime] = wasm
            print(f"{version} for wasm32-wasi is up on 127.0.0.1:{wasm.port} after {wasm.start_seconds:.2f} s, "
                  f"process {wasm.process.pid}, under {which}")
            check_answers(wasm, folder, big_digest)
            check_keep_alive(wasm)
            check_parallel(wasm, folder)
            if wasm.process.poll() is not None:
                report(False, "the server still runs", f"it ended with {wasm.process.returncode}")
            if failures:
                print(f"the server's own output:\n{wasm.output()}")
                break
        if not failures:
            native = Server("lighttpd-native", folder, folder, [native_binary])
            servers.append(native)
            print("Beside the same lighttpd built natively, asked by the same native client:")
            compare(load, guests, native)
    finally:
        signal.alarm(0)
        for server in servers:
            server.stop()
    if failures:
        sys.exit(f"demo: {len(failures)} answers were wrong: {'; '.join(failures)}")
    print("All answers were right; the servers have ended.")


main()

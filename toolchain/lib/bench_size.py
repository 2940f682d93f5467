# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The sizes of minimal programs, what features add to them, and how long they take to start."""
import contextlib
import socket
import statistics
import subprocess
import sys
import threading
import time

from bench_run import DRIVER, OUT, ROOT, RUN, SOURCES, call, plain_clang

FILE = SOURCES / "sizes.txt"
STRIP = str(ROOT / "toolchain" / "bin" / "wasi-posix-strip")
TARGETS = ("wasm32-wasi", "wasm32-wasip2")
FEATURES = ("POLL", "SELECT", "EPOLL", "OPTIONS", "UDP", "NETDB", "STDIO")
# By name: the source, and the flags. Those of wasi-libc as far as it has what they call.
PROGRAMS = {"client": ("client.c", []), "server": ("server.c", [])}
PROGRAMS |= {f"client with {feature.lower()}": ("client.c", [f"-DWITH_{feature}"]) for feature in FEATURES}
FLAGS = ["-Oz", "-Wl,-s"]
TOLERANCE = 0.01


def build(name, target):
    """Compiles one program, at -Oz and stripped; the sizes of the component, with and without names, which wasi-libc's keeps."""
    source, flags = PROGRAMS[name]
    out = OUT / f"size-{name.replace(' ', '-')}-{target}.wasm"
    compiler = plain_clang("wasm32-wasip2") if target == "wasi-libc" else [DRIVER, f"--target={target}"]
    OUT.mkdir(parents=True, exist_ok=True)
    words = [*compiler, *FLAGS, *flags, SOURCES / "size" / source, "-o", out]
    if target == "wasi-libc" and subprocess.run([str(word) for word in words], stderr=subprocess.DEVNULL).returncode != 0:
        return None  # it lacks what the program calls
    call(*words)
    nameless = out.with_suffix(".stripped.wasm")
    call(sys.executable, STRIP, "-o", nameless, out)
    return out.stat().st_size, nameless.stat().st_size


def all_sizes(targets=TARGETS, names=tuple(PROGRAMS)):
    return {name: {target: build(name, target) for target in targets} for name in names}


def write_file(sizes):
    lines = ["# Bytes of components at -Oz -s. A test compares them within 1 %; toolchain/bench --sizes writes the file."]
    for name, by_target in sizes.items():
        lines += [f"{target}  {name}  {by_target[target][0]}" for target in TARGETS]
    FILE.write_text("\n".join(lines) + "\n")


def check_file(target):
    """Compares with the file; what differs."""
    wrong = []
    found = 0
    for line in FILE.read_text().splitlines():
        if not line.startswith(target + "  "):
            continue
        found += 1
        _, name, noted = line.split("  ")
        was, now = int(noted), build(name, target)[0]
        if abs(now - was) > was * TOLERANCE:
            wrong.append(f"{name}: {was} bytes are noted, it has {now}")
    if not found:
        wrong.append(f"{FILE.name} has nothing of {target}")
    return wrong


@contextlib.contextmanager
def echo_server():
    """A port of this process that sends back what comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection = listener.accept()[0]
                    with connection:
                        connection.sendall(connection.recv(64))

        threading.Thread(target=serve, daemon=True).start()
        yield str(listener.getsockname()[1])


def start_up(runs):
    """Milliseconds from the start of the runner to its end, of the echo client: medians of runs in turns."""
    times = {}
    with echo_server() as port:
        for _ in range(runs + 1):  # the first one compiles
            for target in ("wasi-libc", *TARGETS):
                begin = time.monotonic()
                subprocess.run([RUN, str(OUT / f"size-client-{target}.wasm"), port], check=True, stdout=subprocess.DEVNULL)
                times.setdefault(target, []).append((time.monotonic() - begin) * 1e3)
    return {target: statistics.median(values[1:]) for target, values in times.items()}

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The runtimes of wasi-posix-run: the wasmtime command, and libwasmtime of the Python wheel in this very process. Start-up time counts:
only what a run needs is imported."""

import os
import sys

OLDEST_WASMTIME = 30


def die(message, status=125):
    print("wasi-posix-run: " + message, file=sys.stderr)
    sys.exit(status)


def write_atomically(path, data):
    """Writes a cache file; a cache that can't be written is no error."""
    temporary = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass


# ---- the wasmtime command ---------------------------------------------------------------------------------------


def ask_version(path):
    """What a wasmtime command says it is, as in 49.0.3; empty if it is none."""
    import subprocess

    try:
        out = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        return out.stdout.split()[1]
    except (OSError, IndexError, subprocess.SubprocessError):
        return ""


def wasmtime_version(path, cache):
    """Major version of a wasmtime command; remembered, as asking costs as much as running."""
    info = os.stat(path)
    key = f"{os.path.realpath(path)}:{info.st_mtime_ns}:{info.st_size}"
    memo = os.path.join(cache, "wasmtime-version")
    try:
        with open(memo) as file:
            known, _, major = file.read().rpartition(" ")
        if known == key:
            return int(major)
    except (OSError, ValueError):
        pass
    try:
        major = int(ask_version(path).split(".")[0])
    except ValueError:
        return 0
    write_atomically(memo, f"{key} {major}".encode())
    return major


def find_on_path(name):
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or ".", name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def own_cache(cache):
    """Makes wasmtime keep its compiled code in our cache, as one that can't make its own folder doesn't run at all. Whether
    it can be kept."""
    folder = os.path.join(cache, "wasmtime")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    os.environ["XDG_CACHE_HOME"] = os.path.abspath(cache)
    return os.access(folder, os.W_OK)


def exec_wasmtime(command, request, cache):
    words = [command, "run", "-C", "cache=y" if own_cache(cache) else "cache=n", "-W", "exceptions=y,gc=y,function-references=y"]
    # Without the network there are sockets, but no address is granted: as under the wheel, and as on a Linux without one.
    network = "y" if request.network else "n"
    words += ["-S", f"inherit-network={network},tcp=y,udp=y,allow-ip-name-lookup={network}"]
    for host, guest in request.dirs:
        words.append(f"--dir={host}::{guest}")
    for name, value in request.env:
        words.append(f"--env={name}={value}")
    words += ["--argv0=" + request.app, "--", request.app, *request.args]
    os.environ["RUST_BACKTRACE"] = "0"  # of the runtime: to a guest's trap it says nothing
    os.execv(command, words)


def find_wheel(home):
    """The folder of the wasmtime package in the venv, and its version."""
    lib = os.path.join(home, "venv", "lib")
    try:
        for python in os.listdir(lib):
            site = os.path.join(lib, python, "site-packages")
            for entry in os.listdir(site):
                if entry.startswith("wasmtime-") and entry.endswith(".dist-info"):
                    return os.path.join(site, "wasmtime"), entry[len("wasmtime-"):-len(".dist-info")]
    except OSError:
        pass
    return None, None


# ---- which one -----------------------------------------------------------------------------------------------------


WISHES = ("", "wasmtime", "cli", "wheel")


def find_command(home):
    """The wasmtime command that toolchain/setup installed."""
    try:
        for entry in sorted(os.listdir(home)):
            path = os.path.join(home, entry, "wasmtime")
            if entry.startswith("wasmtime-") and os.access(path, os.X_OK):
                return path
    except OSError:
        pass
    return None


class CommandRuntime:
    def __init__(self, path, cache):
        self.path, self.cache = path, cache

    def become(self, request):
        exec_wasmtime(self.path, request, self.cache)

    def describe(self):
        return f"wasmtime {ask_version(self.path)}, the command {self.path}"


class WheelRuntime:
    def __init__(self, package, version, cache):
        self.package, self.version, self.cache = package, version, cache

    def become(self, request):
        from wasi_posix_wheel import Wheel

        sys.exit(Wheel(self.package).run(request, self.cache, self.version))

    def describe(self):
        return f"wasmtime {self.version}, the wheel {self.package}"


def choose_runtime(home, cache):
    """Returns what the child becomes."""
    wish = os.environ.get("WASI_POSIX_RUNTIME", "")
    if wish not in WISHES and "/" not in wish:
        die(f"WASI_POSIX_RUNTIME={wish}: it is one of wasmtime, cli, wheel, or the path of a wasmtime command", 2)
    note = ""
    if wish in ("", "wasmtime") or "/" in wish:
        command = wish if "/" in wish else find_on_path("wasmtime")
        if command:
            major = wasmtime_version(command, cache) if os.path.exists(command) else 0
            if major >= OLDEST_WASMTIME:
                return CommandRuntime(command, cache)
            note = f"{command} is no wasmtime of version {OLDEST_WASMTIME} or later; "
        if wish:
            die((note or "no wasmtime on PATH; ") + f"WASI_POSIX_RUNTIME={wish} asks for it")
    if wish in ("", "cli"):
        command = find_command(home)
        if command:
            return CommandRuntime(command, cache)
        if wish:
            die("toolchain/setup installed no wasmtime command; WASI_POSIX_RUNTIME=cli asks for it")
    package, version = find_wheel(home)
    if not package:
        die(note + "no wasmtime on PATH, and none of toolchain/setup's: run that, or install wasmtime")
    return WheelRuntime(package, version, cache)

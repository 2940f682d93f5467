# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a WASI component with the network on; wasi-posix-run starts this.

The parent waits and sees to signals, the exit status and tidying up; its child becomes the runtime (wasi_posix_runtime.py). Start-up
time counts, as tests run this a thousand times: only what a run needs is imported.
"""

import os
import _signal as signal  # the module around this costs half of what Python takes to start
import sys

from wasi_posix_runtime import choose_runtime, die

USAGE = """\
usage: wasi-posix-run [options] [--] app.wasm [arguments]

Runs a WASI component, with the network on.
  --dir=HOST[::GUEST]  give the guest the folder HOST, as GUEST (else under the same name); may be repeated
  --env=NAME=VALUE     set a variable for the guest (--env=NAME takes ours); may be repeated
  --inherit-env        give the guest all of our environment
  --no-network         refuse the network (so does WASI_POSIX_NETWORK=off)
  --which              say which runtime it is, and end: no app.wasm is needed
  --help               show this

The exit status is the guest's; 134 after a trap; 128 + N if signal N ended it.
The runtime is wasmtime on PATH, else the wasmtime command that toolchain/setup installs, else the wasmtime wheel that it
installs. WASI_POSIX_RUNTIME asks for one: wasmtime, cli, wheel, or the path of a wasmtime command."""

STATUS_GUEST_DIR = "/.wasi-posix-run"


class Request:
    def __init__(self, words):
        self.dirs = []
        self.env = []
        self.which = False
        self.network = os.environ.get("WASI_POSIX_NETWORK", "on").lower() not in ("off", "0", "no")
        self.inherit = False
        while words and words[0].startswith("-") and words[0] != "-" and not self.which:
            word = words.pop(0)
            if word == "--":
                break
            if word in ("--dir", "--env") and words:
                word += "=" + words.pop(0)
            self.option(word)
        if self.which:
            return
        if not words:
            print(USAGE, file=sys.stderr)
            sys.exit(2)
        if self.inherit:
            self.env = list(os.environ.items()) + self.env
        self.env = list(dict(self.env).items())  # the last of a name wins
        self.app = words.pop(0)
        self.args = words
        for word in words:
            if any("\udc80" <= c <= "\udcff" for c in word):
                die(f"{word!r}: WASI knows arguments in UTF-8 only")
        if not os.path.isfile(self.app):
            die(f"{self.app}: no such file", 127)

    def option(self, word):
        name, _, value = word.partition("=")
        if name == "--dir" and value:
            host, separator, guest = value.partition("::")
            self.add_dir(host, guest if separator else host)
        elif name == "--env" and value:
            key, separator, text = value.partition("=")
            if separator or key in os.environ:
                self.env.append((key, text if separator else os.environ[key]))
        elif word == "--inherit-env":
            self.inherit = True
        elif word == "--no-network":
            self.network = False
        elif word == "--which":
            self.which = True
        elif word in ("--help", "-h"):
            print(USAGE)
            sys.exit(0)
        else:
            die(f"unknown option {word}; --help tells the options", 2)

    def add_dir(self, host, guest):
        if not os.path.isdir(host):
            die(f"--dir={host}: no such folder")
        self.dirs.append((host, guest or "."))


# ---- parent and child -------------------------------------------------------------------------------------------


def private_folder():
    base = os.environ.get("TMPDIR") or "/tmp"
    while True:
        path = os.path.join(base, f"wasi-posix-run.{os.getpid()}.{os.urandom(6).hex()}")
        try:
            os.mkdir(path, 0o700)
            return path
        except FileExistsError:
            continue
        except OSError as error:
            die(f"no temporary folder in {base}: {error.strerror}")


def die_with_parent(parent):
    """If the parent is killed, so is the guest (Linux only)."""
    try:
        import _ctypes  # what is below ctypes, which takes longer to load than a guest

        _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl"), (1, signal.SIGKILL, 0, 0, 0))
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)


PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def start(request, runtime):
    """Forks the child that becomes the runtime; the signals that we pass on are blocked here and opened there."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    status = 125
    try:
        if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        # SIGPIPE stays ignored, as Python has it: a broken connection of the guest must not end the runtime.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        die_with_parent(parent)
        runtime.become(request)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # whatever it is, the child must not go on as a second parent
        print(f"wasi-posix-run: {type(error).__name__}: {error}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(status)


def wait(child):
    """Waits for the child, passing on what was sent to us alone; a terminal's Ctrl-C reaches it by itself."""

    def forward(number, _frame):
        try:
            os.kill(child, number)
        except ProcessLookupError:
            pass

    for number in PASSED_ON:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    return os.waitpid(child, 0)[1]


def tidy(folder):
    """Reads the status that the guest left, and removes the folder with whatever a guest may have put there."""
    status = None
    try:
        for name in os.listdir(folder):
            if len(name) == 3 and name.isdecimal():
                status = int(name) & 0xFF
            os.rmdir(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
    return status


def main():
    home, cache = sys.argv[1:3]
    request = Request(sys.argv[3:])
    runtime = choose_runtime(home, cache)
    if request.which:
        print(runtime.describe())
        return 0
    # WASI 0.2 tells a runtime only success or failure. The library makes a folder in this one, whose name is the status.
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    folder = private_folder()
    request.dirs.append((folder, STATUS_GUEST_DIR))
    sys.stdout.flush()
    status = None
    try:
        ended = wait(start(request, runtime))
    finally:
        status = tidy(folder)
    if os.WIFSIGNALED(ended):
        return end_like(os.WTERMSIG(ended))
    code = os.WEXITSTATUS(ended)
    if code in (0, 1) and status is not None:
        code = status
    if code and not request.network:
        print("wasi-posix-run: the guest ran without network (--no-network or WASI_POSIX_NETWORK=off); "
              "run it without that to let it use sockets", file=sys.stderr)
    return code


def end_like(number):
    """Ends by the signal that ended the child, so that a shell sees what it would have seen of a native program."""
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


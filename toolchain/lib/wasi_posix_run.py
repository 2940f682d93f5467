# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a WASI component with the network on; wasi-posix-run starts this.

The parent waits and sees to signals, the exit status and tidying up; its child becomes the runtime: the wasmtime
command, or libwasmtime of the Python wheel in this very process. Start-up time counts (tests run this a thousand
times), so only what a run needs is imported, and the wheel's library is called directly rather than through its
Python package, which takes longer to import than most guests run.
"""

import os
import _signal as signal  # the module around this costs half of what Python takes to start
import sys

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

OLDEST_WASMTIME = 30
STATUS_GUEST_DIR = "/.wasi-posix-run"
CACHE_LIMIT = 512 << 20
TRAP_STATUS = 134


def die(message, status=125):
    print("wasi-posix-run: " + message, file=sys.stderr)
    sys.exit(status)


class Request:
    def __init__(self, words):
        self.dirs = []
        self.env = []
        self.which = False
        self.network = os.environ.get("WASI_POSIX_NETWORK", "on").lower() not in ("off", "0", "no")
        inherit = False
        while words and words[0].startswith("-") and words[0] != "-":
            word = words.pop(0)
            if word == "--":
                break
            if word in ("--dir", "--env") and words:
                word += "=" + words.pop(0)
            name, _, value = word.partition("=")
            if name == "--dir" and value:
                host, separator, guest = value.partition("::")
                self.add_dir(host, guest if separator else host)
            elif name == "--env" and value:
                key, separator, text = value.partition("=")
                if separator or key in os.environ:
                    self.env.append((key, text if separator else os.environ[key]))
            elif word == "--inherit-env":
                inherit = True
            elif word == "--no-network":
                self.network = False
            elif word == "--which":
                self.which = True
                return
            elif word in ("--help", "-h"):
                print(USAGE)
                sys.exit(0)
            else:
                die(f"unknown option {word}; --help tells the options", 2)
        if not words:
            print(USAGE, file=sys.stderr)
            sys.exit(2)
        if inherit:
            self.env = list(os.environ.items()) + self.env
        self.env = list(dict(self.env).items())  # the last of a name wins
        self.app = words.pop(0)
        self.args = words
        for word in words:
            if any("\udc80" <= c <= "\udcff" for c in word):
                die(f"{word!r}: WASI knows arguments in UTF-8 only")
        if not os.path.isfile(self.app):
            die(f"{self.app}: no such file", 127)

    def add_dir(self, host, guest):
        if not os.path.isdir(host):
            die(f"--dir={host}: no such folder")
        self.dirs.append((host, guest or "."))


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


# ---- the wheel --------------------------------------------------------------------------------------------------


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


def trim_cache(folder):
    """Removes what was used longest ago until the cache keeps its bound."""
    entries = []
    total = 0
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.endswith((".cwasm", ".new")):
                    info = entry.stat()
                    entries.append((info.st_mtime, info.st_size, entry.path))
                    total += info.st_size
        for _, size, path in sorted(entries):
            if total <= CACHE_LIMIT:
                return
            os.unlink(path)
            total -= size
    except OSError:
        pass  # another run is trimming as well


class Wheel:
    """libwasmtime as the wheel ships it. A pointer of its C interface is an opaque integer here."""

    def __init__(self, package):
        import ctypes

        self.c = ctypes
        folder = os.path.join(package, f"linux-{os.uname().machine}")
        self.lib = ctypes.CDLL(os.path.join(folder, "_libwasmtime.so"))

    def call(self, name, *args, result=None):
        function = getattr(self.lib, name)
        function.restype = result
        return function(*args)

    def pointer(self, name, *args):
        return self.c.c_void_p(self.call(name, *args, result=self.c.c_void_p))

    def text_of(self, error):
        vector = (self.c.c_size_t * 2)()  # a length and a pointer
        self.call("wasmtime_error_message", error, self.c.byref(vector))
        return self.c.string_at(vector[1], vector[0]).decode(errors="replace")

    def check(self, error, what):
        if error:
            die(f"{what}: {self.text_of(error)}")

    def engine(self):
        config = self.pointer("wasm_config_new")
        self.call("wasmtime_config_wasm_component_model_set", config, self.c.c_bool(True))
        self.call("wasmtime_config_wasm_exceptions_set", config, self.c.c_bool(True))  # setjmp
        return self.pointer("wasm_engine_new_with_config", config)

    def component(self, engine, path, cache, version):
        from _blake2 import blake2b

        c = self.c
        with open(path, "rb") as file:
            code = file.read()
        digest = blake2b(code, digest_size=20).hexdigest()
        compiled = os.path.join(cache, f"{digest}-{version}.cwasm")
        component = c.c_void_p()
        try:
            os.utime(compiled)  # it is in use: trimming spares it
            error = self.pointer("wasmtime_component_deserialize_file", engine, compiled.encode(), c.byref(component))
            if not error:
                return component
            os.unlink(compiled)  # of another build, or damaged
        except OSError:
            pass
        error = self.pointer("wasmtime_component_new", engine, code, c.c_size_t(len(code)), c.byref(component))
        if error:
            kind = "" if code[:4] == b"\0asm" else " (it is no WebAssembly file)"
            die(f"{path}: not a component that can run{kind}: {self.text_of(error)}")
        vector = (c.c_size_t * 2)()
        if not self.pointer("wasmtime_component_serialize", component, c.byref(vector)):
            write_atomically(compiled, c.string_at(vector[1], vector[0]))
            trim_cache(cache)
        return component

    def strings(self, values):
        return (self.c.c_char_p * len(values))(*(os.fsencode(value) for value in values))

    def wasi(self, request):
        c = self.c
        config = self.pointer("wasi_config_new")
        argv = [request.app, *request.args]
        self.call("wasi_config_set_argv", config, c.c_size_t(len(argv)), self.strings(argv))
        names = self.strings([name for name, _ in request.env])
        values = self.strings([value for _, value in request.env])
        self.call("wasi_config_set_env", config, c.c_size_t(len(request.env)), names, values)
        for stream in ("stdin", "stdout", "stderr"):
            self.call("wasi_config_inherit_" + stream, config)
        for host, guest in request.dirs:
            read_write = c.c_size_t(3)
            host_name, guest_name = os.fsencode(host), os.fsencode(guest)
            if not self.call("wasi_config_preopen_dir", config, host_name, guest_name, read_write, read_write,
                             result=c.c_bool):
                die(f"--dir={host}: it can't be opened")
        if request.network:
            self.call("wasi_config_inherit_network", config)
            self.call("wasi_config_allow_ip_name_lookup", config, c.c_bool(True))
        return config

    def run(self, request, cache, version):
        c = self.c
        engine = self.engine()
        component = self.component(engine, request.app, cache, version)
        linker = self.pointer("wasmtime_component_linker_new", engine)
        self.check(self.pointer("wasmtime_component_linker_add_wasip2", linker), "WASI")
        store = self.pointer("wasmtime_store_new", engine, None, None)
        context = self.pointer("wasmtime_store_context", store)
        self.check(self.pointer("wasmtime_context_set_wasi", context, self.wasi(request)), "WASI")

        instance = c.byref((c.c_uint64 * 2)())
        error = self.pointer("wasmtime_component_linker_instantiate", linker, context, component, instance)
        self.check(error, f"{request.app}: it can't be started")
        function = c.byref((c.c_uint64 * 4)())
        if not self.find_run(instance, context, function):
            die(f"{request.app}: it exports no wasi:cli/run, so it is no command")

        value = (c.c_uint64 * 8)()  # a tagged value: the tag, then a result whose first byte says "ok"
        error = self.pointer("wasmtime_component_func_call", function, context, None, c.c_size_t(0), c.byref(value),
                             c.c_size_t(1))
        if not error:
            return 0 if value[1] & 0xFF else 1
        status = c.c_int()
        if self.call("wasmtime_error_exit_status", error, c.byref(status), result=c.c_bool):
            return status.value
        print("wasi-posix-run: the guest trapped: " + self.text_of(error), file=sys.stderr)
        return TRAP_STATUS

    def find_run(self, instance, context, function):
        c = self.c

        def index(parent, name):
            return self.pointer("wasmtime_component_instance_get_export_index", instance, context, parent, name,
                                c.c_size_t(len(name)))

        for patch in range(20, -1, -1):
            interface = index(None, b"wasi:cli/run@0.2.%d" % patch)
            if interface:
                break
        else:
            return False
        run = index(interface, b"run")
        return run and self.call("wasmtime_component_instance_get_func", instance, context, run, function,
                                 result=c.c_bool)


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


# ---- parent and child -------------------------------------------------------------------------------------------


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


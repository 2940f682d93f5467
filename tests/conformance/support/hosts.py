# The hosts under which the tests run a guest, and how: wasmtime's oldest and newest that are served.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# hosts.py --list                      the hosts that are here, the default one first
# hosts.py --runtime HOST              what WASI_POSIX_RUNTIME makes wasi-posix-run take this host
#
# A guest is named TARGET@HOST, as in wasm32-wasi@wasmtime-47; without @HOST the default host is meant.
import fcntl
import os
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", ".."))
COMMAND = os.path.join(ROOT, ".toolchain", "wasmtime-49", "wasmtime")
NETWORK = "inherit-network=y,tcp=y,udp=y,allow-ip-name-lookup=y"
KILLED = 99  # the status of a guest that trapped


def kept_beside(program, host, stamp, compile):
    """The program as machine code, kept beside it: made by compile(path) when the program or the host is newer."""
    kept = f"{program}.{host}"
    with open(kept + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(os.path.getmtime(path) for path in (program, os.path.join(ROOT, ".toolchain", "stamp", stamp)))
        if not os.path.exists(kept) or os.path.getmtime(kept) <= newest:
            compile(kept + ".new")
            os.replace(kept + ".new", kept)
    return kept


class Wheel:
    """The wasmtime wheel, within this process: its Python has to be that of .toolchain/venv."""

    runtime = "wheel"

    def here(self):
        return True

    def engine(self):
        import wasmtime
        import wasmtime.component

        config = wasmtime.Config()
        config.wasm_exceptions = True
        return wasmtime, wasmtime.Engine(config)

    def compiled(self, program):
        def compile(path):
            wasmtime, engine = self.engine()
            with open(path, "wb") as file:
                file.write(wasmtime.component.Component.from_file(engine, program).serialize())

        return kept_beside(program, "wasmtime-47", "venv", compile)

    def run(self, program, arguments, environment, directory):
        """Runs the program in this process; returns its status."""
        kept = self.compiled(program)
        wasmtime, engine = self.engine()
        component = wasmtime.component.Component.deserialize_file(engine, kept)
        from wasmtime import _bindings

        wasi = wasmtime.WasiConfig()
        wasi.argv = [os.path.basename(program)] + arguments
        wasi.env = list(environment.items())
        wasi.inherit_stdin()
        wasi.inherit_stdout()
        wasi.inherit_stderr()
        if directory:
            wasi.preopen_dir(directory, "/granted/scratch", wasmtime.DirPerms.READ_WRITE, wasmtime.FilePerms.READ_WRITE)
        _bindings.wasi_config_inherit_network(wasi.ptr())
        _bindings.wasi_config_allow_ip_name_lookup(wasi.ptr(), True)
        store = wasmtime.Store(engine)
        store.set_wasi(wasi)
        linker = wasmtime.component.Linker(engine)
        linker.add_wasip2()
        instance = linker.instantiate(store, component)
        for name in ("0.2.%d" % n for n in range(32)):
            interface = instance.get_export_index(store, "wasi:cli/run@" + name)
            if interface is not None:
                break
        run = instance.get_func(store, instance.get_export_index(store, "run", interface))
        try:
            result = run(store)
        except wasmtime.ExitTrap as end:
            return end.code
        except (wasmtime.Trap, wasmtime.WasmtimeError) as problem:
            print(f"the program was killed: {problem}", file=sys.stderr)
            return KILLED
        return 0 if result is None or getattr(result, "tag", "ok") == "ok" else 1


class Command:
    """The wasmtime command that toolchain/setup installs."""

    runtime = "cli"

    def here(self):
        return os.access(COMMAND, os.X_OK)

    def compiled(self, program):
        def compile(path):
            import ctypes  # slow to import, for what is seldom done
            import subprocess

            # A test whose time is up is killed; what it had begun would go on, and the next test would begin another one.
            die_with_parent = ctypes.CDLL(None).prctl
            subprocess.run(
                [COMMAND, "compile", "-W", "exceptions=y,gc=y,function-references=y", "-o", path, program],
                check=True, preexec_fn=lambda: die_with_parent(1, 9))

        return kept_beside(program, "wasmtime-49", "wasmtime-cli", compile)

    def run(self, program, arguments, environment, directory):
        """Becomes the program; a guest that traps ends with 134."""
        words = [COMMAND, "run", "--allow-precompiled", "-W", "exceptions=y,gc=y,function-references=y", "-S", NETWORK]
        words += [f"--env={name}={value}" for name, value in environment.items()]
        if directory:
            words.append(f"--dir={directory}::/granted/scratch")
        words += ["--argv0=" + os.path.basename(program), "--", self.compiled(program), *arguments]
        os.closerange(3, 1024)  # what ctest left open
        os.execve(COMMAND, words, dict(os.environ, RUST_BACKTRACE="0"))


HOSTS = {"wasmtime-49": Command(), "wasmtime-47": Wheel()}  # the default first
DEFAULT = next(name for name, host in HOSTS.items() if host.here())


def split(guest):
    """The target and the name of the host of a guest."""
    target, _, host = guest.partition("@")
    host = host or DEFAULT
    if host not in HOSTS:
        sys.exit(f"{host} is no host of the tests: {', '.join(HOSTS)}")
    if not HOSTS[host].here():
        sys.exit(f"{host} isn't here: toolchain/setup installs it where it can")
    return target, host


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(name for name, host in HOSTS.items() if host.here()))
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "--runtime":
        print(HOSTS[split("@" + sys.argv[2])[1]].runtime)
        return 0
    print("usage: hosts.py --list | --runtime HOST", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

# Runs one conformance case: natively, or as a component under the wasmtime wheel. Offers it the peer, a pipe on stdin and
# a directory of its own.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "support"))
import peer  # noqa: E402

SECONDS = float(os.environ.get("CONFORMANCE_SECONDS", "18"))


def compiled(engine, component_type, program):
    """The program as machine code, compiled once and kept beside it."""
    kept = program + ".compiled"
    with open(program + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(kept) and os.path.getmtime(kept) > os.path.getmtime(program):
            try:
                return component_type.deserialize_file(engine, kept)
            except Exception:
                pass  # of another wasmtime
        code = component_type.from_file(engine, program).serialize()
        with open(kept + ".new", "wb") as file:
            file.write(code)
        os.replace(kept + ".new", kept)
        return component_type.deserialize_file(engine, kept)


def prepare_component(program):
    import wasmtime
    import wasmtime.component

    config = wasmtime.Config()
    config.wasm_exceptions = True
    engine = wasmtime.Engine(config)
    return wasmtime, engine, compiled(engine, wasmtime.component.Component, program)


def run_component(program, arguments, environment, directory):
    wasmtime, engine, component = prepare_component(program)
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
        return 99
    return 0 if result is None or getattr(result, "tag", "ok") == "ok" else 1


def start(body):
    """Runs body in a child process, as a program's end must take its unsent data and its host with it."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            status = body()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return child


def run_program(target, program, arguments, environment, directory):
    if target != "linux":
        return run_component(program, arguments, environment, directory)
    os.closerange(3, 1024)  # what ctest left open
    os.execve(program, [program] + arguments, dict(os.environ, **environment))


def wait_for_end(child):
    """The exit status of the child, which is ended when it takes too long."""

    def out_of_time():
        print(f"timeout: the program did not end within {SECONDS:.0f} seconds", file=sys.stderr, flush=True)
        os.kill(child, signal.SIGKILL)

    timer = threading.Timer(SECONDS, out_of_time)
    timer.daemon = True
    timer.start()
    status = os.waitpid(child, 0)[1]
    timer.cancel()
    return os.waitstatus_to_exitcode(status)


def run_case(target, program, case):
    reader, writer = os.pipe()
    host = peer.Host(os.fdopen(writer, "wb"))
    directory = tempfile.mkdtemp(prefix="conformance-")
    environment = {"CONFORMANCE_PEER": str(host.port)}
    environment["CONFORMANCE_DIR"] = directory if target == "linux" else "/granted/scratch"

    def body():
        os.dup2(reader, 0)
        os.close(writer)  # held by the peer alone, so that the program sees the end
        return run_program(target, program, [case], environment, directory)

    try:
        child = host.program = start(body)
        os.close(reader)
        host.open()
        status = wait_for_end(child)
        failures = host.settle()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for failure in failures:
        print(f"peer: {failure}", file=sys.stderr)
    if status != 0:
        print(f"the program ended with status {status}", file=sys.stderr)
    return 1 if status != 0 or failures else 0


def main():
    usage = "usage: run-case.py TARGET PROGRAM CASE | TARGET PROGRAM --list | compile PROGRAM"
    if len(sys.argv) == 3 and sys.argv[1] == "compile":
        prepare_component(sys.argv[2])
        return 0
    if len(sys.argv) != 4:
        print(usage, file=sys.stderr)
        return 2
    target, program, case = sys.argv[1:]
    if not os.path.exists(program):
        print(f"{program} is not built: cmake --build build/{'native' if target == 'linux' else target}",
              file=sys.stderr)
        return 1
    if case == "--list":
        return run_program(target, program, ["--list"], {}, None)
    return run_case(target, program, case)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # threads of the peer must not hold up the end

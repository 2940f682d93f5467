# Runs one conformance case: natively, or as a component under one of the hosts. Offers it the peer, a pipe on stdin and a
# directory of its own. BUILD is linux, wasm32-wasi or wasm32-wasip2; @HOST behind it names another host than the default one.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "support"))
import hosts  # noqa: E402
import peer_host  # noqa: E402

SECONDS = float(os.environ.get("CONFORMANCE_SECONDS", "18"))


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


def run_program(build, program, arguments, environment, directory):
    if build != "linux":
        return hosts.HOSTS[hosts.split(build)[1]].run(program, arguments, environment, directory)
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


def run_case(build, program, case):
    reader, writer = os.pipe()
    host = peer_host.Host(os.fdopen(writer, "wb"))
    directory = tempfile.mkdtemp(prefix="conformance-")
    environment = {"CONFORMANCE_PEER": str(host.port)}
    environment["CONFORMANCE_DIR"] = directory if build == "linux" else "/granted/scratch"

    def body():
        os.dup2(reader, 0)
        os.close(writer)  # held by the peer alone, so that the program sees the end
        return run_program(build, program, [case], environment, directory)

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
    usage = "usage: run-case.py BUILD PROGRAM CASE | BUILD PROGRAM --list | BUILD PROGRAM --compile"
    if len(sys.argv) != 4:
        print(usage, file=sys.stderr)
        return 2
    build, program, case = sys.argv[1:]
    target = hosts.split(build)[0] if build != "linux" else build
    if not os.path.exists(program):
        print(f"{program} is not built: cmake --build build/{'native' if target == 'linux' else target}",
              file=sys.stderr)
        return 1
    if case == "--compile":
        hosts.HOSTS[hosts.split(build)[1]].compiled(program)
        return 0
    if case == "--list":
        return run_program(build, program, ["--list"], {}, None)
    return run_case(build, program, case)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # threads of the peer must not hold up the end

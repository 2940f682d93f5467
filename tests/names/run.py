# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one case: run.py BUILD PROGRAM RUNNER CASE, where BUILD is linux, wasm32-wasi or wasm32-wasip2; or run.py --list.

Linux's own resolver, and that of the host under a guest, read /etc: they get ours by a mount namespace of their own, which
needs root, and know no port but 53. Without, those cases are skipped (status 77); the others use any port.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import cases
import dns_server
import forward_cases  # noqa: F401 (it adds to cases.CASES)
import text_cases  # noqa: F401

SKIPPED = 77
NSSWITCH = "hosts: files dns\n" + "".join(f"{name}: files\n" for name in ("networks", "services", "protocols", "ethers"))


def namespaces():
    """Whether a process can have mounts of its own, and port 53."""
    if os.geteuid() != 0:
        return False
    probe = ["unshare", "--mount", "mount", "--bind", "/etc/hosts", "/etc/hosts"]
    try:
        return subprocess.run(probe, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def own_address(number):
    """A loopback address for this process: tests run at once, and all want port 53."""
    return f"127.{1 + os.getpid() // 250 % 250}.{1 + os.getpid() % 250}.{number}"


def write(path, text):
    with open(path, "w", newline="", encoding="latin-1") as file:
        file.write(text)


def mounted(folder, command, addresses=()):
    """The command, with the folder's files over those of /etc, which may lack some, and if there are addresses in a network that
    has just these."""
    names = sorted(os.listdir(folder))
    setup = []
    if not all(os.path.exists("/etc/" + name) for name in names):
        copy = folder + ".copy"
        setup += [f"mkdir {copy}", f"mount -t tmpfs none {copy}", f"cp -a /etc/. {copy}", f"mount --bind {copy} /etc"]
        setup += [f"touch /etc/{name}" for name in names]
    setup += [f"mount --bind {folder}/{name} /etc/{name}" for name in names]
    if addresses:
        setup += ["ip link set lo up"] + [
            f"ip addr add {address} dev lo" + (" nodad" if ":" in address else "") for address in addresses]
        setup += ["ip route add default dev lo", "ip -6 route add default dev lo"]
    return (["unshare", "--mount"] + (["--net"] if addresses else []) +
            ["sh", "-c", " && ".join(setup) + ' && exec "$@"', "sh"] + command)


def look(build, program, runner, case, privileged):
    """Runs the program on the case: its status, what it printed, and both servers."""
    native = build == "linux"
    port = 53 if privileged else 0
    server = dns_server.Server(own_address(1), port, case["zone"])
    second = dns_server.Server(own_address(2), port, case["second"] or {})

    def name_of(end):
        return end.address[0] if end.address[1] == 53 else "[%s]:%d" % end.address

    def filled(text):
        return (text.replace("{server}", name_of(server)).replace("{second}", name_of(second))
                .replace("{nobody}", own_address(3)).replace("{address}", server.address[0])
                .replace("{port}", str(server.address[1])))

    keys = [line.split(": ", 1)[0].rstrip(":") for line in case["lookups" if native else "guest"]]
    with tempfile.TemporaryDirectory() as top:
        ours, hosts = os.path.join(top, "etc"), os.path.join(top, "host")
        os.mkdir(ours)
        os.mkdir(hosts)
        write(os.path.join(ours, "hosts"), case["hosts"])
        if case["resolv"] is not None:
            write(os.path.join(ours, "resolv.conf"), filled(case["resolv"]))
        for file, text in case["files"].items():
            write(os.path.join(ours, file), text)
        environment = dict(os.environ)
        for variable in ("LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES", "WASI_POSIX_NETWORK"):
            environment.pop(variable, None)
        if native:
            environment.update(case["environment"])
            write(os.path.join(ours, "nsswitch.conf"), NSSWITCH)
            command = mounted(ours, [program] + keys, case["addresses"])
        else:
            command = [runner, f"--dir={ours}::/etc"]
            command += [f"--env={key}={value}" for key, value in case["environment"].items()]
            command += [] if case["network"] else ["--no-network"]
            command += [program] + keys
            if case["forward"] or case["addresses"]:
                # The host's resolver searches nothing by itself.
                write(os.path.join(hosts, "hosts"), "127.0.0.1 localhost\n")
                write(os.path.join(hosts, "nsswitch.conf"), NSSWITCH)
                write(os.path.join(hosts, "resolv.conf"),
                      filled("nameserver {server}\noptions timeout:1 attempts:1\nsearch .\n"))
                command = mounted(hosts, command, case["addresses"])
        try:
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, errors="replace", timeout=60)
        finally:
            server.close()
            second.close()
    return done.returncode, done.stdout, server, second


def main():
    if sys.argv[1:] == ["--list"]:
        for name, case in cases.CASES.items():
            for build in ("linux", "wasm32-wasi", "wasm32-wasip2"):
                if build != "linux" or not case["linux"]:
                    print(f"{build}/{name}")
        return 0
    build, program, runner, name = sys.argv[1:]
    case = cases.CASES[name]
    native = build == "linux"
    privileged = namespaces()
    if case["addresses"] and shutil.which("ip") is None:
        print("skipped: this needs ip, for a network of its own")
        return SKIPPED
    if (native or case["forward"] or case["addresses"]) and not privileged:
        print("skipped: this needs root, for mounts of its own and port 53")
        return SKIPPED
    status, output, server, second = look(build, program, runner, case, privileged)
    expected = "".join(line + "\n" for line in case["lookups" if native else "guest"])
    problems = 0
    if status != 0 or output != expected:
        print(f"expected:\n{expected}came (status {status}):\n{output}")
        problems += 1
    if case["asked"] is not None and len(server.asked) != case["asked"]:
        print(f"asked {len(server.asked)} times instead of {case['asked']}")
        problems += 1
    if problems:
        print(f"the first server was asked: {server.asked}\nthe second: {second.asked}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

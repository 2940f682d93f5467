# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""drill, of Debian's ldns source as it is, compiled by the driver, against a name server of the test's own:

    drill.py TARGET FOLDER

The folder keeps what was built. Without the source and a way to get it the test is skipped (status 77).
"""

import os
import subprocess
import sys

import dns_server
from dns_server import A, AAAA, PTR, SERVFAIL, TXT, fails, reverse, too_large_for_udp

SKIPPED = 77
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SOURCE = os.path.join(ROOT, ".toolchain", "src", "ldns")
BIN = os.path.join(ROOT, "toolchain", "bin")
# What needs OpenSSL is left out; nothing else.
CONFIGURE = ("--without-ssl --disable-sha2 --disable-gost --disable-ecdsa --disable-dsa --disable-ed25519 --disable-ed448 "
             "--disable-dane --disable-dane-verify --disable-shared --with-drill").split()

ZONE = {
    ("www.example", A): [(A, "192.0.2.1"), (A, "192.0.2.2")],
    ("www.example", AAAA): [(AAAA, "2001:db8::1")],
    ("big.example", TXT): too_large_for_udp([(TXT, bytes([200]) + b"%03d" % i + b"x" * 197) for i in range(100)]),
    (reverse("192.0.2.1"), PTR): [(PTR, "www.example")],
    ("broken.example", A): fails(SERVFAIL),
}


def run(command, folder, log):
    with open(os.path.join(folder, log), "w") as file:
        done = subprocess.run(command, cwd=folder, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        with open(os.path.join(folder, log), errors="replace") as file:
            print("".join(file.readlines()[-30:]))
        sys.exit(f"{command[0]} failed with status {done.returncode}")


def build(target, folder):
    env = [os.path.join(BIN, "wasi-posix-env"), "--target=" + target]
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(os.path.join(folder, "Makefile")):
        run(env + [os.path.join(SOURCE, "configure")] + CONFIGURE, folder, "configure.log")
    for made in ("drill/drill", "libldns.la"):  # the makefile knows nothing of our library
        if os.path.exists(os.path.join(folder, made)):
            os.unlink(os.path.join(folder, made))
    run(env + ["make", "-j2"], folder, "make.log")
    return os.path.join(folder, "drill", "drill")


class Check:
    def __init__(self, program):
        self.program = program
        # A family of addresses for this process: tests run at once.
        address = f"127.{1 + os.getpid() // 250 % 250}.{1 + os.getpid() % 250}.1"
        self.server = dns_server.Server(address, 0, ZONE)
        self.failures = 0

    def drill(self, *arguments, network=True):
        command = [os.path.join(BIN, "wasi-posix-run")] + ([] if network else ["--no-network"])
        command += [self.program, "-p", str(self.server.address[1])]
        command += [self.server.address[0].join(["@", ""]) if word == "@" else word for word in arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def expect(self, arguments, *texts, asked=None, status=0):
        del self.server.asked[:]
        done = self.drill(*arguments.split())
        missing = [text for text in texts if text not in done.stdout]
        if missing or done.returncode != status or (asked and [how for _, _, how in self.server.asked] != asked):
            print(f"drill {arguments}: status {done.returncode}, without {missing}, asked {self.server.asked}\n"
                  f"{done.stdout[:4000]}{done.stderr}")
            self.failures += 1


def main():
    target, folder = sys.argv[1:]
    if not os.path.isdir(SOURCE):
        got = subprocess.run([os.path.join(ROOT, "tests", "ports", "fetch-source"), "ldns", "trixie", SOURCE])
        if got.returncode != 0:
            print("skipped: no source of ldns")
            return SKIPPED
    check = Check(build(target, folder))
    check.expect("www.example @", "rcode: NOERROR", "192.0.2.1\n", "192.0.2.2\n", asked=["udp"])
    check.expect("www.example @ AAAA", "2001:db8::1\n")
    check.expect("-t www.example @", "192.0.2.1\n", asked=["tcp"])
    check.expect("-b 1232 www.example @", "192.0.2.1\n", asked=["udp"])
    check.expect("-a big.example @ TXT", "rcode: NOERROR", "000xxx", "099xxx", asked=["udp", "udp", "tcp"])
    check.expect("-x 192.0.2.1 @", "PTR\twww.example.")
    check.expect("none.example @", "rcode: NXDOMAIN")
    check.expect("broken.example @", "rcode: SERVFAIL")
    check.server.close()
    denied = check.drill("www.example", "@", network=False)
    if denied.returncode == 0 or "192.0.2.1" in denied.stdout:
        print(f"without a network: status {denied.returncode}\n{denied.stdout}{denied.stderr}")
        check.failures += 1
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())

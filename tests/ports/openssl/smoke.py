# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""openssl s_client and s_server against the native ones: TLS 1.2 and 1.3 both ways, an unknown issuer, DTLS."""

import os
import socket
import ssl
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import RUN, SECONDS, check, finish, free_port, run, serve, start  # noqa: E402

OPENSSL, build = sys.argv[1:]
CERTIFICATE, KEY = os.path.join(build, "certificate.pem"), os.path.join(build, "key.pem")
LARGE = os.urandom(1 << 20) * 4
HOST = "127.0.0.1"
GRANTED = [f"--dir={build}::/w"]
OURS = ["-cert", "/w/certificate.pem", "-key", "/w/key.pem"]
NATIVE = ["-cert", CERTIFICATE, "-key", KEY]
NAME = "/CN=localhost"

subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", NAME, "-days", "9",
                "-keyout", KEY, "-out", CERTIFICATE], check=True, capture_output=True)  # fmt: skip


def echo(version):
    """A TLS peer that sends back what it was sent, as large as LARGE."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    context.minimum_version = context.maximum_version = version

    def talk(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                data = b""
                while len(data) < len(LARGE) and (more := secure.recv(65536)):
                    data += more
                secure.sendall(data)
                secure.unwrap()
        except OSError:  # a client that doesn't trust us
            pass

    return serve(talk)


for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
    words = [RUN, *GRANTED, OPENSSL, "s_client", "-quiet", "-nocommands", "-verify_return_error"]
    words += ["-connect", f"{HOST}:{echo(version)}"]
    trusting = subprocess.run([*words, "-CAfile", "/w/certificate.pem"], input=LARGE, capture_output=True, timeout=SECONDS)
    check(f"s_client, {version.name}: 4 MB to and fro", trusting.stdout == LARGE, True)
    other = subprocess.run(words, input=b"x", capture_output=True, timeout=SECONDS)
    check(f"s_client, {version.name}: an unknown issuer", b"self-signed certificate" in other.stderr, True)

with open(os.path.join(build, "large"), "wb") as file:
    file.write(LARGE)
port = free_port()
with open(os.path.join(build, "server.log"), "wb") as log:
    server = start(OPENSSL, "s_server", "-accept", f"{HOST}:{port}", *OURS, "-HTTP", port=port, log=log,
                   options=GRANTED)  # fmt: skip
try:
    for version in ("-tls1_2", "-tls1_3"):
        words = ["openssl", "s_client", "-connect", f"{HOST}:{port}", "-quiet", "-CAfile", CERTIFICATE, version]
        words += ["-verify_return_error"]
        got = subprocess.run(words, input=b"GET /w/large HTTP/1.0\r\n\r\n", capture_output=True, timeout=SECONDS).stdout
        check(f"s_server, {version}: 4 MB", got == LARGE, True)
finally:
    server.kill()
    server.wait()


def datagrams(who, server_is_ours, client_is_ours):
    """A line each way over DTLS."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    ours, native, pipe = [RUN, *GRANTED, OPENSSL], ["openssl"], subprocess.PIPE
    words = [*(ours if server_is_ours else native), "s_server", "-dtls", "-accept", f"{HOST}:{port}"]
    words += [*(OURS if server_is_ours else NATIVE)]
    server = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
    while b"ACCEPT" not in server.stdout.readline():
        pass
    words = [*(ours if client_is_ours else native), "s_client", "-dtls", "-connect", f"{HOST}:{port}", "-quiet", "-no_ign_eof"]
    client = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    try:
        client.stdin.write(b"from the client\n")
        client.stdin.flush()
        while (line := server.stdout.readline()) not in (b"from the client\n", b""):
            pass
        check(f"DTLS, {who}: to the server", line, b"from the client\n")
        server.stdin.write(b"from the server\n")
        server.stdin.flush()
        check(f"DTLS, {who}: to the client", client.stdout.readline(), b"from the server\n")
    finally:
        for process in (client, server):
            process.kill()
            process.communicate()


datagrams("our server, native client", True, False)
datagrams("native server, our client", False, True)
datagrams("both ours", True, True)
check("a closed port", run(OPENSSL, "s_client", "-connect", f"{HOST}:{free_port()}").returncode, 1)
finish()

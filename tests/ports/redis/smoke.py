# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""redis-cli against a peer that knows two commands of the protocol."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
from smoke import check, finish, run, serve  # noqa: E402

VALUE = b"v" * 300000


def talk(connection):
    file = connection.makefile("rwb")
    while line := file.readline():
        words = []
        for _ in range(int(line[1:])):
            words.append(file.read(int(file.readline()[1:]) + 2)[:-2])
        answers = {b"PING": b"+PONG\r\n", b"GET": b"$%d\r\n%s\r\n" % (len(VALUE), VALUE)}
        file.write(answers.get(words[0].upper(), b"-ERR unknown command\r\n"))
        file.flush()


port = str(serve(talk))
check("PING", run(sys.argv[1], "-h", "127.0.0.1", "-p", port, "PING").stdout, b"PONG\n")
check("GET", run(sys.argv[1], "-h", "localhost", "-p", port, "GET", "key").stdout == VALUE + b"\n", True)
check("PING three times", run(sys.argv[1], "-h", "127.0.0.1", "-p", port, "-r", "3", "PING").stdout, b"PONG\n" * 3)
finish()

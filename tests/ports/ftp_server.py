# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An FTP server of some files, for smoke.serve: passive mode, and active mode, where it's the client that listens."""

import socket


def ftp_server(files):
    def talk(control):
        listener = peer = None
        file = control.makefile("rwb")

        def say(line):
            file.write(line.encode() + b"\r\n")
            file.flush()

        def data():
            connection = socket.create_connection(peer, 10) if peer else listener.accept()[0]
            connection.settimeout(10)
            return connection

        say("220 ready")
        while line := file.readline().decode().split():
            word, rest = line[0].upper(), line[-1]
            if word in ("EPSV", "PASV"):
                listener, peer = socket.create_server(("127.0.0.1", 0)), None
                listener.settimeout(10)
                port = listener.getsockname()[1]
                say(f"227 Entering Passive Mode (127,0,0,1,{port >> 8},{port & 255})" if word == "PASV" else
                    f"229 Entering Extended Passive Mode (|||{port}|)")
            elif word == "PORT":
                numbers = [int(number) for number in rest.split(",")]
                peer = ("127.0.0.1", numbers[4] * 256 + numbers[5])
                say("200 I call you")
            elif word == "EPRT":
                peer = ("127.0.0.1", int(rest.split("|")[3]))
                say("200 I call you")
            elif word == "RETR" and rest in files:
                say("150 here it comes")
                with data() as connection:
                    connection.sendall(files[rest])
                say("226 done")
            elif word == "STOR":
                say("150 go on")
                with data() as connection, connection.makefile("rb") as stream:
                    files[rest] = stream.read()
                say("226 done")
            else:
                say({"USER": "331 password?", "PASS": "230 in", "SYST": "215 UNIX", "PWD": '257 "/"', "TYPE": "200 so be it",
                     "SIZE": f"213 {len(files.get(rest, b''))}", "QUIT": "221 bye"}.get(word, "500 unknown"))

    return talk

# The second party of a conformance case: acts on loopback sockets of its own, as told over a control connection.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
A program connects to the control port (CONFORMANCE_PEER) and sends lines; each line holds steps separated by ';', which
are carried out in order, and is answered by one line: "ok" and what the last step found, or "fail". Each control
connection is an actor with a thread and sockets of its own. A failed step fails the whole run.

  listen FAMILY [BACKLOG]     a listening TCP socket on loopback; gives its port. FAMILY is 4 or 6
  accept                      accepts; that connection is the current one
  connect FAMILY PORT         connects; the connection is the current one
  refused FAMILY PORT         checks that connecting is refused
  rcvbuf BYTES                SO_RCVBUF of the listener, or of sockets that connect makes later
  send BYTES                  sends that much of the pattern, going on where the last send stopped
  say TEXT                    sends the text; \\n, \\r and \\s (a space) are understood
  recv BYTES                  receives and checks exactly that much of the pattern
  slowly BYTES MS             the same, but pauses after each piece of 64K
  hear BYTES                  receives exactly that many bytes; gives them back
  drain                       receives and checks pattern to the end of the stream; gives the count
  eof                         checks that the stream ends now
  was-reset                   checks that the connection is reset
  flood                       goes on sending until the program has ended, and reads nothing
  echo BYTES                  sends back that many bytes
  halfclose, close, reset     shutdown of the sending side; close; close with a reset
  name, peername              port of the current connection's own and of its other end
  udp FAMILY                  a bound UDP socket; gives its port
  usend PORT BYTES            sends a datagram of pattern (from position 0) to the port on loopback
  urecv                       receives a datagram; gives sender's port and size
  uecho                       sends the next datagram back to its sender
  uclose                      closes the UDP socket
  stdin TEXT, stdin-end       writes to the program's stdin, closes it
  sleep MS
  limit NUMBER                RLIMIT_NOFILE of the program; a guest's is that of its host
  ended MS                    checks that the program ends within that time
  later                       from now on answers are not delivered: the program will be gone by then
"""
import os
import resource
import select
import socket
import struct
import threading
import time

PERIOD = 65521
PATIENCE = 12.0
_block = b""


def pattern(position, size):
    global _block
    if not _block:
        _block = bytes((i * 31 + (i >> 8)) & 0xFF for i in range(PERIOD)) * 3
    out = bytearray()
    while size > 0:
        at = position % PERIOD
        piece = _block[at : at + min(size, 2 * PERIOD)]
        out += piece
        position += len(piece)
        size -= len(piece)
    return bytes(out)


class StepFailed(Exception):
    pass


def check(condition, text):
    if not condition:
        raise StepFailed(text)


FAMILIES = {"4": (socket.AF_INET, "127.0.0.1"), "6": (socket.AF_INET6, "::1")}


class Actor(threading.Thread):
    def __init__(self, control, host):
        super().__init__(daemon=True)
        self.control, self.host = control, host
        self.listener = self.conn = self.udp = None
        self.sent = self.received = 0
        self.rcvbuf = None
        self.answers = True

    def run(self):
        try:
            for line in self.control.makefile("r"):
                self.answer(line.strip())
        except OSError:
            pass  # the program has ended

    def answer(self, line):
        result, step = "", ""
        try:
            for step in line.split(";"):
                words = step.split()
                result = getattr(self, "do_" + words[0].replace("-", "_"))(*words[1:])
            reply = "ok" if result in (None, "") else f"ok {result}"
        except (StepFailed, OSError, TypeError, AttributeError) as problem:
            reply = f"fail {step.strip()}: {problem}"
            self.host.failures.append(reply)
        if self.answers or line == "later":
            try:
                self.control.sendall(reply.encode() + b"\n")
            except OSError:
                pass

    # TCP
    def new(self, family, kind=socket.SOCK_STREAM):
        s = socket.socket(FAMILIES[family][0], kind)
        s.settimeout(PATIENCE)
        return s

    def take(self, conn):
        self.conn = conn
        conn.settimeout(PATIENCE)
        self.sent = self.received = 0

    def do_listen(self, family, backlog="16"):
        self.listener = self.new(family)
        self.listener.bind((FAMILIES[family][1], 0))
        self.listener.listen(int(backlog))
        return self.listener.getsockname()[1]

    def do_accept(self):
        self.take(self.listener.accept()[0])

    def do_connect(self, family, port):
        s = self.new(family)
        if self.rcvbuf:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.rcvbuf)
        s.connect((FAMILIES[family][1], int(port)))
        self.take(s)

    def do_refused(self, family, port):
        try:
            self.new(family).connect((FAMILIES[family][1], int(port)))
        except ConnectionRefusedError:
            return
        raise StepFailed("the connection was not refused")

    def do_rcvbuf(self, size):
        self.rcvbuf = int(size)
        if self.listener:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.rcvbuf)

    def do_send(self, size):
        self.conn.sendall(pattern(self.sent, int(size)))
        self.sent += int(size)

    def do_say(self, text):
        self.conn.sendall(unescape(text))

    def take_pattern(self, data):
        check(data == pattern(self.received, len(data)), f"wrong data near byte {self.received}")
        self.received += len(data)

    def do_recv(self, size, pause=0.0):
        left = int(size)
        while left:
            data = self.conn.recv(min(left, 65536))
            check(data, f"the stream ended {left} bytes early")
            self.take_pattern(data)
            left -= len(data)
            time.sleep(pause)

    def do_slowly(self, size, milliseconds):
        self.do_recv(size, int(milliseconds) / 1000)

    def do_hear(self, size):
        data = b""
        while len(data) < int(size):
            piece = self.conn.recv(int(size) - len(data))
            check(piece, f"the stream ended after {data!r}")
            data += piece
        return data.decode("latin-1").replace("\n", "\\n")

    def do_drain(self):
        while data := self.conn.recv(65536):
            self.take_pattern(data)
        return self.received

    def do_eof(self):
        check(self.conn.recv(1) == b"", "there is data")

    def do_was_reset(self):
        try:
            while self.conn.recv(65536):
                pass
        except ConnectionResetError:
            return
        raise StepFailed("the stream ended in order")

    def do_flood(self):
        def send():
            try:
                while True:
                    self.conn.sendall(bytes(65536))
            except OSError:
                pass

        threading.Thread(target=send, daemon=True).start()

    def do_echo(self, size):
        left = int(size)
        while left:
            data = self.conn.recv(min(left, 65536))
            check(data, "the stream ended")
            self.conn.sendall(data)
            left -= len(data)

    def do_halfclose(self):
        self.conn.shutdown(socket.SHUT_WR)

    def do_close(self):
        self.conn.close()

    def do_reset(self):
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.conn.close()

    def do_name(self):
        return self.conn.getsockname()[1]

    def do_peername(self):
        return self.conn.getpeername()[1]

    # UDP
    def do_udp(self, family):
        self.udp = self.new(family, socket.SOCK_DGRAM)
        self.udp.bind((FAMILIES[family][1], 0))
        return self.udp.getsockname()[1]

    def do_usend(self, port, size):
        self.udp.sendto(pattern(0, int(size)), (self.udp.getsockname()[0], int(port)))

    def do_urecv(self):
        data, sender = self.udp.recvfrom(65536)
        check(data == pattern(0, len(data)), "wrong data")
        return f"{sender[1]} {len(data)}"

    def do_uecho(self):
        data, sender = self.udp.recvfrom(65536)
        self.udp.sendto(data, sender)

    def do_uclose(self):
        self.udp.close()

    # The rest
    def do_stdin(self, text):
        self.host.stdin.write(unescape(text))
        self.host.stdin.flush()

    def do_stdin_end(self):
        self.host.stdin.close()

    def do_sleep(self, milliseconds):
        time.sleep(int(milliseconds) / 1000)

    def do_limit(self, number):
        for process in with_children(self.host.program):
            hard = resource.prlimit(process, resource.RLIMIT_NOFILE)[1]
            resource.prlimit(process, resource.RLIMIT_NOFILE, (int(number), hard))

    def do_ended(self, milliseconds):
        # The program holds the only end of the pipe to read from.
        end = select.poll()
        end.register(self.host.stdin, 0)
        check(end.poll(int(milliseconds)), "the program has not ended")

    def do_later(self):
        self.answers = False


def unescape(text):
    return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\s", " ").encode()


def with_children(process):
    """The process and all that it has started: a runner may start the host."""
    parents = {}
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/stat") as file:
                parents[int(number)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            pass  # it has ended
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found

# The control port of the second party: part of run-case.py. peer.py has what the party does.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import socket
import threading
import time

from peer import PATIENCE, Actor


class Host:
    """The control port; every connection to it becomes an actor."""

    def __init__(self, stdin):
        self.stdin = stdin
        self.program = None  # the process
        self.failures = []
        self.actors = []
        self.last = None
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]

    def open(self):
        self.doorman = threading.Thread(target=self.welcome, daemon=True)
        self.doorman.start()

    def welcome(self):
        while True:
            try:
                control, address = self.door.accept()
            except OSError:
                return
            if address == self.last:
                return
            actor = Actor(control, self)
            actor.start()
            self.actors.append(actor)

    def settle(self):
        """Waits for what the actors still have to do once the program has ended."""
        # Whoever came before this connection has become an actor when the doorman has gone.
        with socket.socket() as end:
            end.bind(("127.0.0.1", 0))
            self.last = end.getsockname()
            end.connect(("127.0.0.1", self.port))
            self.doorman.join()
        self.door.close()
        deadline = time.monotonic() + PATIENCE
        for actor in self.actors:
            actor.join(max(0.0, deadline - time.monotonic()))
            if actor.is_alive():
                self.failures.append("fail: the peer is still waiting for something that never came")
        return self.failures

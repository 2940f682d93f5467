# The guest of the soak and what is known of it: its ports, its memory and descriptors, and whether they stay flat.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import atexit
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

failures = []


def say(text):
    print(f"soak: {text}", flush=True)


def check(holds, text):
    say(("" if holds else "FAILED: ") + text)
    if not holds:
        failures.append(text)


class Server:
    def __init__(self, command, address="127.0.0.1"):
        self.address = address
        self.process = subprocess.Popen(command + [address], stdout=subprocess.PIPE, text=True, start_new_session=True)
        atexit.register(self.kill)
        words = self.process.stdout.readline().split()
        if len(words) != 3 or words[0] != "ports":
            sys.exit("soak: the guest doesn't begin")
        self.port, self.control_port = int(words[1]), int(words[2])

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def connect(self, source=None, small=False):
        client = socket.socket()
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        if source:
            client.bind((source, 0))
        client.connect((self.address, self.port))
        return client

    def ask(self):
        """The guest's memory in bytes, and its connections but for the one that asks."""
        with socket.create_connection((self.address, self.control_port), timeout=60) as control:
            control.sendall(b"s")
            memory, connections = control.recv(200).split()
        return int(memory), int(connections) - 1

    def processes(self):
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            try:
                with open(f"/proc/{pid}/task/{pid}/children") as file:
                    todo += [int(child) for child in file.read().split()]
            except OSError:
                pass
        return found

    def usage(self):
        """Resident bytes and descriptors of the runner."""
        resident = descriptors = 0
        for pid in self.processes():
            with open(f"/proc/{pid}/statm") as file:
                resident += int(file.read().split()[1]) * resource.getpagesize()
            descriptors += len(os.listdir(f"/proc/{pid}/fd"))
        return resident, descriptors

    def settled(self, connections):
        """Waits until the guest has this many connections; then its memory, and the runner's memory and descriptors."""
        deadline = time.monotonic() + 60
        while True:
            memory, open_now = self.ask()
            if open_now == connections or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        check(open_now == connections, f"{open_now} connections are open, of {connections}")
        resident, descriptors = self.usage()
        say(f"guest's memory {memory >> 10} KiB, runner's {resident >> 10} KiB, descriptors {descriptors}")
        return memory, resident, descriptors

    def end(self, seconds):
        """Asks the guest to end; how long that took, None: too long."""
        with socket.create_connection((self.address, self.control_port), timeout=60) as control:
            control.sendall(b"q")
            began = time.monotonic()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                return None
            return time.monotonic() - began


def check_flat(before, after, what, room=256 * 1024):
    check(after[0] <= before[0] * 1.05 + room, f"{what}: the guest's memory went from {before[0] >> 10} to {after[0] >> 10} KiB")
    check(after[1] <= before[1] * 1.1 + (16 << 20), f"{what}: the runner's memory went from {before[1] >> 10} to {after[1] >> 10} KiB")
    check(after[2] <= before[2] + 4, f"{what}: the runner's descriptors went from {before[2]} to {after[2]}")


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def exchange(client, data):
    client.sendall(data)
    got = b""
    while len(got) < len(data):
        more = client.recv(len(data) - len(got))
        if not more:
            return False
        got += more
    return got == data

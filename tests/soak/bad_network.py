# Two network namespaces, joined by a relay that loses, delays, reorders, doubles and damages packets. Needs root, as netem does,
# but no module of the kernel's beside TUN.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import ctypes
import fcntl
import heapq
import os
import random
import select
import socket
import struct
import threading
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, IFF_UP = 0x8914, 0x8916, 0x891C, 1


def enter_namespace(address):
    """Moves this process into a namespace of its own with one interface; the TUN's descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare: " + os.strerror(ctypes.get_errno()))
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"bad0", IFF_TUN | IFF_NO_PI))

    def name(text):
        return struct.pack("16sHH4s8x", b"bad0", socket.AF_INET, 0, socket.inet_aton(text))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFADDR, name(address))
        fcntl.ioctl(control, SIOCSIFNETMASK, name("255.255.255.0"))
        for interface in (b"bad0", b"lo"):
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH22x", interface, IFF_UP))
    return tun


class Relay(threading.Thread):
    """Carries packets between two TUNs until stop()."""

    def __init__(self, ends, seed, lost, doubled, damaged, delay):
        super().__init__(daemon=True)
        self.ends, self.random = ends, random.Random(seed)
        self.lost, self.doubled, self.damaged, self.delay = lost, doubled, damaged, delay
        self.counts = {"carried": 0, "lost": 0, "doubled": 0, "damaged": 0}
        self.over = False

    def run(self):
        late, number = [], 0
        other = {self.ends[0]: self.ends[1], self.ends[1]: self.ends[0]}
        for end in self.ends:
            os.set_blocking(end, False)
        while not self.over:
            wait = min(max(late[0][0] - time.monotonic(), 0), 0.1) if late else 0.1
            for end in select.select(self.ends, [], [], wait)[0]:
                for packet in self.packets(end):
                    # Each has its own delay: they overtake one another.
                    number += 1
                    heapq.heappush(late, (time.monotonic() + self.random.random() * self.delay, number, other[end], packet))
            while late and late[0][0] <= time.monotonic():
                _, _, end, packet = heapq.heappop(late)
                try:
                    os.write(end, packet)
                except OSError:
                    pass  # its queue is full: lost, as in any network

    def packets(self, end):
        for _ in range(64):
            try:
                packet = os.read(end, 65536)
            except BlockingIOError:
                return
            self.counts["carried"] += 1
            if self.random.random() < self.lost:
                self.counts["lost"] += 1
                continue
            if self.random.random() < self.damaged:
                self.counts["damaged"] += 1
                at = self.random.randrange(len(packet))
                packet = packet[:at] + bytes([packet[at] ^ (1 << self.random.randrange(8))]) + packet[at + 1 :]
            yield packet
            if self.random.random() < self.doubled:
                self.counts["doubled"] += 1
                yield packet

    def stop(self):
        self.over = True
        self.join()

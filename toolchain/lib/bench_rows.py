# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What toolchain/bench measures: one row a work of tests/bench."""
import itertools
from dataclasses import dataclass

RATES = {"MB/s": 1e-6, "k/s": 1e-3, "/s": 1}  # of what a program prints, which is so much a second


@dataclass(frozen=True)
class Row:
    group: str
    label: str
    work: str
    size: int = 0
    idle: int = 0
    active: int = 0
    rotating: bool = False
    unit: str = "MB/s"  # or "us", the time of one
    quick: bool = False  # also in a quick run

    @property
    def words(self):
        return [self.work, str(self.size), str(self.idle), ("r" if self.rotating else "") + str(self.active)]

    def figure(self, printed):
        """In the row's unit, of what a program printed."""
        if self.unit == "us":
            return 1e6 / printed if printed else float("inf")
        return printed * RATES.get(self.unit, 1)


def size_text(size):
    for unit, factor in (("M", 1 << 20), ("K", 1 << 10)):
        if size >= factor and size % factor == 0:
            return f"{size // factor}{unit}"
    return f"{size} B"


SIZES = (64, 1024, 16384, 65536, 1 << 20)


def tcp():
    group = "TCP"
    for size in SIZES:
        yield Row(group, f"recv {size_text(size)}", "recv", size, quick=size == 1024)
    for size in SIZES:
        yield Row(group, f"send {size_text(size)}", "send", size, quick=size == 1024)
    for label, work in (("MSG_MORE", "send_more"), ("TCP_CORK", "send_cork"), ("TCP_NODELAY", "send_nodelay")):
        for size in (64, 1024):
            yield Row(group, f"send {size_text(size)}, {label}", work, size, quick=size == 64)
    for size in (256, 1024, 16384, 65536):
        yield Row(group, f"writev of 3 parts, {size_text(size)}", "writev", size, quick=size == 1024)
    for size in (1, 1024, 65536):
        yield Row(group, f"round trip {size_text(size)}", "rtt", size, unit="us", quick=size == 1)
    yield Row(group, "write, write, read with TCP_NODELAY", "wwr_nodelay", 100, unit="us", quick=True)
    yield Row(group, "write, write, read without", "wwr", 100, unit="us")
    yield Row(group, "connect and close", "connect", unit="k/s", quick=True)
    yield Row(group, "accept and close", "accept", unit="k/s", quick=True)
    yield Row(group, "fgets of lines of 80 bytes", "lines_in", unit="k/s", quick=True)
    yield Row(group, "fprintf of lines of 80 bytes", "lines_out", unit="k/s", quick=True)


def udp():
    for size in (64, 1400):
        small = size == 64
        for label, work in (("send", "udp_send"), ("sendmmsg of 16,", "sendmmsg"), ("recv", "udp_recv")):
            yield Row("UDP", f"UDP {label} {size_text(size)}", work, size, unit="k/s", quick=small)
        yield Row("UDP", f"UDP recvmmsg of 16, {size_text(size)}", "recvmmsg", size, unit="k/s", quick=small)
        yield Row("UDP", f"UDP round trip {size_text(size)}", "udp_rtt", size, unit="us", quick=small)


IDLE = {"poll": (10, 100, 500, 1000, 4000), "select": (10, 100, 500, 900), "epoll": (10, 100, 1000, 4000)}  # FD_SETSIZE is 1024


def waiting():
    for work, idles in IDLE.items():
        for idle, active, rotating in itertools.product(idles, (1, 64), (False, True)):
            if active == 64 and (idle == 500 or rotating and idle < 900):
                continue
            kind = "rotating" if rotating else "fixed"
            yield Row("Waiting", f"{work}, {idle} idle, {active} active, {kind}", work, 0, idle, active, rotating, unit="us",
                      quick=idle == 10 and not rotating)


ROWS = tuple({row.label: row for row in [*tcp(), *udp(), *waiting()]}.values())
MEMORY = Row("Memory", "memory", "memory", 0, 4000, 1, unit="B")

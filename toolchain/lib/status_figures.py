# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The README's table of figures: rows of the tables of docs/performance.md, which toolchain/bench --write writes."""

# The works as performance.md calls them, and as the README does. Chosen to show both sides: where the library gains, where it doesn't.
WORKS = [
    ("recv 64 B", "receive 64 bytes at a time"),
    ("recv 64K", "receive 64K at a time"),
    ("send 64 B", "send 64 bytes at a time"),
    ("send 64K", "send 64K at a time"),
    ("writev of 3 parts, 1K", "`writev` of three parts of 1K"),
    ("writev of 3 parts, 64K", "`writev` of three parts of 64K"),
    ("write, write, read with TCP_NODELAY", "two writes and a read, `TCP_NODELAY`"),
    ("round trip 1 B", "round trip of a byte"),
    ("accept and close", "accept and close"),
    ("UDP recv 64 B", "receive datagrams of 64 bytes"),
    ("poll, 10 idle, 1 active, rotating", "`poll` of 11, another one active each time"),
    ("poll, 1000 idle, 1 active, fixed", "`poll` of 1001, the same one active"),
    ("poll, 1000 idle, 1 active, rotating", "`poll` of 1001, another one active each time"),
    ("epoll, 1000 idle, 1 active, fixed", "`epoll_wait` on 1001, the same one active"),
    ("epoll, 1000 idle, 1 active, rotating", "`epoll_wait` on 1001, another one active each time"),
]
SIZES = [
    ("minimal TCP client", "component of a TCP client"),
    ("minimal TCP client with epoll", "the same with epoll"),
    ("minimal TCP client with netdb", "the same with `getaddrinfo`"),
]
OTHER = [
    ("guest memory an idle connection, of 4000 that are polled", "guest memory of an idle connection"),
    ("start, echo client and end, the runner included", "start, connect, echo, end"),
]


def rows_of(text):
    """The table rows between the markers of one run, by their first cell."""
    text = text.partition("<!-- bench: begin")[2].partition("<!-- bench: end")[0]
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) > 3:
            rows[cells[0]] = cells  # the goals, which come first, have rows of the same names
    return rows


def table(text):
    rows = rows_of(text)
    lines = ["| Work | unit | native | wasi-libc | this library |", "|---|---|---:|---:|---:|"]
    for name, says in WORKS:
        _, unit, native, libc, _, _, own, *_ = rows[name]
        lines.append(f"| {says} | {unit} | {native} | {libc} | {own} |")
    for name, says in SIZES:
        _, libc, _, own = rows[name]
        lines.append(f"| {says} | bytes | | {libc.partition(',')[0]} | {own.partition(',')[0]} |")
    for name, says in OTHER:
        _, unit, libc, _, own = rows[name]
        lines.append(f"| {says} | {unit} | | {libc} | {own} |")
    return "\n".join(lines)

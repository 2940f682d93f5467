# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the library is to reach in one run of toolchain/bench, and what it did."""

GOALS = {
    "recv 64 B": {"wasi-libc": 20, "raw": 0.9, "native": 1},
    "recv 1K": {"wasi-libc": 3, "raw": 0.9, "native": 1},
    "recv 16K": {"wasi-libc": 1.25, "raw": 0.9},
    "recv 64K": {"wasi-libc": 1.03, "raw": 0.97},
    "recv 1M": {"wasi-libc": 1.03, "raw": 0.97},
    "send 64 B": {"wasi-libc": 1.2, "raw": 0.95},
    "send 1K": {"wasi-libc": 1.3, "raw": 0.95},
    "send 1K, MSG_MORE": {"wasi-libc": 5, "raw": 0.9},
    "send 1K, TCP_CORK": {"wasi-libc": 5, "raw": 0.9},
    "send 1K, TCP_NODELAY": {"wasi-libc": 5, "raw": 0.9},
    "send 16K": {"wasi-libc": 1, "raw": 0.97},
    "send 64K": {"wasi-libc": 1, "raw": 0.97},
    "writev of 3 parts, 1K": {"wasi-libc": 1, "raw": 0.97},
    "writev of 3 parts, 16K": {"wasi-libc": 1, "raw": 0.97},
    "round trip 1 B": {"wasi-libc": 1, "raw": 0.97},
    "round trip 64K": {"wasi-libc": 1.1, "raw": 0.97},
    "connect and close": {"wasi-libc": 1, "raw": 0.97},
    "accept and close": {"wasi-libc": 1, "raw": 0.97},
    "UDP send 64 B": {"wasi-libc": 1.3, "raw": 0.95},
    "UDP recv 64 B": {"wasi-libc": 1.15, "raw": 0.95},
    "UDP sendmmsg of 16, 64 B": {"wasi-libc": 1.6, "raw": 0.95},
    "epoll, 4000 idle, 64 active, fixed": {"raw": 1 / 1.1},
    "epoll, 4000 idle, 64 active, rotating": {"raw": 1 / 1.1},
} | {
    f"poll, {idle} idle, 1 active, {kind}": {"wasi-libc": 1.2, "raw": 1}
    for idle in (10, 100, 500, 1000)
    for kind in ("fixed", "rotating")
}
MOST_MICROSECONDS = {"write, write, read with TCP_NODELAY": 100}
MOST_CLIENT_BYTES = 84546
MOST_IDLE_BYTES = 512


def verdict(middle, spread, goal, limit=None):
    """`limit`: the same ratio of the raw loop."""
    if middle >= goal:
        return "yes"
    if middle + spread >= goal:
        return "within the spread"
    return "**no**" if limit is None or limit >= goal else "no: beyond the raw loop, too"


def rows_of(outcome):
    """The goals of one row of the benchmark."""
    label = outcome.row.label
    for to, goal in GOALS.get(label, {}).items():
        ratio = outcome.ratio("wasm32-wasi", to)
        if ratio:
            middle, spread = ratio
            raw = outcome.ratio("raw", to) if to != "raw" else None
            limit = raw[0] if raw else None
            shown = f"{raw[0]:.2f} ±{raw[1]:.2f}" if raw else "-"
            yield (f"| {label}, to {to} | {goal:.2f} | {middle:.2f} ±{spread:.2f} | {shown} | "
                   f"{verdict(middle, spread, goal, limit)} |")
    if label in MOST_MICROSECONDS:
        most, took = MOST_MICROSECONDS[label], outcome.median("wasm32-wasi")
        yield f"| {label} | {most} µs at most | {took:.0f} µs | - | {'yes' if took <= most else '**no**'} |"


def table(outcomes, memory, sizes):
    """The goals as lines of a table."""
    lines = ["| Goal | wanted | measured | the raw loop | reached |", "|---|---:|---:|---:|---|"]
    for outcome in outcomes:
        lines += rows_of(outcome)
    for target in ("wasm32-wasi", "wasm32-wasip2"):
        size = sizes["client"][target][0]
        reached = "yes" if size <= MOST_CLIENT_BYTES else "**no**"
        lines.append(f"| component of the minimal client, {target} | {MOST_CLIENT_BYTES} bytes at most | {size} | - | {reached} |")
    each = memory.median("wasm32-wasi")
    reached = "yes" if each <= MOST_IDLE_BYTES else "**no**"
    lines.append(f"| memory of an idle connection | {MOST_IDLE_BYTES} bytes at most | {each:.0f} | - | {reached} |")
    return "\n".join(lines)

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What toolchain/bench prints and writes: the tables, docs/performance.md, and its picture."""
import pathlib
import platform
import re
from xml.sax.saxutils import escape

import bench_goals
from bench_run import BUILDS, ROOT

OURS = ("wasm32-wasi", "wasm32-wasip2")
DOCUMENT = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"
TO = ("wasi-libc", "raw", "native")
BEGIN, END = "<!-- bench: begin, written by toolchain/bench --write -->", "<!-- bench: end -->"
OLDEST_BEGIN, OLDEST_END = "<!-- oldest: begin, written by toolchain/bench --write-oldest -->", "<!-- oldest: end -->"


def head():
    cells = ["Work", "unit", *BUILDS, *(f"to {to}" for to in TO)]
    return "| " + " | ".join(cells) + " |\n|" + "---|" * 2 + "---:|" * (len(cells) - 2)


def figure(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def line(outcome):
    cells = [outcome.row.label, outcome.row.unit.replace("us", "µs")]
    cells += [figure(outcome.median(build)) for build in BUILDS]
    for to in TO:
        ratio = outcome.ratio("wasm32-wasi", to)
        cells.append(f"{ratio[0]:.2f} ±{ratio[1]:.2f}" if ratio else "-")
    return "| " + " | ".join(cells) + " |"


def other(memory, sizes, start):
    """Sizes, memory and start-up."""
    targets = ("wasi-libc", *OURS)
    lines = ["| Bytes of the component at -Oz -s, and without the names that are left | " + " | ".join(targets) + " |", "|---|" + "---:|" * len(targets)]
    base = sizes["client"]
    for name, by_target in sizes.items():
        cells = []
        for target in targets:
            size = by_target[target]
            if size is None:
                cells.append("-")
                continue
            more = f" (+{size[1] - base[target][1]})" if name.startswith("client ") else ""
            cells.append(f"{size[0]}, {size[1]}{more}")
        lines.append(f"| minimal TCP {name} | " + " | ".join(cells) + " |")
    lines += ["", "| Other | unit | " + " | ".join(targets) + " |", "|---|---|" + "---:|" * len(targets)]
    each = " | ".join(figure(memory.median(target)) for target in targets)
    lines.append(f"| guest memory an idle connection, of 4000 that are polled | bytes | {each} |")
    each = " | ".join(f"{start[target]:.1f}" for target in targets)
    lines.append(f"| start, echo client and end, the runner included | ms | {each} |")
    return "\n".join(lines)


def processor():
    try:
        found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()


def picture(outcomes):
    """A dot for each build that the library is compared with: right of the line the library is faster."""
    colours = {"wasi-libc": "#c2410c", "raw": "#1d4ed8", "native": "#4b5563"}
    rows = [(o.row.label, {to: o.ratio("wasm32-wasi", to) for to in TO}) for o in outcomes]
    left, right, top, step = 300, 560, 60, 15
    low, high = -4, 6  # powers of two

    def x(value):
        import math

        power = min(max(math.log2(value), low), high)
        return left + (power - low) / (high - low) * right

    height = top + step * len(rows) + 20
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right + 40}" height="{height}" '
             'font-family="sans-serif" font-size="11">',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="10" y="20" font-size="14">Speed of wasi-posix-sockets (wasm32-wasi) in multiples of</text>']
    for i, (to, colour) in enumerate(colours.items()):
        parts.append(f'<circle cx="{420 + 110 * i}" cy="16" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{428 + 110 * i}" y="20" font-size="13">{to}</text>')
    for power in range(low, high + 1):
        place = x(2.0**power)
        label = f"{2**power}" if power >= 0 else f"1/{2**-power}"
        colour, width = ("#111", 1.2) if power == 0 else ("#ddd", 0.8)
        parts.append(f'<line x1="{place:.1f}" y1="{top - 12}" x2="{place:.1f}" y2="{height - 15}" stroke="{colour}" '
                     f'stroke-width="{width}"/>')
        parts.append(f'<text x="{place:.1f}" y="{top - 17}" text-anchor="middle">{label}</text>')
    for i, (label, ratios) in enumerate(rows):
        y = top + step * i + 4
        parts.append(f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{escape(label)}</text>')
        for to, ratio in ratios.items():
            if ratio is None:
                continue
            middle, spread = ratio
            parts.append(f'<line x1="{x(max(middle - spread, 0.01)):.1f}" y1="{y}" x2="{x(middle + spread):.1f}" y2="{y}" '
                         f'stroke="{colours[to]}" stroke-width="1.5"/>')
            parts.append(f'<circle cx="{x(middle):.1f}" cy="{y}" r="3.5" fill="{colours[to]}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def measured(turns, seconds, host):
    return (f"Measured on {processor()}, Linux {platform.release()}, the components under {host}: {turns} turns of "
            f"{seconds * 1000:.0f} ms each.")


def put(begin, lines, end):
    """Replaces what stands between two lines of the document, whose other words stay."""
    text = DOCUMENT.read_text()
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2]
    if not found or end not in rest:
        raise SystemExit(f"{DOCUMENT.name} has no place for the tables: {begin} ... {end}")
    DOCUMENT.write_text(before + "\n".join([begin, *lines, end]) + after)


def write(outcomes, memory, sizes, start, turns, seconds, host):
    """The tables of the default host, and their picture."""
    parts = [measured(turns, seconds, host), ""]
    parts += ["![speed in multiples of wasi-libc, a raw loop, and native](performance.svg)", ""]
    parts += ["### The goals", "", bench_goals.table(outcomes, memory, sizes), ""]
    for group in dict.fromkeys(outcome.row.group for outcome in outcomes):
        parts += [f"### {group}", "", head()]
        parts += [line(outcome) for outcome in outcomes if outcome.row.group == group]
        parts.append("")
    parts += ["### Sizes, memory, start", "", other(memory, sizes, start), ""]
    put(BEGIN, parts, END)
    PICTURE.write_text(picture(outcomes))


def write_oldest(outcomes, start, turns, seconds, host):
    """The same works under the oldest host, in one table."""
    targets = ("wasi-libc", *OURS)
    starts = ", ".join(f"{target} {start[target]:.1f}" for target in targets)
    put(OLDEST_BEGIN, [measured(turns, seconds, host), "", head(), *(line(outcome) for outcome in outcomes), "",
                       f"Start, echo client and end, in ms: {starts}.", ""], OLDEST_END)

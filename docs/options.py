# Writes options.md from the table of the library; --check only says whether the page is current.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(here, "..", "libc-shim", "options"))
import table  # noqa: E402

page = os.path.join(here, "options.md")

HEAD = """# Socket options

Written by `options.py` from [options.def](../libc-shim/options/options.def) and
[defaults.def](../libc-shim/options/defaults.def), which the library itself is made of, and
[refused.list](../libc-shim/options/refused.list).

| Status | Meaning |
|---|---|
| host | The host keeps it and gives it its effect. |
| derived | The library knows the value. |
| emulated | The library gives it its effect. |
| hint | Accepted and read back, without effect; nobody's correctness or security rests on it. |
| denied | Never permitted, as for a program without privileges. |
| refused | ENOPROTOOPT, because something rests on it that WASI 0.2 can't give; Linux's default is told and taken, below. |

Lengths, errors and their order are Linux's: at most `*optlen` bytes are written; a value that is too short is EINVAL, except
for the options of `IPPROTO_IP`, which take one byte as well; microseconds out of range are EDOM; an option of another
protocol is ENOPROTOOPT, or EOPNOTSUPP where an IPv4 socket is asked. Booleans are read back as 0 or 1. An accepted socket has
the options of its listener, but for SO_PRIORITY and TCP_DEFER_ACCEPT.
"""

TYPES = {"stream": "TCP", "datagram": "UDP", "any_type": ""}
FAMILIES = {"ipv4": "IPv4", "ipv6": "IPv6", "local": "AF_UNIX", "ip_family": "", "any_family": ""}
VALUES = {"credentials": "`struct ucred`", "connection": "`struct tcp_info`", "linger": "`struct linger`", "timeval": "`struct timeval`", "boolean": "boolean", "integer": "int"}
LEVELS = (("SOL_SOCKET", "All sockets"), ("IPPROTO_TCP", "TCP"), ("IPPROTO_IP", "IPv4"), ("IPPROTO_IPV6", "IPv6"))


def sockets(row):
    words = [TYPES[row.types], FAMILIES[row.families]]
    if row.level == "IPPROTO_TCP" or (row.level == "IPPROTO_IPV6" and row.families == "ipv6"):
        words = []
    return " ".join(word for word in words if word) or "all"


def value(row):
    text = VALUES[row.form]
    found = re.fullmatch(r"range\((-?\d+), (\w+)\)", row.range)
    if found:
        text += f", {found[1]} to {found[2]}" if found[2] != "INT_MAX" else f", {found[1]} and more"
    return text + {"get": "; get only", "set": "; set only", "both": ""}[row.rights]


def served():
    also = {}
    for other, name in table.aliases().items():
        also.setdefault(name, []).append(other)
    for level, title in LEVELS:
        yield f"\n## {title}: `{level}`\n\n| Option | Sockets | Value | Status | What it does |\n|---|---|---|---|---|\n"
        for row in table.rows():
            if row.level == level:
                names = ", ".join(f"`{name}`" for name in [row.name] + also.get(row.name, []))
                yield f"| {names} | {sockets(row)} | {value(row)} | {row.status} | {row.text} |\n"


def refused():
    yield ("\n## Refused\n\nAll of these give ENOPROTOOPT, but for what stands behind a name: that is the value that is read, as it's "
           "Linux's default\nand nothing changes it, and it can be set. Any other is ENOPROTOOPT, or what Linux says to a program "
           "without privileges.\nWhere the host's value may be another, nothing is told.\n")
    kept = {}
    words = {"nothing": "empty", "zeros": "none", "no_address": "0.0.0.0", "on": "1"}
    for row in table.defaults():
        kept.setdefault(row.name, []).append(words.get(row.value, row.value))
    for group in table.refused():
        names = list(dict.fromkeys(name for _, name in group.names))
        shown = (f"`{name}`" + (f" ({' or '.join(dict.fromkeys(kept[name]))})" if name in kept else "") for name in names)
        yield f"\n### {group.title}\n\n{group.why}\n\n" + ", ".join(shown) + "\n"


def differences():
    yield "\n## Differences from Linux\n\nBeside the refused options, as the tests compare every option with the kernel:\n\n"
    seen = set()
    with open(os.path.join(here, "..", "tests", "conformance", "differences.list")) as file:
        for line in file:
            found = re.match(r"[^#|]*?: (?:SOL|IPPROTO)_\w+ (\w+) [^|]*\| (.*)", line)
            if found and found.groups() not in seen:
                seen.add(found.groups())
                yield f"- `{found[1]}`: {found[2]}\n"


text = HEAD + "".join(served()) + "".join(refused()) + "".join(differences())
if "--check" in sys.argv:
    if not os.path.exists(page) or open(page).read() != text:
        sys.exit("docs/options.md is not current: run docs/options.py")
else:
    with open(page, "w") as file:
        file.write(text)

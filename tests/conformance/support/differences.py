# Collects every DIFFERS_ON_WASI of the cases and every entry of differences.list into differences.md; --check only says whether that page is current.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import sys

folder = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
page = os.path.join(folder, "differences.md")
LITERAL = r'"((?:[^"\\]|\\.)*)"'

rows = []
for name in sorted(os.listdir(folder)):
    if not name.endswith(("_test.cpp", "_test.c")):
        continue
    case = ""
    text = open(os.path.join(folder, name)).read()
    pattern = rf"(?:TEST_CASE|FAMILY_CASE|CASE)\(\s*{LITERAL}|DIFFERS_ON_WASI\(\s*((?:{LITERAL}\s*)+),\s*([^,]+),\s*([^)]+)\)"
    for match in re.finditer(pattern, text):
        if match[1] is not None:
            case = match[1]
        else:
            reason = "".join(re.findall(LITERAL, match[2]))
            rows.append(f"| {case} | {match[4].strip()} | {match[5].strip()} | {reason} |")

out = """# Deliberate differences from Linux

Written by `support/differences.py` from the cases; every other case expects exactly what Linux does.

Sockets and pipes never raise SIGPIPE on WASI: the native runs ignore it.
"""
if rows:
    out += "\n| Case | Linux | WASI | Why |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"

entries = []
for line in open(os.path.join(folder, "differences.list")):
    if line.strip() and not line.startswith("#"):
        pattern, reason = line.strip().split(" | ")
        shown = pattern.replace("|", "\\|")
        entries.append(f"| `{shown}` | {reason} |")
out += """
## In the generated comparisons

The walks over all options and over all operations in all states print the same on Linux and on WASI but for these
patterns, `WHERE: WHAT: LINUX -> WASI`, of [differences.list](differences.list). Refused options are in `docs/options.md`.

| Pattern | Why |
|---|---|
""" + "\n".join(entries) + "\n"

if "--check" in sys.argv:
    current = open(page).read() if os.path.exists(page) else ""
    if current != out:
        sys.exit("differences.md is not current: run tests/conformance/support/differences.py")
else:
    open(page, "w").write(out)

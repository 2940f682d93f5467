#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every relative link of a Markdown page leads somewhere: part of toolchain/lint.

usage: toolchain/lib/lint_links.py PAGE...
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def broken(page):
    for number, line in enumerate(page.read_text().splitlines(), 1):
        for match in LINK.finditer(line):
            if "://" not in match[1] and not (page.parent / match[1]).exists():
                yield f"{page}:{number}: the link to {match[1]} leads nowhere"


wrong = [sentence for name in sys.argv[1:] for sentence in broken(pathlib.Path(name))]
for sentence in wrong:
    print(f"lint: {sentence}", file=sys.stderr)
sys.exit(1 if wrong else 0)

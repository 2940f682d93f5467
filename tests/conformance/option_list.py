# Writes the options that option_transcript.cpp walks, from the table that the library is made of.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "libc-shim", "options"))
import table  # noqa: E402

lines = []


def add(level, name, form):
    lines.append(f'#ifdef {name}\n{{"{level}", "{name}", {level}, {name}, Form::{form}}},\n'
                 f'#else\n{{"{level}", "{name}", 0, -1, Form::{form}}},\n#endif\n')


seen = set()
for row in table.rows():
    if row.name not in seen:
        seen.add(row.name)
        add(row.level, row.name, row.form)
kept = {(row.level, row.name) for row in table.defaults()}
for group in table.refused():
    for level, name in group.names:
        if level != "other":
            add(level, name, "kept" if (level, name) in kept else "refused")

with open(sys.argv[1], "w") as file:
    file.writelines(lines)

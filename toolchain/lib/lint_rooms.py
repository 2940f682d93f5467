#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rooms of docs/architecture.md and the directions between them: part of toolchain/lint.

usage: toolchain/lib/lint_rooms.py includes | symbols [--list | --fix]

includes   no source or header includes one of a room above its own
symbols    no object of build/wasm32-wasi has an undefined symbol that only a room above defines; only wait/ names the host's wait, and
           only wit-bindings/ what belongs to one version of WASI. Libc's functions by their public names (file/libc.h) point
           nowhere, although --wrap makes them pass through the entry points
--list     prints what is found as entries of toolchain/lint.list; --fix takes entries out of that which aren't needed any more
"""
import collections
import pathlib
import re
import subprocess
import sys

import lint_list

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OBJECTS = ROOT / "build" / "wasm32-wasi" / "CMakeFiles" / "posix-sockets.dir"

# From below to above. The first pattern that fits a path decides.
ROOMS = [
    ("support", 0, r"libc-shim/support/"),
    ("wit-bindings", 1, r"wit-bindings/"),
    ("wait", 2, r"libc-shim/wait/"),
    ("trace", 6, r"libc-shim/trace/"),
    ("signals, the state", 3, r"libc-shim/signals/(state|default_action)\."),
    ("api, signals, compat", 5, r"libc-shim/(api|signals|compat)/"),
    ("fd", 4, r"libc-shim/fd/"),
    ("what a description can be", 3, r"libc-shim/"),
]

# The calls in which a guest sleeps, and the rooms that may name them.
SLEEPING = re.compile(r"^wps_poll$|\bwasi::poll\(|\bhost::\w+::wait\(|\bhost::wait\(")
MAY_SLEEP = {"wait", "wit-bindings"}
ONE_VERSION = re.compile(r"\bwasi::|^wps_")  # the second: the imports, which nothing defines
MAY_NAME_A_VERSION = {"wit-bindings", "trace"}


def room_of(path):
    for name, level, pattern in ROOMS:
        if re.match(pattern, path):
            return name, level
    return None


def sources(*endings):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "libc-shim", "wit-bindings"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for path in listed.splitlines() if path.endswith(endings) and (ROOT / path).exists()]


def included_path(path, included):
    """Where an include of a source leads, or None."""
    folders = [pathlib.PurePath(path).parent, "libc-shim", ".", *sorted(ROOT.glob("wit-bindings/[0-9]*"))]
    for folder in folders:
        found = ROOT / folder / included
        if found.exists():
            return str(found.resolve().relative_to(ROOT))
    return None


def upward_includes():
    for path in sources(".h", ".cpp"):
        room, level = room_of(path)
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not match or match[1].endswith(".inc"):  # generated, in the build
                continue
            found = included_path(path, match[1])
            if found is None:
                yield f"{path} {match[1]}", f'{path}:{number}: includes "{match[1]}", which is nowhere'
                continue
            other = room_of(found)
            if other and other[1] > level:
                yield f"{path} {found}", f"{path}:{number}: includes {found}, which is a layer above: {other[0]} over {room}"


Symbols = collections.namedtuple("Symbols", "defined undefined")


def symbols_of(objects):
    """By object: the names that it defines for others, and those that it lacks."""
    listing = subprocess.run([ROOT / ".toolchain/wasi-sdk/bin/llvm-nm", "--print-file-name", *objects], check=True,
                             capture_output=True, text=True).stdout
    found = {str(path): Symbols(set(), set()) for path in objects}
    for line in listing.splitlines():
        path, _, rest = line.partition(": ")
        kind, name = rest[8:].split(maxsplit=1)
        if kind in "Uwv":
            found[path].undefined.add(name)
        elif kind.isupper():
            found[path].defined.add(name)
    return found


def demangled(names):
    names = sorted(names)
    text = subprocess.run([ROOT / ".toolchain/wasi-sdk/bin/llvm-cxxfilt"], input="\n".join(names), check=True, capture_output=True,
                          text=True).stdout
    return dict(zip(names, text.splitlines()))


def is_current(source, path):
    return path.exists() and path.stat().st_mtime >= (ROOT / source).stat().st_mtime


def wrong_symbols():
    paths = [(source, OBJECTS / f"{source}.o") for source in sources(".cpp")]
    paths = [(source, path) for source, path in paths if is_current(source, path) and not source.startswith("libc-shim/trace/")]
    if not paths:
        sys.exit("lint: no objects in build/wasm32-wasi: run toolchain/build first")
    symbols = symbols_of([path for _, path in paths])
    defined_in = collections.defaultdict(set)
    for source, path in paths:
        for name in symbols[str(path)].defined:
            defined_in[name].add(room_of(source))
    plain = demangled({name for of_object in symbols.values() for name in of_object.undefined})
    for source, path in paths:
        room, level = room_of(source)
        undefined = symbols[str(path)].undefined
        for name in sorted(undefined):
            text = plain[name]
            rooms = defined_in.get(name)
            if rooms and min(rooms, key=lambda each: each[1])[1] > level:
                yield f"{source} {name}", f"{source}: names {text}, which is a layer above: {min(rooms)[0]} over {room}"
            if SLEEPING.search(text) and room not in MAY_SLEEP:
                yield f"{source} {name}", f"{source}: names {text}, which waits: only wait/ does"
            elif ONE_VERSION.search(text) and not (rooms and name.startswith("wps_")) and room not in MAY_NAME_A_VERSION:
                yield f"{source} {name}", f"{source}: names {text}, which belongs to one version of WASI"


def main(words):
    checks = {"includes": upward_includes, "symbols": wrong_symbols}
    if not words or words[0] not in checks:
        sys.exit(__doc__)
    return lint_list.judge(words[0], checks[words[0]](), words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

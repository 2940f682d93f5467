# Reads options.def, defaults.def and refused.list for the documentation and the tests.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
from typing import NamedTuple

folder = os.path.dirname(os.path.realpath(__file__))


class Option(NamedTuple):
    level: str
    name: str
    types: str
    families: str
    form: str
    rights: str
    range: str
    accessor: str
    status: str
    text: str


class Default(NamedTuple):
    level: str
    name: str
    types: str
    families: str
    value: str
    setting: str


class Group(NamedTuple):
    title: str
    why: str
    names: list  # of (level, name); the level is "other" where our headers lack the name


def arguments(line):
    """The arguments of a macro call: split at the commas outside of parentheses and of the text at the end."""
    head, text = re.fullmatch(r'\w+\((.*?)(?:, "(.*)")?\)', line).groups()
    found = [part.strip() for part in re.findall(r"(?:[^,()]|\([^()]*\))+", head)]
    return found + ([text] if text is not None else [])


def rows():
    with open(os.path.join(folder, "options.def")) as file:
        return [Option(*arguments(line.strip())) for line in file if line.startswith("OPTION(")]


def defaults():
    """Those of refused() that read as Linux's default."""
    found = []
    with open(os.path.join(folder, "defaults.def")) as file:
        for line in file:
            if line.startswith("DEFAULT("):
                found.append(Default(*arguments(line.strip())))
            elif line.startswith("ALIAS("):
                name, other = arguments(line.strip())
                found += [row._replace(name=name) for row in found if row.name == other]
    return found


def aliases():
    """Another system's name -> ours."""
    with open(os.path.join(folder, "options.def")) as file:
        return dict(arguments(line.strip()) for line in file if line.startswith("ALIAS("))


def refused():
    groups = []
    with open(os.path.join(folder, "refused.list")) as file:
        for line in (line.strip() for line in file):
            if line.startswith("group: "):
                title, why = line.removeprefix("group: ").split(" | ")
                groups.append(Group(title, why, []))
            elif line and not line.startswith("#"):
                level, *names = line.split()
                groups[-1].names.extend((level, name) for name in names)
    return groups


def check():
    """Each name has one place, beside the levels and socket types that it has several rows for."""
    served = {row.name for row in rows()} | set(aliases())
    seen = set()
    for group in refused():
        for level, name in group.names:
            if name in served or (level, name) in seen:
                raise SystemExit(f"{name} is listed twice")
            seen.add((level, name))
    for row in defaults():
        if (row.level, row.name) not in seen:
            raise SystemExit(f"{row.name} has no reason in refused.list")


check()

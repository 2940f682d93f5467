# Runs option_transcript.cpp natively and as a guest and compares what the two print, line by line.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# option_compare.py TARGET NATIVE GUEST KIND     KIND is one of KINDS
#
# differences.list holds the differences that are meant. An entry that no longer differs fails the test of each kind that its
# first two words name. Refused options aren't compared: refused.list has them all with reasons; that they are refused,
# and nothing else, is what counts. Of those in defaults.def only the refusal of other values isn't.
import fnmatch
import os
import re
import subprocess
import sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "libc-shim", "options"))
import table  # noqa: E402

KINDS = {"tcp4": "TCP IPv4", "tcp6": "TCP IPv6", "udp4": "UDP IPv4", "udp6": "UDP IPv6", "unix-stream": "stream AF_UNIX",
         "unix-datagram": "datagram AF_UNIX", "unix-packets": "packets AF_UNIX"}


def transcript(target, program, kind):
    done = subprocess.run([sys.executable, os.path.join(here, "run-case.py"), target, program, kind],
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{target}: the walk ended with {done.returncode}")
    results, unknown = {}, set()
    last_where = last_set = ""
    for line in done.stdout.splitlines():
        if line.startswith("unknown: "):
            unknown.add(line.removeprefix("unknown: "))
            continue
        where, option, operation, result = re.fullmatch(r"([^:]*): (\S+ \S+) (.*?) = (.*)", line).groups()
        key = f"{where}: {option} {operation}"
        if operation.startswith("set "):
            last_set = operation
        elif operation == "get" and last_where == (where, option):
            key += " after " + last_set
        else:
            last_set = ""
        last_where = (where, option)
        count = 1
        while (key if count == 1 else f"{key} #{count}") in results:
            count += 1
        results[key if count == 1 else f"{key} #{count}"] = result
    return results, unknown


def allowed():
    with open(os.path.join(here, "differences.list")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                pattern, reason = line.strip().split(" | ")
                yield pattern


def option_of(key):
    return " ".join(key.split(": ", 1)[1].split()[:2])


def settable(kind):
    """Of each option in defaults.def the operations that must succeed: guests may refuse all others."""
    type_, family = {"TCP": "stream", "UDP": "datagram"}.get(KINDS[kind].split()[0], ""), KINDS[kind].split()[1]
    families = {"IPv4": "ipv4", "IPv6": "ipv6", "AF_UNIX": "local"}[family], "any_family", "local" if family == "AF_UNIX" else "ip_family"
    words = {"on": "set 1", "nothing": "set of 0 bytes", "zeros": "set 0"}
    return {f"{row.level} {row.name}": words.get(row.value, f"set {row.value}") for row in table.defaults()
            if row.families in families and row.types in ("any_type", type_)}


def concerns(pattern, kind):
    """The first two words of a pattern are a protocol and a family, or stars."""
    return all(fnmatch.fnmatchcase(word, wanted) for word, wanted in zip(KINDS[kind].split(), pattern.split()))


def main():
    target, native, guest, kind = sys.argv[1:]
    kernel, unknown = transcript("linux", native, kind)
    ours, unknown_here = transcript(target, guest, kind)
    problems, used, compared = [f"our headers lack {name}" for name in unknown_here], set(), 0
    patterns = [pattern for pattern in allowed() if concerns(pattern, kind)]
    kept = settable(kind)
    for key in sorted(set(kernel) | set(ours)):
        if option_of(key) in unknown:
            continue
        if key not in kernel or key not in ours:
            problems.append(f"{key}: only one side got there")
        elif re.match(r"\S+ \S+ refusal:", key):
            compared += 1
            # The kernel's word for a level that an IPv4 socket doesn't have.
            if ours[key] != "ENOPROTOOPT" and (ours[key], kernel[key]) != ("EOPNOTSUPP", "EOPNOTSUPP"):
                problems.append(f"{key}: a refused option gave {ours[key]}")
        else:
            compared += 1
            if kernel[key] == ours[key]:
                continue
            option = option_of(key)
            operation = key.split(f": {option} ", 1)[1].split(" #")[0]
            refuses = ours[key] == "ENOPROTOOPT" and operation.startswith("set ")
            if refuses and option in kept and operation != kept[option]:
                continue
            difference = f"{key}: {kernel[key]} -> {ours[key]}"
            matching = [pattern for pattern in patterns if fnmatch.fnmatchcase(difference, pattern)]
            used.update(matching)
            if not matching:
                problems.append(difference)
    problems += [f"no longer differs: {pattern}" for pattern in patterns if pattern not in used]
    if compared < 2500:
        problems.append(f"only {compared} results were compared")
    if problems:
        sys.exit("\n".join(problems + [f"{len(problems)} of {compared} results differ and aren't in differences.list"]))
    print(f"{compared} results, {len(used)} entries of differences.list used")


if __name__ == "__main__":
    main()

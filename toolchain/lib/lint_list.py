# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What lint still lets pass, by name: toolchain/lint.list, lines of `CHECK KEY`. It only shrinks: an entry that isn't needed any
more is a mistake like any other, and `toolchain/lint --fix` takes it out."""
import pathlib
import sys

LIST = pathlib.Path(__file__).resolve().parent.parent / "lint.list"


def judge(check, found, words):
    """Prints what is wrong of the pairs (key, sentence) that a check has found; the check's exit status."""
    found = list(found)
    keys = {key for key, _ in found}
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    mine = {line.partition(" ")[2] for line in lines if line.startswith(f"{check} ")}
    if "--list" in words:
        print("\n".join(f"{check} {key}" for key in sorted(keys)))
        return 0
    if "--fix" in words and mine - keys:
        stale = {f"{check} {key}" for key in mine - keys}
        LIST.write_text("".join(f"{line}\n" for line in lines if line not in stale))
        mine &= keys
    wrong = [sentence for key, sentence in found if key not in mine]
    wrong += [f"{LIST.name} has an entry that isn't needed any more: {check} {key}" for key in sorted(mine - keys)]
    for sentence in wrong:
        print(f"lint: {sentence}", file=sys.stderr)
    return 1 if wrong else 0

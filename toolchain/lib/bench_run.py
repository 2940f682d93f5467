# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the programs of toolchain/bench and lets them take turns."""
import contextlib
import pathlib
import select
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "build" / "bench"
SOURCES = ROOT / "tests" / "bench"
SDK = ROOT / ".toolchain" / "wasi-sdk"
DRIVER = str(ROOT / "toolchain" / "bin" / "wasi-posix-cc")
RUN = str(ROOT / "toolchain" / "bin" / "wasi-posix-run")
TURNS_OF_A_LIFE = 3  # of a process
BUILDS = ("native", "wasi-libc", "raw", "wasm32-wasi", "wasm32-wasip2")
# wasi-libc is given the stack that the library's driver gives: its poll would overflow a smaller one.
STACK = "-Wl,-z,stack-size=1048576"


def host():
    """What runs the components, in words."""
    done = subprocess.run([RUN, "--which"], check=True, stdout=subprocess.PIPE, text=True)
    name, _, where = done.stdout.strip().partition(", ")
    return f"{name} ({'its C library in Python' if where.startswith('the wheel') else 'the command'})"


def call(*words):
    subprocess.run([str(word) for word in words], check=True)


def plain_clang(target):
    return [SDK / "bin/clang", f"--target={target}", f"--sysroot={SDK}/share/wasi-sysroot",
            f"-fuse-ld={SDK}/bin/wasm-component-ld", STACK]


def native_compiler():
    return shutil.which("cc") or "gcc"


def build():
    """The commands by build."""
    OUT.mkdir(parents=True, exist_ok=True)
    work = SOURCES / "work/main.c"
    call(native_compiler(), "-O2", SOURCES / "peer.c", "-o", OUT / "peer")
    call(native_compiler(), "-O2", work, "-o", OUT / "native")
    commands = {"native": [str(OUT / "native")]}
    call(*plain_clang("wasm32-wasip2"), "-DBENCH_PLAIN", "-O2", work, "-o", OUT / "wasi-libc.wasm")
    call(*plain_clang("wasm32-wasip1"), "-O2", SOURCES / "raw/main.c", ROOT / "wit-bindings/0.2/generated/component_type.S",
         "-o", OUT / "raw.wasm")
    for target in ("wasm32-wasi", "wasm32-wasip2"):
        call(DRIVER, f"--target={target}", "-O2", work, "-o", OUT / f"{target}.wasm")
    for name in BUILDS[1:]:
        commands[name] = [RUN, str(OUT / f"{name}.wasm")]
    return commands


@contextlib.contextmanager
def peer():
    """The native peer; its port."""
    with subprocess.Popen([str(OUT / "peer")], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Gone(Exception):
    """A program ended or didn't answer."""


class Program:
    def __init__(self, command, words):
        self.process = subprocess.Popen(command + words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, bufsize=1)

    def line(self, seconds):
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            raise Gone("no answer")
        text = self.process.stdout.readline().strip()
        if not text:
            raise Gone(self.process.stderr.read().strip().splitlines()[:1] or f"exit {self.process.wait(10)}")
        return text

    def take_turn(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        return float(self.line(20))

    def end(self):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                stream.close()


@dataclass
class Outcome:
    row: object
    figures: dict = field(default_factory=dict)  # by build, one a turn, in the row's unit
    notes: list = field(default_factory=list)

    def median(self, build):
        values = self.figures.get(build)
        return statistics.median(values) if values else None

    def ratio(self, build, to):
        """How many times as fast: the median of the turns' ratios, and half the distance of their quartiles."""
        ours, theirs = self.figures.get(build), self.figures.get(to)
        if not ours or not theirs:
            return None
        less_is_better = self.row.unit == "us"
        ratios = [b / a if less_is_better else a / b for a, b in zip(ours, theirs) if a and b]
        if not ratios:
            return None
        if len(ratios) < 4:
            return statistics.median(ratios), 0.0
        low, middle, high = statistics.quantiles(ratios, n=4)
        return middle, (high - low) / 2


def start(commands, words, notes):
    """The programs that have the work, by build; set up."""
    programs = {}
    for name, command in commands.items():
        program = Program(command, words)
        try:
            if program.line(60) == "ready":
                programs[name] = program
                continue
        except Gone as gone:
            notes.append(f"{name}: {gone}")
        program.end()
    return programs


def measure(commands, port, row, turns, seconds):
    """Lets the programs take turns at one work. Where the kernel puts a process stays for its life, and makes a difference:
    so they are started anew from time to time."""
    outcome = Outcome(row)
    programs = {}
    try:
        for turn in range(turns):
            if turn % TURNS_OF_A_LIFE == 0:
                for program in programs.values():
                    program.end()
                known = commands if turn == 0 else {name: commands[name] for name in outcome.figures}
                programs = start(known, [port] + row.words, outcome.notes)
                outcome.figures = {name: outcome.figures.get(name, []) for name in programs}
            for name, program in list(programs.items()):
                try:
                    outcome.figures[name].append(row.figure(program.take_turn(seconds)))
                except (Gone, BrokenPipeError) as gone:
                    outcome.notes.append(f"{name}: {gone}")
                    programs.pop(name).end()
                    outcome.figures.pop(name)
    finally:
        for program in programs.values():
            program.end()
    for note in outcome.notes:
        print(f"bench: {row.label}: {note}", file=sys.stderr)
    return outcome

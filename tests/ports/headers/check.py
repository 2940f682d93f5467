# Checks of the headers in include/, by compiling:
#   check.py alone TARGET       each header alone and twice, and all in some orders, in C and C++, strict and with _GNU_SOURCE
#   check.py constants TARGET   every integer macro of plain wasi-libc's wasip2 headers has the same value here
#   check.py layouts TARGET     the structures of layouts.txt are where plain wasi-libc's wasip2 headers have them
#   check.py distinct TARGET    constants of one kind differ from each other
#   check.py linked TARGET      every function that a header declares is defined, by the library or by libc
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import concurrent.futures
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", "..", ".."))
INCLUDE = os.path.join(ROOT, "include")
SDK = os.environ.get("WASI_SDK_PATH") or os.path.join(ROOT, ".toolchain", "wasi-sdk")
CC = os.path.join(ROOT, "toolchain", "bin", "wasi-posix-cc")
CXX = os.path.join(ROOT, "toolchain", "bin", "wasi-posix-c++")
EMULATED = ["-D_WASI_EMULATED_SIGNAL", "-D_WASI_EMULATED_GETPID", "-D_WASI_EMULATED_MMAN",
            "-D_WASI_EMULATED_PROCESS_CLOCKS", "-mllvm", "-wasm-enable-sjlj", "-mllvm", "-wasm-use-legacy-eh=false",
            "-mexception-handling"]

LANGUAGES = {
    "C": [CC, "-xc"],
    "C with _GNU_SOURCE": [CC, "-xc", "-D_GNU_SOURCE"],
    "C89": [CC, "-xc", "-std=c89"],
    "C99 with POSIX": [CC, "-xc", "-std=c99", "-D_POSIX_C_SOURCE=200809L"],
    "C23": [CC, "-xc", "-std=c23"],
    "C++": [CXX, "-xc++"],
    "C++ with _DEFAULT_SOURCE": [CXX, "-xc++", "-std=c++20", "-U_GNU_SOURCE", "-D_DEFAULT_SOURCE"],
}


def headers():
    """The public headers, without the pieces that only other headers include."""
    found = []
    for folder, _, names in os.walk(INCLUDE):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), INCLUDE)
            if name.endswith(".h") and not name.startswith("__"):
                found.append(path)
    return sorted(found)


def run(command, source):
    return subprocess.run(command, input=source, capture_output=True, text=True, timeout=120)


def plain(source, *flags):
    """Compiles with the wasip2 headers of wasi-libc alone."""
    return run([os.path.join(SDK, "bin", "clang"), "--target=wasm32-wasip2", *EMULATED, "-D_GNU_SOURCE", "-w", "-xc",
                *flags, "-o", "-", "-"], source)


def ours(target, source, *flags):
    return run([CC, f"--target={target}", "-D_GNU_SOURCE", "-w", "-xc", *flags, "-o", "-", "-"], source)


def alone(target):
    def compile_one(job):
        header, language = job
        result = run(LANGUAGES[language] + [f"--target={target}", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-"],
                     f"#include <{header}>\n#include <{header}>\n")
        return None if result.returncode == 0 else f"<{header}> in {language}:\n{result.stderr}"

    def compile_all(job):
        order, language = job
        result = run(LANGUAGES[language] + [f"--target={target}", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-"],
                     "".join(f"#include <{header}>\n" for header in order))
        return None if result.returncode == 0 else f"{order} in {language}:\n{result.stderr}"

    found = headers()
    orders = [found, found[::-1]]
    for seed in range(4):
        orders.append(random.Random(seed).sample(found, len(found)))
    jobs = [(header, language) for header in found for language in LANGUAGES]
    mixed = [(order, language) for order in orders for language in LANGUAGES]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = [problem for problem in pool.map(compile_one, jobs) if problem]
        problems += [problem for problem in pool.map(compile_all, mixed) if problem]
    return len(jobs) + len(mixed), problems


def values(compiler, prelude, expressions):
    """The values of constant expressions, as a compiler sees them."""
    source = prelude + "const long long wanted[] = {\n" + ",\n".join(f"(long long)({e})" for e in expressions) + "};\n"
    result = compiler(source, "-S", "-emit-llvm")
    if result.returncode != 0:
        sys.exit(result.stderr)
    line = next(line for line in result.stdout.splitlines() if line.startswith("@wanted"))
    if "zeroinitializer" in line:
        return [0] * len(expressions)
    return [int(number) for number in re.findall(r"i64 (-?\d+)", line[line.index("["):].split("]", 1)[1])]


def shared_headers():
    """Those that the plain wasip2 sysroot has too."""
    base = os.path.join(SDK, "share", "wasi-sysroot", "include", "wasm32-wasip2")
    return [header for header in headers() if os.path.exists(os.path.join(base, header))]


def compare(target, prelude, expressions):
    expected = values(plain, prelude, expressions)
    got = values(lambda source, *flags: ours(target, source, *flags), prelude, expressions)
    assert len(expected) == len(got) == len(expressions)
    return [f"{e}: {g} here, {x} in wasi-libc's wasip2 headers"
            for e, x, g in zip(expressions, expected, got) if x != g]


def constants(target):
    # <limits.h> first: wasi-libc's SO_RCVTIMEO is another when nothing came before <sys/socket.h>.
    prelude = "#include <limits.h>\n" + "".join(f"#include <{header}>\n" for header in shared_headers())
    listed = plain(prelude, "-E", "-dM")
    builtin = plain("", "-E", "-dM").stdout
    known = set(re.findall(r"#define (\w+)", builtin))
    names = [name for name in re.findall(r"#define (\w+) ", listed.stdout) if name not in known]
    marked = plain(prelude + "".join(f'"{name}" {name}\n' for name in names), "-E", "-P").stdout
    numbers = []
    for name, text in re.findall(r'^"(\w+)" (.*)$', marked, re.M):
        text = re.sub(r"\((?:unsigned|in_addr_t|int|long|void \*|clock_t|uint32_t)\)|\(in_addr_t\)", "", text)
        if re.fullmatch(r"[-+~|&<>*/() ]*(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*"
                        r"(?:[-+~|&<>*/() ]+(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*)*[ )]*", text):
            numbers.append(name)
    if len(numbers) < 700 or not {"MSG_PEEK", "POLLHUP", "SO_RCVTIMEO", "O_RDWR", "EAI_NONAME"} <= set(numbers):
        sys.exit(f"only {len(numbers)} macros found: the check itself is broken")
    # Ours is not 0, so that the flag can be seen; eventfd() takes the 0 of plain objects as well. wasi-libc declares
    # eventfd() and doesn't have it.
    numbers.remove("EFD_CLOEXEC")
    return len(numbers), compare(target, prelude, numbers)


def distinct(target):
    prelude = "".join(f"#include <{header}>\n" for header in ("netdb.h", "poll.h", "sys/socket.h", "sys/ioctl.h", "fcntl.h"))
    listed = ours(target, prelude, "-E", "-dM").stdout
    # Not those that are defined as another, as AF_LOCAL is.
    names = re.findall(r"^#define (\w+) \(?(?:-?\d|0x)", listed, re.M)
    problems, count = [], 0
    for prefix in ("AF_[A-Z]|PF_", "SOCK_[A-Z]", "SO_[A-Z]", "MSG_", "POLL[A-Z]", "SOL_", "IPPROTO_", "IP_(?!DEF|MAX|PMTU)",
                   "F_(?!OK|U?LOCK|TLOCK|TEST|RDLCK|WRLCK|UNLCK)", "EAI_", "AI_", "SIOC|FIO|TIOC(?!M_|PKT_)", "SHUT_"):
        group = [name for name in names if re.match(prefix, name)]
        if len(group) < 2:
            sys.exit(f"{prefix}: too few found: the check itself is broken")
        seen = {}
        for name, value in zip(group, values(lambda source, *flags: ours(target, source, *flags), prelude, group)):
            if value in seen and (seen[value], name) not in {("IPPROTO_IP", "IPPROTO_HOPOPTS"), ("IPPROTO_HOPOPTS", "IPPROTO_IP")}:
                problems.append(f"{name} and {seen[value]} are both {value:#x}")
            seen[value] = name
        count += len(group)
    return count, problems


def layouts(target):
    expressions, includes = [], []
    with open(os.path.join(HERE, "layouts.txt")) as table:
        for line in table:
            if line.startswith("#") or not line.strip():
                continue
            words = line.split()
            header, words = words[0], words[1:]
            includes.append(header)
            type_name = " ".join(words[:2]) if words[0] == "struct" else words[0]
            members = words[2:] if words[0] == "struct" else words[1:]
            expressions += [f"sizeof({type_name})", f"_Alignof(__typeof__({type_name}))"]
            expressions += [f"__builtin_offsetof({type_name}, {member})" for member in members]
    prelude = "#include <limits.h>\n" + "".join(f"#include <{header}>\n" for header in includes)
    return len(expressions), compare(target, prelude, expressions)


def linked(target):
    names = set()
    for header in headers():
        with open(os.path.join(INCLUDE, header)) as file:
            text = re.sub(r"/\*.*?\*/|^#.*?(?<!\\)$", "", file.read(), flags=re.S | re.M)
        names.update(re.findall(r"^[a-z][\w ]*?[ *](\w+)\([^{;]*?\)(?:\s*__attribute__\(\(.*?\)\))?;$", text,
                                flags=re.M | re.S))
    if len(names) < 200:
        sys.exit(f"only {len(names)} functions found: the check itself is broken")
    # A name of any type will do to see whether the linker knows it.
    source = "".join(f"void {name}(void);\n" for name in sorted(names))
    source += "void* volatile sink;\nint main(void) {\n"
    source += "".join(f"  sink = (void*){name};\n" for name in sorted(names)) + "  return 0;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        result = run([CC, f"--target={target}", "-w", "-fno-builtin", "-xc", "-", "-Wl,--error-limit=0", "-o",
                      os.path.join(folder, "linked.wasm")], source)
    missing = sorted(set(re.findall(r"undefined symbol: (\S+)", result.stderr)))
    problems = [f"{name} is declared and not defined" for name in missing]
    if result.returncode != 0 and not problems:
        problems = [result.stderr]
    return len(names), problems


def main():
    checks = {"alone": alone, "constants": constants, "distinct": distinct, "layouts": layouts, "linked": linked}
    if len(sys.argv) != 3 or sys.argv[1] not in checks:
        sys.exit("usage: check.py " + "|".join(checks) + " TARGET")
    count, problems = checks[sys.argv[1]](sys.argv[2])
    for problem in problems:
        print(problem)
    print(f"{count} checked, {len(problems)} wrong")
    sys.exit(1 if problems else 0)


main()

# Links each public function of the library alone: a program that calls one, and nothing else, must link without a word into a
# module that is valid and imports only what a host has. Functions reach each other and libc by names that the linker only
# resolves if somebody else names them, too: a module may come out broken without a word.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# link_alone.py TARGET [--flags=FLAGS] [NAME...]     FLAGS: -O2 by default; NAMEs: all of them by default
import concurrent.futures
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
CC = os.path.join(ROOT, "toolchain", "bin", "wasi-posix-cc")
RUN = os.path.join(ROOT, "toolchain", "bin", "wasi-posix-run")
C_TYPES = {0x7F: "int", 0x7E: "long long", 0x7D: "float", 0x7C: "double"}
# The start code's, which no program calls.
START = {"__main_argc_argv", "__main_void", "__wasm_call_dtors", "main", "cabi_realloc"}


class Reader:
    """The parts of an object file or a module that tell what it defines and imports."""

    def __init__(self, data):
        self.data = data
        self.types, self.functions, self.symbols, self.imports = [], [], [], set()
        position = 8
        while position < len(data):
            kind = data[position]
            size, start = self.leb(position + 1)
            position = start + size
            if kind == 1:
                self.read_types(start)
            elif kind == 2:
                self.read_imports(start)
            elif kind == 3:
                count, at = self.leb(start)
                for _ in range(count):
                    index, at = self.leb(at)
                    self.functions.append(index)
            elif kind == 0:
                name, at = self.text(start)
                if name == "linking":
                    self.read_linking(at, position)

    def leb(self, at):
        value = shift = 0
        while True:
            byte = self.data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value, at

    def text(self, at):
        size, at = self.leb(at)
        return self.data[at:at + size].decode(), at + size

    def read_types(self, at):
        count, at = self.leb(at)
        for _ in range(count):
            if self.data[at] != 0x60:  # a group of types, as the GC proposal has them: of modules only
                return
            lists = []
            at += 1
            for _ in range(2):
                size, at = self.leb(at)
                lists.append(list(self.data[at:at + size]))
                at += size
            self.types.append(lists)

    def read_imports(self, at):
        count, at = self.leb(at)
        for _ in range(count):
            module, at = self.text(at)
            name, at = self.text(at)
            self.imports.add((module, name))
            kind = self.data[at]
            if kind == 0:
                index, at = self.leb(at + 1)
                self.functions.append(index)
            elif kind == 3:
                at += 3
            elif kind == 4:
                _, at = self.leb(at + 2)
            else:  # a table or a memory
                at += 1 if kind == 2 else 2
                flags, at = self.leb(at)
                for _ in range(1 + (flags & 1)):
                    _, at = self.leb(at)

    def read_linking(self, at, end):
        _, at = self.leb(at)
        while at < end:
            kind = self.data[at]
            size, at = self.leb(at + 1)
            if kind == 8:
                self.read_symbols(at)
            at += size

    def read_symbols(self, at):
        count, at = self.leb(at)
        for _ in range(count):
            kind = self.data[at]
            flags, at = self.leb(at + 1)
            defined, named = not flags & 0x10, True
            if kind in (0, 2, 4, 5):
                index, at = self.leb(at)
                named = defined or flags & 0x40
                name = None
                if named:
                    name, at = self.text(at)
                if kind == 0 and defined and not flags & 2:  # not local; all of them are hidden
                    self.symbols.append((name, self.types[self.functions[index]]))
            elif kind == 1:
                name, at = self.text(at)
                if defined:
                    for _ in range(3):
                        _, at = self.leb(at)
                    if not flags & 2:
                        self.symbols.append((name, None))
            else:
                _, at = self.leb(at)


def members(path):
    """The members of an archive."""
    with open(path, "rb") as file:
        data = file.read()
    at = 8
    while at < len(data):
        name, size = data[at:at + 16].decode().strip(), int(data[at + 48:at + 58])
        at += 60
        if name not in ("/", "//"):
            yield data[at:at + size]
        at += size + size % 2


def public_names(library):
    with open(os.path.join(ROOT, "toolchain", "wrap.rsp")) as file:
        wrapped = {line.strip().removeprefix("-Wl,--wrap=") for line in file if "--wrap=" in line}
    found = {}
    for member in members(library):
        if member[:4] != b"\0asm":
            continue
        for name, type_ in Reader(member).symbols:
            plain = name.removeprefix("__wrap_")
            if name != plain and plain not in wrapped | {"main"}:
                sys.exit(f"{name} isn't in wrap.rsp")
            if not plain.startswith(("_Z", "wps_", "__real_")) and plain not in START:
                found[plain] = type_
    if len(found) < 550:
        sys.exit(f"only {len(found)} names found: the test itself is broken")
    return found


def declaration(name, type_):
    if type_ is None:
        return f"extern char {name}[];"
    parameters, results = type_
    result = C_TYPES[results[0]] if results else "void"
    return f"extern {result} {name}({', '.join(C_TYPES[p] for p in parameters) or 'void'});"


def use(name, type_):
    if type_ is None:
        return f"never = {name}[0];"
    call = f"{name}({', '.join('0' for _ in type_[0])});"
    return call if not type_[1] else f"never = (int){call}"


class Links:
    """Programs of one target and one set of flags, in a folder of their own."""

    def __init__(self, target, flags, library, scratch):
        import wasmtime  # only now: it takes a while

        self.wasmtime, self.scratch = wasmtime, scratch
        config = wasmtime.Config()
        config.wasm_exceptions = True
        self.engine = wasmtime.Engine(config)
        self.compile = [CC, f"--target={target}", *flags.split(), "-fno-builtin", "-w"]
        # What the driver would start, as the linker alone: to make a component takes ten times as long.
        self.probe = os.path.join(scratch, "PROBE")
        open(self.probe + ".o", "w").close()  # clang leaves out what isn't there
        said = subprocess.run([CC, f"--target={target}", f"-L{os.path.dirname(library)}", *flags.split(), "-###", self.probe + ".o",
                               "-o", self.probe + ".wasm"], capture_output=True, text=True).stderr
        link = shlex.split(said.strip().splitlines()[-1])
        assert self.probe + ".o" in link and self.probe + ".wasm" in link
        self.link = [*link, "--skip-wit-component"]

    def problem_of(self, name, type_):
        """What is wrong with a program that calls this one function; None: nothing."""
        base = os.path.join(self.scratch, name)
        with open(base + ".c", "w") as file:
            file.write(f"{declaration(name, type_)}\nvolatile int never;\n"
                       f"int main(void) {{\n  if (never) {{ {use(name, type_)} }}\n  return 0;\n}}\n")
        compiled = subprocess.run([*self.compile, "-c", base + ".c", "-o", base + ".o"], capture_output=True, text=True)
        if compiled.returncode != 0:
            return f"{name}: {compiled.stderr}"
        linked = subprocess.run([word.replace(self.probe, base) for word in self.link], capture_output=True, text=True)
        if linked.returncode != 0 or linked.stderr:
            return f"{name}: {linked.stderr or 'not linked'}"
        with open(base + ".wasm", "rb") as file:
            module = file.read()
        for made in (".c", ".o", ".wasm"):
            os.unlink(base + made)
        try:
            self.wasmtime.Module.validate(self.engine, module)
        except self.wasmtime.WasmtimeError as error:
            return f"{name}: an invalid module: {error}"
        strange = [f"{module}.{import_}" for module, import_ in Reader(module).imports
                   if module != "wasi_snapshot_preview1" and not module.startswith("wasi:")]
        return f"{name}: no host has {', '.join(strange)}" if strange else None

    def problem_of_all(self, names):
        """The same of all functions in one program, as a component that runs."""
        together = os.path.join(self.scratch, "together")
        with open(together + ".c", "w") as file:
            file.write("\n".join(declaration(name, type_) for name, type_ in names.items()))
            file.write("\nvolatile int never;\nint main(void) {\n  if (never) {\n")
            file.write("\n".join(f"    if (never == {i}) {{ {use(name, type_)} }}" for i, (name, type_) in enumerate(names.items())))
            file.write("\n  }\n  return 0;\n}\n")
        for command in ([*self.compile, together + ".c", "-o", together + ".wasm"], [RUN, together + ".wasm"]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0 or done.stderr:
                return f"all together: {done.stderr}"
        return None


def main():
    target, *rest = sys.argv[1:]
    flags = "-O2"
    if rest and rest[0].startswith("--flags="):
        flags = rest.pop(0).removeprefix("--flags=")
    library = os.environ.get("LINK_ALONE_LIBRARY") or os.path.join(ROOT, "build", target, "lib", "libposix-sockets.a")
    names = public_names(library)
    wanted = rest or sorted(names)
    with tempfile.TemporaryDirectory() as scratch:
        links = Links(target, flags, library, scratch)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            problems = list(pool.map(lambda name: links.problem_of(name, names[name]), wanted))
        problems = [problem for problem in [*problems, links.problem_of_all({name: names[name] for name in wanted})] if problem]
    if problems:
        sys.exit("\n".join(problems + [f"{len(problems)} of {len(wanted)} names"]))
    print(f"{len(wanted)} names, each alone, with {flags}")


if __name__ == "__main__":
    main()

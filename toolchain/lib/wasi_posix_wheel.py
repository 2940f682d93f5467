# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""libwasmtime of the Python wheel as a runtime of wasi-posix-run. It is called directly rather than through its Python package,
which takes longer to import than most guests run."""

import os
import sys

from wasi_posix_runtime import die, write_atomically

CACHE_LIMIT = 512 << 20
TRAP_STATUS = 134


def trim_cache(folder):
    """Removes what was used longest ago until the cache keeps its bound."""
    entries = []
    total = 0
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.endswith((".cwasm", ".new")):
                    info = entry.stat()
                    entries.append((info.st_mtime, info.st_size, entry.path))
                    total += info.st_size
        for _, size, path in sorted(entries):
            if total <= CACHE_LIMIT:
                return
            os.unlink(path)
            total -= size
    except OSError:
        pass  # another run is trimming as well


class Wheel:
    """libwasmtime as the wheel ships it. A pointer of its C interface is an opaque integer here."""

    def __init__(self, package):
        import ctypes

        self.c = ctypes
        folder = os.path.join(package, f"linux-{os.uname().machine}")
        self.lib = ctypes.CDLL(os.path.join(folder, "_libwasmtime.so"))

    def call(self, name, *args, result=None):
        function = getattr(self.lib, name)
        function.restype = result
        return function(*args)

    def pointer(self, name, *args):
        return self.c.c_void_p(self.call(name, *args, result=self.c.c_void_p))

    def text_of(self, error):
        vector = (self.c.c_size_t * 2)()  # a length and a pointer
        self.call("wasmtime_error_message", error, self.c.byref(vector))
        return self.c.string_at(vector[1], vector[0]).decode(errors="replace")

    def check(self, error, what):
        if error:
            die(f"{what}: {self.text_of(error)}")

    def engine(self):
        config = self.pointer("wasm_config_new")
        self.call("wasmtime_config_wasm_component_model_set", config, self.c.c_bool(True))
        self.call("wasmtime_config_wasm_exceptions_set", config, self.c.c_bool(True))  # setjmp
        return self.pointer("wasm_engine_new_with_config", config)

    def component(self, engine, path, cache, version):
        from _blake2 import blake2b

        c = self.c
        with open(path, "rb") as file:
            code = file.read()
        digest = blake2b(code, digest_size=20).hexdigest()
        compiled = os.path.join(cache, f"{digest}-{version}.cwasm")
        component = c.c_void_p()
        try:
            os.utime(compiled)  # it is in use: trimming spares it
            error = self.pointer("wasmtime_component_deserialize_file", engine, compiled.encode(), c.byref(component))
            if not error:
                return component
            os.unlink(compiled)  # of another build, or damaged
        except OSError:
            pass
        error = self.pointer("wasmtime_component_new", engine, code, c.c_size_t(len(code)), c.byref(component))
        if error:
            kind = "" if code[:4] == b"\0asm" else " (it is no WebAssembly file)"
            die(f"{path}: not a component that can run{kind}: {self.text_of(error)}")
        vector = (c.c_size_t * 2)()
        if not self.pointer("wasmtime_component_serialize", component, c.byref(vector)):
            write_atomically(compiled, c.string_at(vector[1], vector[0]))
            trim_cache(cache)
        return component

    def strings(self, values):
        return (self.c.c_char_p * len(values))(*(os.fsencode(value) for value in values))

    def wasi(self, request):
        c = self.c
        config = self.pointer("wasi_config_new")
        argv = [request.app, *request.args]
        self.call("wasi_config_set_argv", config, c.c_size_t(len(argv)), self.strings(argv))
        names = self.strings([name for name, _ in request.env])
        values = self.strings([value for _, value in request.env])
        self.call("wasi_config_set_env", config, c.c_size_t(len(request.env)), names, values)
        for stream in ("stdin", "stdout", "stderr"):
            self.call("wasi_config_inherit_" + stream, config)
        for host, guest in request.dirs:
            read_write = c.c_size_t(3)
            host_name, guest_name = os.fsencode(host), os.fsencode(guest)
            if not self.call("wasi_config_preopen_dir", config, host_name, guest_name, read_write, read_write,
                             result=c.c_bool):
                die(f"--dir={host}: it can't be opened")
        if request.network:
            self.call("wasi_config_inherit_network", config)
            self.call("wasi_config_allow_ip_name_lookup", config, c.c_bool(True))
        return config

    def run(self, request, cache, version):
        c = self.c
        engine = self.engine()
        component = self.component(engine, request.app, cache, version)
        linker = self.pointer("wasmtime_component_linker_new", engine)
        self.check(self.pointer("wasmtime_component_linker_add_wasip2", linker), "WASI")
        store = self.pointer("wasmtime_store_new", engine, None, None)
        context = self.pointer("wasmtime_store_context", store)
        self.check(self.pointer("wasmtime_context_set_wasi", context, self.wasi(request)), "WASI")

        instance = c.byref((c.c_uint64 * 2)())
        error = self.pointer("wasmtime_component_linker_instantiate", linker, context, component, instance)
        self.check(error, f"{request.app}: it can't be started")
        function = c.byref((c.c_uint64 * 4)())
        if not self.find_run(instance, context, function):
            die(f"{request.app}: it exports no wasi:cli/run, so it is no command")

        value = (c.c_uint64 * 8)()  # a tagged value: the tag, then a result whose first byte says "ok"
        error = self.pointer("wasmtime_component_func_call", function, context, None, c.c_size_t(0), c.byref(value),
                             c.c_size_t(1))
        if not error:
            return 0 if value[1] & 0xFF else 1
        status = c.c_int()
        if self.call("wasmtime_error_exit_status", error, c.byref(status), result=c.c_bool):
            return status.value
        print("wasi-posix-run: the guest trapped: " + self.text_of(error), file=sys.stderr)
        return TRAP_STATUS

    def find_run(self, instance, context, function):
        c = self.c

        def index(parent, name):
            return self.pointer("wasmtime_component_instance_get_export_index", instance, context, parent, name,
                                c.c_size_t(len(name)))

        for patch in range(20, -1, -1):
            interface = index(None, b"wasi:cli/run@0.2.%d" % patch)
            if interface:
                break
        else:
            return False
        run = index(interface, b"run")
        return run and self.call("wasmtime_component_instance_get_func", instance, context, run, function,
                                 result=c.c_bool)

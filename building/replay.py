"""The interpreter of traced training steps, made from tape/replay.ts, and run in this machine's Python by wasmtime.

It is made once and kept in .cache/, named by a digest of all that it is made from.
"""

import hashlib
import tempfile
from pathlib import Path

from . import CACHE, ROOT, node

SOURCE = ROOT / "tape" / "replay.ts"
COMPILER = node.PACKAGES / "assemblyscript"
COMPILE = Path(__file__).parent / "compile_replay.mjs"
OPTIONS = ["--optimizeLevel=3", "--noAssert", "--runtime=stub", "--use=abort=", "--enable=simd"]


def build():
    """The file of WebAssembly, made if it is not there yet."""
    made = CACHE / f"replay-{key()}.wasm"
    if not made.is_file():
        print("Compiling the interpreter of traced training", flush=True)
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            new = Path(folder) / "replay.wasm"
            node.run_script(
                *(COMPILE, SOURCE, new, *OPTIONS),
                otherwise=f"The interpreter could not be compiled: above is what is wrong in tape/{SOURCE.name}.",
            )
            new.replace(made)
    return made


def put_in():
    """What tells esbuild to put its bytes where a script imports replay.wasm."""
    return ["--loader:.wasm=binary", f"--alias:replay.wasm=./{build().relative_to(ROOT).as_posix()}"]


def key():
    node.packages()
    known = [
        SOURCE.read_bytes(),
        COMPILE.read_bytes(),
        (COMPILER / "package.json").read_bytes(),
        " ".join(OPTIONS).encode(),
    ]
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in known)).hexdigest()[:16]


class Machine:
    """The interpreter and its memory."""

    def __init__(self):
        import wasmtime  # of requirements/train.txt

        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        exports = wasmtime.Instance(self.store, wasmtime.Module(engine, build().read_bytes()), []).exports(self.store)
        self.memory = exports["memory"]
        for name in ("start", "reach", "replay"):
            setattr(self, name, self.bound(exports[name]))

    def bound(self, function):
        return lambda *arguments: function(self.store, *arguments)

    def write(self, address, content):
        self.memory.write(self.store, bytes(content), address)

    def read(self, address, into):
        view = memoryview(into).cast("B")
        view[:] = self.memory.read(self.store, address, address + len(view))

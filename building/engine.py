"""Pyodide's engine without what the page cannot reach.

Pyodide offers every function of Python in C by name, 8,560 of them, to extension modules that are loaded later;
its script assigns each to a variable, and holds what such modules may ask of a browser: windows, sound, WebGL. The
page loads no such modules, the script itself uses some 140 of the functions, and the engine 266 of the script's. The
others are no longer offered here, and what was there for them alone is left out: the engine weighs a tenth less,
its script less than a third of what it did, and Python starts sooner. It is made once and kept in .cache/, named by a
digest of all that it is made from.
"""

import hashlib
import json
import re
import tempfile
from pathlib import Path

from . import CACHE, Failure, node
from .node import PYODIDE

SCRIPT, ENGINE, LOADER = "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs"
FOLDER = CACHE / "node_modules"  # by which esbuild knows the code of others, and does not warn of it
CUT = Path(__file__).parent / "cut_engine.mjs"
TERSER = node.PACKAGES / "terser" / "bin" / "terser"
ONLY_WHAT_IS_USED = "defaults=false,unused,dead_code,side_effects,pure_getters,passes=4"

# What is asked for by its name, which the variables do not tell.
BY_NAME = {
    "__main_argc_argv": "main(), from which the script starts Python",
    "PyGC_Collect": "building/bench/python_memory.js asks how much Python holds",
    "mallinfo": "so it does",
}

DECLARED_AND_ASSIGNED = re.compile(r"var ([\w$,]+);function assignWasmExports\(wasmExports\)\{([^{}]*)\}")
ASSIGNMENT = re.compile(r'((?:[\w$]+=|Module\["[\w$]+"\]=)+)wasmExports\["(\w+)"\](?:\.value>>>0)?')
USED_DIRECTLY = re.compile(r'wasmExports(?:\.(\w+)|\["(\w+)"\]\()')
FOR_MODULES = re.compile(r"var wasmImports=\{([^{}]*)\}")
SIGNATURE = re.compile(r'([\w$]+)\.sig="\w*"')
OFFERED = re.compile(r'Module\["([\w$]+)"\]=([\w$]+);')
NAMED = re.compile(r"""\.([\w$]+)|["']([\w$]+)["']""")
EVAL = re.compile(r"(?<![\w$.])eval\(")


def build():
    """The folder of the smaller script and engine, made if it is not there yet."""
    folder = FOLDER / f"engine-{key()}"
    if folder.is_dir():
        return folder
    print("Leaving out of Pyodide's engine what the page cannot reach", flush=True)
    loader = (PYODIDE / LOADER).read_text("utf-8")
    script, exports = smaller((PYODIDE / SCRIPT).read_text("utf-8"), loader)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
        made = Path(temporary) / "engine"
        made.mkdir()
        imports = run_script(CUT, PYODIDE / ENGINE, made / ENGINE, given=json.dumps(exports))
        script = for_the_engine_alone(script, loader, json.loads(imports))
        script = run_script(TERSER, "--module", "--compress", ONLY_WHAT_IS_USED, given=script)
        (made / SCRIPT).write_text(script, encoding="utf-8", newline="\n")
        made.replace(folder)
    return folder


def run_script(*command, given):
    otherwise = "Pyodide's engine could not be made smaller (building/engine.py): above is why."
    return node.run_script(*command, given=given, otherwise=otherwise)


def key():
    """A name for the folder: the same for the same Pyodide, tools and program."""
    sources = [
        PYODIDE / SCRIPT,
        PYODIDE / ENGINE,
        PYODIDE / LOADER,
        *(node.PACKAGES / tool / "package.json" for tool in ("binaryen", "terser")),
    ]
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (*sources, CUT, Path(__file__))]
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:16]


def smaller(script, loader):
    """(the script without the variables that neither it nor the loader uses, the names that it needs of the engine)"""
    found = DECLARED_AND_ASSIGNED.search(script)
    if not found:
        raise unexpected("the function that takes over what the engine offers was not found")
    declared, assignments = found[1].split(","), found[2].split(";")
    rest = script[: found.start()] + script[found.end() :]
    words = set(re.findall(r"[\w$]+", rest + loader))
    exports = {name for pair in USED_DIRECTLY.findall(rest) for name in pair if name}

    kept, variables = [], set()
    for assignment in assignments:
        taken = ASSIGNMENT.fullmatch(assignment)
        if not taken:
            raise unexpected(f"it holds {assignment:.100}")
        targets = set(re.findall(r"[\w$]+", taken[1])) - {"Module"}
        if targets & words or taken[2] in BY_NAME or taken[2] in exports:
            kept.append(assignment)
            variables |= targets
            exports.add(taken[2])
    still_declared = [name for name in declared if name in variables | words]
    taking = f"var {','.join(still_declared)};function assignWasmExports(wasmExports){{{';'.join(kept)}}}"
    return script[: found.start()] + taking + script[found.end() :], sorted(exports)


def for_the_engine_alone(script, loader, imports):
    """The script, offering to modules only what the engine imports, and as properties only what something asks for.

    What nothing uses any more is still there, for terser to find. To let it, no eval() sees the script's variables: only
    modules that bring JavaScript with them would come to one, and the page's Content-Security-Policy forbids it anyway.
    """
    found = FOR_MODULES.search(script)
    if not found:
        raise unexpected("the list of what modules may import was not found")
    entries = dict(entry.split(":") if ":" in entry else (entry, entry) for entry in found[1].split(","))
    kept = {name: variable for name, variable in entries.items() if name in imports}
    gone = set(entries.values()) - set(kept.values())
    offered = ",".join(f"{name}:{variable}" for name, variable in kept.items())
    script = f"{script[: found.start()]}var wasmImports={{{offered}}}{script[found.end() :]}"
    script = SIGNATURE.sub(lambda each: "0" if each[1] in gone else each[0], script)
    asked_for = {name for pair in NAMED.findall(OFFERED.sub("", script) + loader) for name in pair}
    script = OFFERED.sub(lambda each: each[0] if each[1] in asked_for else "", script)
    return EVAL.sub("(0,eval)(", script)


def unexpected(what):
    return Failure(
        f"{SCRIPT} of this Pyodide is not written as building/engine.py expects: {what}. "
        "Teach it the new way, or use the Pyodide that package-lock.json names."
    )

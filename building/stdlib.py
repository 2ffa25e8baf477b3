"""The standard library of the page: the modules that are of use there, compiled, in a zip file.

Pyodide brings the whole of it as source text, and compiling text takes longer than anything else
that Python does before it is ready. Here it is done at build time, in Pyodide itself, because
compiled code is for one version of Python only, and Node runs that version as a browser does.

In the zip file the code of all modules is one piece, packed with Zstandard, which the engine can unpack in some
milliseconds: that weighs a fifth less than gzip, which is what servers and browsers have. Beside it are the few
modules that Python starts with, sitecustomize last of them, which unpacks the others. The zip file is kept in
.cache/, named by a digest of all that it is made from.
"""

import ast
import hashlib
import json
import tempfile
from pathlib import Path

from . import CACHE, ROOT, Failure, node
from .node import PYODIDE

NAME = "pyodide/python_stdlib.bin"  # in the site, and not .zip: the filters of some schools hold those back
IN_PYODIDE = Path(__file__).parent / "in_pyodide"

# What Pyodide itself and py/ import is kept without being named here.
FOR_LEARNERS = [
    *("ast", "bisect", "collections", "copy", "dataclasses", "datetime", "functools", "hashlib", "heapq", "inspect"),
    *("itertools", "json", "math", "operator", "pprint", "random", "re", "statistics", "string", "textwrap"),
    *("time", "timeit", "traceback", "typing"),
]
# What Pyodide imports but can do without, and would take long to start with.
LEFT_OUT = ["ssl"]  # there is no network to be safe in
# What Python needs before it runs sitecustomize.
FIRST = ["encodings", "encodings.aliases", "encodings.utf_8"]
# What those import only when it comes to that, so that loading them does not tell.
LATER = {
    "_ast_unparse": "ast.unparse",
    "_pylong": "int() of thousands of digits",
    "_strptime": "time.strptime",
    "difflib": "the traceback of a syntax error",
    "encodings.ascii": 'open(encoding="ascii")',
    "encodings.cp1250": "a person's file from a Windows of Central Europe (py/decoding.py)",
    "encodings.cp1251": "one with Cyrillic letters",
    "encodings.cp1252": "one from Western Europe",
    "encodings.latin_1": 'open(encoding="latin-1")',
    "encodings.utf_16_be": "one in UTF-16",
    "encodings.utf_16_le": "one in UTF-16, as Windows calls Unicode",
    "encodings.utf_8_sig": 'open(encoding="utf-8-sig")',
}


def build():
    """The zip file, made if it is not there yet. Raises Failure if the page could not import what it does."""
    imports = page_imports()
    archive = CACHE / f"python_stdlib-{key(imports)}.zip"
    if archive.is_file():
        return archive
    print("Compiling Python's standard library for the page", flush=True)
    request = {
        "archive": archive.name,
        "imports": imports,
        "for_learners": FOR_LEARNERS,
        "later": list(LATER),
        "left_out": LEFT_OUT,
        "first": FIRST,
        "sitecustomize": (IN_PYODIDE / "sitecustomize.py").read_text(encoding="utf-8"),
    }
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        in_pyodide(IN_PYODIDE / "compile_stdlib.py", request, folder)
        made = Path(folder) / archive.name
        made.chmod(0o644)  # Emscripten lets everybody write
        made.replace(archive)
    return archive


def page_imports(folder=ROOT / "py"):
    """What the page's Python imports, at any level, besides itself: where each import stands, by its statement."""
    files = sorted(folder.glob("*.py"))
    own = {file.stem for file in files}
    places = {}
    for file in files:
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise Failure(f"py/{file.name}, line {error.lineno}: {error.msg}.") from None
        for found in ast.walk(tree):
            if isinstance(found, ast.Import):
                modules = {alias.name: f"import {alias.name}" for alias in found.names}
            elif isinstance(found, ast.ImportFrom):
                modules = {"." * found.level + (found.module or ""): ast.unparse(found)}
            else:
                continue
            for module, statement in modules.items():
                if module.partition(".")[0] not in own:
                    places.setdefault(statement, f"py/{file.name}, line {found.lineno}")
    return dict(sorted(places.items()))


def key(imports):
    """A name for the archive: the same for the same Pyodide, program, lists and statements."""
    known = hashlib.sha256(json.dumps([list(imports), FOR_LEARNERS, list(LATER), LEFT_OUT, FIRST]).encode())
    for file in (PYODIDE / "package.json", PYODIDE / "python_stdlib.zip", *sorted(IN_PYODIDE.glob("*.*"))):
        known.update(hashlib.sha256(file.read_bytes()).digest())
    return known.hexdigest()[:16]


def in_pyodide(program, request, folder, library=PYODIDE / "python_stdlib.zip", engine=PYODIDE):
    """Run a Python program in Pyodide under Node, with a standard library to start from and a folder of its engine.

    The program finds the request as `request`, and the folder as its working directory.
    """
    node.run_script(
        IN_PYODIDE / "run.mjs",
        *(program, json.dumps(request), folder, library, engine),
        otherwise="Python's standard library for the page (building/stdlib.py) could not be made: above is why.",
    )

"""Runs in Pyodide: compiles what is needed of the standard library that Pyodide started with.

request: {"imports": where each stands, by the statement, "for_learners", "later", "left_out", "first": names of
modules, "sitecustomize": source text, "archive": the zip file to write}.
"""

# Nothing but what Pyodide has loaded by now: what is imported here would be needed in the page, too.
import importlib
import importlib.util
import marshal
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

from compression import zstd

LIBRARY = next(path for path in sys.path if path.endswith(".zip"))
PACKED = "packed"  # in the zip file: the code of all modules, one after the other
LOCAL_HEADER = 30  # bytes: before the name of a file in a zip file
MOST = {zstd.CompressionParameter.compression_level: 22}  # it is done once
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # for a zip file the beginning of time
UNCHECKED = False  # the source is not there to check against


def needed():
    """The source file of every module that is loaded once all is imported that was asked for, by module."""
    for statement, place in request["imports"].items():
        try:
            exec(statement, {})
        except ImportError as error:
            print(f"{place}: {statement} does not work in the page: {error}.")
            sys.exit(1)
    for name in request["for_learners"] + request["later"]:
        importlib.import_module(name)
    origins = {name: getattr(module.__spec__, "origin", None) or "" for name, module in sys.modules.items()}
    start = LIBRARY + "/"
    return {
        name: origin.removeprefix(start)
        for name, origin in origins.items()
        if origin.startswith(start) and name not in request["left_out"]
    }


def parts_left_out(library, kept):
    """The names of the modules left out of packages that are kept, such as "logging.handlers"."""
    sources = (path.removesuffix(".py") for path in library.namelist() if path.endswith(".py"))
    names = {source.removesuffix("/__init__").replace("/", ".") for source in sources}
    return sorted(name for name in names - kept if name.rpartition(".")[0] in kept)


def compiled(path, source, name):
    """The code of a module."""
    # 2 leaves docstrings out; those of the modules that learners use are worth their size.
    optimize = 0 if name.partition(".")[0] in request["for_learners"] else 2
    return compile(source, f"{LIBRARY}/{path}", "exec", dont_inherit=True, optimize=optimize)


def add(archive, path, content):
    """Add a file to the zip file, not compressed: Python need not unpack it then. Returns where it begins and ends."""
    file = zipfile.ZipInfo(path, LONG_AGO)
    archive.writestr(file, content)
    begin = file.header_offset + LOCAL_HEADER + len(path)
    return begin, begin + len(content)


def add_module(archive, path, source, code):
    """Add a .pyc file, the same bytes for the same source."""
    add(archive, path + "c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), UNCHECKED)))


paths = needed()
with zipfile.ZipFile(LIBRARY) as library, zipfile.ZipFile(request["archive"], "w") as archive:
    places, unpacked = {}, b""
    for name, path in sorted(paths.items()):
        source = library.read(path)
        code = compiled(path, source, name)
        begin, unpacked = len(unpacked), unpacked + marshal.dumps(code)
        places[name] = path + "c", begin, len(unpacked)
        if name in request["first"]:
            add_module(archive, path, source, code)
    known = {
        "PACKED": add(archive, PACKED, zstd.compress(unpacked, options=MOST)),
        "PLACES": places,
        "PARTS_LEFT_OUT": parts_left_out(library, paths.keys()),
        "FOR_LEARNERS": request["for_learners"],
    }
    source = "".join(f"{name} = {value}\n" for name, value in known.items()) + request["sitecustomize"]
    code = compiled("sitecustomize.py", source, "sitecustomize")
    add_module(archive, "sitecustomize.py", source.encode(), code)

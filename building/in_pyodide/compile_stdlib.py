"""Runs in Pyodide: compiles what is needed of the standard library that Pyodide started with.

request: {"imports": where each stands, by the statement, "for_learners", "later", "left_out": names of
modules, "sitecustomize": source text, "archive": the gzipped zip file to write}.
"""

# Nothing but what Pyodide has loaded by now: what is imported here would be needed in the page, too.
import importlib
import importlib.util
import io
import sys
import zipfile
import zlib
from importlib._bootstrap_external import _code_to_hash_pyc

LIBRARY = next(path for path in sys.path if path.endswith(".zip"))
GZIP = 31  # how zlib is told to write a gzip file
LOCAL_HEADER, PYC_HEADER = 30, 16  # bytes: before the name of a file in a zip file, before the code in a .pyc file
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
    """The content of a .pyc file, the same bytes for the same source."""
    # 2 leaves docstrings out; those of the modules that learners use are worth their size.
    optimize = 0 if name.partition(".")[0] in request["for_learners"] else 2
    code = compile(source, f"{LIBRARY}/{path}", "exec", dont_inherit=True, optimize=optimize)
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), UNCHECKED))


def add(archive, path, content):
    """Add a .pyc file, not compressed. Returns (path, begin, end) of its code in the archive."""
    file = zipfile.ZipInfo(path, LONG_AGO)
    archive.writestr(file, content)
    begin = file.header_offset + LOCAL_HEADER + len(path)
    return path, begin + PYC_HEADER, begin + len(content)


paths = needed()
content = io.BytesIO()
with zipfile.ZipFile(LIBRARY) as library, zipfile.ZipFile(content, "w") as archive:
    places = {
        name: add(archive, path + "c", compiled(path, library.read(path), name)) for name, path in sorted(paths.items())
    }
    known = {
        "PLACES": places,
        "PARTS_LEFT_OUT": parts_left_out(library, paths.keys()),
        "FOR_LEARNERS": request["for_learners"],
    }
    source = "".join(f"{name} = {value}\n" for name, value in known.items()) + request["sitecustomize"]
    add(archive, "sitecustomize.pyc", compiled("sitecustomize.py", source.encode(), "sitecustomize"))
with open(request["archive"], "wb") as file:
    file.write(zlib.compress(content.getvalue(), level=9, wbits=GZIP))

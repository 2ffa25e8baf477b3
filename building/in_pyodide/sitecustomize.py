"""Python runs this when it starts: from then on, the modules of the page's library are imported by what is here.

It is part of that library (building/stdlib.py). When it is compiled, four things are put before it: PACKED,
(begin, end) of the packed code of all modules in the library's zip file; PLACES, where that of each stands in it when
it is unpacked, {name: (path, begin, end)}; and two lists of names of modules, PARTS_LEFT_OUT and FOR_LEARNERS.
"""

# ruff: noqa: F821, E402
# Before Library is there, every module comes out of the zip file itself, and what is there is in stdlib.FIRST.
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads

from _zstd import ZstdDecompressor

LAZY = {"_colorize"}  # imported wherever an error might be printed, and much to run: only when one is


class Library:
    """Finds and loads the modules of the library.

    Python could do so itself from any zip file, but it looks elsewhere first, and then reads and decodes each module
    twice, which is a good part of what it does before it is ready.
    """

    def __init__(self, archive):
        self.archive = archive
        with open(archive, "rb") as file:
            self.content = memoryview(ZstdDecompressor().decompress(file.read()[slice(*PACKED)]))

    def find_spec(self, name, path=None, target=None):
        if name not in PLACES:
            return None
        origin = f"{self.archive}/{PLACES[name][0]}"
        is_package = origin.endswith("/__init__.pyc")
        spec = ModuleSpec(name, LazyLoader(self) if name in LAZY else self, origin=origin, is_package=is_package)
        spec.has_location = True  # the origin is also the module's __file__
        if is_package:
            spec.submodule_search_locations.append(origin.removesuffix("/__init__.pyc"))
        return spec

    def create_module(self, spec):
        return None  # an ordinary one will do

    def exec_module(self, module):
        exec(self.get_code(module.__spec__.name), module.__dict__)

    def get_code(self, name):
        _, begin, end = PLACES[name]
        return loads(self.content[begin:end])

    def get_source(self, name):
        return None  # it is not there; tracebacks need not look for it


class LeftOut:
    """Asked for a module when nobody else has it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in sys.stdlib_module_names or name in PARTS_LEFT_OUT:
            # An error with a `name` would get a sentence from Pyodide too, which is about its own page.
            raise ModuleNotFoundError(
                f"{name} is part of Python, but was left out of this page to keep it small. "
                f"What you can import: {', '.join(FOR_LEARNERS)}."
            )


sys.meta_path.insert(0, Library(next(path for path in sys.path if path.endswith(".zip"))))
sys.meta_path.append(LeftOut)

from importlib.util import LazyLoader

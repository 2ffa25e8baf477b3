"""Lessons on other versions of microgpt.py, side by side in one Python."""

import importlib
import sys
from types import ModuleType

MODEL = "microgpt"
MADE_FOR_IT = ["weights_file", "lesson"]  # modules that import it, each of which so knows one version only


def modules(source, *others):
    """The modules of a lesson on this source of microgpt.py, and others that import it: {name: module}.

    Raises what the source raises.
    """
    names = [MODEL, *MADE_FOR_IT, *others]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    try:
        model = sys.modules[MODEL] = ModuleType(MODEL)
        exec(compile(source, f"{MODEL}.py", "exec", dont_inherit=True), model.__dict__)
        return {name: importlib.import_module(name) for name in names}
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)

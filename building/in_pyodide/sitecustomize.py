"""Python runs this when it starts: from then on, importing a module that was left out of the page says so.

It is part of the page's standard library (building/stdlib.py). When it is compiled, two lists of
names of modules are put before it: PARTS_LEFT_OUT and FOR_LEARNERS.
"""

import sys


class LeftOut:
    """Asked for a module when nobody else has it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in sys.stdlib_module_names or name in PARTS_LEFT_OUT:  # noqa: F821
            # An error with a `name` would get a sentence from Pyodide too, which is about its own page.
            raise ModuleNotFoundError(
                f"{name} is part of Python, but was left out of this page to keep it small. "
                f"What you can import: {', '.join(FOR_LEARNERS)}."  # noqa: F821
            )


sys.meta_path.append(LeftOut)

"""`build.py format`: every file of the project written in one style; and what the style asks for that no tool mends.

Ruff does Python (pyproject.toml says how), Biome JavaScript, CSS and JSON (biome.json).
"""

import os
import sys
from contextlib import suppress

from . import COMMAND, ROOT, Failure, node
from .step import run

RUFF = [sys.executable, "-m", "ruff"]
FORMATS = ([*RUFF, "check", "--fix-only", "--quiet"], [*RUFF, "format", "--quiet"])
CHECKS = ([*RUFF, "check", "--quiet"], [*RUFF, "format", "--check", "--quiet"])
OTHERWISE = f"{COMMAND} format mends what can be mended without thinking; the rest is told above."


def format():
    """Rewrite every file in the style, then say what is left for a person. Raises Failure if anything is."""
    os.chdir(ROOT)
    for command in FORMATS:
        run(command, "Ruff could not read a file of Python: above is which, and why.", quoted=30)
    with suppress(Failure):  # what it could not mend is told by the check
        biome("--write")
    check()
    print("Every file is in style.", flush=True)


def check():
    """Raises Failure if a file is not as format() would leave it, or holds what the style refuses."""
    os.chdir(ROOT)
    for command in CHECKS:
        run(command, OTHERWISE, quoted=60)
    biome()


def biome(*options):
    path = node.packages()
    program = next(path for name in ("biome", "biome.exe") for path in node.PACKAGES.glob(f"@biomejs/cli-*/{name}"))
    run([program, "check", "--error-on-warnings", "--colors=off", *options], OTHERWISE, path=path, quoted=60)

"""The challenges of the editor, as the page has them."""

import importlib

import challenges

from .experiments import MODEL, apply


def build():
    """[{"id", "start", "solution": [[find, replace], ...]}, ...]. Raises Failure if one does not fit the file."""
    found = []
    for name in challenges.ORDER:
        challenge = named(name)
        started = apply(challenge.START, MODEL.read_text(encoding="utf-8"), f"challenges/{name}.py")
        apply(challenge.SOLUTION, started, f"challenges/{name}.py")
        found.append({"id": name, "start": list(challenge.START.items()), "solution": list(challenge.SOLUTION.items())})
    return found


def named(name):
    return importlib.import_module(f"challenges.{name}")

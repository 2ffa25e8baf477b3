"""`build.py test`: the site is built, then pytest runs everything in tests/ and e2e/, and has the last word.

Several processes share the tests, each with a browser of its own.
"""

import os

import pytest

from . import ROOT, browser, site

# One more than the machine runs at once, because a test in a browser waits for much of its time. Neighbours stay
# together, since they share a page, until a process has nothing left to do.
PROCESSES = [f"-n{min((os.cpu_count() or 1) + 1, 8)}", "--dist=worksteal"]
ONE_PROCESS = ("-k", "-m", "-s", "--pdb", "--trace", "--capture=no", "--lf", "--last-failed", "--sw", "--stepwise")


def test(arguments):
    """Run pytest with these arguments, such as ["tests", "-k", "softmax"]. Returns its exit code."""
    os.chdir(ROOT)
    site.build()
    if wants_browser(arguments):
        os.environ[browser.VARIABLE] = browser.find()
    return pytest.main([*(PROCESSES if are_many(arguments) else []), *arguments])


def wants_browser(arguments):
    """Whether pytest will run anything outside tests/: it runs everything if no file or folder is named."""
    paths = places(arguments)
    return not paths or any(not path.resolve().is_relative_to(ROOT / "tests") for path in paths)


def are_many(arguments):
    """Whether these may be more tests than one process should run alone; not if a few are chosen, or a person watches."""
    if any(word == option or word.startswith(f"{option}=") for word in arguments for option in ONE_PROCESS):
        return False
    paths = places(arguments)
    return not paths or any(path.is_dir() for path in paths)


def places(arguments):
    """The files and folders that are named."""
    return [path for path in (ROOT / word.partition("::")[0] for word in arguments) if path.exists()]


test.__test__ = False  # pytest, do not take this for one of yours

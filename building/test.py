"""`build.py test`: the site is built, then pytest runs everything in tests/ and e2e/, and has the last word."""

import os

import pytest

from . import ROOT, browser, site


def test(arguments):
    """Run pytest with these arguments, such as ["tests", "-k", "softmax"]. Returns its exit code."""
    os.chdir(ROOT)
    site.build()
    if wants_browser(arguments):
        os.environ[browser.VARIABLE] = browser.find()
    return pytest.main(arguments)


def wants_browser(arguments):
    """Whether pytest will run anything outside tests/: it runs everything if no file or folder is named."""
    paths = [path for path in (ROOT / word.partition("::")[0] for word in arguments) if path.exists()]
    return not paths or any(not path.resolve().is_relative_to(ROOT / "tests") for path in paths)


test.__test__ = False  # pytest, do not take this for one of yours

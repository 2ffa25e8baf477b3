"""What the tests without a browser share."""

import gc
import shutil

import hypothesis
import pytest

from building import ROOT
from building.site import DIST

SOURCES = ["build.py", "building", "challenges", "experiments", "lists", "py", "tape", "web", "weights", "requirements"]
SOURCES += ["package.json", "package-lock.json", ".npmrc"]
SET_UP = [".venv", "node_modules", ".cache"]

# What the model makes has no cycles: looking for them among all that other tests have left takes longer than the model.
gc.set_threshold(100_000, 50, 50)
# A busy machine is slow, which is no failure; the same examples every time, so that a red test stays red.
hypothesis.settings.register_profile("trenchcoat", deadline=None, derandomize=True)
hypothesis.settings.load_profile("trenchcoat")


@pytest.fixture(scope="session")
def dist():
    """The folder of the built site."""
    if not (DIST / "assets.json").is_file():
        pytest.fail("There is no dist/ to test yet: python3 build.py site makes it.")
    return DIST


@pytest.fixture
def clone(tmp_path):
    """A copy of the project to break, with all that is already set up in this one."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.unfinished"))
        else:
            shutil.copy(source, tmp_path / name)
    for name in SET_UP:
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path

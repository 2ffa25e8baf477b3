"""What the tests without a browser share."""

import hypothesis
import pytest

from building.site import DIST

# A busy machine is slow, which is no failure; the same examples every time, so that a red test stays red.
hypothesis.settings.register_profile("trenchcoat", deadline=None, derandomize=True)
hypothesis.settings.load_profile("trenchcoat")


@pytest.fixture(scope="session")
def dist():
    """The folder of the built site."""
    if not (DIST / "assets.json").is_file():
        pytest.fail("There is no dist/ to test yet: python3 build.py site makes it.")
    return DIST

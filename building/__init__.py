"""What build.py does, a file a command or a concern; Python's standard library only."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights" / "microgpt.json"
CACHE = ROOT / ".cache"  # what takes long to make or to fetch; it can be deleted at any time
COMMAND = "py build.py" if os.name == "nt" else "python3 build.py"  # as it is typed on this system
sys.path.insert(0, str(ROOT / "py"))  # the model, the lesson and what they need are imported by their own names


class Failure(Exception):
    """Something went wrong that a person can understand: the message says what, and what to do."""

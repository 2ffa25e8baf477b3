"""What build.py does, a file a command or a concern; Python's standard library only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Failure(Exception):
    """Something went wrong that a person can understand: the message says what, and what to do."""

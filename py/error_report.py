"""What went wrong in the learner's microgpt.py, as plain data from which the page makes sentences."""

from importlib.util import find_spec
from pathlib import Path

from explained import explain


def report(error):
    """An error of an edited file: what explain() tells of it, and where there is one, "distribution" (see checked_lesson.py).

    Where it is no error of the file but a refusal of the page's own Python, which is in words for a person: "sentence".
    """
    told = explain(error, Path(find_spec("microgpt").origin).read_text(encoding="utf-8"))
    if hasattr(error, "distribution"):
        told["distribution"] = error.distribution
    if isinstance(error, ValueError) and told["line"] is None:
        told["sentence"] = str(error)
    return told

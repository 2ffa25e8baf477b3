"""The lesson on a microgpt.py that somebody has changed, for the page's worker: whatever goes wrong is told as data.

Nothing of the model is imported before start(): the file may not even be Python.
"""

import json
import sys
from traceback import clear_frames

from error_report import report


class Trouble(Exception):
    """Its text is an error's report (see error_report.py) as JSON, in one line."""


def start(weights_text):
    """The lesson on these weights and the file as it stands now. Raises Trouble."""
    sys.stdout.reconfigure(line_buffering=True)  # what is printed shall be seen, even if the next line never ends
    return Told(told(make_lesson, weights_text))


def make_lesson(weights_text):
    from checked_lesson import CheckedLesson
    from lesson import settled
    from weights_file import untrained

    try:
        lesson = CheckedLesson(weights_text)
    except ValueError:
        lesson = None  # the original runs with them, so this is a model of another shape, which has learned nothing yet
    return settled(lesson or CheckedLesson(untrained(weights_text)))


class Told:
    """A lesson whose errors are told."""

    def __init__(self, lesson):
        self.lesson = lesson

    def answer(self, method, arguments):
        """See Lesson.answer. Raises Trouble."""
        return told(self.lesson.answer, method, arguments)


def told(work, *arguments):
    """What the work returns. Raises Trouble, whatever it raises: exit() is an error here, too."""
    try:
        return work(*arguments)
    except BaseException as error:
        if isinstance(error, MemoryError):
            clear_frames(error.__traceback__)  # what has taken all the room is there: none is left to tell of it
        raise Trouble(json.dumps(report(error))) from None

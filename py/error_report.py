"""What went wrong in the learner's microgpt.py, as plain data from which the page makes a sentence."""

import re
import traceback

FILE = "microgpt.py"
LONGEST_MESSAGE = 500  # characters
LONGEST_TRACEBACK = 20_000


def report(error):
    """An error of an edited file.

    Returns {"type": its class, "message", "line": the last line of the file that took part, None if none did, "text":
    what stands there, "traceback"}, and where it is known "character": one that Python cannot read, "missing": a name
    that the page asks the file for, "beyond": one that it asks the browser for in vain, "returned" and "distribution": see checked_lesson.py.
    """
    line, text = place(error)
    told = {
        "type": type(error).__name__,
        "message": shortened(message(error), LONGEST_MESSAGE),
        "line": line,
        "text": text,
        "traceback": shortened(in_the_file(error), LONGEST_TRACEBACK),
    }
    if isinstance(error, SyntaxError) and (code := re.search(r"U\+([0-9A-F]+)", error.msg or "")):
        told["character"] = chr(int(code[1], 16))
    if missing := missing_name(error):
        told["missing"] = missing
    if isinstance(error, AttributeError) and type(error.obj).__name__ == "JsProxy":
        told["beyond"] = error.name or str(error)
    for more in ("distribution", "returned"):
        if hasattr(error, more):
            told[more] = getattr(error, more)
    return told


def message(error):
    if isinstance(error, SyntaxError):
        return error.msg or ""  # str() of it says the line once more
    try:
        return str(error)
    except Exception:
        return ""  # learners write errors of their own, too


def place(error):
    """(number, text) of the line where it happened, as deep in the file as it goes."""
    if isinstance(error, SyntaxError) and is_the_file(error.filename):
        return error.lineno, (error.text or "").rstrip("\n")
    if hasattr(error, "returned"):
        return error.returned["line"], error.returned["text"]
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if is_the_file(frame.filename)]
    return (inside[-1].lineno, inside[-1].line) if inside else (None, "")


def in_the_file(error):
    """The traceback, from where the learner's file was called on."""
    frames = None if isinstance(error, SyntaxError) else error.__traceback__  # it says itself where it is
    while frames and not is_the_file(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames)).rstrip("\n")


def is_the_file(path):
    return path is not None and path.rpartition("/")[2] == FILE


def missing_name(error):
    """A name that was asked for and is no longer in the file."""
    if isinstance(error, ImportError) and error.name == "microgpt":  # "cannot import name 'Value' from 'microgpt'"
        return re.search(r"'(\w+)'", str(error))[1]
    if isinstance(error, AttributeError) and getattr(error.obj, "__name__", None) == "microgpt":
        return error.name
    return None


def shortened(text, most):
    return text if len(text) <= most else text[: most - 1] + "…"

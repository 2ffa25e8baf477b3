"""A training file: one short text a line, checked once, here."""

import hashlib
import random
import re

from microgpt import block_size
from weights_file import MAX_CHARACTERS

MAX_HELD_OUT = 3200
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # no text has them inside a line


def read_texts(raw):
    """The texts in a file's bytes: one a line, in the file's order, without blank lines.

    Raises ValueError, in words for the person whose file it is, if nothing can be learned
    from it: not text, empty, a line too long, too many different characters.
    """
    try:
        content = raw.decode("utf-8-sig")  # with or without the mark that some editors put in front
    except UnicodeDecodeError:
        raise ValueError("The file is not text in UTF-8. Save it as plain text, one short text a line.") from None
    texts = []
    for number, line in enumerate(content.split("\n"), 1):
        text = line.strip()
        control = CONTROL_CHARACTER.search(text)
        if control:
            raise ValueError(
                f"Line {number} holds the control character {control[0]!r}, as binary files and tables do. "
                "Use plain text, one short text a line."
            )
        if len(text) >= block_size:
            raise ValueError(
                f"Line {number} has {len(text)} characters, and the model sees {block_size} positions, START "
                f"included: a line can have {block_size - 1} at most. Shorten it or leave it out."
            )
        if text:
            texts.append(text)
    if len(texts) < 2:
        raise ValueError("The file holds fewer than two texts: one to learn from and one to test on are needed.")
    n_characters = len(set("".join(texts)))
    if n_characters > MAX_CHARACTERS:
        raise ValueError(
            f"The file uses {n_characters} different characters; the model takes {MAX_CHARACTERS} at most. "
            "Write it with fewer, for instance in small letters only."
        )
    return texts


def digest(raw):
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def vocabulary_of(texts):
    """Every character of the texts, once, in order."""
    return "".join(sorted(set("".join(texts))))


def split(texts, seed):
    """Shuffle with the seed, then hold out the last tenth (at most 3,200): (train, held out)."""
    shuffled = list(texts)
    random.Random(seed).shuffle(shuffled)
    n_held_out = min(MAX_HELD_OUT, max(1, len(texts) // 10))
    return shuffled[:-n_held_out], shuffled[-n_held_out:]

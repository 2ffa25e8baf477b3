"""A training file: one short text a line, or a column of a table, cleaned and checked once, here."""

import csv
import hashlib
import random
import re
import unicodedata
from collections import Counter

from characters import clean, mixed, named, shown
from microgpt import block_size
from weights_file import MAX_CHARACTERS

MAX_HELD_OUT = 3200
N_EXAMPLES = 5
SPLIT = "by text: no line of a held-out text was learned from"
WHOLE_LINES = 0  # in place of a column's number
SEPARATORS = "\t;|,"
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
WORD_AND_NUMBER = re.compile(r"[^\W\d].* \d+")
ENDS_WORDS = {"Cc", "Zl", "Zp"}  # Unicode's categories of what no text has inside a line: controls, and ends of lines
WRONGLY_DECODED = "\ufffd"  # what a program writes in place of a letter that it could not read


def read_texts(raw, column=None):
    """The texts in a file's bytes, in the file's order, without blank lines.

    column: which column of a table they are, counted from 1, or WHOLE_LINES; None: one a line, if it is no table.
    Returns (texts, what was done to them: a list of sentences, empty if nothing was). Raises ValueError, in words for
    the person whose file it is, if nothing can be learned from it: not text, a table, a line too long, too many
    different characters, too few texts.
    """
    try:
        content = raw.decode("utf-8-sig")  # with or without the mark that some editors put in front
    except UnicodeDecodeError:
        raise ValueError("The file is not text in UTF-8. Save it as plain text, one short text a line.") from None
    lines = [(number, line) for number, line in enumerate(content.split("\n"), 1) if line.strip()]
    if column is None:
        refuse_table(lines)
    told = []
    if column:
        lines, header = take_column(lines, column)
        told += [f"Column {column} of {len(lines)} rows was taken."]
        told += [f"Line 1 names the columns ({header}) and was left out."] if header else []
    left_out, made_plain, composed, strangers = Counter(), Counter(), 0, []
    texts = []
    for number, line in lines:
        text, unseen, spaces, was_composed = clean(line.strip())
        left_out += unseen
        made_plain += spaces
        composed += was_composed
        text = text.strip()
        check(number, text)
        strangers += [f"{named(character)} (line {number})" for character in mixed(text)]
        if text:
            texts.append(text)
    told += sentences(left_out, made_plain, composed, strangers)
    if len(set(texts)) < 2:
        raise ValueError(
            "The file holds fewer than two texts that differ: one to learn from and one to test on are needed."
        )
    n_characters = len(set("".join(texts)))
    if n_characters > MAX_CHARACTERS:
        raise ValueError(
            f"The file uses {n_characters} different characters; the model takes {MAX_CHARACTERS} at most. "
            "Write it with fewer, for instance in small letters only."
        )
    return texts, told


def check(number, text):
    """Raises ValueError if this line of a file cannot be learned from."""
    for character in text:
        if unicodedata.category(character) in ENDS_WORDS:
            raise ValueError(
                f"Line {number} holds {named(character)}, as binary files and tables do. "
                "Use plain text, one short text a line."
            )
        if character == WRONGLY_DECODED:
            raise ValueError(
                f"Line {number} holds {named(character)} ({character}): a letter there was lost when the file was saved. "
                "Save it again from where it came from, as UTF-8."
            )
    if len(text) >= block_size:
        raise ValueError(
            f"Line {number} has {len(text)} characters, and the model sees {block_size} positions, START "
            f"included: a line can have {block_size - 1} at most. Shorten it or leave it out."
        )


def sentences(left_out, made_plain, composed, strangers):
    """What was done to the characters of a file, in numbers: nothing said of what did not happen.

    left_out, made_plain: {character: how often}. composed: in how many lines. strangers: letters, named, with lines.
    """
    told = []
    if left_out:
        n = sum(left_out.values())
        told.append(f"{n} {plural(n, 'character')} that cannot be seen {were(n)} left out: {each(left_out)}.")
    if made_plain:
        n = sum(made_plain.values())
        told.append(
            f"{n} special {plural(n, 'space')} {were(n)} made {'a plain one' if n == 1 else 'plain'}: {each(made_plain)}."
        )
    if composed:
        told.append(f"Letters written in two parts were put together in {composed} {plural(composed, 'line')}.")
    if strangers:
        n = len(strangers)
        told.append(
            f"{n} {plural(n, 'letter')} of one alphabet among those of another, learned as "
            f"{'a letter of its own' if n == 1 else 'letters of their own'}: "
            f"{', '.join(strangers[:3])}{', …' if strangers[3:] else '.'}"
        )
    return told


def each(characters):
    """Characters and how often they were met, {character: how often}, in words."""
    return ", ".join(f"{named(character)} ({count})" for character, count in sorted(characters.items()))


def were(number):
    return "was" if number == 1 else "were"


def plural(number, noun):
    return noun if number == 1 else noun + "s"


# ---- Tables ---------------------------------------------------------------------------


def refuse_table(lines):
    """Raises ValueError, saying what to do, if lines of a file, [(number, line), ...], look like those of a table."""
    rows = [(number, line) for number, line in lines if is_row(line)]
    separator = separator_of([line for _, line in lines])
    if not rows and not separator:
        return
    number, line = rows[0] if rows else next((n, line) for n, line in lines if separator in line)
    raise ValueError(
        f"The file looks like a table: line {number} is “{as_seen(line.strip()[:40])}”. To learn from its first column only, add "
        "--column 1. To learn from whole lines, as they stand, add --column all."
    )


def as_seen(text):
    return "".join(character if character == " " else shown(character) for character in text)


def is_row(line):
    """Whether a line holds a word and a number in cells of their own, such as Mary,F,7065."""
    for separator in filter(line.__contains__, SEPARATORS):
        cells = cells_of(line, separator)
        if any(map(NUMBER.fullmatch, cells)) and any(map(str.isalpha, line)):
            return True
    return False


def separator_of(lines):
    """What stands between the cells of most of these lines: one of SEPARATORS, a space before a number, or None."""
    for separator in SEPARATORS:
        if sum(separator in line for line in lines) * 2 > len(lines):
            return separator
    counted_words = sum(bool(WORD_AND_NUMBER.fullmatch(line.strip())) for line in lines)
    return " " if counted_words * 2 > len(lines) else None


def any_separator(lines):
    """One of SEPARATORS that stands in some line, a comma if there is none."""
    return next((each for each in SEPARATORS if any(each in line for line in lines)), ",")


def cells_of(line, separator):
    """The cells of a row, without the quotes and spaces around them."""
    if separator == " ":
        return line.split()
    try:
        cells = next(csv.reader([line.strip("\r")], delimiter=separator, skipinitialspace=True))
    except csv.Error:  # quotes, or something else, that no table has
        cells = line.split(separator)
    return [cell.strip() for cell in cells]


def take_column(lines, column):
    """One column of a table: ([(number of the line, cell), ...], its first line if that only names the columns).

    Raises ValueError if a row has no such column.
    """
    only_lines = [line for _, line in lines]
    separator = separator_of(only_lines) or any_separator(only_lines)
    rows = [(number, cells_of(line, separator)) for number, line in lines]
    for number, cells in rows:
        if len(cells) < column:
            raise ValueError(
                f"Line {number} has {len(cells)} {plural(len(cells), 'column')}, so there is no column {column} in it. "
                "Choose another --column, or mend the line."
            )
    header = names_columns(*[cells for _, cells in rows[:2]]) if len(rows) > 1 else False
    cells = [(number, cells[column - 1]) for number, cells in rows[1 if header else 0 :]]
    return cells, ", ".join(rows[0][1]) if header else ""


def names_columns(first, second):
    """Whether the first row names the columns: it has a word where the row below has a number."""
    return any(not NUMBER.fullmatch(above) and NUMBER.fullmatch(below) for above, below in zip(first, second))


# ---- What is learned from, and what is held out -----------------------------------------


def digest(raw):
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def vocabulary_of(texts):
    """Every character of the texts, once, in order."""
    return "".join(sorted(set("".join(texts))))


def portrait(texts):
    """What the lesson tells of the texts that were learned from.

    Returns {"n_different", "examples": the first few of them, "begin_with": {character: how many texts begin so}}.
    """
    beginnings = Counter(text[0] for text in texts)
    return {
        "n_different": len(set(texts)),
        "examples": list(dict.fromkeys(texts))[:N_EXAMPLES],
        "begin_with": dict(sorted(beginnings.items())),
    }


def n_held_out(n_different):
    """How many texts are held out of so many different ones: a tenth, but one at least and 3,200 at most."""
    return min(MAX_HELD_OUT, max(1, n_different // 10))


def split(texts, seed):
    """(to learn from, held out), both shuffled with the seed: no text is in both, however often the file has it.

    Held out is a tenth of the different texts, each once, but 3,200 at most; to learn from is every other line.
    """
    rng = random.Random(seed)
    distinct = list(dict.fromkeys(texts))
    rng.shuffle(distinct)
    held_out = distinct[-n_held_out(len(distinct)) :]
    kept_back = set(held_out)
    train = [text for text in texts if text not in kept_back]
    rng.shuffle(train)
    return train, held_out

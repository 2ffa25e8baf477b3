"""What would be learned from a person's file or text, and what was done to it on the way: nothing of it silently.

A file is taken as it comes, and wherever there is more than one way to take it, a choice says which:

    encoding     one of decoding.ENCODINGS: what the bytes mean
    column       which column of a table, from 1 on; "lines": whole lines; "cells": every cell
    header       the first line of a table: "keep" or "leave_out"
    case         "keep" capitals, or make them "lower" case
    accents      "keep" é, or "fold" it to e
    inner        at the spaces and hyphens in an item: "keep" them, "split" the item, or "drop" them
    duplicates   "keep" or "leave_out" what is there again
    too_long     "leave_out" or "cut" what is longer than the model can read

dataset.read_texts() is for when nobody looks on: it refuses what has more than one meaning. Whatever it accepts is
prepared here, with everything kept, to the same texts.
"""

import re
import unicodedata
from binascii import a2b_base64
from collections import Counter

import decoding
from characters import alphabet, clean, mixed
from dataset import (
    MAX_CHARACTERS,
    NUMBER,
    WRONGLY_DECODED,
    any_separator,
    cells_of,
    digest,
    is_row,
    n_held_out,
    names_columns,
    separator_of,
    vocabulary_of,
)
from microgpt import block_size

MOST_BYTES = 1_000_000
MOST_LINES = 50_000
MOST_TEXTS = 50_000
MOST_COLUMNS = 20
LONGEST = block_size - 1
N_PREVIEW = 20
N_EXAMPLES = 5  # of each thing that was found
N_SHOWN = 40  # characters of an example
FEW = 50  # with fewer texts, there is little to learn but the texts themselves
KEPT = {"case": "keep", "accents": "keep", "inner": "keep", "duplicates": "keep", "too_long": "leave_out"}
VALUES = {
    "encoding": decoding.ENCODINGS,
    "header": ["keep", "leave_out"],
    "case": ["keep", "lower"],
    "accents": ["keep", "fold"],
    "inner": ["keep", "split", "drop"],
    "duplicates": ["keep", "leave_out"],
    "too_long": ["leave_out", "cut"],
}
LINE_END = re.compile("(\r\n|[\n\r\x85\u2028\u2029])")
CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")  # but tabs, which are spaces of a kind
INNER = re.compile("[ \\-\u2010-\u2015]+")
HEADINGS = {"name", "names", "first name", "given name", "city", "word", "id", "year", "rank"}
TWO_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Þ": "Th"}
BARRED = str.maketrans("øłđðħıŋŧØŁĐÐĦŊŦ", "olddhintOLDDHNT")  # Unicode does not take these for a letter and a mark


def prepare(raw, choices=None):
    """What there is to learn from in `raw`, the bytes of a file, or a string.

    choices: {choice: value}, as above; what is not chosen is proposed. Raises ValueError if there is no such choice.

    Returns {"texts", "vocabulary", "n_tokens", "choices": all of them as they were applied, "offered": {choice: its values}, of
    those only that make a difference to this file, "columns": [{"column", "name", "examples"}] of a table, "found":
    [{"what", "count", "examples", and "done" where there was a choice}], "preview": the first few texts, "n_lines",
    "n_texts", "n_different", "n_held_out", "longest": what fits, "few": whether there is little to learn from,
    "sha256" of the file, "problem": None or {"what", …}, why nothing can be learned from it as it is prepared now}.
    """
    asked = checked(choices or {})
    found = Found()
    told = {"texts": [], "choices": {}, "offered": {}, "columns": [], "n_lines": 0, "problem": None, "longest": LONGEST}
    told["sha256"] = digest(raw.encode("utf-8") if isinstance(raw, str) else raw)
    if len(raw) > MOST_BYTES:
        told["problem"] = {"what": "too_large", "size": len(raw), "most": MOST_BYTES}
    elif isinstance(raw, bytes) and "encoding" not in asked and (kind := decoding.kind_of(raw)):
        told["problem"] = {"what": "no_text", "kind": kind}
    else:
        lines = take_lines(read(raw, asked, told, found), told, found)
        items = take_items(take_columns(lines, asked, told, found), asked, told, found)
        told["texts"] = of_known_characters(items, found)
    return described(told, found)


def received(source):
    """What crossed from the page as {"text"} or {"base64"}: a string or bytes."""
    if "base64" in source:
        return a2b_base64(source["base64"])
    return (
        source["text"].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )  # a script may hold half a letter


def checked(choices):
    """The choices, if there are such. A column may have come as a word."""
    for choice, value in choices.items():
        if choice == "column":
            if value not in ("lines", "cells") and not re.fullmatch("[1-9][0-9]?", str(value)):
                raise ValueError(f"There is no column {value!s:.40}: it is a number from 1 on, lines, or cells.")
        elif value not in VALUES.get(choice, ()):
            raise ValueError(f"There is no choice {choice!s:.40}={value!s:.40} in preparing a file.")
    return choices


def described(told, found):
    """What was made of the file, in numbers."""
    texts = told["texts"]
    n_different = len(set(texts))
    if n_different < 2:
        told["problem"] = told["problem"] or {"what": "too_few", "n_different": n_different}
    return (
        told
        | {
            "found": found.listed(),
            "vocabulary": vocabulary_of(texts),
            "n_tokens": len(vocabulary_of(texts)) + 1,  # START and STOP are one more
            "preview": texts[:N_PREVIEW],
            "n_texts": len(texts),
            "n_different": n_different,
            "n_held_out": n_held_out(n_different) if n_different > 1 else 0,
            "few": n_different < FEW,
        }
    )


class Found:
    """What was found in a file, in the order in which it was, how often, and the first few of each."""

    def __init__(self):
        self.kinds = {}
        self.characters = {}  # how often each, by the kind

    def add(self, what, example=None, count=1, **values):
        """example: {"line", "text", "became", …}. values: what else there is to say of all of this kind."""
        kind = self.kinds.setdefault(what, {"what": what, "count": 0, "examples": []})
        kind |= values
        kind["count"] += count
        if example and len(kind["examples"]) < N_EXAMPLES:
            kind["examples"].append(example)

    def add_characters(self, what, counts):
        """counts: {character: how often}."""
        if counts:
            self.add(what, count=sum(counts.values()))
            self.characters.setdefault(what, Counter()).update(counts)

    def listed(self):
        """[{"what", "count", "examples", …}, …]; examples of characters are {"character", "count"}, the commonest first."""
        for what, counts in self.characters.items():
            commonest = counts.most_common(N_EXAMPLES)
            self.kinds[what]["examples"] = [{"character": each, "count": count} for each, count in commonest]
        return list(self.kinds.values())


def example(number, text, became=None):
    """Where something was found, and what may come of it; the beginning, where it is long."""
    found = {"line": number, "text": beginning(text)}
    return found if became is None else found | {"became": beginning(became)}


def beginning(text):
    return text if len(text) <= N_SHOWN else text[:N_SHOWN] + "…"


# ---- From bytes to lines --------------------------------------------------------------


def read(raw, asked, told, found):
    """The whole file as a string."""
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    encoding = asked.get("encoding") or decoding.encoding_of(raw)
    told["choices"]["encoding"] = encoding
    if not raw.isascii() or b"\0" in raw:
        told["offered"]["encoding"] = decoding.ENCODINGS
        found.add("encoding", done=encoding)
    if decoding.has_mark(raw):
        found.add("mark")
    return decoding.decode(raw, encoding)


def take_lines(content, told, found):
    """[(its number, a line), …] of those that are not empty."""
    pieces = LINE_END.split(content)
    lines, ends = pieces[::2], Counter(pieces[1::2])
    if ends.keys() - {"\n"}:
        found.add_characters("line_ends", ends)
    if not lines[-1]:
        lines.pop()  # there is none after the end of the last
    told["n_lines"] = len(lines)
    if len(lines) > MOST_LINES:
        found.add("too_many_lines", count=len(lines) - MOST_LINES, most=MOST_LINES)
    taken = []
    for number, line in enumerate(lines[:MOST_LINES], 1):
        if line.strip():
            taken.append((number, line))
        else:
            found.add("empty", {"line": number})
    return taken


# ---- Tables ---------------------------------------------------------------------------


def take_columns(lines, asked, told, found):
    """[(number of the line, what is taken of it), …]: the whole of each line, if it is no table."""
    choices, offered = told["choices"], told["offered"]
    choices |= {"column": "lines", "header": "keep"}
    only_lines = [line for _, line in lines]
    separator = separator_of(only_lines)
    if not separator and asked.get("column", "lines") != "lines":
        separator = any_separator(only_lines)
    if not separator:
        for number, line in lines:
            if is_row(line):
                found.add("row", example(number, line.strip()))
        return lines
    rows = [(number, cells_of(line, separator)) for number, line in lines]
    width = min(MOST_COLUMNS, Counter(len(cells) for _, cells in rows).most_common(1)[0][0])
    choices["column"] = column = as_column(asked.get("column") or likeliest_column(rows, width))
    offered["column"] = ["lines", *range(1, width + 1), "cells"]
    if column != "lines":
        has_header = len(rows) > 1 and is_header(rows[0][1], rows[1][1])
        choices["header"] = asked.get("header") or ("leave_out" if has_header else "keep")
        offered["header"] = VALUES["header"]
    header = rows[0][1] if choices["header"] == "leave_out" else []
    body = rows[1:] if header else rows
    told["columns"] = [
        {
            "column": i + 1,
            "name": header[i] if i < len(header) else "",
            "examples": [cells[i] for _, cells in body[:3] if i < len(cells)],
        }
        for i in range(width)
    ]
    if column == "lines":
        return lines
    found.add("table", count=len(body), done=column)
    if header:
        found.add("header", example(rows[0][0], ", ".join(header)))
    return [cell for number, cells in body for cell in cells_taken(number, cells, column, found)]


def cells_taken(number, cells, column, found):
    """[(number of the line, cell), …] of one row."""
    if column == "cells":
        return [(number, cell) for cell in cells if cell]
    if column > len(cells):
        found.add("no_cell", example(number, ", ".join(cells)))
        return []
    if not cells[column - 1]:
        found.add("empty_cell", {"line": number})
        return []
    return [(number, cells[column - 1])]


def as_column(value):
    return value if value in ("lines", "cells") else int(value)


def likeliest_column(rows, width):
    """The column with most different words that the model can read; every cell, where there are more of them than rows."""
    if len(rows) < width and not any(NUMBER.fullmatch(cell) for _, cells in rows for cell in cells):
        return "cells"

    def n_words(i):
        column = {cells[i] for _, cells in rows if i < len(cells)}
        return sum(0 < len(cell) <= LONGEST and not NUMBER.fullmatch(cell) for cell in column)

    return 1 + max(range(width), key=n_words)


def is_header(first, second):
    return names_columns(first, second) or any(cell.lower() in HEADINGS for cell in first)


# ---- From lines to texts --------------------------------------------------------------


def take_items(lines, asked, told, found):
    """The texts, as the choices have them."""
    choices = told["choices"]
    items = [(number, tidied(number, line, found)) for number, line in lines]
    items = [(number, text) for number, text in items if text]
    choices |= KEPT | {"inner": proposed_inner(items)} | {choice: asked[choice] for choice in KEPT if choice in asked}
    parts = [part for item in items for part in chosen_form(*item, choices, found)]
    if len(parts) > MOST_TEXTS:
        found.add("too_many_texts", count=len(parts) - MOST_TEXTS, most=MOST_TEXTS)
    texts = fitting(parts[:MOST_TEXTS], choices["too_long"], found)
    texts = once_each(texts, choices["duplicates"], found)
    met = {
        "capitals": "case",
        "accents": "accents",
        "inner": "inner",
        "duplicates": "duplicates",
        "too_long": "too_long",
    }
    told["offered"] |= {choice: VALUES[choice] for what, choice in met.items() if what in found.kinds}
    return texts


def tidied(number, line, found):
    """A line with one way to write each letter, and without what cannot be seen; empty if a letter of it was lost."""
    text = line.strip()
    if text != line:
        found.add("trimmed", {"line": number})
    if CONTROL.search(text):
        found.add_characters("control", Counter(CONTROL.findall(text.replace("\t", " "))))
        if "\t" in text:
            found.add_characters("spaces", {"\t": text.count("\t")})
        text = CONTROL.sub("", text.replace("\t", " "))
    if text.isascii():
        return text.strip()
    text, unseen, spaces, composed = clean(text)
    text = text.strip()
    found.add_characters("unseen", unseen)
    found.add_characters("spaces", spaces)
    if composed:
        found.add("composed", example(number, text))
    if WRONGLY_DECODED in text:
        found.add("lost", example(number, text))
        return ""
    for character in mixed(text):
        found.add("mixed", example(number, text) | {"character": character})
    return text


def proposed_inner(items):
    """Whether these are lines of prose, whose words can be learned, and no line of which can be read as a whole."""
    too_long = sum(len(text) > LONGEST and " " in text for _, text in items)
    return "split" if too_long * 2 > len(items) else "keep"


def chosen_form(number, text, choices, found):
    """[(number of the line, text), …] of one item: its capitals, accents, spaces and hyphens as the choices have them."""
    if (small := lower(text)) != text:
        found.add("capitals", example(number, text, small), done=choices["case"])
        text = small if choices["case"] == "lower" else text
    if not text.isascii() and (plain := folded(text)) != text:
        found.add("accents", example(number, text, plain), done=choices["accents"])
        text = plain if choices["accents"] == "fold" else text
    if not INNER.search(text):
        return [(number, text)]
    parts = [part for part in INNER.split(text) if part]
    became = {"keep": [text], "split": parts, "drop": ["".join(parts)]}[choices["inner"]]
    found.add("inner", example(number, text, ", ".join(became)), done=choices["inner"])
    return [(number, part) for part in became if part]


def lower(text):
    return unicodedata.normalize("NFC", text.replace("İ", "i").lower())


def folded(text):
    """With every accented Latin letter as its letters from a to z, and all other letters as they are."""
    plain, is_latin = [], False
    for character in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(character):
            is_latin = alphabet(character) == "LATIN"
            plain.append(TWO_LETTERS.get(character) or character.translate(BARRED))
        elif not is_latin:
            plain.append(character)
    return unicodedata.normalize("NFC", "".join(plain))


def fitting(items, too_long, found):
    """Those that are not too long for the model: [(number of the line, text), …]."""
    kept = []
    for number, text in items:
        if len(text) > LONGEST:
            cut = text[:LONGEST].strip()
            found.add("too_long", example(number, text, cut) | {"length": len(text)}, done=too_long, most=LONGEST)
            if too_long == "leave_out":
                continue
            text = cut
        kept.append((number, text))
    return kept


def once_each(items, duplicates, found):
    """The texts, those that are there already with them or without."""
    seen, kept = set(), []
    for number, text in items:
        if text in seen:
            found.add("duplicates", example(number, text), done=duplicates)
        if text not in seen or duplicates == "keep":
            kept.append(text)
        seen.add(text)
    return kept


def of_known_characters(texts, found):
    """Without the texts that use the rarest characters, if there are more different ones than a model may have."""
    common = Counter(character for text in texts for character in text).most_common()
    known = {character for character, _ in common[:MAX_CHARACTERS]}
    if len(known) == len(common):
        return texts
    kept = []
    for text in texts:
        if known.issuperset(text):
            kept.append(text)
        else:
            found.add("rare", {"text": text}, n_characters=len(common), most=MAX_CHARACTERS)
    return kept

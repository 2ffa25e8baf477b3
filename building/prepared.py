"""The preparation of the page for the command line: its choices as words, and what was done to a file as its sentences."""

import json
import re

import preparation

from . import ROOT, Failure

WORDS = ROOT / "web" / "words" / "en" / "train_data.json"
LINE_ENDS = {"\r\n": "end_crlf", "\n": "end_lf", "\r": "end_cr"}


def choices_of(words):
    """{choice: value} from "case=lower,accents=fold"; nothing chosen is proposed, as in the page. Raises Failure."""
    pairs = [pair.partition("=")[::2] for pair in words.split(",") if pair]
    choices = dict(pairs)
    try:
        return preparation.checked(choices)
    except ValueError as error:
        known = "; ".join(f"{choice}={'|'.join(values)}" for choice, values in preparation.VALUES.items())
        raise Failure(f"--prepare: {error} There are: column=1|2|...|lines|cells; {known}.") from None


def read(raw, choices):
    """(texts, what was done to them: sentences, the choices as they were applied). Raises ValueError, in words."""
    prepared = preparation.prepare(raw, choices)
    words = json.loads(WORDS.read_text(encoding="utf-8"))
    if problem := prepared["problem"]:
        name = "_".join(["problem", problem["what"], *([problem["kind"]] if "kind" in problem else [])])
        raise ValueError(filled(words[name], {**problem, "most_mb": preparation.MOST_BYTES // 1_000_000}))
    return prepared["texts"], [sentence(each, words) for each in prepared["found"]], prepared["choices"]


def sentence(found, words):
    """What web/train/preparation.js says of it."""
    what, count, done = found["what"], found["count"], found.get("done")
    name = f"found_{what}_{done}" if f"found_{what}_{done}" in words else f"found_{what}"
    if count == 1 and f"{name}_one" in words:
        name += "_one"
    blanks = {**found, "column": done}
    if what == "encoding":
        blanks["encoding"] = words[f"encoding_{done}"]
    if what == "line_ends":
        kinds = [words[LINE_ENDS.get(each["character"], "end_other")] for each in found["examples"]]
        blanks["ends"] = ", ".join(dict.fromkeys(kinds))
    return filled(words[name], blanks)


def filled(words, blanks):
    """The words with their {blanks} filled; those that end in :~ are numbers."""
    return re.sub(r"{(\w+)(:~)?}", lambda blank: f"{blanks[blank[1]]:,}" if blank[2] else str(blanks[blank[1]]), words)

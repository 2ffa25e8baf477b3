"""The figures that stand in the page before any script runs: numbers from py/, drawn by the page's own views."""

import json
import tempfile
from pathlib import Path

from lesson import START as START_TOKEN
from lesson import STOP, Lesson
from microgpt import document

from . import ROOT, WEIGHTS, Failure, node

START = ("ann", 1.0, 1, [])  # text, temperature, seed, draws: as web/state.js begins
EXAMPLES = ["anna", "emma", "jacob", ""]  # texts with a button of their own, which answers before Python runs
TOKENIZED = "anna"
CLIPS = {
    "forward": ("maria", 1.0, 1, []),
    "loss": ("aria", 1.0, 1, []),
    "sample": ("", 1.0, 44, [1.0] * 16),  # draws one character from "other" on its way to STOP
}


def pictures():
    """What Python computes for them.

    Returns {"start", "examples": [...], "clips": {"forward", "loss", "sample"}}, each as Lesson.show() returns
    it, and "tokens", those of a name: [(how it reads, its number), ...]. Raises Failure if the weights are for
    other texts than the lesson's examples.
    """
    lesson = Lesson(WEIGHTS.read_text(encoding="utf-8"))
    try:
        clips = {kind: lesson.show(*state) for kind, state in CLIPS.items()}
        tokens = list(zip([START_TOKEN, *TOKENIZED, STOP], document(TOKENIZED, lesson.vocabulary)))
        start = lesson.show(*START)
        examples = [lesson.show(text, *START[1:]) for text in EXAMPLES]
    except ValueError as error:
        raise Failure(
            f"The examples of the lesson (CLIPS, in building/figures.py) need weights that know their letters: {error} "
            "To have the weights for names again: git checkout weights/microgpt.json"
        ) from None
    check(clips["loss"]["positions"], clips["sample"])
    return {"start": start, "examples": examples, "clips": clips, "tokens": tokens}


def check(positions, sample):
    """The clips must show what the lesson says they show; other weights may need other examples."""
    dearest_right = max((each["nll"] for each in positions if each["right"]), default=0)
    cheapest_wrong = min((each["nll"] for each in positions if not each["right"]), default=99)
    if dearest_right <= cheapest_wrong:
        raise Failure(
            "The loss clip shows no wrong guess that costs less than a right one. "
            "Choose another name in CLIPS, building/figures.py."
        )
    from_other = [draw["from_other"] for draw in sample["draws"]]
    if sum(from_other) != 1 or from_other[-1] or sample["ended"] != "stop" or not 3 <= len(sample["text"]) <= 8:
        raise Failure(
            "The sample clip does not draw once from other and end with STOP. "
            "Choose another seed in CLIPS, building/figures.py."
        )


def draw(computed):
    """{"coat", "opening", "panels", "stills", "captions"}: the HTML of each figure, by name (see figures.js)."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "figures.mjs"
        node.esbuild(ROOT / "building" / "figures.js", f"--outfile={program}", "--format=esm", "--platform=node")
        drawn = node.run_script(
            program, given=json.dumps(computed), otherwise="The figures of the page could not be drawn: above is why."
        )
        return json.loads(drawn)

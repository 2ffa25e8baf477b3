"""The first steps of training, from random weights: what the clip in the chapter about training shows.

It learns from one of the lists that come with the page, so that anybody can do it again there. Made when the page is
built, and kept in .cache/ by a digest of all that it is made from.
"""

import json
import math

import microgpt
import training
from lesson import Lesson

from . import CACHE, ROOT
from .digest import sha256

TEXTS = ROOT / "lists" / "given_names.txt"
SETTINGS = {"seed": 1, "steps": 200, "learning_rate": 0.03, "beta1": 0.85, "beta2": 0.99}
AFTER = "k"  # what may follow it is shown: mostly vowels, which nobody tells the model of


def first_steps():
    """Returns {"settings", "n_texts": to learn from, "guessing": the loss of that, "losses": of each step, "after": the text
    whose continuation is shown, "moments"}.

    A moment, one for each step that the run keeps: {"step", "text": that was learned from last, "mean": of the latest losses (None
    before the first step, for both), "position": what may follow "after", as Lesson.read() has it, "names": some that it
    writes}.
    """
    kept = CACHE / f"first_steps-{key()}.json"
    if not kept.is_file():
        CACHE.mkdir(exist_ok=True)
        made = kept.with_suffix(".half")
        made.write_text(json.dumps(make()), encoding="utf-8")
        made.replace(kept)
    return json.loads(kept.read_text(encoding="utf-8"))


def key():
    made_from = [
        TEXTS,
        *(ROOT / "py" / f"{name}.py" for name in ("microgpt", "training", "dataset", "lesson")),
        __file__,
    ]
    contents = [file.read_bytes() for file in map(ROOT.joinpath, made_from)]
    return sha256(b"\0".join(contents))[:16]


def make():
    texts = TEXTS.read_text(encoding="utf-8").split()
    run = training.Run(texts, SETTINGS)
    while not run.done:
        run.step()
    return {
        "settings": SETTINGS,
        "n_texts": len(run.train),
        "guessing": math.log(microgpt.sentinel(run.vocabulary) + 1),
        "losses": run.losses,
        "after": AFTER,
        "moments": [look(run, step) for step in run.kept],
    }


def look(run, step):
    """A moment of the run, with what the model says and writes then."""
    lesson, moment = Lesson(run.file({}, run.weights_at(step))), run.moment(step)
    return {
        "step": step,
        "text": run.text(step - 1) if step else None,
        "mean": moment["loss"],
        "position": lesson.read(AFTER)["positions"][-1],
        "names": moment["names"],
    }

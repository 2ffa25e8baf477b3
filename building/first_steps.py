"""The first steps of training, from random weights: what the clip in the chapter about training shows.

It learns from one of the lists that come with the page, so that anybody can do it again there. Made when the page is
built, and kept in .cache/ by a digest of all that it is made from.
"""

import json
import math
import random

import microgpt
import training
import weights_file
from lesson import Lesson

from . import CACHE, ROOT
from .digest import sha256

TEXTS = ROOT / "lists" / "given_names.txt"
SETTINGS = {"seed": 1, "steps": 200, "learning_rate": 0.03, "beta1": 0.85, "beta2": 0.99}
SHOWN = [0, 1, 2, 5, 10, 20, 50, 100, 200]  # steps after which the clip looks at the model
AFTER = "k"  # what may follow it is shown: mostly vowels, which nobody tells the model of
N_NAMES, NAMES_SEED = 5, 1


def first_steps():
    """Returns {"settings", "n_texts": to learn from, "guessing": the loss of that, "losses": of each step, "after": the text
    whose continuation is shown, "moments"}.

    A moment, one for each of SHOWN: {"step", "text": that was learned from last, "mean": of the latest losses (None
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
    events = []
    moments = [look(run, {"step": 0, "text": None, "mean": None})]
    while not run.done:
        events.append(run.step())
        if events[-1]["step"] in SHOWN:
            moments.append(look(run, {name: events[-1][name] for name in ("step", "text", "mean")}))
    return {
        "settings": SETTINGS,
        "n_texts": len(run.train),
        "guessing": math.log(microgpt.sentinel(run.vocabulary) + 1),
        "losses": [event["loss"] for event in events],
        "after": AFTER,
        "moments": moments,
    }


def look(run, moment):
    """A moment of the run, with what the model says and writes then."""
    lesson = Lesson(weights_file.dump(run.weights, run.vocabulary, {}))
    rng = random.Random(NAMES_SEED)
    names = [microgpt.generate(run.weights, run.vocabulary, 1.0, rng) for _ in range(N_NAMES)]
    return {**moment, "position": lesson.read(AFTER)["positions"][-1], "names": names}

"""The experiments of the editor, as the page has them: applied to the file as it stands, run, and their answers found.

No answer and no number is typed: each experiment (experiments/) finds them out from the original and its own version of
the model. That takes a few seconds, so it is kept in .cache/, named by a digest of all that it is made from. The words
are in web/words/en/experiments.json.
"""

import importlib
import json
import math
from functools import cached_property
from pathlib import Path

from game import in_json

import experiments

from . import CACHE, ROOT, WEIGHTS, Failure, figures, versions
from .digest import sha256

MODEL = ROOT / "py" / "microgpt.py"
WORDS = ROOT / "web" / "words" / "en" / "experiments.json"
SEED = 42


def build():
    """[{"id", "patch": [[find, replace], ...], "look": a link, "answer": one of its choices, "values"}, ...].

    Left out are those whose texts the weights do not know. Raises Failure if one does not fit the file.
    """
    kept = CACHE / f"experiments-{key()}.json"
    if not kept.is_file():
        CACHE.mkdir(exist_ok=True)
        kept.write_text(json.dumps(measured(), ensure_ascii=False), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def key():
    """A name for what was found out: the same for the same files."""
    files = [*(ROOT / "experiments").glob("*.py"), *(ROOT / "py").glob("*.py"), WEIGHTS, WORDS]
    files += [Path(__file__), Path(figures.__file__)]
    digests = sorted(sha256(file.read_bytes()) for file in files)
    return sha256("".join(digests).encode())[:16]


def measured():
    source = MODEL.read_text(encoding="utf-8")
    patched = {name: apply(patch_of(name), source, f"experiments/{name}.py") for name in experiments.ORDER}
    original, words = Version(source), json.loads(WORDS.read_text(encoding="utf-8"))
    found = []
    for name, edited in patched.items():
        experiment = named(name)
        if set("".join(experiment.TEXTS)) <= set(original.lesson.vocabulary):
            answer, values = experiment.answer(original, Version(edited))
            if answer not in words[name]["choices"]:
                raise Failure(f"{WORDS.name}: {name} has no choice “{answer}”, which is the right one.")
            found.append(
                {
                    "id": name,
                    "patch": list(experiment.PATCH.items()),
                    "look": experiment.LOOK,
                    "answer": answer,
                    "values": {
                        name: in_json(value) if isinstance(value, float) else value for name, value in values.items()
                    },
                }
            )
    return found


def named(name):
    return importlib.import_module(f"experiments.{name}")


def patch_of(name):
    return named(name).PATCH


def apply(patch, source, of):
    """The source with every text of the patch replaced. Raises Failure unless each stands there exactly once."""
    for find, replace in patch.items():
        times = source.count(find)
        if times != 1:
            trouble = "does not stand there any more" if not times else f"stands there {times} times"
            raise Failure(f"py/{MODEL.name}: “{find.strip()}” {trouble}, but {of} replaces it. Change one of them.")
        source = source.replace(find, replace)
    return source


class Version:
    """The trained model with this source of microgpt.py, and what can be measured of it."""

    def __init__(self, source):
        self.source = source
        self.modules = versions.modules(source, "checked_lesson")
        self.lesson = self.modules["checked_lesson"].CheckedLesson(WEIGHTS.read_text(encoding="utf-8"))

    @cached_property
    def loss(self):
        """The average loss over the names by which the editor compares, too."""
        try:
            return self.lesson.average_loss(figures.compared(self.lesson.vocabulary))
        except ValueError:  # the log of 0: it gave a truth no probability at all
            return math.inf

    @property
    def guessing(self):
        """The loss of guessing blindly."""
        return self.lesson.read("")["guessing_nll"]

    def loss_of(self, text):
        return self.lesson.read(text)["mean_nll"]

    def distribution(self, text):
        """What may follow a text: {token: p}, likeliest first."""
        return {each["token"]: each["p"] for each in self.lesson.read(text)["positions"][-1]["candidates"]}

    def best(self, text):
        return next(iter(self.distribution(text)))

    def p(self, text):
        """The probability of the likeliest."""
        return next(iter(self.distribution(text).values()))

    def names(self, count):
        return self.lesson.names(1.0, SEED, count)

    @cached_property
    def error(self):
        """What the model raises when it runs, or None."""
        try:
            self.lesson.read("")
        except Exception as error:
            return error

    def logits(self, text):
        """The numbers that softmax is given at the end of a text."""
        model, tokens = self.modules["microgpt"], self.modules["microgpt"].document(text, self.lesson.vocabulary)[:-1]
        keys, values = model.empty_cache(), model.empty_cache()
        for position, token in enumerate(tokens):
            logits = model.gpt(token, position, keys, values, self.lesson.weights)
        return [logit.data for logit in logits]

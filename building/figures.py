"""The figures that stand in the page before any script runs: numbers from py/, drawn by the page's own views."""

import json
import tempfile
from functools import cache
from pathlib import Path
from random import Random

import game
import weights_file
from lesson import START as START_TOKEN
from lesson import STOP, Lesson
from microgpt import block_size, document, generate

from . import ROOT, WEIGHTS, Failure, node
from .digest import sha256
from .facts import facts
from .first_steps import first_steps
from .tiny_tape import tiny_tape

# The examples that the lesson is written with. Where the weights are for other texts, choose() finds others.
BEGINNING = "ann"  # what the page begins with
BUTTONS = ["anna", "jacob", "trenchcoat"]  # with a button each, which answers before Python runs; and one for no text
PAST = "python"  # ends as the beginning does, and yet STOP is far likelier after it
REVERSED = "bocaj"  # the second of them from its end to its beginning, which costs more
PRICED = "aria"  # a wrong guess costs less in it than a right one
# Names by which an edited model is compared with the original: common ones, and some that are not.
COMPARED = ["olivia", "liam", "emma", "noah", "sophia", "james", "isabella", "lucas", "zoe", "kai", "quinn", "xander"]
RARE, NOBODYS = "q", "zzzz"  # a letter that few names begin with, a name that nobody has
BET = [9, 6, 2]  # chips of the example move in the game, on what the model expects most there; the second comes
SEED = 44  # draws one character from "other" on its way to STOP
TRIES = 400  # seeds that others are looked for with
LONGEST = 10  # characters, as web/state.js takes


def pictures():
    """What Python computes for them.

    Returns {"start", "examples": [...], "clips": {"forward", "loss", "sample"}}, each as Lesson.show() returns
    it, and "train" (see first_steps.py), "compared": texts, by their average loss, "tokens", those of a name: [(how it reads, its id), ...], "example":
    {an example of the lesson: the one for these weights}, "facts": see facts.py, and "tape": see tiny_tape.py. Raises Failure if there is no
    example for them. "game" is {"of": which model and names it is played with, "chips"}, and among the clips is its
    example, as move() has it; None where no names suit the weights.
    """
    written = WEIGHTS.read_text(encoding="utf-8")
    lesson, (_, _, training) = Lesson(written), weights_file.load(written)
    example, seed = choose(lesson)

    def show(text):
        return lesson.show(text, 1.0, 1, [])

    playable = game.names(lesson.vocabulary)
    named = example[BUTTONS[0]]
    clips = {
        "forward": show(named),
        "loss": show(example[PRICED]),
        "sample": lesson.show("", 1.0, seed, [1.0] * block_size),
        "train": first_steps(),
    }
    if playable:
        clips["game"] = move(lesson, example[BEGINNING])
    return {
        "start": show(example[BEGINNING]),
        "examples": [*(show(example[text]) for text in BUTTONS), show("")],
        "clips": clips,
        "compared": compared(lesson.vocabulary),
        "tokens": list(zip([START_TOKEN, *named, STOP], document(named, lesson.vocabulary))),
        "example": {**example, str(SEED): str(seed)},
        "facts": facts(lesson, example, training),
        "tape": tiny_tape(),
        "game": {"of": sha256((written + " ".join(playable)).encode())[:16], "chips": game.N_CHIPS}
        if playable
        else None,
    }


def move(lesson, text):
    """The example move of the game: chips laid one token after the other on what may follow the text.

    Returns {"text", "n": how many chips there are, "tokens": their names, "steps": [{"chips", and as Lesson.spread()
    has it}, ...], "judged": as Lesson.bet() has it, of the last}.
    """
    tokens = [*lesson.vocabulary, STOP]
    expected = [each["token"] for each in lesson.read(text)["positions"][-1]["candidates"] if each["token"] != STOP]
    chips = [0] * len(tokens)
    steps = [{"chips": list(chips), **lesson.spread(chips)}]
    for token, count in zip(expected, BET):
        chips[tokens.index(token)] = count
        steps.append({"chips": list(chips), **lesson.spread(chips)})
    return {
        "text": text,
        "n": game.N_CHIPS,
        "tokens": tokens,
        "steps": steps,
        "judged": lesson.bet(text + expected[1], len(text), chips),
    }


def compared(vocabulary):
    """The texts by whose average loss an edited model is compared with the original: those that these weights know."""
    return [text for text in COMPARED if set(text) <= set(vocabulary)] or [vocabulary[:3]]


def choose(lesson):
    """({each of the lesson's examples: the one for these weights}, the seed of the sample clip), always the same.

    An example that suits the weights stays. In the place of another comes a text that the model writes itself.
    """

    @cache
    def written():
        texts = (generate(lesson.weights, lesson.vocabulary, 1.0, Random(seed)) for seed in range(TRIES))
        return found([text for text in dict.fromkeys(texts) if text == text.strip() and 1 < len(text) <= LONGEST])

    def p_stop(text):
        return lesson.read(text)["positions"][-1]["p_true"]

    def ends_alike():
        """Texts that end as the beginning does, first the one after which STOP is likeliest."""
        starts = dict.fromkeys(text[:n] for text in written() for n in range(2, len(text) + 1))
        alike = [text for text in starts if text[-1] == example[BEGINNING][-1] and text.strip() == text]
        return sorted(alike, key=p_stop, reverse=True) or [example[BEGINNING]]

    def dearer_reversed(text):
        return lesson.read(text[::-1])["mean_nll"] > lesson.read(text)["mean_nll"]

    def find(wanted, others=written, suits=lambda text: True):
        if set(wanted) <= set(lesson.vocabulary) and suits(wanted):
            return wanted
        return found(next((text for text in others() if suits(text)), None))

    beginnings = [each["token"] for each in lesson.read("")["positions"][0]["candidates"]]
    rare = next(token for token in reversed(beginnings) if token not in (STOP, " "))
    example = {text: find(text, lambda i=i: written()[i:] or written()) for i, text in enumerate(BUTTONS)}
    example[BUTTONS[1]] = find(BUTTONS[1], suits=dearer_reversed)
    example[REVERSED] = example[BUTTONS[1]][::-1]
    example[BEGINNING] = find(BEGINNING)
    example[PAST] = find(PAST, ends_alike, lambda text: text[-1] == example[BEGINNING][-1])
    example[PRICED] = find(PRICED, suits=lambda text: has_prices(lesson.read(text)["positions"]))
    example[RARE] = find(RARE, lambda: [rare])
    example[NOBODYS] = find(NOBODYS, lambda: [4 * rare])
    draws = [1.0] * block_size
    seeds = (seed for seed in (SEED, *range(TRIES)) if draws_from_other(lesson.show("", 1.0, seed, draws)))
    return example, found(next(seeds, None))


def found(example):
    """The example, if there is one."""
    if example in (None, []):
        raise Failure(
            "These weights do not suit the examples of the lesson, and no others were found for them "
            "(building/figures.py says what each has to show). Train them longer, or on texts of more than six "
            "different characters. To have the weights for names again: git checkout weights/microgpt.json"
        )
    return example


def has_prices(positions):
    """Whether a wrong guess costs less than a right one, as the lesson says of its loss clip."""
    dearest_right = max((each["nll"] for each in positions if each["right"]), default=0)
    cheapest_wrong = min((each["nll"] for each in positions if not each["right"]), default=99)
    return dearest_right > cheapest_wrong


def draws_from_other(sample):
    """Whether a text is drawn with one character from other and ends with STOP, as the lesson says of its sample clip."""
    from_other = [draw["from_other"] for draw in sample["draws"]]
    return sum(from_other) == 1 and not from_other[-1] and sample["ended"] == "stop" and 3 <= len(sample["text"]) <= 8


def draw(computed):
    """The HTML of each figure, by name (see figures.js)."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "figures.mjs"
        node.esbuild(ROOT / "building" / "figures.js", f"--outfile={program}", "--format=esm", "--platform=node")
        drawn = node.run_script(
            program, given=json.dumps(computed), otherwise="The figures of the page could not be drawn: above is why."
        )
        return json.loads(drawn)

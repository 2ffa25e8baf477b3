"""The numbers in the lesson's sentences and small figures that are in none of its pictures: all of them from py/."""

import math

import lesson as asked
import microgpt
from lesson import STOP
from microgpt import Value

SCORES = [2, 1, 0]  # for which softmax is shown in numbers
MARKED = [1.0, 0.5, 0.01]  # probabilities whose -log p the lesson names
CURVE = [n / 200 for n in range(1, 201)]  # those that its curve is drawn with
LINES_AT, NAMES_AT = [0.3, 1.0, 2.0], [0.1, 2.0]  # temperatures: of the lines, and of the names written with each
N_NAMES, SEED = 20, 1


def facts(lesson, example, training):
    """What the chapters say in numbers, by name.

    lesson: a Lesson. example: {an example of the lesson: the one for these weights} (see figures.choose). training: how
    the weights were trained, as their file says.
    """
    named, begin_with = lesson.read(example["anna"]), training["begin_with"]
    initial = "a" if "a" in begin_with else next(iter(begin_with))
    return {
        "e": math.e,
        "learned": {
            "loss": training["held_out_loss"],
            "perplexity": asked.perplexity(training["held_out_loss"]),
            "initial": initial,
            "share_in_list": begin_with[initial] / sum(begin_with.values()),
            "share_in_model": p_next(lesson, "", initial),
            "share_known": training["written"]["known"] / training["written"]["count"],
        },
        "embedding": {"token": example["anna"][0], "weights": row(lesson, "wte", example["anna"][0])},
        "softmax": softmax_in_steps(SCORES),
        "surprise": {"marked": surprise(MARKED), "curve": surprise(CURVE)},
        "past": [{"text": text, "p": p_next(lesson, text, STOP)} for text in (example["ann"], example["python"])],
        "tries": named["tries"],
        "title": lesson.read(example["trenchcoat"]),
        "reversed": [lesson.read(text) for text in (example["jacob"], example["bocaj"])],
        "lines": [{"temperature": t, "line": lesson.lay_out(lesson.next_probs(example["ann"], t))} for t in LINES_AT],
        "names": [{"temperature": t, "names": lesson.names(t, SEED, N_NAMES)} for t in NAMES_AT],
    }


def p_next(lesson, text, token):
    """The probability of a token after the text."""
    return next(each["p"] for each in lesson.read(text)["positions"][-1]["candidates"] if each["token"] == token)


def row(lesson, matrix, character):
    """A character's row of a matrix of the weights."""
    return [weight.data for weight in lesson.weights[matrix][lesson.vocabulary.index(character)]]


def surprise(probabilities):
    """[{"p", "nll": what the truth costs where it was given p}, ...]"""
    return [{"p": p, "nll": abs(microgpt.nll([Value(p)], 0).data)} for p in probabilities]  # abs: 0, and not -0


def softmax_in_steps(scores):
    """{"scores", "exps": e to each, "probs": each of these divided by their sum}."""
    probs = microgpt.softmax([Value(score) for score in scores])
    return {"scores": scores, "exps": [math.exp(score) for score in scores], "probs": [p.data for p in probs]}

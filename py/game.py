"""The game "Be the model": a learner bets on the next token of a hidden name, and is scored as the model is.

Shannon measured how predictable English is by having people guess the next letter (Prediction and
Entropy of Printed English, 1951). Here a guess is what a model's is, a distribution: 20 chips are
laid on the tokens, and those that are kept are spread evenly over all of them. So to lay none is
to guess blindly, and to lay all of them elsewhere gives the truth a probability of exactly 0.

That costs infinitely much, and JSON has no infinity: a loss that is infinite goes to the page, and
comes back from it, as the word "Infinity", which both Number() and float() take for one.
"""

import math
import random

import microgpt
from game_names import NAMES
from microgpt import Value

N_CHIPS = 20


def names(vocabulary):
    """The names that can be written with this vocabulary: all of them, or none, with weights for other texts."""
    return [name for name in NAMES if set(name) <= set(vocabulary)]


def hidden_name(seed, number, vocabulary):
    """The name of that number, counted from 0, in the order of a seed; after the last the first comes again."""
    shuffled = names(vocabulary)
    random.Random(seed).shuffle(shuffled)
    return shuffled[number % len(shuffled)]


def spread(chips):
    """Chips to probabilities: (chips on it + chips kept / n_tokens) / 20 for each token. (n_tokens,) -> (n_tokens,).

    Raises ValueError if these are not that many chips.
    """
    if not all(type(count) is int and count >= 0 for count in chips) or sum(chips) > N_CHIPS:
        raise ValueError(f"There are {N_CHIPS} chips, and as many lie on a token as were put there: not {chips}.")
    kept = share(chips)
    return [(count + kept) / N_CHIPS for count in chips]


def share(chips):
    """What each token gets of the chips that are kept, in chips."""
    return (N_CHIPS - sum(chips)) / len(chips)


def loss(probs, true_token):
    """microgpt's own loss of one prediction, as a number: infinite for what was given no probability at all."""
    if probs[true_token].data == 0:
        return math.inf  # where -log p goes to; the log of 0 itself does not exist
    return microgpt.nll(probs, true_token).data


def judge(chips, model_probs, true_token):
    """What a bet and the model's prediction cost, now that the truth is known.

    chips: how many lie on each token, (n_tokens,). model_probs: the model's, as Values, (n_tokens,).
    Returns {"p": what the bet gave each token, "model_p": what the model did, (n_tokens,) both;
    "you", "model", "blind": {"p": of the truth, "loss"} each; "better": who paid less there, "you",
    "model", "neither", or "impossible" if the bet ruled out what came}.
    """
    bets = {
        "you": [Value(p) for p in spread(chips)],
        "model": model_probs,
        "blind": [Value(p) for p in spread([0] * len(chips))],
    }
    judged = {who: {"p": probs[true_token].data, "loss": loss(probs, true_token)} for who, probs in bets.items()}
    you, model = judged["you"]["loss"], judged["model"]["loss"]
    return {
        "p": [p.data for p in bets["you"]],
        "model_p": [p.data for p in model_probs],
        "better": "impossible" if math.isinf(you) else "neither" if you == model else "you" if you < model else "model",
        **{who: {"p": each["p"], "loss": in_json(each["loss"])} for who, each in judged.items()},
    }


def score(losses):
    """The average losses over some positions. losses: [(yours, the model's), ...], at least one.

    One infinite loss makes an average infinite, and that is what it is; but then it says nothing of
    the others. Returns {"count", "you", "model"} and, if some of yours are infinite, also
    "impossible": how many, and "rest": {"count", "you", "model"}, the averages over all positions
    but those, for you and the model alike, or None if there are no others.
    """
    losses = [(float(you), float(model)) for you, model in losses]
    possible = [pair for pair in losses if math.isfinite(pair[0])]
    averages = average(losses)
    if len(possible) < len(losses):
        averages["impossible"] = len(losses) - len(possible)
        averages["rest"] = average(possible) if possible else None
    return averages


def average(losses):
    yours, models = zip(*losses)
    count = len(losses)
    return {"count": count, "you": in_json(math.fsum(yours) / count), "model": in_json(math.fsum(models) / count)}


def running(losses):
    """The averages after each position so far, without those that you called impossible.

    Returns [{"you", "model": None before there is any, "impossible": whether this position is one}, ...].
    """
    rows, so_far = [], []
    for you, model in losses:
        impossible = math.isinf(float(you))
        if not impossible:
            so_far.append((float(you), float(model)))
        means = average(so_far) if so_far else {"you": None, "model": None}
        rows.append({"you": means["you"], "model": means["model"], "impossible": impossible})
    return rows


def in_json(number):
    """A number as it goes through JSON, which has no infinity."""
    return "Infinity" if math.isinf(number) else number

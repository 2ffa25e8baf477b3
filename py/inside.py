"""A look inside gpt() while it reads a text: what each of its lines makes, the gradients of that, and where it came from.

The file's own gpt(), softmax() and nll() run, unchanged, and are watched from outside (watching.py). Nothing is known here
of the model: a variable is whatever numbers a line has left in one. All of it is returned as plain dicts and lists.
"""

import math
import random
from functools import cache
from pathlib import Path

import microgpt
from lesson import START, STOP
from microgpt import Value
from watching import Statements, Watch, flat, is_number, leaves, plain, shape, short, steps_of
from weights_file import copied

MOST_NUMBERS, MOST_GIVEN = 1024, 64  # of one variable that are told, and of one that a call was given
SEED = 1  # of the weights that know nothing
LOSSES = ("position", "text")  # of which there are gradients: of one prediction, and the mean of all of a text
TOLERANCE = 1e-9


class Untold(ValueError):
    """What was asked for is not there."""


class Reading:
    """A text, read from START to its end on weights of its own, with everything kept that was computed on the way.

    calls: {position: [Call of gpt(), of softmax(), of nll()]} of the positions that are watched. losses: a Value each.
    """

    def __init__(self, weights, tokens, watched):
        self.weights, self.tokens = weights, tokens
        self.n_seen = min(len(tokens) - 1, microgpt.block_size)
        self.calls, self.losses = {}, []
        self.whole = None  # the loss of the text
        self.cut = False
        self.followed = None  # the loss that the gradients are of
        keys, values = microgpt.empty_cache(), microgpt.empty_cache()
        for position in range(self.n_seen):
            watch = Watch(microgpt.__file__, statements()) if position in watched else Unwatched()
            logits, *calls = watch.run(microgpt.gpt, tokens[position], position, keys, values, weights)
            probs, *more = watch.run(microgpt.softmax, logits)
            loss, *last = watch.run(microgpt.nll, probs, tokens[position + 1])
            self.losses.append(loss)
            if position in watched:
                self.calls[position] = [*calls, *more, *last]
                self.cut |= watch.cut

    def loss(self, of, position):
        """The Value that gradients are of. As mean_nll() has it, where it is that of the whole text."""
        if of == "position":
            return self.losses[position]
        if self.whole is None:
            self.whole = sum(self.losses) / len(self.losses)
        return self.whole

    def backward(self, loss):
        """Let every Value's grad be d loss / d value: the file's own backward() computes it."""
        if self.followed is loss:
            return
        for value in [*microgpt.parameters(self.weights), *(each for each in everything(self.losses + [loss]))]:
            value.grad = 0.0
        loss.backward()
        self.followed = loss

    def steps(self, position):
        """[(step, the calls it runs in), ...] of a watched position, as they began."""
        return [found for call in self.calls[position] for found in steps_of(call)]

    @property
    def origins(self):
        if not hasattr(self, "_origins"):
            self._origins = Origins(self)
        return self._origins


class Unwatched:
    """In the place of a Watch."""

    def run(self, function, *arguments):
        return (function(*arguments),)


class Origins:
    """Where each Value of a reading came from, all of whose positions are watched: the step that made it, and its name."""

    def __init__(self, reading):
        self.reading = reading
        self.made, self.names = {}, {}  # by the id() of a Value, which stays while the reading does
        for name, value in named(reading.weights, "weights"):
            self.names[id(value)] = name
        for position in reading.calls:
            for step, calls in completed(reading.calls[position]):
                for made in step.made:
                    self.note(made, (position, step, calls))
            for call in reading.calls[position]:
                for made in call.given:  # what has no name where it was made
                    self.name(made)

    def name(self, made):
        for index, leaf in leaves(made.thing):
            self.names.setdefault(id(leaf), subscripted(made.name, [*made.index, *index]))

    def note(self, made, where):
        """A step has made these: they, and what it computed on the way to them, were not there before."""
        if made.name != "return":
            self.name(made)
        for _, leaf in leaves(made.thing):
            waiting = [leaf] if isinstance(leaf, Value) else []
            while waiting:
                value = waiting.pop()
                if id(value) in self.made or self.is_weight(value):
                    continue
                self.made[id(value)] = where
                waiting += value.inputs

    def has_name(self, value):
        return id(value) in self.names

    def is_weight(self, value):
        return self.names.get(id(value), "").startswith("weights[")

    def of(self, value, name):
        """{"name", "weight", "position", "token", "step", "line", "text", "function", "called_from"}, None where unknown.

        name: see Lesson.name.
        """
        told = dict.fromkeys(("position", "token", "step", "line", "text", "function", "called_from"))
        told |= {"name": self.names.get(id(value)), "weight": self.is_weight(value)}
        if id(value) in self.made:
            position, step, calls = self.made[id(value)]
            told |= {
                "position": position,
                "token": name(self.reading.tokens[position], START),
                "step": step.number,
                "line": step.line,
                "text": line_text(step.line),
                "function": calls[-1].function,
                "called_from": caller_line(calls),
            }
        return told


class Inside:
    """What Lesson.look_inside() and its kin ask. Keeps the last reading, of either kind of weights."""

    def __init__(self, lesson):
        self.lesson, self.vocabulary = lesson, lesson.vocabulary
        self.readings = {}  # whether its weights know nothing: (text, Reading)
        self.known = {}  # likewise: weights

    def weights(self, untrained):
        """Weights of its own, so that their gradients are in nobody's way."""
        if untrained not in self.known:
            fresh = untrained and microgpt.init_weights(self.vocabulary, random.Random(SEED))
            self.known[untrained] = fresh or copied(self.lesson.weights)
        return self.known[untrained]

    def reading(self, text, untrained, watched):
        """The text read; "all" of its positions are watched, or one."""
        tokens = microgpt.document(text, self.vocabulary)
        every = range(min(len(tokens) - 1, microgpt.block_size))
        wanted = set(every) if watched == "all" else {watched}
        if not wanted <= set(every):
            raise Untold(f"This text has no position {watched}.")
        known_text, known = self.readings.get(untrained, (None, None))
        if known_text != text or not wanted <= known.calls.keys():
            known = Reading(self.weights(untrained), tokens, wanted)
            self.readings[untrained] = (text, known)
        return known

    def look(self, text, position, of=None, untrained=False):
        """See Lesson.look_inside."""
        reading = self.reading(text, untrained, position)
        if of:
            reading.backward(reading.loss(of, position))
        tell = Teller(reading, position, len(self.vocabulary) + 1, gradients=bool(of))
        return {
            "text": text,
            "position": position,
            "tokens": [self.lesson.name(token, START) for token in reading.tokens[: position + 1]],
            "true": self.lesson.name(reading.tokens[position + 1], STOP),
            "names": [self.lesson.name(token, STOP) for token in range(len(self.vocabulary) + 1)],
            "gradients": of is not None,
            "loss": plain(reading.loss(of or "position", position)),
            "calls": [tell.call(call) for call in reading.calls[position]],
            "cut": reading.cut,
        }

    def look_back(self, text, untrained=False):
        """See Lesson.look_back."""
        reading = self.reading(text, untrained, "all")
        found = {}  # by the line and how often it has run before: what each position made there
        for position in range(reading.n_seen):
            times = {}
            for step, calls in reading.steps(position):
                for made in step.made:
                    if made.name == "return" or not are_shares(made.thing, position + 1):
                        continue
                    place = (step.line, made.name)
                    times[place] = times.get(place, 0) + 1
                    key = (*place, times[place])
                    head = {"name": made.name, "line": step.line, "function": calls[-1].function}
                    found.setdefault(key, head | {"loops": loops(step), "rows": []})
                    found[key]["rows"].append([plain(leaf) for leaf in made.thing])
        return {
            "text": text,
            "tokens": [self.lesson.name(token, START) for token in reading.tokens[: reading.n_seen]],
            "shares": [each for each in found.values() if len(each["rows"]) == reading.n_seen],
        }

    def follow(self, text, position, of, start=None, path=(), untrained=False):
        """See Lesson.follow_back."""
        reading = self.reading(text, untrained, "all")
        loss = reading.loss(of, position)
        reading.backward(loss)
        value = loss if start is None else self.started(reading, position, *start)
        trail = [value]
        for i in path:
            if not 0 <= i < len(value.inputs):
                raise Untold("No such number was computed from.")
            value = value.inputs[i]
            trail.append(value)
        contributions = [plain(local * value.grad) for local in value.local_grads]
        return {
            **self.told(reading, value),
            "trail": [self.told(reading, each) for each in trail],
            "is_loss": value is loss,
            "inputs": [
                {**self.told(reading, source), "local": plain(local), "contribution": contribution}
                for source, local, contribution in zip(value.inputs, value.local_grads, contributions)
            ],
            "largest": largest(contributions, [reading.origins.has_name(source) for source in value.inputs]),
        }

    def started(self, reading, position, number, name, index):
        """The Value that a variable held after a step, by where in it that is."""
        for step, _ in reading.steps(position):
            for made in step.made if step.number == number else []:
                value = dict(leaves(made.thing)).get(tuple(index))
                if made.name == name and isinstance(value, Value):
                    return value
        raise Untold("This number was not computed from others.")

    def told(self, reading, value):
        return {"number": plain(value), "gradient": plain(value.grad), **reading.origins.of(value, self.lesson.name)}


class Teller:
    """Tells what was watched at a position, as plain dicts."""

    def __init__(self, reading, position, n_tokens, gradients):
        self.position, self.n_tokens, self.gradients = position, n_tokens, gradients
        self.scored = {  # what has an element for each token: what gpt() gave, and all of the next functions
            id(leaf) for made in returned(reading.calls[position][0]) for _, leaf in leaves(made.thing)
        }
        self.after = reading.calls[position][1:]

    def call(self, call):
        near = {}  # what has a share for each position, by the turn of the loops that it was made in
        for step in call.steps:
            shares = [made.thing for made in step.made if are_shares(made.thing, self.position + 1)]
            near.setdefault(tuple(step.loops), []).extend(shares)
        return {
            "function": call.function,
            "line": call.line,
            "count": call.count,
            "given": [self.variable(made, call, [], few=MOST_GIVEN) for made in call.given],
            "steps": [self.step(step, call, near[tuple(step.loops)]) for step in call.steps],
        }

    def step(self, step, call, near):
        return {
            "number": step.number,
            "line": step.line,
            "text": line_text(step.line),
            "comment": comment_above(step.line),
            "loops": loops(step),
            "made": [self.variable(made, call, near) for made in step.made],
            "calls": [self.call(inner) for inner in step.calls.values()],
        }

    def variable(self, made, call, near, few=MOST_NUMBERS):
        """{"name": of the variable, "index": of its part that is told, "shape", "whole": the shape of all of it, "fresh":
        how many of its elements were there before, "cells": what each of them is about, "tokens", "positions" or None,
        "numbers": how many there are, "values": as many of them as are told, nested as they are, "gradients": the same},
        or {"name", "kind": of what is not numbers, "text": what it says}.
        """
        found = flat(made.thing)
        if not all(map(is_number, found)):
            return {"name": made.name, "kind": made.kind.__name__, "text": said(made)}
        return {
            "name": made.name,
            "index": made.index,
            "shape": shape(made.thing),
            "whole": shape(made.whole),
            "fresh": made.fresh,
            "cells": self.cells(made.thing, call, near),
            "numbers": len(found),
            "values": nested(made.thing, plain, [few]),
            "gradients": nested(made.thing, gradient, [few]) if self.gradients else None,
        }

    def cells(self, thing, call, near):
        if (
            type(thing) is not tuple
            or len(thing) not in (self.n_tokens, self.position + 1)
            or tuple in map(type, thing)
        ):
            return None
        if len(thing) == self.n_tokens and (call in self.after or all(id(leaf) in self.scored for leaf in thing)):
            return "tokens"
        if len(thing) == self.position + 1:
            if are_shares(thing, self.position + 1):
                return "positions"
            if any(are_scores(thing, shares) for shares in near):
                return "positions"
        return None


# ---- Numbers ----------------------------------------------------------------------------


def number(leaf):
    return leaf.data if isinstance(leaf, Value) else leaf


def are_shares(thing, count):
    """Whether a frozen thing is so many shares of a whole."""
    if type(thing) is not tuple or len(thing) != count or not all(map(is_number, thing)):
        return False
    shares = [*map(number, thing)]
    return all(0 <= share <= 1 for share in shares) and abs(math.fsum(shares) - 1) < TOLERANCE


def are_scores(thing, shares):
    """Whether these are the scores that softmax makes these shares of."""
    scores = [number(leaf) for leaf in thing]
    if not all(is_number(leaf) and abs(score) < math.inf for leaf, score in zip(thing, scores)):
        return False
    exps = [math.exp(score - max(scores)) for score in scores]
    return all(abs(e / sum(exps) - number(share)) < TOLERANCE for e, share in zip(exps, shares))


def gradient(leaf):
    return plain(leaf.grad) if isinstance(leaf, Value) else None


def nested(thing, tell, room):
    """A frozen thing as lists, no more leaves of it than there is room for."""
    if type(thing) is not tuple:
        room[0] -= 1
        return tell(thing)
    if tuple not in map(type, thing):
        few = thing[: room[0]]
        room[0] -= len(few)
        return [*map(tell, few)]
    told = []
    for each in thing:
        if room[0] <= 0:
            break
        told.append(nested(each, tell, room))
    return told


def largest(contributions, named):
    """Which of them is furthest from 0, of equal ones the first that has a name; None if there is none."""
    finite = [(abs(each), named[i], -i) for i, each in enumerate(contributions) if is_number(each)]
    return -max(finite)[2] if finite else None


def everything(values):
    """Every Value that these were computed from, and they themselves."""
    seen, waiting = set(), list(values)
    while waiting:
        value = waiting.pop()
        if value not in seen:
            seen.add(value)
            waiting += value.inputs
    return seen


# ---- Names and places -------------------------------------------------------------------


def named(thing, name):
    """[(name, Value), ...] of all in dicts and lists: weights["wte"][0][5]."""
    if isinstance(thing, Value):
        return [(name, thing)]
    if isinstance(thing, dict):
        return [found for key, each in thing.items() for found in named(each, f'{name}["{key}"]')]
    if isinstance(thing, (list, tuple)):
        return [found for i, each in enumerate(thing) for found in named(each, f"{name}[{i}]")]
    return []


def subscripted(name, index):
    return name + "".join(f"[{i}]" for i in index)


def said(made):
    """What is no numbers, in few characters."""
    if made.kind in (str, slice, range, bool, complex, type(None)):
        return short(made.whole)
    return f"{made.kind.__name__} of {len(made.whole)}" if made.kind in (list, tuple, dict, set) else made.kind.__name__


def loops(step):
    return [[name, plain(value)] for name, value in step.loops]


def returned(call):
    return [made for step in call.steps for made in step.made if made.name == "return"]


def completed(calls):
    """[(step, the calls it runs in), ...], each after those that it led to."""

    def walk(call, callers):
        for step in call.steps:
            for inner in step.calls.values():
                yield from walk(inner, (*callers, call))
            yield step, (*callers, call)

    return [found for call in calls for found in walk(call, ())]


def caller_line(calls):
    """The line of the outermost call from which the innermost was called; None if they are the same."""
    if len(calls) == 1:
        return None
    return next(step.line for step in calls[0].steps if calls[1] in step.calls.values())


@cache
def lines():
    return Path(microgpt.__file__).read_text(encoding="utf-8").split("\n")


@cache
def statements():
    return Statements("\n".join(lines()))


def line_text(line):
    return lines()[line - 1].strip() if line and line <= len(lines()) else ""


def comment_above(line):
    """What the file says in the line before, where that is a comment; "" otherwise."""
    above = line_text(line - 1)
    return above.lstrip("# ") if above.startswith("# ") and not above.startswith(("# region", "# endregion")) else ""

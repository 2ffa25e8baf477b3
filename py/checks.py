"""Whether an edit of microgpt.py does what a challenge asks: it is tried, not read.

A check returns {"done", "key": a sentence of web/words/en/challenges.json, "values": what fills its blanks}, and so says
what was seen.
"""

import math
import random
import traceback

import microgpt
from checked_lesson import short, shown
from explained import is_file
from microgpt import Value

TRIES = 12  # texts that are drawn with weights that end each one as soon as they may
NUMBERS = [(i + 0.5) / 400 for i in range(400)]  # all over the line from 0 to 1
TEXTS = ["anna", "jacob", "zoe"]  # what is tried, as far as the model knows their letters
SHORTEST = 3  # letters


class Seen(Exception):
    """Something else was seen than what was asked for: Seen(key, values)."""


def check(challenge, lesson):
    """What comes of trying the edited model, whose lesson this is. Raises KeyError if there is no such challenge."""
    try:
        return said(True, "done", CHECKS[challenge](lesson))
    except Seen as seen:
        return said(False, *seen.args)
    except (Exception, SystemExit) as error:
        line = next(
            (step.lineno for step in reversed(traceback.extract_tb(error.__traceback__)) if is_file(step.filename)),
            None,
        )
        last = traceback.format_exception_only(error)[-1].strip()
        return said(False, "raised" if line else "raised_outside", {"error": short(last, 300), "line": line})


def said(done, key, values):
    return {"done": done, "key": key, "values": values}


# ---- The challenges


def two_heads(lesson):
    """Each layer looks back in two ways at every position: attention, which softmax makes, is worked out twice."""
    made, plain = [], microgpt.softmax
    keys, values = microgpt.empty_cache(), microgpt.empty_cache()

    def counted(logits):
        made.append(len(logits))
        return plain(logits)

    microgpt.softmax = counted
    try:
        for position in range(3):
            made.clear()
            logits = microgpt.gpt(lesson.sentinel, position, keys, values, lesson.weights)
    finally:
        microgpt.softmax = plain
    heads = len(made) / microgpt.n_layer
    if not made:
        raise Seen("no_softmax", {})
    if heads != 2:
        raise Seen("heads", {"heads": math.ceil(heads)})
    if any(n != 3 for n in made):
        raise Seen("not_all_positions", {"positions": min(made)})
    if len(logits) != lesson.sentinel + 1:
        raise Seen("logits", {"logits": len(logits), "tokens": lesson.sentinel + 1})
    return {"width": microgpt.n_embd // 2}


def top_three(lesson):
    """sample() draws the three likeliest, in proportion to their probabilities, and never another token."""
    for text in ("", *known(lesson, TEXTS)):
        probs = lesson.next_probs(text, 1.0)
        order = sorted(range(len(probs)), key=lambda token, probs=probs: -probs[token].data)
        drawn = dict.fromkeys(order[:3], 0)
        for number in NUMBERS:
            token = drawn_token(microgpt.sample(probs, number), probs)
            if token not in drawn:
                told = {"number": number, "token": lesson.name(token, "STOP"), "rank": order.index(token) + 1}
                raise Seen("another", told)
            drawn[token] += 1
        together = sum(probs[token].data for token in drawn)
        for token, times in drawn.items():
            share, wanted = times / len(NUMBERS), probs[token].data / together
            told = {"token": lesson.name(token, "STOP"), "share": share, "wanted": wanted}
            if times == 0 or (abs(share - wanted) > 0.02 and all(drawn.values())):
                raise Seen("proportions" if times else "never", told)
    return {"numbers": len(NUMBERS)}


def no_early_stop(lesson):
    """generate() writes no text of fewer than three letters, ends texts all the same, and is led by the model."""
    stops, vocabulary = likely_stop(lesson), lesson.vocabulary
    lengths = []
    for n in range(TRIES):
        text = microgpt.generate(stops, vocabulary, 1.0, random.Random(n))
        if not isinstance(text, str):
            raise Seen("no_text", {"value": shown(text)})
        if len(text) < SHORTEST:
            raise Seen("early", {"letters": len(text), "try": n + 1})
        lengths.append(len(text))
    if min(lengths) == microgpt.block_size:
        raise Seen("endless", {"letters": min(lengths)})
    if min(lengths) > SHORTEST:
        raise Seen("late", {"letters": min(lengths)})
    likeliest = led_by_the_model(lesson)
    if likeliest:
        text = microgpt.generate(lesson.weights, vocabulary, 0.01, random.Random(1))
        if text != likeliest:
            raise Seen("not_the_models", {"text": text, "likeliest": likeliest})
    lesson.draw("", 1.0, 1, 0)  # the page draws with sample(), too
    return {"tries": TRIES}


def perplexity(lesson):
    """perplexity(tokens, weights) is e to the average loss."""
    if not callable(getattr(microgpt, "perplexity", None)):
        raise Seen("missing", {})
    told = {}
    for text in known(lesson, TEXTS):
        tokens = microgpt.document(text, lesson.vocabulary)
        loss = microgpt.mean_nll(tokens, lesson.weights).data
        got = microgpt.perplexity(tokens, lesson.weights)
        got = got.data if isinstance(got, Value) else got
        told = {"text": text, "loss": loss, "wanted": math.exp(loss)}
        if got is None:
            raise Seen("nothing", told)
        if isinstance(got, bool) or not isinstance(got, int | float):
            raise Seen("no_number", {"value": shown(got)})
        told["got"] = got if math.isfinite(got) else str(got)
        n = len(tokens) - 1
        for key, wrong in {
            "the_loss": loss,
            "sign": math.exp(-loss),
            "base": 2**loss,
            "sum": math.exp(n * loss),
        }.items():
            if math.isclose(got, wrong, rel_tol=1e-6):
                raise Seen(key, told)
        if not math.isclose(got, math.exp(loss), rel_tol=1e-6):
            raise Seen("another", told)
    return told


def softmax(lesson):
    """softmax(logits) is exp(logit) / sum of exp(logits), of large ones, too, and as Values that can be learned from."""
    for numbers in ([1.0, 2.0, 3.0], [0.0, 0.0], [-5.0, 5.0], [3.0], [-1000.0, -1001.0], [1000.0, 1001.0]):
        logits = [Value(x) for x in numbers]
        exps = [math.exp(x - max(numbers)) for x in numbers]
        wanted = [e / math.fsum(exps) for e in exps]
        told = {"logits": row(numbers), "wanted": row(wanted)}
        try:
            probs = microgpt.softmax(logits)
        except NotImplementedError:
            raise Seen("not_written", {}) from None
        except (OverflowError, ZeroDivisionError):
            if max(map(abs, numbers)) < 1000:
                raise
            raise Seen("large", told) from None
        if not isinstance(probs, list | tuple):
            raise Seen("no_list", told | {"value": shown(probs)})
        if len(probs) != len(logits):
            raise Seen("length", told | {"got": len(probs), "count": len(logits)})
        if not all(isinstance(p, Value) for p in probs):
            raise Seen("no_values", told)
        got = [p.data for p in probs]
        told["got"] = row(got)
        if not close(got, wanted):
            total = sum(numbers)
            if total and close(got, [x / total for x in numbers]):
                raise Seen("no_exp", told)
            raise Seen("wrong" if close([sum(got)], [1]) else "sum", told | {"total": row([sum(got)])})
        probs[0].backward()
        grads = [wanted[0] * ((i == 0) - p) for i, p in enumerate(wanted)]
        if not close([logit.grad for logit in logits], grads):
            raise Seen("no_gradient", told)
    return {}


CHECKS = {check.__name__: check for check in (two_heads, top_three, no_early_stop, perplexity, softmax)}


# ---- What they try it with


def likely_stop(lesson):
    """Weights with which STOP is far likelier than all letters together, whatever was read."""
    weights = {name: [[Value(0.0) for _ in row] for row in matrix] for name, matrix in lesson.weights.items()}
    weights["wte"] = [[Value(1.0) for _ in row] for row in weights["wte"]]
    weights["lm_head"][lesson.sentinel] = [Value(0.4) for _ in weights["lm_head"][lesson.sentinel]]
    return weights


def led_by_the_model(lesson):
    """The text of the likeliest tokens, one after the other; "" if it would have to be kept from ending too early."""
    text = ""
    while len(text) < microgpt.block_size:
        probs = lesson.next_probs(text, 1.0)
        token = max(range(len(probs)), key=lambda token, probs=probs: probs[token].data)
        if token == lesson.sentinel:
            break
        text += lesson.vocabulary[token]
    return text if len(text) >= SHORTEST else ""


def known(lesson, texts):
    return [text for text in texts if set(text) <= set(lesson.vocabulary)] or [lesson.vocabulary[:3]]


def drawn_token(drawn, probs):
    """The token of what sample() gave back."""
    if not isinstance(drawn, tuple) or len(drawn) != 3:
        raise Seen("no_triple", {"value": shown(drawn)})
    if not isinstance(drawn[0], int) or not 0 <= drawn[0] < len(probs):
        raise Seen("no_token", {"value": shown(drawn[0])})
    return drawn[0]


def close(got, wanted):
    return len(got) == len(wanted) and all(
        isinstance(g, int | float) and math.isclose(g, w, rel_tol=1e-6, abs_tol=1e-9) for g, w in zip(got, wanted)
    )


def row(numbers):
    """Numbers as Python writes them, to three places."""
    return shown([round(x, 3) if isinstance(x, float) else x for x in numbers])

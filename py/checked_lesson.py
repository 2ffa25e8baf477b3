"""The lesson on a microgpt.py that somebody has changed: what it gives is looked at before it is drawn."""

import math

import microgpt
from lesson import Lesson, numbers_only

TOLERANCE = 1e-9  # by which probabilities may miss 1 together: rounding stays far below it
LONGEST_VALUE = 60  # characters


class NotADistribution(Exception):
    """What should be probabilities are none.

    distribution: {"kind": "length" | "not_value" | "not_number" | "nan" | "infinite" | "negative" | "sum", "after":
    the tokens read so far, "token": whose probability it is, None where it is about them all, "value": what stands there,
    as Python writes it, "number": the same where it is a number, else None}.
    """

    def __init__(self, kind, after, value, token=None):
        super().__init__(f"Not a distribution ({kind}): {shown(value)}")
        finite = is_number(value) and math.isfinite(value)
        self.distribution = {
            "kind": kind,
            "after": after,
            "token": token,
            "value": shown(value),
            "number": value if finite else None,
        }


class Returned(TypeError):
    """A function gave what its callers cannot use. returned: {"function", "value": as Python writes it, "line", "text": where
    the function begins}."""

    def __init__(self, function, value):
        super().__init__(f"{function.__name__}() returned {shown(value)}, not a list of values.")
        code = getattr(function, "__code__", None)  # it may have been wrapped in something
        self.returned = {
            "function": function.__name__,
            "value": shown(value),
            "line": code and code.co_firstlineno,
            "text": f"def {function.__name__}",
        }


class CheckedLesson(Lesson):
    """The same questions; the answers are numbers that can be drawn, or there is an error that says what is wrong."""

    def __init__(self, weights_text):
        super().__init__(weights_text, any_heads=True)

    def read_tokens(self, tokens):
        """As in Lesson. What was read before is of use only as long as every position kept one key and one value, or none."""
        if any(len(kept) not in (0, len(self.tokens)) for kept in (*self.keys, *self.values)):
            self.forget()
        try:
            super().read_tokens(tokens)
        except BaseException:
            self.forget()
            raise

    def as_logits(self, values):
        """Raises Returned unless they are values."""
        if not isinstance(values, (list, tuple)) or not all(isinstance(value, microgpt.Value) for value in values):
            raise Returned(microgpt.gpt, values)
        return numbers_only(values)

    def as_probs(self, values):
        """Raises NotADistribution unless it is a probability for every token."""
        after = [self.name(token, "START") for token in self.tokens]
        if not isinstance(values, (list, tuple)):
            raise Returned(microgpt.softmax, values)
        if len(values) != self.sentinel + 1:
            raise NotADistribution("length", after, len(values))
        for token, value in enumerate(values):
            kind, found = trouble(value)
            if kind:
                raise NotADistribution(kind, after, found, self.name(token, "STOP"))
        total = math.fsum(value.data for value in values)
        if abs(total - 1) > TOLERANCE:
            raise NotADistribution("sum", after, total)
        return numbers_only(values)

    def price(self, positions, tokens):
        """As in Lesson. Where nll() fails, as it does where a probability is 0, the distributions stand all the same: then
        there is "loss_error", what is told of it (see error_report.py), and no loss."""
        try:
            return super().price(positions, tokens)
        except BaseException as error:
            from error_report import report  # which is needed only then

            no_loss = dict.fromkeys(("mean_nll", "perplexity", "tries"))
            for position in positions:
                position["nll"] = None
            return {**no_loss, "loss_error": report(error)}

    def loss(self, probs, true):
        """As in Lesson. Raises TypeError unless it is a number."""
        loss = super().loss(probs, true)
        check_numbers(nll=loss)
        return loss

    def draw(self, text, temperature, seed, n):
        """As in Lesson. Raises TypeError unless the interval that was drawn is made of numbers."""
        drawn = super().draw(text, temperature, seed, n)
        check_numbers(low=drawn["low"], high=drawn["high"])
        return drawn

    def is_untrained(self):
        """Whether its weights are random, because those that it was to have do not fit (see edited.py)."""
        return self.training.get("steps") == 0

    def check(self, challenge):
        """Whether the edit does what a challenge asks (see checks.py)."""
        import checks  # which is needed only then

        return checks.check(challenge, self)


def trouble(value):
    """(kind, what is wrong) with a probability; no kind if it is fine."""
    if not isinstance(value, microgpt.Value):
        return "not_value", value
    p = value.data
    if not is_number(p):
        return "not_number", p
    if math.isnan(p):
        return "nan", p
    if math.isinf(p):
        return "infinite", p
    return ("negative", p) if p < 0 else (None, p)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value):
    return short(repr(value), LONGEST_VALUE)


def short(text, longest):
    """A text with its end left out, if it is longer than that."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def check_numbers(**named):
    for name, value in named.items():
        if not is_number(value) or not math.isfinite(value):
            raise TypeError(f"{name} should be a number that can be drawn, but it is {shown(value)}.")

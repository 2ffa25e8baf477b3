"""One training step told slowly: every number between the loss of a text and the change of one weight.

The step itself is made by the training_step() of microgpt.py, and changes the run as every step does. What lies between is
worked out beside it, on a copy of the weights, and compared with what the step did: where an edited file learns in another
way, the numbers do not agree, and this says so.
"""

import math

import microgpt
from lesson import START, STOP
from weights_file import copied

TOLERANCE = 1e-12  # by which what is worked out may miss what the step did, in numbers around 1
EPSILON = 1e-8  # Adam's, as microgpt.py has it: it keeps the change finite where there never was a gradient


class OneStep:
    """The next step of a run, looked at before it is made, and told after, as long as the run has not gone on."""

    def __init__(self, run):
        """Raises whatever the model's file raises."""
        self.run, self.step = run, run.steps_done
        self.text = run.text(self.step)
        self.tokens = microgpt.document(self.text, run.vocabulary)
        self.weights = copied(run.weights)
        self.probs, self.losses = forward(self.tokens, self.weights)
        self.loss = sum(self.losses) / len(self.losses)
        self.loss.backward()
        self.largest = largest_gradient(self.weights)
        self.moments_before = [list(moment) for moment in run.moments]
        self.after = None  # at each position, once it is made

    def check(self, parameter):
        """Raises ValueError if the model has no such weight."""
        find(parameter, self.weights)

    def told(self, parameter=None):
        """What happened, now that the run has made the step.

        parameter: {"matrix", "row", "column"} of the weight that is followed; without one, that with the largest
        gradient. Raises ValueError if there is no such weight.

        Returns {"step": counted from 1, "text", "loss", "loss_after": of the same text with the weights of now, "positions":
        [{"token", "true", "p": of the true one, "nll", "p_after", "nll_after"}, ...], "settings", "parameter": {"matrix",
        "row", "column"}, "rows": the tokens that the rows of its matrix are about, or None, "largest": where the largest
        gradient is, "matrices": {name: [rows, columns]}, "count": of all weights, "gradients": of its matrix, row by row, "sides":
        likewise (see there), "weight":
        {"before", "after", "change"}, "grad": d loss / d weight, "uses": what the gradient is the sum of (see there),
        "moments": {"before", "after"}: what Adam keeps of the weight, or None, "adam": every number of the update (see
        there), or None if the step did something else, "agrees": {"loss": whether the step returned the loss that these
        positions have, "adam": whether it updated so}}.

        What comes after is None where the step has spoilt the weights.
        """
        parameter = parameter or self.largest
        watched, made = find(parameter, self.weights), find(parameter, self.run.weights)
        moments = self.moments(made)
        worked_out = moments["before"] and adam(self.run.settings, self.step, watched.grad, moments["before"])
        updated_so = bool(worked_out) and agree(
            [*moments["after"], made.data],
            [worked_out["m"]["after"], worked_out["v"]["after"], watched.data + worked_out["change"]],
        )
        self.after = self.after or self.forward_after()
        gradients = [[p.grad for p in row] for row in self.weights[parameter["matrix"]]]
        seen = set()
        return {
            "step": self.step + 1,
            "text": self.text,
            "loss": self.run.losses[self.step],
            "loss_after": mean([nll for _, nll in self.after]),
            "positions": self.positions(),
            "settings": self.run.settings,
            "parameter": parameter,
            "rows": tokens_of_rows(parameter["matrix"], self.run.vocabulary),
            "largest": self.largest,
            "matrices": {name: [len(matrix), len(matrix[0])] for name, matrix in self.weights.items()},
            "count": len(microgpt.parameters(self.weights)),
            "gradients": gradients,
            "sides": sides(gradients),
            "weight": {"before": watched.data, "after": made.data, "change": made.data - watched.data},
            "grad": watched.grad,
            "uses": [use for at, loss in enumerate(self.losses) for use in uses(watched, at, loss, seen)],
            "moments": moments,
            "adam": worked_out if updated_so else None,
            "agrees": {"loss": agree([self.run.losses[self.step]], [self.loss.data]), "adam": updated_so},
        }

    def moments(self, made):
        """What Adam knew of this weight of the run, and knows by now: {"before", "after"}, [m, v] each; both None if it is
        no parameter, so that no step changes it."""
        for p, before, after in zip(microgpt.parameters(self.run.weights), self.moments_before, self.run.moments):
            if p is made:
                return {"before": before, "after": list(after)}
        return {"before": None, "after": None}

    def forward_after(self):
        """(p of the true token, its loss) at each position, with the weights of now."""
        try:
            probs, losses = forward(self.tokens, self.run.weights)
        except (ArithmeticError, ValueError):
            return [(None, None)] * len(self.losses)
        return [(finite(p), finite(loss.data)) for p, loss in zip(probs, losses)]

    def positions(self):
        """Each prediction, with the weights of before and of now."""
        names = [*self.run.vocabulary, None]
        return [
            {
                "token": names[token] or START,
                "true": names[true] or STOP,
                "p": p,
                "nll": loss.data,
                "p_after": p_after,
                "nll_after": nll_after,
            }
            for token, true, p, loss, (p_after, nll_after) in zip(
                self.tokens, self.tokens[1:], self.probs, self.losses, self.after
            )
        ]


def find(parameter, weights):
    """The weight at this place. Raises ValueError if there is none."""
    try:
        matrix, row, column = (parameter[key] for key in ("matrix", "row", "column"))
        if min(row, column) < 0:
            raise IndexError
        return weights[matrix][row][column]
    except (KeyError, IndexError, TypeError):
        raise ValueError(f"The model has no weight {parameter!r:.80}.") from None


def tokens_of_rows(matrix, vocabulary):
    """The tokens that the rows of a matrix are about, by their names; None where rows are about something else."""
    sentinel = {"wte": START, "lm_head": STOP}.get(matrix)
    return [*vocabulary, sentinel] if sentinel else None


def forward(tokens, weights):
    """(p of the true token, the loss as a Value) at each position of a document."""
    keys, values = microgpt.empty_cache(), microgpt.empty_cache()
    probs_of_true, losses = [], []
    for position, (token, true) in enumerate(zip(tokens, tokens[1:])):
        probs = microgpt.softmax(microgpt.gpt(token, position, keys, values, weights))
        probs_of_true.append(probs[true].data)
        losses.append(microgpt.nll(probs, true))
    return probs_of_true, losses


def largest_gradient(weights):
    """Where the weight stands whose gradient is the largest, whichever its sign."""
    matrix, row, column = max(
        ((name, r, c) for name, matrix in weights.items() for r, row in enumerate(matrix) for c in range(len(row))),
        key=lambda place: abs(weights[place[0]][place[1]][place[2]].grad),
    )
    return {"matrix": matrix, "row": row, "column": column}


def uses(weight, position, loss, seen):
    """Where a weight is used for the prediction at a position, in what no earlier one has computed: by the chain rule,
    each use adds a product to its gradient.

    seen: the values of earlier positions; those of this one are added. Yields {"position", "incoming": d loss / d the
    value computed from it, "local": d that value / d weight, "product": of the two}.
    """
    waiting = [loss]
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen.add(value)
        for source, local_grad in zip(value.inputs, value.local_grads):
            if source is weight:
                incoming = value.grad
                yield {
                    "position": position,
                    "incoming": incoming,
                    "local": local_grad,
                    "product": local_grad * incoming,
                }
        waiting += value.inputs


def adam(settings, step, grad, moments):
    """The update of one parameter in the step after so many, number by number (Kingma & Ba, 2014).

    moments: before it. Returns {"step", "rate", "m", "v": {"before", "after", "correction": what it is divided by, as both
    averages began at 0, "corrected"}, "root": of the corrected v, "epsilon", "change"}.
    """
    rate = settings["learning_rate"] * (1 - step / settings["steps"])

    def average(before, beta, new):
        after, correction = beta * before + (1 - beta) * new, 1 - beta ** (step + 1)
        return {"before": before, "after": after, "correction": correction, "corrected": after / correction}

    m = average(moments[0], settings["beta1"], grad)
    v = average(moments[1], settings["beta2"], grad**2)
    root = v["corrected"] ** 0.5
    change = -rate * m["corrected"] / (root + EPSILON)
    return {"step": step, "rate": rate, "m": m, "v": v, "root": root, "epsilon": EPSILON, "change": change}


def agree(numbers, others):
    """Whether these are the same numbers but for rounding."""
    return len(numbers) == len(others) and all(
        abs(number - other) <= TOLERANCE * max(1, abs(other)) for number, other in zip(numbers, others)
    )


def mean(losses):
    return None if None in losses else math.fsum(losses) / len(losses)


def finite(number):
    return number if math.isfinite(number) else None


def sides(gradients):
    """The side of a square for each, with its sign: such that its area, of the largest square's, which has the side 1, is as
    much as the gradient is of the steepest."""
    steepest = max(abs(grad) for row in gradients for grad in row) or 1.0
    return [[math.copysign((abs(grad) / steepest) ** 0.5, grad) for grad in row] for row in gradients]

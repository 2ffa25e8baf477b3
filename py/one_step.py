"""One training step told slowly: every number between the loss of a text and the change of one weight.

The step itself is made by the training_step() of microgpt.py, and changes the run as every step does. What lies between is
worked out beside it, on a copy of the weights, and compared with what the step did: where an edited file learns in another
way, the numbers do not agree, and this says so.
"""

import math

import microgpt
from lesson import START, STOP
from microgpt import Value

TOLERANCE = 1e-12  # by which what is worked out may miss what the step did, in numbers around 1
EPSILON = 1e-8  # Adam's, as microgpt.py has it: it keeps the change finite where there never was a gradient


class OneStep:
    """The next step of a run, looked at before it is made, and told after."""

    def __init__(self, run, parameter=None):
        """parameter: {"matrix", "row", "column"} of the weight that is followed; without one, that with the largest
        gradient. Raises ValueError if the model has no such weight, and whatever the model's file raises."""
        self.run, self.step = run, run.steps_done
        self.text = run.text(self.step)
        self.tokens = microgpt.document(self.text, run.vocabulary)
        weights = {name: [[Value(p.data) for p in row] for row in matrix] for name, matrix in run.weights.items()}
        self.probs, losses = forward(self.tokens, weights)
        self.loss = sum(losses) / len(losses)
        self.loss.backward()
        self.parameter = parameter or largest_gradient(weights)
        watched = self.find(weights)
        self.grad, self.before, self.moments_before = watched.grad, watched.data, self.moments()
        seen = set()
        self.uses = [use for position, loss in enumerate(losses) for use in uses(watched, position, loss, seen)]
        self.nlls = [loss.data for loss in losses]

    def find(self, weights):
        """The weight that is followed, among these."""
        try:
            matrix, row, column = (self.parameter[key] for key in ("matrix", "row", "column"))
            if min(row, column) < 0:
                raise IndexError
            return weights[matrix][row][column]
        except (KeyError, IndexError, TypeError):
            raise ValueError(f"The model has no weight {self.parameter!r:.80}.") from None

    def moments(self):
        """What Adam knows of the weight by now; None if it is no parameter, so that no step changes it."""
        watched = self.find(self.run.weights)
        for p, moment in zip(microgpt.parameters(self.run.weights), self.run.moments):
            if p is watched:
                return list(moment)
        return None

    def told(self):
        """What happened, now that the run has made the step.

        Returns {"step": counted from 1, "text", "loss", "loss_after": of the same text with the weights of now, "positions":
        [{"token", "true", "p": of the true one, "nll", "p_after", "nll_after"}, ...], "parameter": {"matrix", "row",
        "column"}, "shape": [rows, columns] of its matrix, "weight": {"before", "after", "change"}, "grad": d loss / d
        weight, "uses": what the gradient is the sum of (see there), "moments": {"before", "after"}: what Adam keeps of the
        weight, or None, "adam": every number of the update (see there), or None if the step did something else, "agrees":
        {"loss": whether the step returned the loss that these positions have, "adam": whether it updated so}}.

        What comes after is None where the step has spoilt the weights.
        """
        weight, moments = self.find(self.run.weights).data, self.moments()
        worked_out = self.moments_before and adam(self.run.settings, self.step, self.grad, self.moments_before)
        updated_so = bool(worked_out) and agree(
            [*moments, weight], [worked_out["m"]["after"], worked_out["v"]["after"], self.before + worked_out["change"]]
        )
        matrix = self.run.weights[self.parameter["matrix"]]
        positions = self.positions()
        return {
            "step": self.step + 1,
            "text": self.text,
            "loss": self.run.losses[self.step],
            "loss_after": mean([position["nll_after"] for position in positions]),
            "positions": positions,
            "parameter": self.parameter,
            "shape": [len(matrix), len(matrix[0])],
            "weight": {"before": self.before, "after": weight, "change": weight - self.before},
            "grad": self.grad,
            "uses": self.uses,
            "moments": {"before": self.moments_before, "after": moments},
            "adam": worked_out if updated_so else None,
            "agrees": {"loss": agree([self.run.losses[self.step]], [self.loss.data]), "adam": updated_so},
        }

    def positions(self):
        """Each prediction, with the weights of before and of now."""
        names = [*self.run.vocabulary, None]
        try:
            probs, losses = forward(self.tokens, self.run.weights)
            after = [(finite(p), finite(loss.data)) for p, loss in zip(probs, losses)]
        except (ArithmeticError, ValueError):
            after = [(None, None)] * len(self.nlls)
        return [
            {
                "token": names[token] or START,
                "true": names[true] or STOP,
                "p": p,
                "nll": nll,
                "p_after": p_after,
                "nll_after": nll_after,
            }
            for token, true, p, nll, (p_after, nll_after) in zip(
                self.tokens, self.tokens[1:], self.probs, self.nlls, after
            )
        ]


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

    moments: before it. Returns {"rate", "m", "v": {"before", "after", "correction": what it is divided by, as both
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
    return {"rate": rate, "m": m, "v": v, "root": root, "epsilon": EPSILON, "change": change}


def agree(numbers, others):
    """Whether these are the same numbers but for rounding."""
    return len(numbers) == len(others) and all(
        abs(number - other) <= TOLERANCE * max(1, abs(other)) for number, other in zip(numbers, others)
    )


def mean(losses):
    return None if None in losses else math.fsum(losses) / len(losses)


def finite(number):
    return number if math.isfinite(number) else None

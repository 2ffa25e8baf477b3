"""An engine of training.Run that replays its steps from a tape, hundreds of times faster than Python makes them.

What it replays, it has compared with Python before: steps on other texts, their losses, gradients and new parameters.
Where the code cannot be traced, or a tape gives other numbers, there is one for each length of text; or else Python.
"""

from array import array

import microgpt
from layout import Layout
from minibatch import after_backward
from tracing import TracedStep
from training import every_number, one_at_a_time, python

from tape import Untraceable

ANY_LENGTH, EACH_LENGTH, PLAIN = "any length", "each length", "plain"  # what there is a tape for
TOLERANCE = 1e-9
TEXTS_AT_ONCE = 400  # between two looks at the clock; the weights go to the tape and back each time
TRIAL = {"steps": 10, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}


class Traced:
    """See training.one_at_a_time for what an engine is.

    tapes_for: one of the above. reasons: why it is not one of those before, as parts of a sentence.
    """

    def __init__(self, source, machine, run):
        """source: the text of microgpt.py. machine: an instance of tape/replay.ts, with write(address, what holds bytes)
        and read(address, what holds bytes, to be filled) for its memory. run: the training.Run to make steps of."""
        self.source, self.machine = source, machine
        self.n_tokens = len(run.vocabulary) + 1
        self.shapes = {name: (len(matrix), len(matrix[0])) for name, matrix in run.weights.items()}
        n_numbers = len(every_number(run.weights))
        documents = [microgpt.document(text, run.vocabulary) for text in sorted({*run.train, *run.held_out}, key=len)]
        self.n_positions = len(documents[-1]) - 1
        self.top = machine.start()
        self.sums = self.room(8 * n_numbers)
        self.table = self.room(4 * (self.n_positions + 1))  # the address of the tape for each number of positions
        self.base = self.room(0)  # of the places of numbers
        self.layouts = {}  # by number of positions
        self.at_once = max(1, TEXTS_AT_ONCE // run.batch)
        self.tapes_for, self.reasons = ANY_LENGTH, []
        self.prepare([documents[-1], documents[0], documents[len(documents) // 2]], run.weights)

    def room(self, n_bytes):
        """The address of so many bytes of memory."""
        address = self.top + -self.top % 8
        self.top = address + n_bytes
        self.machine.reach(self.top)
        return address

    # ---- The tapes

    def prepare(self, documents, weights):
        """Make the tape for all texts, or as many as the lengths of these, and see whether it gives Python's numbers."""
        try:
            self.add_tape(self.n_positions, any_length=True)
            self.compare(documents, weights)
        except Exception as error:
            self.give_up(error)
            self.layouts.clear()
            self.meet(documents, weights)

    def meet(self, documents, weights):
        """Have a tape for each length of these documents, if that is what there are tapes for."""
        for tokens in documents:
            if self.tapes_for == EACH_LENGTH and len(tokens) - 1 not in self.layouts:
                try:
                    self.add_tape(len(tokens) - 1, any_length=False)
                    self.compare([tokens], weights)
                except Exception as error:
                    self.give_up(error)

    def give_up(self, error):
        self.reasons.append(str(error) if isinstance(error, Untraceable) else f"{type(error).__name__}: {error}")
        self.tapes_for = EACH_LENGTH if self.tapes_for == ANY_LENGTH else PLAIN
        if self.tapes_for == PLAIN:
            self.at_once = one_at_a_time.at_once

    def add_tape(self, n_positions, any_length):
        step = TracedStep(self.source, self.n_tokens, self.shapes, n_positions, any_length)
        layout = Layout(step, (self.room(0) - self.base) // 8)
        self.top = max(self.top, self.base + 8 * layout.free)
        tape = self.room(layout.size)
        self.machine.write(tape, layout.packed(tape, self.base, self.sums))
        for place, number in layout.constants.items():
            self.write(self.base + 8 * place, [number])
        for length in range(1 if any_length else n_positions, n_positions + 1):
            self.layouts[length] = layout
            self.machine.write(self.table + 4 * length, array("i", [tape]))

    # ---- Compared with Python

    def compare(self, documents, weights):
        """Raises Untraceable if steps on these documents give other numbers than Python's."""
        moments = [[0.0, 0.0] for _ in microgpt.parameters(weights)]
        plain, traced = (copy(weights), [*map(list, moments)]), (copy(weights), [*map(list, moments)])
        parameters, gradient = microgpt.parameters(plain[0]), []
        with after_backward(lambda _: gradient.append([p.grad for p in parameters])):
            for step, tokens in enumerate(documents):
                (expected,) = one_at_a_time([tokens], *plain, step, TRIAL)
                losses = self.replay([tokens], *traced, step, TRIAL)
                layout = self.layouts[len(tokens) - 1]
                self.same([expected], losses, "loss")
                self.same(gradient[-1], self.read(self.base + 8 * layout.grads, len(parameters)), "gradient")
                self.same(numbers_of(*plain), numbers_of(*traced), "change of the weights")

    @staticmethod
    def same(expected, found, what):
        if len(expected) != len(found) or any(
            not abs(a - b) <= TOLERANCE * max(1.0, abs(a)) for a, b in zip(expected, found)
        ):
            raise Untraceable(f"the {what} from the tape is not that of Python")

    # ---- Steps

    def __call__(self, documents, weights, moments, first, settings):
        batch = settings.get("batch", 1)
        self.meet(documents, weights)
        while documents:
            losses = []
            if self.tapes_for != PLAIN:
                losses = self.replay(documents, weights, moments, first, settings)
                yield from losses
                documents, first = documents[batch * len(losses) :], first + len(losses)
            if documents:  # the next step needs Python: it can say what is wrong with it
                n = len(documents) if self.tapes_for == PLAIN else batch
                yield from python(batch)(documents[:n], weights, moments, first, settings)
                documents, first = documents[n:], first + n // batch

    def replay(self, documents, weights, moments, first, settings):
        """Make as many steps as give finite numbers. Returns their losses."""
        layout, batch = self.layouts[len(documents[0]) - 1], settings.get("batch", 1)
        names = ("steps", "learning_rate", "beta1", "beta2")
        self.write(self.base + 8 * layout.settings, [first, *(settings[name] for name in names)])
        self.write(self.base + 8 * layout.current, numbers_of(weights, moments))
        texts = array("i")
        for tokens in documents:
            texts.extend([len(tokens), *tokens])
        n_steps = len(documents) // batch
        end = self.top
        losses = self.room(8 * n_steps)
        at = self.room(4 * len(texts))
        self.machine.write(at, texts)
        made = self.machine.replay(self.table, at, batch, first, n_steps, losses)
        found = self.read(losses, made)
        self.top = end
        values = every_number(weights)
        numbers = self.read(self.base + 8 * layout.current, 3 * len(values))
        for p, number in zip(values, numbers):
            p.data = number
        for moment, mean, mean_square in zip(moments, numbers[len(values) :], numbers[2 * len(values) :]):
            moment[:] = mean, mean_square
        return found

    def write(self, address, numbers):
        self.machine.write(address, array("d", numbers))

    def read(self, address, n):
        numbers = array("d", bytes(8 * n))
        self.machine.read(address, numbers)
        return numbers.tolist()


def copy(weights):
    return {name: [[microgpt.Value(p.data) for p in row] for row in matrix] for name, matrix in weights.items()}


def numbers_of(weights, moments):
    """The weights, then the first moment of each parameter, then the second."""
    return [p.data for p in every_number(weights)] + [moment[i] for i in (0, 1) for moment in moments]

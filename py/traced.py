"""An engine of training.Run that replays its steps from a tape, hundreds of times faster than Python makes them.

What it replays, it has compared with Python before: steps on other texts, their losses, gradients and new parameters.
Where the code cannot be traced, or a tape gives other numbers, there is one for each length of text; or else Python.
"""

import time
from array import array

import microgpt
from layout import Layout
from minibatch import after_backward
from tracing import TracedStep
from training import every_number, loss_over, one_at_a_time, python
from weights_file import copied

from tape import Untraceable

ANY_LENGTH, EACH_LENGTH, PLAIN = "any length", "each length", "plain"  # what there is a tape for
TOLERANCE = 1e-9
TEXTS_AT_ONCE = 1000  # between two looks at the clock; the weights go to the tape and back each time
N_TRIED = 2  # texts of which the loss is measured both ways before the tape's is believed
TRIAL = {"steps": 10, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}


class Traced:
    """See training.one_at_a_time for what an engine is.

    tapes_for: one of the above. reasons: why it is not one of those before, as parts of a sentence. next_part: what is to
    be done next before it is ready, "trace", "lay_out", "write" or "compare"; None when it is. parts_done, n_parts: how
    much of it is. by_python: of the steps that Python has made to compare with, how many positions they had in all, and how many
    seconds they took.
    """

    def __init__(self, source, machine, run, waits=False):
        """source: the text of microgpt.py. machine: an instance of tape/replay.ts, with write(address, what holds bytes)
        and read(address, what holds bytes, to be filled) for its memory. run: the training.Run to make steps of.
        waits: whether it is left to get_ready() to get ready."""
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
        self.tapes_for, self.reasons, self.by_python = ANY_LENGTH, [], [0, 0.0]
        self.next_part, self.parts_done, self.n_parts = "trace", 0, 4
        few, lengths = (documents[-1], documents[0], documents[len(documents) // 2]), {len(t): t for t in documents}
        self.parts = self.prepare(few, lengths.values(), run.weights)
        next(self.parts)
        if not waits:
            self.get_ready()

    def get_ready(self, n_parts=None):
        """Do all that is to be done before the first step, or so many parts of it."""
        while self.next_part is not None and n_parts != 0:
            self.next_part = next(self.parts, None)
            self.parts_done += 1
            n_parts = n_parts and n_parts - 1

    def room(self, n_bytes):
        """The address of so many bytes of memory."""
        address = self.top + -self.top % 8
        self.top = address + n_bytes
        self.machine.reach(self.top)
        return address

    # ---- The tapes

    def prepare(self, few, one_of_each, weights):
        """Make the tape for all texts, or as many as they have lengths, and see whether it gives Python's numbers for these.

        few: documents, the first of them the longest. one_of_each: a document of each length. Yields the name of each part
        before it does it.
        """
        try:
            yield from self.add_tape(self.n_positions, any_length=True)
            yield "compare"
            self.compare(few, weights)
        except Exception as error:
            self.give_up(error)
            self.layouts.clear()
            self.n_parts = self.parts_done + 1 + 4 * len(one_of_each)
            for tokens in one_of_each:
                yield from self.meet([tokens], weights)

    def meet(self, documents, weights):
        """Have a tape for each length of these documents, if that is what there are tapes for. Yields as prepare() does."""
        for tokens in documents:
            if self.tapes_for == EACH_LENGTH and len(tokens) - 1 not in self.layouts:
                try:
                    yield from self.add_tape(len(tokens) - 1, any_length=False)
                    yield "compare"
                    self.compare([tokens], weights)
                except Exception as error:
                    self.give_up(error)

    def give_up(self, error):
        self.reasons.append(str(error) if isinstance(error, Untraceable) else f"{type(error).__name__}: {error}")
        self.tapes_for = EACH_LENGTH if self.tapes_for == ANY_LENGTH else PLAIN
        if self.tapes_for == PLAIN:
            self.at_once = one_at_a_time.at_once

    def add_tape(self, n_positions, any_length):
        """Yields as prepare() does."""
        yield "trace"
        step = TracedStep(self.source, self.n_tokens, self.shapes, n_positions, any_length)
        yield "lay_out"
        layout = Layout(step, (self.room(0) - self.base) // 8)
        yield "write"
        self.top = max(self.top, self.base + 8 * layout.free)
        tape = self.room(layout.size)
        self.machine.write(tape, layout.packed(tape, self.base, self.sums))
        for place, number in layout.constants.items():
            self.write(self.base + 8 * place, [number])
        layout.forget()
        for length in range(1 if any_length else n_positions, n_positions + 1):
            self.layouts[length] = layout
            self.machine.write(self.table + 4 * length, array("i", [tape]))

    # ---- Compared with Python

    def compare(self, documents, weights):
        """Raises Untraceable if steps on these documents give other numbers than Python's."""
        moments = [[0.0, 0.0] for _ in microgpt.parameters(weights)]
        plain, traced = (copied(weights), [*map(list, moments)]), (copied(weights), [*map(list, moments)])
        parameters, gradient = microgpt.parameters(plain[0]), []
        with after_backward(lambda _: gradient.append([p.grad for p in parameters])):
            for step, tokens in enumerate(documents):
                began = time.perf_counter()
                (expected,) = one_at_a_time([tokens], *plain, step, TRIAL)
                self.by_python[0] += len(tokens) - 1
                self.by_python[1] += time.perf_counter() - began
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
        self.get_ready()
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
        found = self.losses(documents, array("d", numbers_of(weights, moments)), first, settings)
        layout, values = self.layouts[len(documents[0]) - 1], every_number(weights)
        numbers = self.read(self.base + 8 * layout.current, 3 * len(values))
        for p, number in zip(values, numbers):
            p.data = number
        for moment, mean, mean_square in zip(moments, numbers[len(values) :], numbers[2 * len(values) :]):
            moment[:] = mean, mean_square
        return found

    def losses(self, documents, numbers, first, settings):
        """The same from these numbers, see numbers_of(), and what becomes of them stays where it is."""
        layout, batch = self.layouts[len(documents[0]) - 1], settings.get("batch", 1)
        names = ("steps", "learning_rate", "beta1", "beta2")
        self.write(self.base + 8 * layout.settings, [first, *(settings[name] for name in names)])
        self.machine.write(self.base + 8 * layout.current, numbers)
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
        return found

    def mean_loss(self, texts, weights, vocabulary):
        """training.mean_loss(), where a step's loss is mean_nll(): see measures(). Raises ArithmeticError where Python can
        say what is wrong."""
        numbers, total, n_tokens = array("d", numbers_of(weights, [[0.0, 0.0] for _ in every_number(weights)])), 0.0, 0
        for n_texts, text in enumerate(texts, 1):
            tokens = microgpt.document(text, vocabulary)
            losses = self.losses([tokens], numbers, 0, TRIAL)
            if not losses:
                raise ArithmeticError(f"In the loss of {text!r} something is not finite.")
            total += losses[0] * (len(tokens) - 1)
            n_tokens += len(tokens) - 1
            yield n_texts, total / n_tokens

    def loss_over(self, *question):
        """training.loss_over() in the same way."""
        try:
            *_, (_, loss) = self.mean_loss(*question)
        except ArithmeticError:
            return loss_over(*question)
        return loss

    def measures(self, texts, *model):
        """Whether these give the numbers of Python: on the first few texts they are compared."""
        question = texts[:N_TRIED], *model
        try:
            return self.tapes_for != PLAIN and abs(self.loss_over(*question) - loss_over(*question)) <= TOLERANCE
        except Exception:  # which a run meets again where it can say so
            return False

    def write(self, address, numbers):
        self.machine.write(address, array("d", numbers))

    def read(self, address, n):
        numbers = array("d", bytes(8 * n))
        self.machine.read(address, numbers)
        return numbers.tolist()


def numbers_of(weights, moments):
    """The weights, then the first moment of each parameter, then the second."""
    return [p.data for p in every_number(weights)] + [moment[i] for i in (0, 1) for moment in moments]

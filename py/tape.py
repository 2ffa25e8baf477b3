"""A tape, and numbers that are not known yet: whatever is computed with them becomes one more line of the tape.

The tape is then a program without loops and branches, to be carried out with other numbers as often as one likes. What
depends on a number's value cannot be written down, and raises Untraceable: `if x > 0`, print(x).
"""

import contextlib
import math

OPERATIONS = {  # what stands on a line, and what it means; tape/replay.ts knows them by their order
    "multiply_add": lambda a, x, y: a + x * y,
    "divide": lambda a, x, y: x / y,
    "power": lambda a, x, y: x**y,
    "sqrt": lambda a, x, y: math.sqrt(x),
    "exp": lambda a, x, y: math.exp(x),
    "log": lambda a, x, y: math.log(x),
    "tanh": lambda a, x, y: math.tanh(x),
    "sin": lambda a, x, y: math.sin(x),
    "cos": lambda a, x, y: math.cos(x),
    "abs": lambda a, x, y: abs(x),
    "max": lambda a, x, y: max(x, y),
    "min": lambda a, x, y: min(x, y),
    "greater": lambda a, x, y: float(x > y),
    "greater_or_equal": lambda a, x, y: float(x >= y),
    "equal": lambda a, x, y: float(x == y),
}
KINDS, MEANING = list(OPERATIONS), list(OPERATIONS.values())
MULTIPLY_ADD = 0
INPUT = -1  # a line that is filled in from outside; constants are such lines, too
NOWHERE = -1  # no line
NEVER = 1 << 30  # of positions: no text is as long
UNKNOWN = 0, None


class Untraceable(Exception):
    """Its text says why the code cannot be written down, as a part of a sentence: "it prints"."""


class Tape:
    """Line i computes number i: (kind, a, x, y, zero_below), the kind of OPERATIONS of the numbers of these lines.

    One tape serves texts of every length: some products are 0 wherever a text is shorter, and are left out then.
    zero_below is the number of positions below which the product of a line is 0.
    """

    def __init__(self):
        self.lines = []
        self.constants = {}  # the line of each
        self.known = {}  # line: (number of positions, what the line's value is in any shorter text)
        self.scalars = {}  # lines that no weight has to do with, by what they compute: each is needed once
        self.pending = None  # the product that was made last, while it is on no line
        self.zero, self.one = self.at(0.0), self.at(1.0)

    def write(self, kind, a, x, y):
        """Write a line, and return its number."""
        below, known, line = 0, self.known, len(self.lines)
        if x in known or y in known:
            of_x, of_y = known.get(x, UNKNOWN), known.get(y, UNKNOWN)
            if kind == MULTIPLY_ADD:
                below = max(of_x[0] if of_x[1] == 0 else 0, of_y[0] if of_y[1] == 0 else 0)
            if a in known:
                self.foresee(line, kind, known[a], (below, 0.0) if below else of_x, (below, 0.0) if below else of_y)
        self.lines.append((kind, a, x, y, below))
        return line

    def foresee(self, line, kind, a, x, y):
        """Note what a line comes to in texts that are too short for it."""
        if x is not UNKNOWN and y is not UNKNOWN:
            with contextlib.suppress(ArithmeticError, ValueError):
                self.known[line] = min(a[0], x[0], y[0]), MEANING[kind](a[1], x[1], y[1])

    def once(self, kind, a, x, y):
        """The same, but what no weight has to do with has one line for as often as it is computed."""
        scalars = self.scalars
        if x in scalars and y in scalars and a in scalars:
            if (kind, a, x, y) not in scalars:
                line = self.write(kind, a, x, y)
                scalars[line] = scalars[kind, a, x, y] = line
            return scalars[kind, a, x, y]
        return self.write(kind, a, x, y)

    def input(self):
        """A new line to be filled in from outside."""
        return self.write(INPUT, NOWHERE, NOWHERE, NOWHERE)

    def at(self, number):
        """The line of a Number, or of a plain one."""
        product = self.pending
        if product is not None:
            self.pending = None
            product.line = self.once(MULTIPLY_ADD, self.zero, *product.factors)
        if not isinstance(number, Number):
            if number not in self.constants:
                line = self.constants[number] = self.input()
                self.known[line] = NEVER, float(number)
                self.scalars[line] = line
            return self.constants[number]
        if number.line is None:
            number.line = self.once(MULTIPLY_ADD, self.zero, *number.factors)
        return number.line

    def compute(self, kind, x, y=0.0):
        return Number(self, self.once(KINDS.index(kind), self.zero, self.at(x), self.at(y)))


class Number:
    """A number that is known when the tape is replayed."""

    __slots__ = ("tape", "line", "factors")

    def __init__(self, tape, line, factors=None):
        self.tape, self.line, self.factors = tape, line, factors

    def __mul__(self, other):
        """A product is written down only when something else is done than to add it to a sum."""
        if not isinstance(other, Number):
            if not isinstance(other, PLAIN):
                return NotImplemented
            if other == 1:
                return self
        tape = self.tape
        product = tape.pending = Number(tape, None, (tape.at(self), tape.at(other)))
        return product

    def __add__(self, other):
        tape = self.tape
        if not isinstance(other, Number):
            if not isinstance(other, PLAIN):
                return NotImplemented
            if other == 0:
                return self
        product, total = tape.pending, other
        if product is not self:
            product, total = (other, self) if product is other else (None, self)
        if product is None:
            return Number(tape, tape.once(MULTIPLY_ADD, tape.at(self), tape.at(other), tape.one))
        tape.pending = None
        return Number(tape, tape.once(MULTIPLY_ADD, tape.at(total), *product.factors))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __pow__(self, n):
        """With a plain 2, 1, 0.5 or -1 as what takes less time and gives the same, but for the last bit at most."""
        if isinstance(n, Number) or n not in (2, 1, 0.5, -1):
            return self.tape.compute("power", self, n)
        if n == 2:
            return self * self
        return self if n == 1 else 1 / self if n == -1 else self.tape.compute("sqrt", self)

    def __abs__(self):
        return self.tape.compute("abs", self)

    def __ne__(self, other):
        return 1.0 - (self == other)


PLAIN = (Number, float, int)


def operation(kind, swapped):
    def method(self, other):
        if not isinstance(other, PLAIN):
            return NotImplemented
        return self.tape.compute(kind, other, self) if swapped else self.tape.compute(kind, self, other)

    return method


def refusing(why):
    def method(*_, **__):
        raise Untraceable(why)

    return method


for name, kind, swapped in [
    *(("__truediv__", "divide", False), ("__rtruediv__", "divide", True), ("__rpow__", "power", True)),
    *(("__gt__", "greater", False), ("__ge__", "greater_or_equal", False), ("__eq__", "equal", False)),
    *(("__lt__", "greater", True), ("__le__", "greater_or_equal", True)),
]:
    setattr(Number, name, operation(kind, swapped))
for name, why in {
    "__bool__": "what it does next depends on a number's value",
    "__float__": "it needs the value of a number",
    "__int__": "it needs the value of a number",
    "__index__": "it counts up to a number, or looks up what stands there",
    "__repr__": "it prints a number",
    "__hash__": "it looks a number up",
}.items():
    setattr(Number, name, refusing(why))

"""microgpt.py's training step, run once on numbers that nobody knows yet, so that it writes itself down.

JAX and torch.compile made the idea famous. Every p.data is a Number here: it has no value, only a line on a tape, and
whatever is computed with it becomes one more line. The file's own forward pass, its own backward() and its own Adam run
on them as on any numbers, and leave a tape of additions, multiplications and a few functions, to be replayed with other
numbers (tape.py) without Python. Nothing is differentiated here, and a wrong gradient in the file is written down as
wrong as it is.

What depends on a value cannot be written down: `if x.data > 0`, print(x), a random number. That raises Untraceable.
Which token is read is known to nobody, either: `table[token]` becomes a sum over the whole table, in which the others
count 0 times; to that end the file is compiled with a call in place of each of its [...].
"""

import ast
import builtins
import contextlib
import math
import types

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
FUNCTIONS = ["sqrt", "exp", "log", "tanh", "sin", "cos"]
LOOKED_INTO = ["collections", "dataclasses", "functools", "itertools", "operator", "typing"]  # the same at every step


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


class Token:
    """A token that is known when the tape is replayed: 1 for the one it is, 0 for all others."""

    def __init__(self, position, is_token, is_absent):
        self.position, self.is_token, self.is_absent = position, is_token, is_absent

    __eq__ = __hash__ = __bool__ = __index__ = refusing("what it does next depends on which token it reads")


def pick(table, token):
    """table[token]; for a text too short to have the token, 1: what is not asked for is no loss, as log 1 is 0."""
    if not isinstance(token, Token):
        return table[token]
    if not isinstance(table, list | tuple) or len(table) != len(token.is_token):
        raise Untraceable("it looks a token up in something else than a list of one item for each token")
    if isinstance(table[0], list | tuple):
        return [pick(column, token) for column in zip(*table)]
    if isinstance(table[0], Number | float):
        total = token.is_absent
        for is_token, number in zip(token.is_token, table):
            total = total + is_token * number
        return total
    return type(table[0])(pick([value.data for value in table], token), tuple(table), tuple(token.is_token))


class Indexing(ast.NodeTransformer):
    """Makes every `table[index]` that is read pick(table, index)."""

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or any(isinstance(part, ast.Slice) for part in ast.walk(node.slice)):
            return node
        name = ast.Name("__pick__", ast.Load())
        return ast.copy_location(ast.fix_missing_locations(ast.Call(name, [node.value, node.slice], [])), node)


class AnyFloat(type):
    def __instancecheck__(cls, x):
        return isinstance(x, builtins.float | Number)


class Float(float, metaclass=AnyFloat):
    """float, as the file sees it."""

    def __new__(cls, x=0.0):
        return x if isinstance(x, Number) else builtins.float(x)


def extreme(kind, builtin):
    """max or min, as the file sees it."""

    def function(*items, **options):
        items = list(items[0]) if len(items) == 1 else items
        if options or not any(isinstance(item, Number) for item in items):
            return builtin(items, **options)
        best, tape = items[0], next(item.tape for item in items if isinstance(item, Number))
        for item in items[1:]:
            best = tape.compute(kind, best, item)
        return best

    return function


def function_of(kind):
    """A function of math, as the file sees it."""
    return lambda x: x.tape.compute(kind, x) if isinstance(x, Number) else getattr(math, kind)(x)


class Different:
    """A module that is not the same at every step."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        raise Untraceable(f"it uses {self.name}.{attribute}, which may give something else each time")


def module_for(tape, source, n_positions, length):
    """microgpt.py as a module that computes with Numbers.

    n_positions: of the longest text. length: the Number of positions of a text, or None where all have as many.
    """

    def position(item):
        """The position of what there is one of for each, counted from 1; 0 for everything else."""
        if isinstance(item, Token):
            return item.position
        number = getattr(item, "data", item)
        return tape.known.get(tape.at(number), [0])[0] if isinstance(number, Number) else 0

    def length_of(items):
        """len(), and wherever there is an item for each position of the longest text, as many as this one has."""
        if length is not None and isinstance(items, list) and len(items) > 1 and position(items[-1]) == n_positions:
            first = position(items[0])
            if n_positions - first == len(items) - 1:
                return length + (1 - first)
        return len(items)

    def find(name, *others):
        if name == "math":
            functions = {kind: function_of(kind) for kind in FUNCTIONS}
            return types.SimpleNamespace(**vars(math) | functions | {"pow": pow, "fabs": abs})
        return builtins.__import__(name, *others) if name.partition(".")[0] in LOOKED_INTO else Different(name)

    own = {"__import__": find, "__pick__": pick, "float": Float, "len": length_of}
    own |= {"max": extreme("max", max), "min": extreme("min", min)}
    own |= {name: refusing(f"it calls {name}()") for name in ("print", "input", "open", "id", "hash")}
    module = types.ModuleType("microgpt")
    module.__dict__["__builtins__"] = vars(builtins) | own
    code = compile(Indexing().visit(ast.parse(source)), "microgpt.py", "exec", dont_inherit=True)
    exec(code, module.__dict__)
    return module


class TracedStep:
    """One training step, written on a tape.

    n_tokens: in the vocabulary. shapes: of the weights' matrices, {name: (rows, columns)}. n_positions: of the longest
    text that the tape is for, and of every text unless any_length. Raises Untraceable, or whatever the source raises.

    These are lists of lines, one for each parameter or as said. Filled in from outside: data, grads, means,
    mean_squares; settings, in the order of SETTINGS; length, one: the number of positions; tokens, for each token of the
    text a line for every one that it may be, 1 where it is that, and a last one, 1 where the text has ended before.
    Computed: loss, one, and gradient; from the line `update` on, from grads, new: data, means and mean_squares.
    """

    SETTINGS = ("step", "n_steps", "learning_rate", "beta1", "beta2")

    def __init__(self, source, n_tokens, shapes, n_positions, any_length=True):
        self.tape = tape = Tape()
        n_parameters = sum(rows * columns for rows, columns in shapes.values())
        self.grads, self.data, self.means, self.mean_squares = (self.inputs(n_parameters) for _ in range(4))
        self.settings, self.length = self.inputs(len(self.SETTINGS)), self.inputs(1)
        self.tokens = [self.inputs(n_tokens + 1) for _ in range(n_positions + 1)]
        tape.scalars |= {line: line for line in self.settings + self.length}
        if any_length:
            for position, (*is_token, is_absent) in enumerate(self.tokens):
                tape.known |= {line: (position, 0.0) for line in is_token} | {is_absent: (position, 1.0)}
        length = Number(tape, *self.length) if any_length else None
        self.record_step(module_for(tape, source, n_positions, length), shapes)

    def inputs(self, n):
        return [self.tape.input() for _ in range(n)]

    def numbers(self, lines):
        return [Number(self.tape, line) for line in lines]

    def record_step(self, module, shapes):
        data = iter(self.numbers(self.data))
        weights = {
            name: [[module.Value(next(data)) for _ in range(columns)] for _ in range(rows)]
            for name, (rows, columns) in shapes.items()
        }
        self.parameters = [p for matrix in weights.values() for row in matrix for p in row]
        if list(map(id, module.parameters(weights))) != list(map(id, self.parameters)):
            raise Untraceable("parameters() does not give all weights in their order")
        moments = [list(pair) for pair in zip(self.numbers(self.means), self.numbers(self.mean_squares))]
        tokens = [
            Token(position, numbers[:-1], numbers[-1]) for position, numbers in enumerate(map(self.numbers, self.tokens))
        ]
        self.update = None
        self.meet(module.Value)
        loss = module.training_step(tokens, weights, moments, *self.numbers(self.settings))
        if self.update is None:
            raise Untraceable("it does not get its gradient from backward()")
        if any(isinstance(p.grad, Number) or p.grad for p in self.parameters):
            raise Untraceable("it keeps gradients from one step to the next")
        self.loss = self.kept(loss.data)
        new_moments = [moment[i] for i in (0, 1) for moment in moments]
        self.new = [self.kept(number) for number in [p.data for p in self.parameters] + new_moments]

    def meet(self, value_class):
        """Have backward() hand over the gradient; what comes after it starts from one that is filled in."""
        own = value_class.backward

        def backward(value):
            if self.update is not None:
                raise Untraceable("it calls backward() more than once")
            own(value)
            self.gradient = [self.kept(p.grad) for p in self.parameters]
            self.update = len(self.tape.lines)
            for p, grad in zip(self.parameters, self.numbers(self.grads)):
                p.grad = grad

        value_class.backward = backward

    def kept(self, number):
        """A line that holds a number and is for nothing else."""
        line = self.tape.at(number)
        return self.tape.write(MULTIPLY_ADD, line, self.tape.zero, self.tape.zero)

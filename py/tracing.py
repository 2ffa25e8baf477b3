"""microgpt.py's training step, run once on numbers that nobody knows yet, so that it writes itself down.

JAX and torch.compile made the idea famous. Every p.data is a Number of a tape here (tape.py). The file's own forward
pass, its own backward() and its own Adam run on them as on any numbers, and leave a tape of multiplications, additions
and a few functions, to be replayed with other numbers and without Python. Nothing is differentiated here, and a wrong
gradient in the file is written down as wrong as it is.

Which token is read is known to nobody, either: `table[token]` becomes a sum over the whole table in which all others
count 0 times. To that end the file is compiled with a call in place of each of its [...].
"""

import ast
import builtins
import math
import types

from tape import MULTIPLY_ADD, Number, Tape, Untraceable, refusing

FUNCTIONS = ["sqrt", "exp", "log", "tanh", "sin", "cos"]  # of math
LOOKED_INTO = ["collections", "dataclasses", "functools", "itertools", "operator", "typing"]  # the same at every step


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
    """A module that is not the same at every step, or something from it: it may be there, but not be used in a step."""

    def __init__(self, name, tape):
        self.__name__, self.tape = name, tape

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Different(f"{self.__name__}.{attribute}", self.tape)()

    def __call__(self, *_, **__):
        if self.tape.is_running:
            raise Untraceable(f"it uses {self.__name__}, which may give something else each time")
        return self


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
        return builtins.__import__(name, *others) if name in LOOKED_INTO else Different(name, tape)

    def say_nothing(*_, **__):
        if tape.is_running:
            raise Untraceable("it calls print()")

    own = {"__import__": find, "__pick__": pick, "float": Float, "len": length_of, "print": say_nothing}
    own |= {"max": extreme("max", max), "min": extreme("min", min)}
    own |= {name: refusing(f"it calls {name}()") for name in ("input", "open", "id", "hash")}
    module = types.ModuleType("microgpt")
    module.__dict__["__builtins__"] = vars(builtins) | own
    exec(compile(Indexing().visit(ast.parse(source)), "microgpt.py", "exec", dont_inherit=True), module.__dict__)
    tape.is_running = True
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
        tape.is_running = False  # as yet the file is only read
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
            Token(position, numbers[:-1], numbers[-1])
            for position, numbers in enumerate(map(self.numbers, self.tokens))
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

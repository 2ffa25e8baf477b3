"""A call, watched line by line by Python itself (sys.settrace): which variables each line made or changed.

Nothing is known here of what is watched but its file. Calls of functions in that file are followed, too, but for those
that are arithmetic: that give one number back. Where one statement calls a function many times, the first call is followed.

Python 3.11 runs a comprehension in a frame of its own, later ones in that of its function, where its lines come by once an
element. So what counts here are statements, not lines, and variables are looked at when a statement is over.
"""

import ast
import math
import sys
from operator import is_

from microgpt import Value

MOST_STEPS = 2000  # of one watch
SEQUENCES = frozenset((list, tuple))
GENERATORS = 0x20 | 0x80 | 0x200  # flags of code that can be left and entered again
NUMBERS = frozenset((int, float, Value))
NOTHING = object()


class Call:
    """One run of a function: its name, the line it begins at, what it was given, and its steps."""

    def __init__(self, function, line):
        self.function, self.line = function, line
        self.given, self.steps = [], []
        self.count = 1  # how many there were of the same statement, of which this is the first


class Step:
    """One statement as it ran: its line, the loops it stands in, what it made, and the calls it led to."""

    def __init__(self, line):
        self.line, self.number = line, None  # the steps of a watch are counted from 0, in the order in which they begin
        self.loops, self.made, self.calls = [], [], {}  # loops: (variable, value); calls: by their code


class Made:
    """A variable as it stood after a step: lists and tuples are tuples here, with what they held at the time.

    index and thing: the part of it that is new, and where in it that is; fresh: the first element of it that is new.
    The name of what a function gives back is "return".
    """

    def __init__(self, name, kind, whole, before=NOTHING):
        self.name, self.kind, self.whole = name, kind, whole
        self.index, self.thing, self.fresh = new_part(whole, before)


class Statements:
    """Which statement each line of a file belongs to, by its first line, and the variables of the loops it stands in."""

    def __init__(self, source):
        self.first, self.loops = {}, {}
        self.read(ast.parse(source).body, [])

    def read(self, statements, loops):
        for node in statements:
            blocks = [block for field in ("body", "orelse", "finalbody") for block in [getattr(node, field, [])]]
            blocks += [each.body for each in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]]
            inner = loops
            if isinstance(node, ast.For):
                inner = [*loops, *(each.id for each in ast.walk(node.target) if isinstance(each, ast.Name))]
            for block in blocks:
                self.read(block, inner)
            for line in range(node.lineno, node.end_lineno + 1):
                self.first.setdefault(line, node.lineno)
            self.loops.setdefault(node.lineno, loops)


class Watch:
    """Watches calls of functions in one file. statements: of that file."""

    def __init__(self, file, statements):
        self.file, self.statements = file, statements
        self.stack = []  # the calls that run now, each with its frame
        self.arithmetic = set()  # code that is not followed
        self.watched = None  # the outermost call
        self.n_steps = 0  # so far, and how many of them are of calls that were kept:
        self.n_kept = 0
        self.cut = False  # whether there were too many to watch them all

    def run(self, function, *arguments):
        """(what the function gives back, the Call)."""
        self.watched, before = None, sys.gettrace()
        sys.settrace(self.enter)
        try:
            result = function(*arguments)
        finally:
            sys.settrace(before)
            self.stack.clear()
        call = self.watched or Call(getattr(function, "__name__", "?"), None)
        for step, _ in steps_of(call):
            step.number = self.n_kept
            self.n_kept += 1
        return result, call

    def enter(self, frame, event, _):
        """Python calls this with every call. What is returned is called with every line of it."""
        code = frame.f_code
        if code in self.arithmetic or code.co_filename != self.file:
            return None
        name = code.co_name
        if name.startswith(("__", "<")) or code.co_flags & GENERATORS:
            if name.startswith("__"):
                self.arithmetic.add(code)
            return None
        if self.cut or (self.stack and asking(frame) is not self.stack[-1][1]):
            return None
        step = self.stack[-1][0].steps[-1] if self.stack and self.stack[-1][0].steps else None
        if step and code in step.calls:
            step.calls[code].count += 1
            return None
        call = Call(name, code.co_firstlineno)
        if step:
            step.calls[code] = call
        elif self.watched is None:
            self.watched = call
        else:
            return None  # a default or a decorator of the call: no line has begun
        seen = {}
        call.given = look(frame, seen)
        self.stack.append((call, frame))
        return lambda frame, event, value: self.follow(call, seen, step, frame, event, value)

    def follow(self, call, seen, caller, frame, event, value):
        """A line is about to run, or the call is over."""
        if self.cut:
            return None
        if event == "line":
            line = self.statements.first.get(frame.f_lineno, frame.f_lineno)
            if call.steps and call.steps[-1].line == line:
                return frame.f_trace  # still the same statement
            self.close(call, seen, frame)
            self.cut = self.n_steps == MOST_STEPS
            call.steps.append(Step(line))
            self.n_steps += 1
        elif event == "return":
            self.close(call, seen, frame)
            self.stack.pop()
            if caller and is_number(value):
                self.arithmetic.add(frame.f_code)
                del caller.calls[frame.f_code]
            elif call.steps:
                call.steps[-1].made.append(Made("return", type(value), frozen(value)))
        return frame.f_trace

    def close(self, call, seen, frame):
        """The last step of a call is over."""
        if call.steps:
            step = call.steps[-1]
            step.made += look(frame, seen)
            names = self.statements.loops.get(step.line, [])
            step.loops = [(name, seen[name]) for name in names if is_number(seen.get(name))]


def steps_of(call, callers=()):
    """[(step, the calls that it runs in, outermost first), ...] of a call and those that it led to, as they began."""
    calls = (*callers, call)
    for step in call.steps:
        yield step, calls
        for inner in step.calls.values():
            yield from steps_of(inner, calls)


def asking(frame):
    """The frame that a call came from; those that comprehensions have in some versions of Python do not count."""
    frame = frame.f_back
    while frame and frame.f_code.co_name.startswith("<"):
        frame = frame.f_back
    return frame


def look(frame, seen):
    """The variables of a frame that are not as they were seen last, and see them: [Made, ...]."""
    made = []
    for name, value in dict(frame.f_locals).items():
        before = seen.get(name, NOTHING)
        if value is before or name.startswith("."):
            continue
        now = frozen(value)
        if before is NOTHING or not same(before, now):
            made.append(Made(name, type(value), now, before))
            seen[name] = now
    return made


def frozen(thing):
    """What lists and tuples hold now, to any depth, as tuples; everything else as it is."""
    if type(thing) not in SEQUENCES:
        return thing
    if SEQUENCES.isdisjoint(map(type, thing)):
        return tuple(thing)
    return tuple(map(frozen, thing))


def same(a, b):
    """Whether two frozen things hold the same values; plain numbers are the same when they are equal."""
    if a is b:
        return True
    if type(a) is tuple and type(b) is tuple:
        return len(a) == len(b) and (all(map(is_, a, b)) or all(map(same, a, b)))
    return type(a) is type(b) and type(a) in (int, float, bool, str, slice) and a == b


def new_part(now, before):
    """(where in a frozen thing that is which is new, the part itself, the first new element of it)."""
    index = []
    while type(now) is type(before) is tuple:
        new = [i for i, each in enumerate(now) if i >= len(before) or not same(before[i], each)]
        if len(new) != 1 or type(now[new[0]]) is not tuple:
            return index, now, new[0] if new and new == [*range(new[0], len(now))] else 0
        index.append(new[0])
        before = before[new[0]] if new[0] < len(before) else NOTHING
        now = now[new[0]]
    return index, now, 0


# ---- Frozen things that are numbers ------------------------------------------------------


def is_number(thing):
    return type(thing) in NUMBERS or isinstance(thing, Value)


def leaves(thing):
    """[(index, leaf), ...] of a frozen thing: all that are no tuples, in order."""
    if type(thing) is not tuple:
        return [((), thing)]
    return [((i, *index), leaf) for i, each in enumerate(thing) for index, leaf in leaves(each)]


def flat(thing):
    """The leaves alone."""
    if type(thing) is not tuple:
        return [thing]
    if tuple not in map(type, thing):
        return thing
    return [leaf for each in thing for leaf in flat(each)]


def shape(thing):
    """[2, 16] for two rows of sixteen; None where they are not equally long."""
    if type(thing) is not tuple:
        return []
    if tuple not in map(type, thing):
        return [len(thing)]
    shapes = [shape(each) for each in thing]
    if any(each != shapes[0] or each is None for each in shapes):
        return None
    return [len(thing), *(shapes[0] if shapes else [])]


def plain(leaf):
    """A leaf as a number that JSON knows, or where there is none, as text."""
    number = leaf.data if isinstance(leaf, Value) else leaf
    if type(number) not in (float, int):
        return short(number)
    return number if abs(number) < math.inf else repr(number)  # not for NaN either


def short(thing, longest=40):
    text = repr(thing)
    return text if len(text) <= longest else text[: longest - 1] + "…"

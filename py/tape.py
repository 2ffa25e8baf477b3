"""A traced training step (tracing.py), laid out in memory for tape/replay.ts.

Every number has a place of 8 bytes. What comes to be by adding to one sum again and again, which is most of it, has one
place for all. Then the same operation on places that are equally far apart is written once, as a run: the 16 products
of a dot product, or the 4,192 times that Adam does the same.
"""

from array import array
from collections import Counter
from itertools import chain, zip_longest

from tracing import INPUT, MULTIPLY_ADD, NEVER

SUM = 15  # the kind of a run of multiply_adds into one place; the others have the numbers of tracing.KINDS
HEAD = 16  # entries of what replay.ts calls a Tape, 4 bytes each
ENTRIES = 12  # of a run: kind, shortest, count, next, places of result, a, x, y, steps of result, a, x, y
RESULT = slice(4, 8)


class Runs:
    """Runs of the same operation. In a text of fewer positions than its `shortest` a run is left out."""

    def __init__(self):
        self.runs = []

    def add(self, kind, shortest, *places):
        last = self.runs[-1] if self.runs else None
        if last and last[1] == shortest and self.continues(last, kind, places):
            last[2] += 1
        else:
            self.runs.append([kind, shortest, 1, 0, *places, 0, 0, 0, 0])

    @staticmethod
    def continues(run, kind, places):
        count, first = run[2], run[RESULT]
        if count == 1 and kind == run[0]:
            if kind == MULTIPLY_ADD and places[0] == places[1] == first[0]:
                run[0], run[8:] = SUM, [0, 0, places[2] - first[2], places[3] - first[3]]
            else:
                run[8:] = [place - start for place, start in zip(places, first)]
            return True
        if run[0] == SUM and kind == MULTIPLY_ADD and count > 1:
            steps = run[8:]
            return places == (first[0], first[0], first[2] + count * steps[2], first[3] + count * steps[3])
        return kind == run[0] and all(place == start + count * step for place, start, step in zip(places, first, run[8:]))

    def packed(self, at, base):
        """The runs for replay.ts, for memory from the address `at` on, where the first place has the address `base`."""
        packed, later = array("i"), [len(self.runs)]
        for i in reversed(range(len(self.runs))):  # each tells where to go on in texts that are too short for it
            while later[1:] and self.runs[later[-1]][1] >= self.runs[i][1]:
                later.pop()
            self.runs[i][3] = at + 4 * ENTRIES * later[-1]
            later.append(i)
        for run in self.runs:
            packed.extend(run[:4])
            packed.extend(base + 8 * place for place in run[4:8])
            packed.extend(8 * step for step in run[8:])
        return packed

    @property
    def size(self):
        return 4 * ENTRIES * len(self.runs)


class Layout:
    """The places of all numbers of a traced step, and the runs that compute them.

    Places count from 0. Those of parameters and settings come first, the same for all tapes of the same weights; those
    of this tape from `free` on. The runs: `gradient`, for one text, and `update`, which puts what will be the parameters
    and moments into places of their own, from `changed` on.
    """

    def __init__(self, step, free=0):
        self.step, self.tape = step, step.tape
        self.places, self.free = array("i", [-1]) * len(self.tape.kinds), 0
        for line in chain(step.grads, step.data, step.means, step.mean_squares, step.settings, step.length):
            self.places[line] = self.new_place()
        self.free = max(free, self.free)
        for line in chain(*step.tokens, self.tape.constants.values()):
            self.places[line] = self.new_place()
        self.constants = {self.places[line]: float(number) for number, line in self.tape.constants.items()}
        self.zero = self.places[self.tape.zero]
        self.uses = Counter(chain(self.tape.a, self.tape.x, self.tape.y))
        self.homes = {line: self.places[home] for line, home in zip(step.gradient, step.grads)}
        self.changed = self.free
        self.homes |= {line: self.new_place() for line in step.new}
        self.shortest = self.find_shortest()

        self.cleared, self.gradient, self.update = [], Runs(), Runs()
        for line in range(step.update):
            self.lay(line, self.gradient)
        clearing = Runs()
        for place in sorted(self.cleared):
            clearing.add(MULTIPLY_ADD, 0, place, self.zero, self.zero, self.zero)
        self.gradient.runs[:0] = clearing.runs
        for line in by_parameter(step):
            self.lay(line, self.update)
        self.grads, self.current, self.settings = (self.places[of[0]] for of in (step.grads, step.data, step.settings))

    def new_place(self):
        self.free += 1
        return self.free - 1

    def is_in_place(self, line):
        """Whether a line adds to a sum that nobody else will ask for."""
        total = self.tape.a[line]
        return self.tape.kinds[line] == MULTIPLY_ADD and self.tape.kinds[total] != INPUT and self.uses[total] == 1

    def find_shortest(self):
        """The number of positions from which on each line is needed, NEVER for what nobody needs.

        Also has every sum that will be a parameter's gradient begin in the place of that.
        """
        tape, shortest = self.tape, array("i", [NEVER]) * len(self.tape.kinds)
        for line in [self.step.loss, *self.step.gradient, *self.step.new]:
            shortest[line] = 0
        for line in reversed(range(len(shortest))):
            needed = shortest[line]
            if needed == NEVER or tape.kinds[line] == INPUT:
                continue
            if tape.kinds[line] == MULTIPLY_ADD:
                total = tape.a[line]
                shortest[total] = min(shortest[total], needed)
                needed = max(needed, tape.zero_below[line])
                if line in self.homes and self.is_in_place(line):
                    self.homes[total] = self.homes[line]
            for operand in (tape.x[line], tape.y[line]):
                shortest[operand] = min(shortest[operand], needed)
        return shortest

    def lay(self, line, runs):
        """Add what a line does to the runs."""
        tape, places, needed = self.tape, self.places, self.shortest[line]
        kind = tape.kinds[line]
        if needed == NEVER or kind == INPUT:
            return
        total = places[tape.a[line]]
        if self.is_in_place(line):
            place = total
        else:
            place = self.homes[line] if line in self.homes else self.new_place()
        places[line] = place
        if kind == MULTIPLY_ADD:
            present = max(needed, tape.zero_below[line])
            if place != total and present > needed:  # without its product it is still a sum
                if total == self.zero:
                    self.cleared.append(place)
                else:
                    runs.add(MULTIPLY_ADD, needed, place, total, self.zero, self.zero)
                total = place
            needed = present
        if needed < NEVER:
            runs.add(kind, needed, place, total, places[tape.x[line]], places[tape.y[line]])


    @property
    def size(self):
        return 4 * HEAD + self.gradient.size + self.update.size

    def packed(self, at, base, sums):
        """The tape for replay.ts, for memory from the address `at` on, where the first place has the address `base`.

        First comes what replay.ts calls a Tape. sums: the address of as many places as there are parameters.
        """

        def address(line):
            return base + 8 * self.places[line]

        step = self.step
        gradient = at + 4 * HEAD
        update = gradient + self.gradient.size
        head = [gradient, update, update, update + self.update.size]
        head += [base + 8 * self.grads, sums, len(step.grads)]
        head += [base + 8 * self.current, base + 8 * self.changed, len(step.new)]
        head += [base + 8 * self.settings, address(step.length[0])]
        head += [address(step.tokens[0][0]), len(step.tokens[0]) - 1, len(step.tokens) - 1, address(step.loss)]
        runs = self.gradient.packed(gradient, base) + self.update.packed(update, base)
        return array("i", head) + runs


def by_parameter(step):
    """The lines of the update, those of different parameters that do the same one after the other.

    What has to do with no parameter comes before them, what has to do with several after.
    """
    tape = step.tape
    parameter = {}
    for lines in (step.data, step.grads, step.means, step.mean_squares):
        parameter |= {line: i for i, line in enumerate(lines)}
    ordered, waiting = [], [[] for _ in step.data]

    def let_go():
        for alike in zip_longest(*waiting):
            ordered.extend(line for line in alike if line is not None)
        for lines in waiting:
            lines.clear()

    for line in range(step.update, len(tape.kinds)):
        about = {parameter[operand] for operand in (tape.a[line], tape.x[line], tape.y[line]) if operand in parameter}
        if len(about) == 1:
            (parameter[line],) = about
            waiting[parameter[line]].append(line)
        else:
            if about:
                let_go()
            ordered.append(line)
    let_go()
    return ordered

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

    def link(self):
        """Tell each run after which others the next one stands that may be needed where this one is left out."""
        waiting = []
        for i in reversed(range(len(self.runs))):
            while waiting and self.runs[waiting[-1]][1] >= self.runs[i][1]:
                waiting.pop()
            self.runs[i][3] = waiting[-1] if waiting else len(self.runs)
            waiting.append(i)
        return self


class Layout:
    """The places of all numbers of a traced step, and the runs that compute them.

    Places count from 0. Those of parameters and settings come first, the same for all tapes of the same weights; those
    of this tape from `free` on. The runs: `gradient`, for one text; `update`, which finds the new parameters; `commit`,
    which puts them in the place of the old ones.
    """

    def __init__(self, step, free=0):
        self.step, self.tape = step, step.tape
        self.places, self.free = array("i", [-1]) * len(self.tape.kinds), 0
        for line in chain(step.data, step.grads, step.means, step.mean_squares, step.settings, step.length):
            self.places[line] = self.new_place()
        self.free = max(free, self.free)
        for line in chain(*step.tokens, self.tape.constants.values()):
            self.places[line] = self.new_place()
        self.constants = {self.places[line]: float(number) for number, line in self.tape.constants.items()}
        self.zero = self.places[self.tape.zero]
        self.uses = Counter(chain(self.tape.a, self.tape.x, self.tape.y))
        self.homes = {line: self.places[home] for line, home in zip(step.gradient, step.grads)}
        self.shortest = self.find_shortest()

        self.cleared, self.gradient, self.update, self.commit = [], Runs(), Runs(), Runs()
        for line in range(step.update):
            self.lay(line, self.gradient)
        clearing = Runs()
        for place in sorted(self.cleared):
            clearing.add(MULTIPLY_ADD, 0, place, self.zero, self.zero, self.zero)
        self.gradient.runs[:0] = clearing.runs
        for line in by_parameter(step):
            self.lay(line, self.update)
        for line, home in zip(step.new, step.data + step.means + step.mean_squares):
            self.commit.add(MULTIPLY_ADD, 0, self.places[home], self.places[line], self.zero, self.zero)

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

"""A traced training step (tracing.py), laid out in memory for tape/replay.ts.

Every number has a place of 8 bytes. What comes to be by adding to one sum again and again, which is most of it, has one
place for all. Then the same operation on places that are equally far apart is written once, as a run: the 16 products
of a dot product, or the 4,192 times that Adam does the same.
"""

from array import array
from collections import Counter
from itertools import chain, zip_longest

from tape import INPUT, KINDS, MULTIPLY_ADD, NEVER

SUM = 15  # the kind of a run of multiply_adds into one place; the others have the numbers of tape.KINDS
TWO_AT_ONCE = {MULTIPLY_ADD, KINDS.index("divide"), KINDS.index("sqrt")}  # kinds of runs
IN_PAIRS = 16  # added to the kind of a run in which that is done
HEAD = 16  # entries of what replay.ts calls a Tape, 4 bytes each
ENTRIES = 12  # of a run: kind, shortest, count, next, places of result, a, x, y, how far each is from the next


class Runs:
    """Runs of the same operation, each carried out as a whole. In a text of fewer positions than its `shortest` a run is
    left out."""

    def __init__(self):
        self.runs = []
        self.expected = {}  # what would continue a run: its number
        self.single = {}  # for an operation: the numbers of the last two runs that may become long ones
        self.written = {}  # for a place: the number of the run that wrote it last

    def add(self, kind, shortest, *places):
        """Do this after all that was added before: in a run that it continues, unless what it needs comes later."""
        place, a, x, y = places
        written = self.written.get
        earliest = max(written(a, 0), written(x, 0), written(y, 0))
        number = self.expected.pop((kind, shortest, places), -1)
        if number >= earliest:
            run = self.runs[number]
            run[2] += 1
        else:
            number, run = self.begin(kind, shortest, places, earliest)
        self.written[place] = number
        if run[2] > 1:
            _, _, _, _, _, _, _, _, place_step, a_step, x_step, y_step = run
            self.expected[kind, shortest, (place + place_step, a + a_step, x + x_step, y + y_step)] = number

    def begin(self, kind, shortest, places, earliest):
        """The number of a run, and the run, that has this for its second or first."""
        last = self.single.get((kind, shortest), ())
        for number in last:
            run = self.runs[number]
            steps = [place - first for place, first in zip(places, run[4:8])]
            if number >= earliest and run[2] == 1 and abs(steps[0]) <= 16:
                if places[0] == places[1] == run[4]:
                    run[0], steps[1] = SUM, 0
                run[2], run[8:] = 2, steps
                return number, run
        self.runs.append([kind, shortest, 1, 0, *places, 0, 0, 0, 0])
        number = len(self.runs) - 1
        self.single[kind, shortest] = (number, *last[:1])
        return number, self.runs[number]

    def packed(self, at, base):
        """The runs for replay.ts, for memory from the address `at` on, where the first place has the address `base`."""
        packed, later = array("i"), [len(self.runs)]
        for i in reversed(range(len(self.runs))):  # each tells where to go on in texts that are too short for it
            while later[1:] and self.runs[later[-1]][1] >= self.runs[i][1]:
                later.pop()
            self.runs[i][3] = at + 4 * ENTRIES * later[-1]
            later.append(i)
        for run in self.runs:
            packed.append(run[0] + IN_PAIRS if in_pairs(*run) else run[0])
            packed.extend(run[1:4])
            packed.extend(base + 8 * place for place in run[4:8])
            packed.extend(8 * step for step in run[8:])
        return packed

    @property
    def size(self):
        return 4 * ENTRIES * len(self.runs)


def in_pairs(kind, shortest, count, later, result, a, x, y, result_step, a_step, x_step, y_step):
    """Whether a run can be done two at a time: its numbers lie next to each other, or are always the same one, and none of
    it is written in the first of a pair and read in the second, since both are read before either is written."""
    if result_step != 1 or kind not in TWO_AT_ONCE:
        return False
    return all(
        place + 1 != result if step == 1 else step == 0 and not result <= place < result + count
        for place, step in ((a, a_step), (x, x_step), (y, y_step))
    )


class Layout:
    """The places of all numbers of a traced step, and the runs that compute them.

    Places count from 0. Those of parameters and settings come first, the same for all tapes of the same weights; those
    of this tape from `free` on. The runs: `gradient`, for one text, and `update`, which puts what will be the parameters
    and moments into places of their own, from `changed` on.
    """

    def __init__(self, step, free=0):
        self.step, self.lines = step, step.tape.lines
        self.places, self.free = [0] * len(self.lines), 0
        for line in chain(step.grads, step.data, step.means, step.mean_squares, step.settings, step.length):
            self.places[line] = self.new_place()
        self.free = max(free, self.free)
        for line in chain(*step.tokens, step.tape.constants.values()):
            self.places[line] = self.new_place()
        self.constants = {self.places[line]: float(number) for number, line in step.tape.constants.items()}
        self.changed = self.free
        self.homes = {line: self.places[home] for line, home in zip(step.gradient, step.grads)}
        self.homes |= {line: self.new_place() for line in step.new}
        self.look_back()

        self.cleared, self.gradient, self.update = Runs(), Runs(), Runs()
        self.lay(range(step.update), self.gradient)
        self.lay(by_parameter(step), self.update)
        self.gradient.runs[:0] = self.cleared.runs
        self.grads, self.current, self.settings = (self.places[of[0]] for of in (step.grads, step.data, step.settings))

    def new_place(self):
        self.free += 1
        return self.free - 1

    def look_back(self):
        """Find out of each line from how many positions on it is needed, NEVER if nobody needs it; and whether it is in
        place, because it adds to a sum that nobody else asks for. Such a sum begins where it will end."""
        _, *operands, _ = zip(*self.lines)
        uses = Counter(chain(*operands))
        shortest = self.shortest = [NEVER] * len(self.lines)
        self.in_place = bytearray(len(self.lines))
        for line in (self.step.loss, *self.homes):
            shortest[line] = 0
        for line, (kind, total, x, y, zero_below) in zip(reversed(range(len(self.lines))), reversed(self.lines)):
            needed = shortest[line]
            if needed == NEVER or kind == INPUT:
                continue
            if kind == MULTIPLY_ADD:
                if needed < shortest[total]:
                    shortest[total] = needed
                if zero_below > needed:
                    needed = zero_below
                if uses[total] == 1 and self.lines[total][0] != INPUT:
                    self.in_place[line] = True
                    if line in self.homes:
                        self.homes[total] = self.homes[line]
            if needed < shortest[x]:
                shortest[x] = needed
            if needed < shortest[y]:
                shortest[y] = needed

    def lay(self, order, runs):
        """Add what these lines do to the runs."""
        lines, places, homes, shortest, in_place = self.lines, self.places, self.homes, self.shortest, self.in_place
        zero = places[self.step.tape.zero]
        for line in order:
            kind, a, x, y, zero_below = lines[line]
            needed = shortest[line]
            if needed == NEVER or kind == INPUT:
                continue
            total = places[a]
            if in_place[line]:
                place = places[line] = total
                needed = max(needed, zero_below)
            else:
                place = places[line] = homes[line] if line in homes else self.new_place()
                if zero_below > needed:  # without its product it is still a sum
                    before = self.cleared if total == zero else runs
                    before.add(MULTIPLY_ADD, needed, place, total, zero, zero)
                    needed, total = zero_below, place
            if needed < NEVER:
                runs.add(kind, needed, place, total, places[x], places[y])

    @property
    def size(self):
        return 4 * HEAD + self.gradient.size + self.update.size

    def forget(self):
        """Let go of what only packed() needs: it is many times what is kept."""
        self.lines.clear()
        for runs in (self.cleared, self.gradient, self.update):
            del runs.expected, runs.single, runs.written
        del self.step, self.lines, self.places, self.homes, self.shortest, self.in_place

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
    parameter = {}
    for lines in (step.data, step.grads, step.means, step.mean_squares):
        parameter |= {line: i for i, line in enumerate(lines)}
    ordered, waiting = [], [[] for _ in step.data]

    def let_go():
        for alike in zip_longest(*waiting):
            ordered.extend(line for line in alike if line is not None)
        for lines in waiting:
            lines.clear()

    for line, (_, *operands, _) in enumerate(step.tape.lines[step.update :], step.update):
        about = {parameter[operand] for operand in operands if operand in parameter}
        if len(about) == 1:
            (parameter[line],) = about
            waiting[parameter[line]].append(line)
        else:
            if about:
                let_go()
            ordered.append(line)
    let_go()
    return ordered

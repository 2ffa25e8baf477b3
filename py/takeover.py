"""Python itself makes the first steps of a run, so that nobody waits, while a tape gets ready that then takes over."""

import time

from traced import PLAIN, Traced

N_PLAIN = 4  # steps that Python makes of every run: always as many, so that the same run gives the same weights
FIRST = 8  # steps replayed at once while it is not known yet how long they take


class Takeover:
    """What makes the steps of a run in the page (see training.Run): its own engine, then a Traced, if that can be."""

    def __init__(self, run, source, make_machine):
        """source: the text of microgpt.py. make_machine(): the machine, see Traced; None if there is none."""
        self.run, self.plain, self.traced, self.reasons = run, run.engine, None, []
        self.by_python, self.replayed = [0, 0.0], [0, 0.0]  # how many steps were made, and how many seconds they took
        self.n_positions = 0  # of the texts of those that were made by Python
        try:
            if make_machine is None:
                raise RuntimeError("what replays the steps is not there")
            self.traced = Traced(source, make_machine(), run, waits=True)
        except Exception as error:  # a browser may be too old for the machine, too
            self.reasons = [f"{type(error).__name__}: {error}"]

    @property
    def waits(self):
        """Whether the tape is not ready yet."""
        return self.traced is not None and self.traced.next_part is not None

    def get_ready(self):
        """Do one part of what is to be done before the tape takes over."""
        self.traced.get_ready(1)
        if self.waits:
            return
        self.reasons = self.traced.reasons
        if self.traced.tapes_for == PLAIN:
            self.traced = None
        else:
            self.run.engine = self.traced
            if self.traced.measures(self.run.held_out, self.run.weights, self.run.vocabulary):
                self.run.loss_over = self.traced.loss_over

    def go_on(self, n_steps, seconds, stride, engine=None):
        """Make so many steps, or as many as take about so long, one at least. Returns the events that Run.go_on() gives.

        While the tape is not ready, a single step is made by Python; of more, it is one of the first of the run, or none:
        a part of getting ready takes its place. engine: another that makes a step in any case.
        """
        if engine or (self.waits and n_steps == 1):
            return self.timed(self.by_python, 1, stride, engine or self.plain)
        if self.waits:
            events = self.timed(self.by_python, 1, stride, self.plain) if self.run.steps_done < N_PLAIN else []
            self.get_ready()
            return events
        taken = self.replayed if self.traced else self.by_python
        fit = int(seconds * taken[0] / taken[1]) if taken[0] else FIRST
        return self.timed(taken, max(1, min(n_steps, self.run.engine.at_once, fit)), stride)

    def timed(self, taken, n_steps, stride, engine=None):
        began, before = time.perf_counter(), self.run.steps_done
        events = self.run.go_on(n_steps, engine, stride)
        taken[0] += self.run.steps_done - before
        if taken is self.by_python:
            self.n_positions += sum(len(self.run.text(step)) + 1 for step in range(before, self.run.steps_done))
        taken[1] += time.perf_counter() - began
        return events

    def taken(self):
        """How many steps were made, and how many seconds they took."""
        return tuple(sum(of) for of in zip(self.by_python, self.replayed))

    def told(self):
        """Which engine runs, and why.

        Returns {"name": "preparing" | "replayed" | "plain", "part": what is done next to prepare, else None, "done", "of":
        how many parts, "reasons": why it is not a tape for all texts or none at all, as parts of sentences, "times": how
        many times faster a step is replayed than made by Python, None while that is not known}.
        """
        name = "preparing" if self.waits else "replayed" if self.traced else "plain"
        traced = self.traced
        parts = {"part": traced.next_part, "done": traced.parts_done, "of": traced.n_parts} if self.waits else {}
        return {"name": name, "part": None, "done": 0, "of": 0, **parts, "reasons": self.reasons, "times": self.times()}

    def times(self):
        if not self.traced or not self.replayed[0]:
            return None
        n_positions, seconds = self.traced.by_python
        per_position = (seconds + self.by_python[1]) / (n_positions + self.n_positions)
        texts = self.run.train  # the few that Python has read may be shorter or longer than most
        per_step = per_position * sum(len(text) + 1 for text in texts) / len(texts)
        return per_step / (self.replayed[1] / self.replayed[0])

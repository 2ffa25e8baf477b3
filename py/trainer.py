"""What the page asks of training: begin, go on for a while, look at earlier steps; plain numbers and strings out."""

import gc
import json
import math
import time

import microgpt
import preparation
import training
from takeover import Takeover
from weights_file import load

N_EVENTS = 1000  # of a curve, about: the page has no more pixels
N_EXAMPLES = 5


class Trainer:
    """One training run at a time, and the weights that came with the page, to compare it with."""

    def __init__(self, weights_text, make_machine=None):
        """make_machine(): what replays the steps of a run, see traced.Traced; without one Python makes them all itself."""
        self.shipped, self.make_machine = weights_text, make_machine
        self.run = self.takeover = None
        self.watched = None  # the step that was told slowly, as long as no other was made
        gc.freeze()  # what is loaded by now stays: no need to search it for garbage again

    # ---- What there is to learn from

    def prepare(self, source, choices=None):
        """What would be learned from a person's file or text, {"base64"} or {"text"}, and what was done to it.

        choices and what is returned: see preparation.prepare().
        """
        return preparation.prepare(preparation.received(source), choices)

    # ---- A run begins

    def begin(self, texts, settings, weights_text=None, about=None):
        """Begin a run, from random weights where none are given (see training.Run).

        about: what the data are, for the file of the weights: {"name", "sha256", …}, of which all is optional. Returns
        what standing() says. Raises ValueError, in words, and the run before it, if there was one, is still there.
        """
        training.check_settings(settings)
        self.take(training.Run(texts, settings, weights_text), texts, about or {})
        return self.standing()

    def take(self, run, texts, about):
        """Have this run from now on. Raises ValueError, in words, or an error of the model's file, if that cannot tell how
        good it is."""
        try:
            run.moment(0)
        except training.RunEnded as ended:
            if isinstance(ended.__cause__, FloatingPointError):
                raise ValueError("With these weights the loss is no number, so nothing can be learned.") from None
            raise ended.__cause__ from None
        self.shipped_loss = self.loss_of_shipped(run)
        self.run, self.texts, self.about, self.ended, self.watched = run, texts, about, None, None
        self.takeover = Takeover(run, source(), self.make_machine)

    def loss_of_shipped(self, run):
        """The loss of the page's own weights on the same held-out texts; None if they are for another model or others."""
        try:
            weights, vocabulary, _ = load(self.shipped, any_heads=True)
        except ValueError:
            return None
        texts = run.held_out[: training.N_MEASURED]
        known = set(run.vocabulary) <= set(vocabulary)
        return training.loss_over(texts, weights, vocabulary) if known else None

    def standing(self):
        """All there is to know of the run.

        Returns {"vocabulary", "n_train", "n_held_out", "n_measured": how many of the held-out texts the loss is measured
        over, "examples": texts learned from, "n_mean": steps that a running mean goes over, "settings", "about",
        "guessing": the loss of guessing blindly, "shipped": that of the page's own weights on the same held-out texts, or
        None, "step": how many are done, "done", "ended", "stride": see train(), "events": of the steps so far, thinned out
        by that, "kept": the moments, "engine": see Takeover.told()}. Events and moments: see training.Run.
        """
        run = self.run
        return {
            "vocabulary": run.vocabulary,
            "n_train": len(run.train),
            "n_held_out": len(run.held_out),
            "n_measured": min(training.N_MEASURED, len(run.held_out)),
            "examples": run.train[:N_EXAMPLES],
            "n_mean": training.N_MEAN,
            "settings": run.settings,
            "about": self.about,
            "guessing": math.log(len(run.vocabulary) + 1),
            "shipped": self.shipped_loss,
            "step": run.steps_done,
            "done": run.done,
            "ended": self.ended,
            "stride": stride_of(run.steps_done),
            "events": run.events(0, stride_of(run.steps_done)),
            "engine": self.takeover.told(),
            "kept": [run.moment(step) for step in run.kept],
        }

    # ---- It goes on

    def train(self, n_steps, milliseconds, engine=None):
        """Go on for so many steps or so long, whichever is over first. One step at least is made, or where it is asked for
        more than one, a part of getting ready to make them faster (see Takeover).

        Returns {"events", "stride": every so many steps, and what was kept, there is an event, and of the last step,
        "steps": how many were made, "kept": the moments of the steps that were kept on the way, "done": whether there is
        nothing left to do, "ms": how long the steps alone took, "engine": see Takeover.told(), "ended": None, or if the run
        came to a bad end {"why", "step", "back_to": see RunEnded, "told": of the error (see error_report.py), or None}}.
        """
        run, takeover, events, kept = self.run, self.takeover, [], []
        began, (first, spent), stride = time.perf_counter(), takeover.taken(), stride_of(run.steps_done)
        self.ended = self.watched = None
        try:
            while not run.done and takeover.taken()[0] - first < n_steps:
                before, seconds = run.steps_done, milliseconds / 1000 - (time.perf_counter() - began)
                events += takeover.go_on(n_steps - (takeover.taken()[0] - first), seconds, stride, engine)
                if run.steps_done > before and run.steps_done in run.kept:
                    kept.append(run.moment(run.steps_done))
                if takeover.waits or time.perf_counter() - began >= milliseconds / 1000:
                    break
        except training.RunEnded as ended:
            events += ended.events
            self.ended = {"why": ended.why, "step": ended.step, "back_to": ended.back_to, "told": report_of(ended)}
        done, (made, taken) = run.done or self.ended is not None, takeover.taken()
        answer = {"events": events, "stride": stride, "steps": made - first, "kept": kept, "done": done}
        return {**answer, "ms": 1000 * (taken - spent), "engine": takeover.told(), "ended": self.ended}

    def watch_step(self, parameter=None):
        """Make the next step by the model's own file, as train(1, …) does, and tell every number that changed one weight.

        parameter: {"matrix", "row", "column"}; without one, the weight with the largest gradient. Returns what train()
        does, and "watched": see OneStep.told(), None if the run has come to an end. Raises ValueError if there is no such
        weight.
        """
        from one_step import OneStep  # when somebody wants to see one

        if self.run.done:
            return {**self.train(1, 0), "watched": None}
        step = OneStep(self.run)
        if parameter:
            step.check(parameter)
        answer = self.train(1, 0, training.one_at_a_time)
        self.watched = None if answer["ended"] else step
        return {**answer, "watched": self.watched and step.told(parameter)}

    def watch_weight(self, parameter=None):
        """The step that was watched, told of another weight: see OneStep.told(). None if the run has gone on since."""
        return self.watched and self.watched.told(parameter)

    def keep(self):
        """Keep the step where the run is now, because it pauses here. Returns its moment."""
        if self.run.steps_done not in self.run.kept:
            self.run.keep()
        return self.run.moment(self.run.steps_done)

    # ---- Its weights

    def weights(self):
        """The file of the weights of now, as text."""
        return self.file(self.run.steps_done)

    def moment(self, step):
        """A moment that was kept, with "weights": the file of them, as text. Raises ValueError if it was not."""
        return {**self.run.moment(step), "weights": self.file(step, self.run.weights_at(step))}

    def file(self, step, weights=None):
        named = {"data" if key == "name" else f"data_{key}": value for key, value in self.about.items()}
        return self.run.file({**named, **self.run.recipe(), "steps_done": step}, weights)

    def go_on_from(self, step):
        """Take the run back to a moment; what came later is forgotten. Returns what standing() says."""
        self.run.go_on_from(step)
        self.ended = self.watched = None
        return self.standing()

    # ---- It survives

    def put_away(self):
        """All of the run, as a text that take_up() understands, in this Python or in another."""
        run = self.run
        content = {"texts": self.texts, "settings": run.settings, "about": self.about, "vocabulary": run.vocabulary}
        return json.dumps({**content, **run.put_away()})

    def take_up(self, text):
        """Go on with a run that was put away. Returns what standing() says. Raises ValueError, in words, if it is none."""
        try:
            content = json.loads(text)
            texts, settings, about, vocabulary = (content[k] for k in ("texts", "settings", "about", "vocabulary"))
            if not (isinstance(about, dict) and all(isinstance(each, str) for each in [vocabulary, *texts])):
                raise ValueError
            training.check_settings(settings)
            run = training.Run(texts, settings, vocabulary=vocabulary)
            run.take_up(content)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            raise ValueError(training.DAMAGED) from None
        self.take(run, texts, about)
        return self.standing()

    def answer(self, method, arguments):
        """A call from the page: the method's name and its arguments as a JSON list, JSON back."""
        gc.disable()  # a step makes many thousand values and no cycles: nothing to collect
        try:
            return json.dumps(getattr(self, method)(*json.loads(arguments)), allow_nan=False)
        finally:
            gc.enable()


def source():
    """The text of the model's file as it runs here."""
    with open(microgpt.__file__, encoding="utf-8") as file:
        return file.read()


def stride_of(steps):
    """A curve of so many steps has an event every so many."""
    stride = 1
    while steps > N_EVENTS * stride:
        stride *= 2
    return stride


def report_of(ended):
    """What is told of the error that ended a run; None if it was no error."""
    if ended.__cause__ is None or isinstance(ended.__cause__, FloatingPointError):
        return None
    import error_report  # when there is one

    return error_report.report(ended.__cause__)

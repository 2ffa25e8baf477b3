"""A training run of microgpt.py, one step at a time: it can be put away, taken up again, and taken back to earlier steps."""

import binascii
import math
import random
import struct

import microgpt
from dataset import SPLIT, split, vocabulary_of
from minibatch import one_minibatch_at_a_time
from weights_file import dump, load

N_WRITTEN = 300
N_MEASURED = 20  # held-out texts over which the loss is measured on the way
N_MEAN = 50  # steps, the last ones, over which the running mean of the loss goes
N_NAMES = 5  # sampled at every step that is kept
N_PAUSES = 20  # steps that are kept because the run paused there: the last ones
MOST = {"steps": 1_000_000, "learning_rate": 1.0, "seed": 2**53, "batch": 10_000}
DAMAGED = "What was kept of this training is damaged."


class RunEnded(Exception):
    """A step from which no run can go on. By now the run is back at the last step before it that it has kept.

    why: "nan" or "infinite", as the loss is, or would be if a computer had numbers so large; or "error", of the model's
    own code. In the last case, and mostly in the second, there is a __cause__. events: of the steps before it that were
    made together with it, and that the run has gone back on. Its text is a sentence for a person.
    """

    def __init__(self, why, step, back_to, events=()):
        self.why, self.step, self.back_to, self.events = why, step, back_to, events
        what = {
            "nan": "the loss was no number any more",
            "infinite": "numbers became too large for a computer",
            "error": "there was an error in microgpt.py",
        }[why]
        do = "Mend it" if why == "error" else "Try a smaller learning rate"
        super().__init__(f"In step {step} {what}. {do}.")


class Run:
    """One run over a list of texts: the same texts, settings and first weights give the same weights, always."""

    def __init__(self, texts, settings, weights_text=None, vocabulary=None):
        """settings: {"seed", "steps", "learning_rate", "beta1", "beta2"}, and "batch", texts a step, where it is not 1.
        weights_text: a file of weights to go on from; without one they are random. vocabulary: of random weights, where
        it is not that of the texts.

        Raises ValueError, in words for a person, if the weights do not fit the texts, or are none.
        """
        self.settings, self.batch = settings, settings.get("batch", 1)
        if weights_text is None:
            self.vocabulary = vocabulary or vocabulary_of(texts)
            self.weights = microgpt.init_weights(self.vocabulary, random.Random(settings["seed"]))
        else:
            self.weights, self.vocabulary, _ = load(weights_text, any_heads=True)
        check_texts(texts, self.vocabulary)
        self.train, self.held_out = split(texts, settings["seed"])
        self.moments = [[0.0, 0.0] for _ in microgpt.parameters(self.weights)]
        self.losses = []  # of every step so far
        self.kept = {}  # {step: the weights and moments after it, packed}
        self.measured = {}  # {step: what moment() found}
        self.engine = python(self.batch)
        self.loss_over = loss_over  # or what gives the same sooner
        self.keep()

    @property
    def steps_done(self):
        return len(self.losses)

    @property
    def done(self):
        return self.steps_done >= self.settings["steps"]

    # ---- Going on

    def step(self):
        """One training step of the model's own file: its event (see there)."""
        return self.go_on(1, python(self.batch))[0]

    def go_on(self, most, engine=None, stride=1):
        """So many training steps in one go, at least one, but none beyond one that is to be kept: their events().

        engine: what makes them, if not the run's own. Raises RunEnded.
        """
        first = self.steps_done
        n_steps = min(most, next_kept(first, self.settings["steps"]) - first)
        texts = [self.text(step, i) for step in range(first, first + n_steps) for i in range(self.batch)]
        documents = [microgpt.document(text, self.vocabulary) for text in texts]
        try:
            for loss in (engine or self.engine)(documents, self.weights, self.moments, first, self.settings):
                check_loss(loss)
                self.losses.append(loss)
            check_finite([p.data for p in every_number(self.weights)])
            if is_kept(self.steps_done) or self.done:
                self.keep()
        except Exception as error:
            raise self.end(error, first, self.events(first, stride)) from error
        return self.events(first, stride)

    def text(self, step, i=0):
        """What is learned from in the step that follows on so many; if it is several texts, the i-th of them."""
        return self.train[(step * self.batch + i) % len(self.train)]

    def events(self, first, stride=1):
        """Those of all steps after so many up to now; or of those that are a multiple of the stride or were kept, and of
        the last."""
        steps = {*range(first + stride - first % stride, self.steps_done + 1, stride)}
        steps |= {step for step in (*self.kept, self.steps_done) if step > first}
        return [self.event(step) for step in sorted(steps)]

    def event(self, step):
        """A step that was made, counted from 1: {"step", "steps": of the whole run, "text", the first one of its texts,
        "loss": of the texts, before the step changed the weights, "mean": of the last losses}."""
        last = self.losses[max(0, step - N_MEAN) : step]
        return {
            "step": step,
            "steps": self.settings["steps"],
            "text": self.text(step - 1),
            "loss": self.losses[step - 1],
            "mean": math.fsum(last) / len(last),
        }

    def end(self, error, good, events=()):
        """Go back to the last step kept of so many that were good. Returns the RunEnded that says so."""
        step, back_to = self.steps_done + 1, max(step for step in self.kept if step <= good)
        self.go_on_from(back_to)
        return RunEnded(why_of(error), step, back_to, events)

    # ---- Steps that are kept

    def keep(self):
        """Keep the weights and moments of now, to be looked at and gone on from later. Raises FloatingPointError if they
        are not all finite."""
        self.kept[self.steps_done] = self.packed()
        pauses = [step for step in self.kept if not is_kept(step) and step != self.settings["steps"]]
        for step in pauses[:-N_PAUSES]:
            self.forget(step)

    def forget(self, step):
        del self.kept[step]
        self.measured.pop(step, None)

    def go_on_from(self, step):
        """Take the run back to a step that it has kept; what came later is forgotten. Raises ValueError if it has not."""
        self.unpack(self.kept_at(step))
        del self.losses[step:]
        for later in [kept for kept in self.kept if kept > step]:
            self.forget(later)

    def kept_at(self, step):
        if step not in self.kept:
            raise ValueError(f"The weights of step {step!r:.40} have not been kept.")
        return self.kept[step]

    def moment(self, step):
        """How good the model was at a step that the run has kept.

        Returns {"step", "loss": the running mean, None before the first step, "held_out": the mean loss over held-out
        texts, the first of them, "names": a few that it writes, always from the same random numbers}. Raises RunEnded
        where this cannot be told, ValueError if the step has not been kept.
        """
        weights = self.weights_at(step)
        if step not in self.measured:
            try:
                held_out = self.loss_over(self.held_out[:N_MEASURED], weights, self.vocabulary)
                check_loss(held_out)
                rng = random.Random(self.settings["seed"])
                names = [microgpt.generate(weights, self.vocabulary, 1.0, rng) for _ in range(N_NAMES)]
            except Exception as error:
                raise self.end(error, max(0, step - 1)) from error
            loss = self.event(step)["mean"] if step else None
            self.measured[step] = {"step": step, "loss": loss, "held_out": held_out, "names": names}
        return self.measured[step]

    def weights_at(self, step):
        """The weights of a step that the run has kept. Raises ValueError if it has not."""
        numbers = iter(numbers_in(self.kept_at(step)))
        return {
            name: [[microgpt.Value(next(numbers)) for _ in row] for row in matrix]
            for name, matrix in self.weights.items()
        }

    # ---- Weights and moments as bytes

    def packed(self):
        """The numbers of the weights, then the moments of each parameter, 8 bytes each."""
        numbers = [p.data for p in every_number(self.weights)]
        numbers += [number for moment in self.moments for number in moment]
        check_finite(numbers)
        return struct.pack(f"<{len(numbers)}d", *numbers)

    def unpack(self, state):
        """The other way round. An edited file may keep more or fewer moments of a parameter than two."""
        numbers = numbers_in(state)
        weights = every_number(self.weights)
        for p, number in zip(weights, numbers):
            p.data, p.grad = number, 0.0
        rest = numbers[len(weights) :]
        if self.moments:
            width = len(rest) // len(self.moments)
            self.moments = [list(rest[i : i + width]) for i in range(0, len(rest), width)] if width else self.moments

    # ---- Put away, and taken up again

    def put_away(self):
        """All that another run of the same texts and settings needs to go on from here, as plain data: see take_up()."""
        return {
            "steps_done": self.steps_done,
            "state": as_text(self.packed()),
            "losses": as_text(struct.pack(f"<{self.steps_done}d", *self.losses)),
            "kept": [
                {"step": step, "state": as_text(state), "moment": self.measured.get(step)}
                for step, state in self.kept.items()
            ],
        }

    def take_up(self, content):
        """Go on from what another run put away. Raises ValueError, with nothing changed, if no such run has."""
        try:
            steps_done, kept = content["steps_done"], content["kept"]
            state = as_bytes(content["state"])
            losses = list(numbers_in(as_bytes(content["losses"])))
            kept = {each["step"]: (as_bytes(each["state"]), each["moment"]) for each in kept}
            check_finite(losses)
            for one in (state, *(of_kept for of_kept, _ in kept.values())):
                self.check_state(one)
            right = type(steps_done) is int and 0 <= steps_done == len(losses) <= self.settings["steps"]
            right = right and all(type(step) is int and 0 <= step <= steps_done for step in kept) and 0 in kept
            if not right or not all(is_moment(moment, step) for step, (_, moment) in kept.items()):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, struct.error):
            raise ValueError(DAMAGED) from None
        self.losses = losses
        self.unpack(state)
        self.kept = {step: of_kept for step, (of_kept, _) in sorted(kept.items())}
        self.measured = {step: moment for step, (_, moment) in kept.items() if moment}

    def check_state(self, state):
        """Raises ValueError or ArithmeticError unless these can be this run's weights and moments."""
        numbers = numbers_in(state)
        n_moments = len(numbers) - len(every_number(self.weights))
        if n_moments < 0 or (n_moments % len(self.moments) if self.moments else n_moments):
            raise ValueError
        check_finite(numbers)

    # ---- What becomes of it

    def recipe(self):
        """How these weights are trained, as their file says it."""
        return {
            **self.settings,
            "split": SPLIT,
            "n_learned_from": len(self.train),
            "n_held_out": len(self.held_out),
        }

    def file(self, training, weights=None):
        """The text of the file of the weights, those of now where no others are given. training: see weights_file.py."""
        return dump(weights or self.weights, self.vocabulary, training)


def one_at_a_time(documents, weights, moments, first, settings):
    """The engine of every run: the training step of the model's own file, once for each document, in order.

    An engine changes the weights and moments in place, and yields the loss of each document before the change, a float.
    documents: lists of tokens. first: how many steps of the run were made before. settings: see Run. Another engine may
    make all steps before it yields the first loss. Raises what the file raises.
    """
    for step, tokens in enumerate(documents, first):
        loss = microgpt.training_step(
            tokens,
            weights,
            moments,
            step,
            settings["steps"],
            settings["learning_rate"],
            settings["beta1"],
            settings["beta2"],
        )
        yield getattr(loss, "data", loss)


one_at_a_time.at_once = one_minibatch_at_a_time.at_once = 1  # steps between two looks at the clock


def python(batch):
    """The engine that has Python itself make steps of so many texts."""
    return one_at_a_time if batch == 1 else one_minibatch_at_a_time


# ---- Steps that are kept ----------------------------------------------------------------


def is_kept(step):
    """Whether weights are kept after so many steps, whatever the run: 0, 1, 2, 5, 10, 20, 50, and so on."""
    return str(step).rstrip("0") in ("", "1", "2", "5")


def next_kept(step, steps):
    """The next step after this one whose weights are kept; the last one is in any case."""
    power = 10 ** len(str(step))
    return min(steps, *(n * scale for n in (1, 2, 5) for scale in (power // 10, power) if n * scale > step))


# ---- Checked ----------------------------------------------------------------------------


def check_settings(settings):
    """Raises ValueError, in words, unless a run can have these."""
    for name, least in (("steps", 1), ("seed", 0), ("batch", 1)):
        value = settings.get(name, 1 if name == "batch" else None)
        if type(value) is not int or not least <= value <= MOST[name]:
            raise ValueError(f"{name} has to be a whole number from {least} to {MOST[name]}, not {value!r:.40}.")
    rate = settings.get("learning_rate")
    if type(rate) not in (int, float) or not 0 < rate <= MOST["learning_rate"]:
        raise ValueError(f"The learning rate has to be above 0 and at most 1, not {rate!r:.40}.")
    for name in ("beta1", "beta2"):
        value = settings.get(name)
        if type(value) not in (int, float) or not 0 <= value < 1:
            raise ValueError(f"{name} has to be from 0 to below 1, not {value!r:.40}.")


def check_texts(texts, vocabulary):
    """Raises ValueError, in words, if a model with this vocabulary cannot learn from the texts."""
    unknown = sorted(set("".join(texts)) - set(vocabulary))
    if unknown:
        raise ValueError(
            f"These weights are for the characters {vocabulary}, and the texts use others: {''.join(unknown):.40}. "
            "Start from random weights."
        )
    if len(set(texts)) < 2:
        raise ValueError("Two texts that differ are needed at least: one to learn from and one to test on.")
    longest = max(texts, key=len)
    if len(longest) >= microgpt.block_size:
        raise ValueError(
            f"“{longest:.40}” has {len(longest)} characters, and the model sees {microgpt.block_size} positions, START "
            "included. Leave out what is too long."
        )


def check_loss(loss):
    """Raises FloatingPointError unless it is finite, TypeError if it is no number."""
    if isinstance(loss, bool) or not isinstance(loss, (int, float)):
        raise TypeError(f"training_step() returned {loss!r:.60}, not a loss.")
    check_finite([loss])


def check_finite(numbers):
    """Raises FloatingPointError, with the word for what is not, unless all of them are."""
    for number in numbers:
        if not math.isfinite(number):
            raise FloatingPointError("nan" if math.isnan(number) else "infinite")


def why_of(error):
    """Which of the reasons of RunEnded an error is."""
    if isinstance(error, FloatingPointError):
        return "nan" if str(error) == "nan" else "infinite"
    too_small = isinstance(error, ValueError) and ("math domain" in str(error) or "positive input" in str(error))
    return "infinite" if too_small or isinstance(error, ArithmeticError) else "error"  # log(0), 1/0, exp(1000)


def is_moment(moment, step):
    """Whether this can be what Run.moment() says of a step, or None."""
    if moment is None:
        return True
    loss, held_out, names = moment["loss"], moment["held_out"], moment["names"]
    return (
        moment["step"] == step
        and (loss is None if step == 0 else math.isfinite(loss))
        and math.isfinite(held_out)
        and all(isinstance(name, str) for name in names)
    )


# ---- Numbers, bytes and text --------------------------------------------------------------


def every_number(weights):
    """Every value of the weights, in order, whether or not it is a parameter: an edited file may leave some as they are."""
    return [p for matrix in weights.values() for row in matrix for p in row]


def numbers_in(state):
    return struct.unpack(f"<{len(state) // 8}d", state)


def as_text(state):
    return binascii.b2a_base64(state, newline=False).decode("ascii")


def as_bytes(text):
    return binascii.a2b_base64(text, strict_mode=True)


# ---- What came of it ----------------------------------------------------------------------


def written(weights, vocabulary, texts, seed):
    """Whether the model has learned the list or keeps it: texts that it writes, looked up among those it learned from.

    Returns {"count": how many it wrote, "known": how many of these stand among the texts}.
    """
    rng = random.Random(seed)
    count = min(N_WRITTEN, len(texts))
    learned = set(texts)
    known = sum(microgpt.generate(weights, vocabulary, 1.0, rng) in learned for _ in range(count))
    return {"count": count, "known": known}


def loss_over(texts, weights, vocabulary):
    """Mean -log p over every character and STOP of all the texts."""
    *_, (_, loss) = mean_loss(texts, weights, vocabulary)
    return loss


def mean_loss(texts, weights, vocabulary):
    """The same, one text at a time.

    Yields (texts done, mean so far), so that whoever waits can be told how far it is.
    """
    total = n_tokens = 0
    for n_texts, text in enumerate(texts, 1):
        tokens = microgpt.document(text, vocabulary)
        n_predictions = len(tokens) - 1
        total += microgpt.mean_nll(tokens, weights).data * n_predictions
        n_tokens += n_predictions
        yield n_texts, total / n_tokens

"""A training run of microgpt.py, one step at a time, that can be put away and taken up again."""

import random

import microgpt
from dataset import split, vocabulary_of
from weights_file import check_matrix, load

N_WRITTEN = 300


class Run:
    """One run over a list of texts: the same texts and settings give the same weights, always.

    settings: {"seed", "steps", "learning_rate", "beta1", "beta2"}.
    """

    def __init__(self, texts, settings):
        self.settings = settings
        self.vocabulary = vocabulary_of(texts)
        self.train, self.held_out = split(texts, settings["seed"])
        self.weights = microgpt.init_weights(self.vocabulary, random.Random(settings["seed"]))
        self.moments = [[0.0, 0.0] for _ in microgpt.parameters(self.weights)]
        self.steps_done = 0

    def resume(self, weights_text, moments, steps_done):
        """Go on from where another run of the same texts and settings stopped.

        Raises ValueError, with nothing changed, if no such run can have stopped there.
        """
        weights, vocabulary, _ = load(weights_text)
        if vocabulary != self.vocabulary:
            raise ValueError(f"These weights are for the characters {vocabulary}, the texts use {self.vocabulary}.")
        check_matrix("of moments", moments, len(microgpt.parameters(weights)), 2)
        if not (isinstance(steps_done, int) and 0 <= steps_done <= self.settings["steps"]):
            raise ValueError(f"A run of {self.settings['steps']} steps cannot have stopped after {steps_done!r:.40}.")
        self.weights, self.moments, self.steps_done = weights, moments, steps_done

    @property
    def done(self):
        return self.steps_done >= self.settings["steps"]

    def step(self):
        """One training step: {"step", "steps", "text", "loss"}, the step counted from 1."""
        text = self.train[self.steps_done % len(self.train)]
        loss = microgpt.training_step(
            microgpt.document(text, self.vocabulary),
            self.weights,
            self.moments,
            self.steps_done,
            self.settings["steps"],
            self.settings["learning_rate"],
            self.settings["beta1"],
            self.settings["beta2"],
        )
        self.steps_done += 1
        return {"step": self.steps_done, "steps": self.settings["steps"], "text": text, "loss": loss.data}


def written(weights, vocabulary, texts, seed):
    """Whether the model has learned the list or keeps it: texts that it writes, looked up among those it learned from.

    Returns {"count": how many it wrote, "known": how many of these stand among the texts}.
    """
    rng = random.Random(seed)
    count = min(N_WRITTEN, len(texts))
    learned = set(texts)
    known = sum(microgpt.generate(weights, vocabulary, 1.0, rng) in learned for _ in range(count))
    return {"count": count, "known": known}


def mean_loss(texts, weights, vocabulary):
    """Mean -log p over every character and STOP of all the texts, one text at a time.

    Yields (texts done, mean so far), so that whoever waits can be told how far it is.
    """
    total = n_tokens = 0
    for n_texts, text in enumerate(texts, 1):
        tokens = microgpt.document(text, vocabulary)
        n_predictions = len(tokens) - 1
        total += microgpt.mean_nll(tokens, weights).data * n_predictions
        n_tokens += n_predictions
        yield n_texts, total / n_tokens

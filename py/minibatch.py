"""Training steps on several texts each: the mean of the gradients that the file's own backward() makes of each text,
then the file's own change of the parameters, once.

A long text counts for more than a short one: the mean is over all predictions in the texts, as the held-out loss is."""

import contextlib

import microgpt


class GradientMade(Exception):
    """In place of the change: this was not the last text of the step."""


@contextlib.contextmanager
def after_backward(act):
    """Call act(loss) whenever backward() of the file has run on a loss."""
    own = microgpt.Value.backward

    def backward(loss):
        own(loss)
        act(loss)

    microgpt.Value.backward = backward
    try:
        yield
    finally:
        microgpt.Value.backward = own


def one_minibatch_at_a_time(documents, weights, moments, first, settings):
    """An engine, as training.one_at_a_time is one, of settings["batch"] documents a step. Yields the mean loss of
    their predictions."""
    batch = settings["batch"]
    for start in range(0, len(documents), batch):
        yield one_minibatch(documents[start : start + batch], weights, moments, first + start // batch, settings)


def one_minibatch(documents, weights, moments, step, settings):
    """One step on all these documents. Returns the mean loss of their predictions."""
    parameters = microgpt.parameters(weights)
    losses, sums = [], [0.0] * len(parameters)
    n_predictions = [len(tokens) - 1 for tokens in documents]
    n_all = sum(n_predictions)

    def add(loss):
        n = n_predictions[len(losses)]
        losses.append(loss.data * n)
        sums[:] = [total + p.grad * n for total, p in zip(sums, parameters)]
        is_last = len(losses) == len(documents)
        for p, total in zip(parameters, sums):
            p.grad = total / n_all if is_last else 0.0
        if not is_last:
            raise GradientMade

    n_steps, *rates = (settings[name] for name in ("steps", "learning_rate", "beta1", "beta2"))
    with after_backward(add):
        for tokens in documents:
            with contextlib.suppress(GradientMade):
                microgpt.training_step(tokens, weights, moments, step, n_steps, *rates)
    return sum(losses) / n_all

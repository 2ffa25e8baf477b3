"""Training steps on several texts each: the mean of the gradients that the file's own backward() makes of each text,
then the file's own change of the parameters, once."""

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
    """An engine, as training.one_at_a_time is one, of settings["batch"] documents a step. Yields the mean of their losses."""
    batch = settings["batch"]
    parameters = microgpt.parameters(weights)
    for start in range(0, len(documents), batch):
        losses, sums = [], [0.0] * len(parameters)

        def add(loss):
            losses.append(loss.data)
            sums[:] = [total + p.grad for total, p in zip(sums, parameters)]
            last = len(losses) == batch
            for p, total in zip(parameters, sums):
                p.grad = total / batch if last else 0.0
            if not last:
                raise GradientMade

        with after_backward(add):
            for tokens in documents[start : start + batch]:
                with contextlib.suppress(GradientMade):
                    microgpt.training_step(
                        tokens,
                        weights,
                        moments,
                        first + start // batch,
                        settings["steps"],
                        settings["learning_rate"],
                        settings["beta1"],
                        settings["beta2"],
                    )
        yield sum(losses) / batch

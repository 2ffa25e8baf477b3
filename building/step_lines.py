"""The lines of Python behind each moment of a training step that is told slowly (web/train/one_step.js)."""

from . import ROOT
from .code import MODEL, Source

# Each moment, in the order in which they are told: the functions that make it, and which of their lines do.
MOMENTS = {
    "tokens": {"document": ["return [edge, …"], "mean_nll": ["for position, …"]},
    "probs": {"mean_nll": ["probs = …"]},
    "nll": {"mean_nll": ["losses.append(…"], "nll": ["return …"]},
    "average": {"mean_nll": ["return sum(…"]},
    "backward": {"training_step": ["loss = …", "loss.backward()"]},
    "uses": {"Value.backward": ["grad = value.grad", "for source, …", "source.grad += …"]},
    "rate": {"training_step": ["rate = …"]},
    "m": {"training_step": ["moment[0] = …"]},
    "v": {"training_step": ["moment[1] = …"]},
    "mean": {"training_step": ["mean = …"]},
    "mean_square": {"training_step": ["mean_square = …"]},
    "change": {"training_step": ["p.data -= …"]},
    "weight": {"training_step": ["p.data -= …", "p.grad = 0.0"]},
    "after": {"mean_nll": ["return sum(…"]},
}


def build(root=ROOT):
    """{"path", "functions": {name: the numbers of its lines, without its docstring}, "moments": {name: {function: the numbers
    of those of its lines}}}. Raises Failure if the file has none of these any more."""
    source = Source(root, MODEL)
    functions = {name: source.numbers(name, []) for lines in MOMENTS.values() for name in lines}
    moments = {
        moment: {name: source.numbers(name, wanted) for name, wanted in lines.items()}
        for moment, lines in MOMENTS.items()
    }
    return {"path": MODEL, "functions": functions, "moments": moments}

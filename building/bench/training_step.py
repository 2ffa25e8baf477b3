"""Times the training steps of microgpt.py, made by Python and replayed: the same files in the page's Python and in this
machine's."""

import gc
import time

import microgpt
import training
import weights_file
from game_names import NAMES
from traced import ANY_LENGTH, Traced
from trainer import source, stride_of

TEXT = "oliver"  # eight tokens with START and STOP, about the mean of the names
STEPS = 15
REPLAYED = 10_000  # steps
SETTINGS = {"seed": 1, "steps": 2 * STEPS, "learning_rate": 0.003, "beta1": 0.85, "beta2": 0.99}


def measure(weights_text, machine):
    """[how long each step on the text takes, how long each step of a run over names does, how long it takes to get ready
    to replay that run, how long a step takes then], in seconds. machine: see traced.Traced."""
    gc.collect()
    gc.disable()  # as training does: the graph of a step has no cycles
    try:
        return [on_the_text(weights_text), of_a_run(), *replayed(machine)]
    finally:
        gc.enable()


def on_the_text(weights_text):
    weights, vocabulary, _ = weights_file.load(weights_text)
    tokens = microgpt.document(TEXT, vocabulary)
    moments = [[0.0, 0.0] for _ in microgpt.parameters(weights)]
    return [
        seconds(microgpt.training_step, tokens, weights, moments, step, STEPS, learning_rate=0.003)
        for step in range(STEPS)
    ]


def of_a_run():
    run = training.Run(NAMES, SETTINGS)
    return [seconds(run.step) for _ in range(SETTINGS["steps"])]


def replayed(machine):
    run = training.Run(NAMES, {**SETTINGS, "steps": REPLAYED})
    ready = seconds(get_ready, machine, run)
    return [ready, sum(seconds(run.go_on, REPLAYED, stride=stride_of(REPLAYED)) for _ in until_done(run)) / REPLAYED]


def get_ready(machine, run):
    run.engine = Traced(source(), machine, run)
    if run.engine.tapes_for != ANY_LENGTH:
        raise RuntimeError(run.engine.reasons[-1])


def until_done(run):
    while not run.done:
        yield run


def seconds(work, *arguments, **options):
    began = time.perf_counter()
    work(*arguments, **options)
    return time.perf_counter() - began

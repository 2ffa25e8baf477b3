"""Times the training steps of microgpt.py: the same files in the page's Python and in this machine's."""

import gc
import time

import microgpt
import training
import weights_file
from game_names import NAMES

TEXT = "oliver"  # eight tokens with START and STOP, about the mean of the names
STEPS = 15
SETTINGS = {"seed": 1, "steps": 2 * STEPS, "learning_rate": 0.003, "beta1": 0.85, "beta2": 0.99}


def measure(weights_text):
    """[how long each step on the text takes, how long each step of a run over names does], in seconds."""
    gc.collect()
    gc.disable()  # as training does: the graph of a step has no cycles
    try:
        return [on_the_text(weights_text), of_a_run()]
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


def seconds(work, *arguments, **options):
    began = time.perf_counter()
    work(*arguments, **options)
    return time.perf_counter() - began

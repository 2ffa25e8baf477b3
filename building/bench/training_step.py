"""Times one training step of microgpt.py: the same file in the page's Python and in this machine's."""

import gc
import time

import microgpt
import weights_file

TEXT = "oliver"  # eight tokens with START and STOP, about the mean of the names
STEPS = 15


def seconds(weights_text):
    """How long each of the steps takes."""
    weights, vocabulary, _ = weights_file.load(weights_text)
    tokens = microgpt.document(TEXT, vocabulary)
    moments = [[0.0, 0.0] for _ in microgpt.parameters(weights)]
    gc.collect()
    gc.disable()  # as training does: the graph of a step has no cycles
    taken = []
    try:
        for step in range(STEPS):
            began = time.perf_counter()
            microgpt.training_step(tokens, weights, moments, step, STEPS, learning_rate=0.003)
            taken.append(time.perf_counter() - began)
    finally:
        gc.enable()
    return taken

"""Times gpt() at one position, alone and watched line by line: the same file in the page's Python and in this machine's."""

import gc
import time

import inside
import microgpt
import weights_file

TEXT = "olivia"  # it is the last position that is timed
TIMES = 15


def measure(weights_text, machine=None):
    """The seconds of processor time that each pass takes, (alone, watched). machine: of no use here (see training_step.py)."""
    weights, vocabulary, _ = weights_file.load(weights_text)
    *before, last = microgpt.document(TEXT, vocabulary)[:-1]
    keys, values = microgpt.empty_cache(), microgpt.empty_cache()
    for position, token in enumerate(before):
        microgpt.gpt(token, position, keys, values, weights)

    def passes(watch):
        taken = []
        for _ in range(TIMES):
            own = [[*layer] for layer in keys], [[*layer] for layer in values]
            began = time.process_time()
            watch().run(microgpt.gpt, last, len(before), *own, weights)
            taken.append(time.process_time() - began)
        return taken

    gc.collect()
    gc.disable()  # as the lesson does
    try:
        return passes(inside.Unwatched), passes(lambda: inside.Watch(microgpt.__file__, inside.statements()))
    finally:
        gc.enable()

"""Ready changes of microgpt.py, a file an experiment, for people to try in the editor (see building/experiments.py).

Each has PATCH, {text that stands in the file once: what to put there}; TEXTS, those that it is seen with; LOOK, the link
that sets the sandbox to what is worth a look afterwards; and answer(original, edit), which finds out from the two versions
of the model which of the choices in web/words/en/experiments.json is right, and what fills the blanks there.
"""

ORDER = [
    *("no_attention", "uniform_attention", "last_letter", "one_head", "no_position"),
    *("no_residual", "no_rmsnorm", "square", "random_weights", "zeroed_letter"),
    *("sharp_softmax", "greedy"),
    *("transposed", "large_logits"),  # with a mistake to find
]

"""Weights as JSON that a person can read, and back again, checked once, here."""

import json
import random
import re
import sys

import microgpt
from microgpt import Value

MAX_CHARACTERS = 100  # in a vocabulary: each is a row in two of the model's matrices
MAX_NESTING = 20  # lists and objects inside one another; dump() writes 4


def shape():
    """The shape of the model that microgpt.py describes now."""
    return {name: getattr(microgpt, name) for name in ("n_layer", "n_embd", "n_head", "block_size")}


def dump(weights, vocabulary, training):
    """The file's text: the vocabulary, the shape, how it was trained, then a matrix row a line."""
    head = json.dumps({"vocabulary": vocabulary, "shape": shape(), "training": training}, indent=2)
    matrices = []
    for name, matrix in weights.items():
        rows = ",\n".join("      " + json.dumps([p.data for p in row]) for row in matrix)
        matrices.append(f'    "{name}": [\n{rows}\n    ]')
    return head[:-2] + ',\n  "weights": {\n' + ",\n".join(matrices) + "\n  }\n}\n"


def copied(weights):
    """The same weights, in Values of their own."""
    return {name: [[Value(p.data) for p in row] for row in matrix] for name, matrix in weights.items()}


def load(text, any_heads=False):
    """(weights, vocabulary, training) of such a file.

    any_heads: weights fit a model with another number of heads just as well; one that was edited may have it.

    Raises ValueError, in words for a person, if the file is not what dump() writes for the
    model that microgpt.py describes now.
    """
    try:
        if nesting(text) > MAX_NESTING:  # json.loads() would run out of stack, and in a browser that is the end
            raise ValueError
        content = json.loads(text)
        vocabulary, training, matrices = (content[key] for key in ("vocabulary", "training", "weights"))
        file_shape = content["shape"]
    except (ValueError, KeyError, TypeError):
        raise ValueError("These are not weights: not the JSON that training writes.") from None
    if not (isinstance(vocabulary, str) and 0 < len(set(vocabulary)) == len(vocabulary) <= MAX_CHARACTERS):
        raise ValueError(
            f"These weights name no vocabulary: a text of 1 to {MAX_CHARACTERS} characters, each of them once."
        )
    expected_shape = shape()
    if any_heads and isinstance(file_shape, dict):
        file_shape = file_shape | {"n_head": expected_shape["n_head"]}
    if file_shape != expected_shape:
        raise ValueError(
            f"These weights are for another model: they say {str(file_shape):.200}, the code says {shape()}."
        )
    if not (isinstance(matrices, dict) and isinstance(training, dict)):
        raise ValueError("These are not weights: the matrices by name, or how they were trained, are missing.")
    expected = microgpt.init_weights(vocabulary, Zeros)  # for the names and shapes alone
    if matrices.keys() != expected.keys():
        raise ValueError(
            f"These weights hold the matrices {', '.join(matrices):.200}; the model has {', '.join(expected)}."
        )
    for name, matrix in expected.items():
        check_matrix(name, matrices[name], len(matrix), len(matrix[0]))
    # In the model's own order, whatever the file's: training counts parameters in that order.
    return {name: [[Value(float(x)) for x in row] for row in matrices[name]] for name in expected}, vocabulary, training


class Zeros:
    """In place of a source of random numbers, where it does not matter which: they take a while to draw."""

    @staticmethod
    def gauss(mean, std):
        return 0.0


def nesting(text):
    """How many lists and objects of a JSON text stand inside one another, at the deepest."""
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"?', "", text)  # a string may end with the text
    depth = deepest = 0
    for bracket in re.findall(r"[][{}]", without_strings):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def untrained(text, seed=42):
    """The text of a file like this one, but with random weights, for the model that microgpt.py describes now, and a training
    of no steps."""
    vocabulary = json.loads(text)["vocabulary"]
    weights = microgpt.init_weights(vocabulary, random.Random(seed))
    return dump(weights, vocabulary, {"seed": seed, "steps": 0})


def check_matrix(name, matrix, n_rows, n_columns):
    """Raise ValueError unless `matrix` is n_rows lists of n_columns finite numbers."""
    right_shape = isinstance(matrix, list) and len(matrix) == n_rows
    if not (right_shape and all(isinstance(row, list) and len(row) == n_columns for row in matrix)):
        raise ValueError(f"The matrix {name} in these weights is not {n_rows} rows of {n_columns} numbers.")
    for row in matrix:
        for x in row:
            if isinstance(x, bool) or not isinstance(x, (int, float)) or not abs(x) <= sys.float_info.max:
                raise ValueError(f"The matrix {name} in these weights holds {x!r:.40}, which is not a finite number.")

"""Whether the model is the one in the repository is told by two SHA-256: of its code, and of its weights."""

import hashlib

import microgpt


def sha256():
    """Of microgpt's source, byte for byte as Python's own import loads it."""
    spec = microgpt.__spec__
    return hashlib.sha256(spec.loader.get_data(spec.origin)).hexdigest()


def sha256_of_weights(text):
    """Of a file of weights, from the text of it that Lesson is given."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

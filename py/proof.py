"""Whether the model's file is the one in the repository is told by its SHA-256."""

import hashlib

import microgpt


def sha256():
    """The SHA-256 of microgpt's source, byte for byte as Python's own import loads it."""
    spec = microgpt.__spec__
    return hashlib.sha256(spec.loader.get_data(spec.origin)).hexdigest()

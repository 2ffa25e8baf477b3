"""The trainer for the page's worker: whatever goes wrong is told as data, since the file may be somebody's edit.

Nothing of the model is imported before start(), as in edited.py.
"""

import sys

from edited import Told, told


def start(weights_text, make_machine=None):
    """The trainer, on the file as it stands now. make_machine: see Trainer. Raises Trouble (see edited.py)."""
    sys.stdout.reconfigure(line_buffering=True)
    return Told(told(make_trainer, weights_text, make_machine))


def make_trainer(weights_text, make_machine):
    from trainer import Trainer

    return Trainer(weights_text, make_machine)

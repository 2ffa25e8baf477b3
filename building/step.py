"""A step of setting up: told in a line, skipped when it was done before, failing with a sentence."""

import os
import subprocess

from . import Failure


def once(stamp, key, told, work):
    """Do the work, unless the file `stamp` says that it was done for the same `key`, a string."""
    if stamp.is_file() and stamp.read_text() == key:
        return
    print(told, flush=True)
    stamp.unlink(missing_ok=True)
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def run(command, otherwise, path=None, quoted=6, given=""):
    """Run a program and give back what it printed. If it fails, say so, and what to do `otherwise`.

    path: a folder to look into before those of PATH, for the programs that this one starts.
    quoted: how many of the last lines it printed to repeat if it fails.
    given: the text that it reads.
    """
    variables = {**os.environ, "PATH": os.pathsep.join(filter(None, [path and str(path), os.environ.get("PATH")]))}
    try:
        ended = subprocess.run(
            [str(word) for word in command],
            env=variables,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Failure(f"{command[0]} does not start: {error.strerror}.\n{otherwise}") from None
    if ended.returncode != 0:
        last_words = ended.stdout.strip().splitlines()[-quoted:]
        raise Failure("\n".join([*("    " + line[:200] for line in last_words), otherwise]))
    return ended.stdout

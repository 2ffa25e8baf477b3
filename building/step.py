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


def run(command, otherwise, path=None, quoted=6, given="", folder=None, variables=None):
    """Run a program and give back what it printed. If it fails, say so, and what to do `otherwise`.

    path: a folder to look into before those of PATH, for the programs that this one starts.
    quoted: how many of the last lines it printed to repeat if it fails.
    given: the text that it reads.
    folder: where it runs.
    variables: its environment, if not this one.
    """
    variables = dict(os.environ if variables is None else variables)
    variables["PATH"] = os.pathsep.join(filter(None, [path and str(path), variables.get("PATH")]))
    try:
        ended = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            env=variables,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",  # as Node and esbuild write it, whatever the console shows
            errors="replace",
        )
    except OSError as error:
        raise Failure(f"{command[0]} does not start: {error.strerror}.\n{otherwise}") from None
    if ended.returncode != 0:
        last_words = ended.stdout.strip().splitlines()[-quoted:]
        raise Failure("\n".join([*("    " + line[:200] for line in last_words), otherwise]))
    return ended.stdout

"""The virtual environment in .venv: made when first needed, with the exact packages of requirements/."""

import importlib.util
import os
import subprocess
import sys
import venv

from . import ROOT, Failure
from .digest import sha256
from .step import once, run

VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")


def enter(*groups):
    """Go on in .venv, with the packages of these groups: the same command again, if it is not there yet."""
    for group in groups:
        install(group)
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    command = [str(PYTHON), *sys.argv]
    sys.stdout.flush()
    if os.name == "nt":  # has no way to become another program
        sys.exit(subprocess.run(command).returncode)
    os.execv(PYTHON, command)


def install(group, otherwise=""):
    """See to it that .venv holds the packages of requirements/<group>.txt, checked against its hashes."""
    if not PYTHON.exists():
        (VENV / "made").unlink(missing_ok=True)  # its Python was moved or taken away
    once(VENV / "made", "", "Making a virtual environment in .venv", make)
    lock = ROOT / "requirements" / f"{group}.txt"
    once(
        VENV / f"requirements-{group}",
        sha256(lock.read_bytes()),
        f"Installing the Python packages of {lock.relative_to(ROOT)}",
        lambda: run(
            [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--requirement", lock],
            "The Python packages could not be installed. This takes a network, the first time only: "
            f"check the connection and give the same command again. {otherwise}".strip(),
            quoted=2,
        ),
    )


def make():
    if importlib.util.find_spec("ensurepip") is None:
        raise Failure(
            "This Python cannot make virtual environments: its ensurepip module is missing. "
            "On Debian and Ubuntu, sudo apt install python3-venv brings it. Then give the same command again."
        )
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(
            f"The virtual environment could not be made in {VENV}: {error}\n"
            "Check that the folder can be written to and that the disk has 500 MB free."
        ) from None

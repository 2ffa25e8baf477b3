"""The virtual environment in .venv: made when first needed, with the exact packages of requirements/."""

import ast
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import venv

from . import ROOT, Failure
from .digest import sha256
from .step import once, run

VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
# What a machine's settings of pip may decide here: where packages come from, and how they are reached.
REACHED_BY = {
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "keyring-provider"),
    *("proxy", "cert", "client-cert", "use-deprecated", "use-feature", "cache-dir", "no-cache-dir", "retries"),
    *("timeout", "default-timeout"),
}
SECTIONS = ["global", "install", ":env:"]  # of pip's settings, a later one going before those before it

WHAT_TO_DO = {
    errno.ENOSPC: "The disk is full: 500 MB are needed.",
    errno.EDQUOT: "You may not keep more on this disk: 500 MB are needed.",
    errno.EROFS: "The disk can only be read. Copy the folder to another one.",
    errno.EACCES: "You may not write there. Copy the folder to where you may.",
    errno.EPERM: "The disk, or the system, does not allow that. Copy the folder to another disk.",
}
OR_ELSE = "Check that the folder can be written to and that the disk has 500 MB free."
UNUSABLE = [os.pathsep] if os.name == "nt" else [os.pathsep, "\\"]  # one parts lists of folders, one is / to Node


def enter(*groups):
    """Go on in .venv, with the packages of these groups: the same command again, if it is not there yet."""
    check_name(ROOT)
    for group in groups:
        install(group)
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    command = [str(PYTHON), str(ROOT / "build.py"), *sys.argv[1:]]
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
            [*PIP, "install", "-qq", "--requirement", lock],
            "The Python packages could not be installed: above is what pip says of it. This takes a network, the first "
            f"time only: if that is what was missing, check the connection and give the same command again. {otherwise}"
            "".strip(),
            quoted=2,
            variables=only_reached_by(run([*PIP, "config", "list"], "pip cannot read its own settings: above is why.")),
        ),
    )


def make():
    if importlib.util.find_spec("ensurepip") is None:
        raise Failure(
            "This Python cannot make virtual environments: its ensurepip module is missing. "
            "On Debian and Ubuntu, sudo apt install python3-venv brings it. Then give the same command again."
        )
    try:
        if VENV.is_dir() and not VENV.is_symlink():
            shutil.rmtree(VENV)
        # Where Python wants lib64 to be a link to lib, a folder does as well; and there are disks without links.
        with_links = os.name != "nt" and knows_links(VENV)
        if not with_links:
            (VENV / "lib64").mkdir(parents=True)
        venv.create(VENV, clear=with_links, with_pip=True, symlinks=with_links)
    except subprocess.CalledProcessError as error:
        said = (error.output or b"").decode(errors="replace").strip().splitlines()[-2:]
        raise Failure(
            "\n".join(
                [*("    " + line for line in said), f"The virtual environment could not be made in {VENV}: {error}"]
            )
        ) from None
    except OSError as error:
        raise Failure(
            f"The virtual environment could not be made in {VENV}: {error}\n{WHAT_TO_DO.get(error.errno, OR_ELSE)}"
        ) from None


def knows_links(path):
    """Whether the disk that a path is on knows symbolic links: sticks and cards often do not."""
    path.mkdir(parents=True, exist_ok=True)
    link = path / "link"
    try:
        link.symlink_to("target")
    except OSError:
        return False
    link.unlink()
    return True


def only_reached_by(settings):
    """This process's environment, in which pip keeps to those of its settings that say how to reach packages.

    settings: what `pip config list` prints. Others, such as to install for the user or to another place, are for
    what the user installs, and would break what is installed here.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    variables["PIP_CONFIG_FILE"] = os.devnull
    found = [line.partition("=") for line in settings.splitlines()]
    for section in SECTIONS:
        for key, _, value in found:
            name = key.removeprefix(section + ".")
            if key.startswith(section + ".") and name in REACHED_BY:
                variables["PIP_" + name.upper().replace("-", "_")] = ast.literal_eval(value)
    return variables


def check_name(folder):
    """Raises Failure if the folder of the project has a name with which nobody could work."""
    try:
        os.fsencode(folder).decode("utf-8")
    except UnicodeDecodeError:
        raise Failure(
            f"The name of the folder {folder} is not text in UTF-8, so Node cannot find what is in it. Rename it."
        ) from None
    for character in UNUSABLE:
        if character in str(folder):
            raise Failure(
                f"There is a {character} in the path {folder}. Python and Node cannot work in such a folder: rename it."
            )

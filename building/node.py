"""Node, npm and the npm packages of package-lock.json: the page's JavaScript is bundled with them."""

import platform
import re
import shutil
import tempfile
from pathlib import Path

from . import ROOT, Failure, environment
from .digest import sha256
from .step import once, run

OLDEST = 20
# A machine's own settings may ask npm for other things; and no disk needs to know symbolic links.
WHATEVER_NPM_IS_SET_TO = ["--include=dev", "--include=optional", "--package-lock", "--dry-run=false", "--global=false"]
WHATEVER_NPM_IS_SET_TO += ["--bin-links=false"]
PACKAGES = ROOT / "node_modules"
PYODIDE = PACKAGES / "pyodide"


def packages():
    """See to it that the npm packages are there. Returns the folder of Node, None for the one on the PATH."""
    folder = find()
    lock = ROOT / "package-lock.json"
    # esbuild is a program for one kind of machine, and the folder may have come from another.
    machine = f"{platform.system()} {platform.machine()}"
    once(
        PACKAGES / ".installed",
        sha256(lock.read_bytes()) + " " + machine,
        "Installing the npm packages of package-lock.json",
        lambda: run(
            [shutil.which("npm", path=folder), "ci", "--loglevel=error", *WHATEVER_NPM_IS_SET_TO],
            "The npm packages could not be installed: above is what npm says of it. This takes a network, the first "
            "time only: if that is what was missing, check the connection and give the same command again.",
            path=folder,
            folder=ROOT,
        ),
    )
    return folder


def find():
    """The folder of a Node with npm: None if there is a recent one on the PATH, else PyPI's, in .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version(node) >= OLDEST:
        return None
    environment.install("node", f"Or install Node {OLDEST} or newer, with npm, some other way: it is looked for first.")
    return environment.PROGRAMS


def version(node):
    """The first number of `node --version`, 0 if it says none."""
    said = re.match(r"v(\d+)", run([node, "--version"], f"{node} does not work. Repair it or take it off the PATH."))
    return int(said[1]) if said else 0


def esbuild(source, *options):
    """Bundle what a script or style sheet of the project imports into one file, or say what is wrong in it."""
    packages()
    # The program itself, which needs no Node to run; only the one for this machine is installed.
    program = next(path for name in ("bin/esbuild", "esbuild.exe") for path in PACKAGES.glob(f"@esbuild/*/{name}"))
    otherwise = "The page could not be built: esbuild says above what is wrong, and where."
    command = [program, "--bundle", "--minify", "--log-level=warning", *options]
    # Named from where it stands: in the project's own path there may be a "=", which would mean something to esbuild.
    warnings = run([*command, source.relative_to(ROOT).as_posix()], otherwise, quoted=30, folder=ROOT)
    if warnings:
        raise Failure(f"{warnings.strip()}\n{otherwise}")


def bundled(source, *options):
    """The same as text."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "bundle"
        esbuild(source, f"--outfile={target}", *options)
        return target.read_text(encoding="utf-8")


def run_script(script, *arguments, otherwise, given=""):
    """Run a script, with `given` as its input. Returns what it prints; if it fails, says so, and what to do `otherwise`."""
    path = packages()
    return run([shutil.which("node", path=path), script, *arguments], otherwise, path=path, given=given, quoted=30)

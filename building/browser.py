"""A Chromium to test the page in: whatever the machine has, or else one that is installed now."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

from . import COMMAND, Failure
from .step import run

VARIABLE = "CHROME_BIN"  # names a browser that goes before all others; the tests find theirs in it
ON_THE_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
# Parts of the browser that are no part of a page: the first asks the network, and each of the others starts a process
# beside every page, for the suggestions under an address bar that nobody sees, or for a page that may never come.
UNUSED = ["AutofillServerCommunication", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"]
UNUSED += ["SpareRendererForSitePerProcess"]
OTHERWISE = (
    "The tests in e2e/ need Chromium or Chrome, and there is none here, nor could it be installed. Install one "
    f"(on Debian: sudo apt install chromium), or name one: {VARIABLE}=/path/to/chrome {COMMAND} test\n"
    f"The tests that need no browser: {COMMAND} test tests"
)


def find():
    """The path of a Chromium that runs."""
    named = os.environ.get(VARIABLE)
    if named:
        if not runs(named):
            raise Failure(f"{VARIABLE} names {named}, which does not run. Name another, or unset {VARIABLE}.")
        return named
    found = playwrights() or on_the_path()
    if found:
        return found
    print("Installing Chromium for the tests in e2e/", flush=True)
    attempts = [([sys.executable, "-m", "playwright", "install", *with_libraries(), "chromium"], playwrights)]
    if is_root() and shutil.which("apt-get"):
        attempts.append((["apt-get", "install", "--yes", "chromium"], on_the_path))
    for command, look in attempts:
        with suppress(Failure):  # what it says of itself helps nobody; what counts is whether it is there now
            run(command, OTHERWISE)
        found = look()
        if found:
            return found
    raise Failure(OTHERWISE)


def options():
    """How to launch it, for Playwright's launch(): without a window, and with nothing of its own to ask the network."""
    flags = [
        "--disable-background-networking",
        f"--disable-features={','.join(UNUSED)}",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if is_root():
        flags.append("--no-sandbox")
    return {"executable_path": find(), "args": flags}


def playwrights():
    """The Chromium that Playwright keeps for its own version, if it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if runs(path) else None


def on_the_path():
    paths = (shutil.which(name) for name in ON_THE_PATH)
    return next((path for path in paths if path and runs(path)), None)


def runs(path):
    if os.name == "nt":  # there it opens a window when asked for its version
        return os.path.isfile(path)
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def with_libraries():
    """The libraries that Chromium needs come from the system, which only its administrator may change."""
    return ["--with-deps"] if is_root() else []

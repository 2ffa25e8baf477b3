"""Setting up: done once, and a sentence for whatever fails."""

import importlib.util
import sys

import pytest

from building import Failure, browser, environment, node
from building.step import once, run


def test_a_step_is_taken_once(tmp_path, capsys):
    taken = []
    for _ in range(2):
        once(tmp_path / "done", "v1", "Doing it", lambda: taken.append(1))
    assert taken == [1]
    assert capsys.readouterr().out == "Doing it\n"


def test_a_step_is_taken_again_when_what_it_depends_on_changes(tmp_path):
    taken = []
    for key in ("v1", "v2"):
        once(tmp_path / "done", key, "Doing it", lambda: taken.append(1))
    assert taken == [1, 1]


def test_a_step_that_failed_is_taken_again(tmp_path):
    def fail():
        raise Failure("no")

    once(tmp_path / "done", "v1", "Doing it", lambda: None)
    with pytest.raises(Failure):
        once(tmp_path / "done", "v2", "Doing it", fail)
    taken = []
    once(tmp_path / "done", "v1", "Doing it", lambda: taken.append(1))  # what v2 left is not trusted
    assert taken == [1]


def test_a_program_that_fails_is_quoted_before_the_way_on():
    with pytest.raises(Failure, match=r"(?s)the network is down.*Check the connection\.$"):
        run([sys.executable, "-c", "print('the network is down'); raise SystemExit(3)"], "Check the connection.")


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(Failure, match="nowhere/npm does not start"):
        run(["nowhere/npm", "ci"], "Install it.")


def test_a_python_without_ensurepip_names_the_package_that_brings_it(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Failure, match="python3-venv"):
        environment.make()


def test_a_folder_that_cannot_be_written_to_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(environment, "VENV", tmp_path / "file" / ".venv")
    with pytest.raises(Failure, match=r"file.\.venv"):
        environment.make()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("version, good", [("v18.20.1", False), ("v20.0.0", True), ("v24.1.0", True), ("", False)])
def test_a_node_too_old_is_passed_over_for_the_one_from_pypi(monkeypatch, tmp_path, version, good):
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    installed = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environment, "install", lambda group, otherwise: installed.append(group))
    assert node.find() == (None if good else environment.PROGRAMS)
    assert installed == ([] if good else ["node"])


def test_a_browser_that_does_not_run_is_named(monkeypatch):
    monkeypatch.setenv(browser.VARIABLE, "/nowhere/chromium")
    with pytest.raises(Failure, match="CHROME_BIN names /nowhere/chromium"):
        browser.find()

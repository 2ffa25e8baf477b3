"""Setting up: done once, and a sentence for whatever fails."""

import errno
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

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


def without_links(*_, **__):
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.skipif(sys.platform == "win32", reason="there it is always made without links")
def test_a_disk_without_symbolic_links_will_do(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    python = tmp_path / ".venv" / "bin" / "python"
    monkeypatch.setattr(os, "symlink", without_links)
    (tmp_path / ".venv" / "lib64").mkdir(parents=True)  # as one that was made here, and broke
    environment.make()
    assert [path for path in (tmp_path / ".venv").rglob("*") if path.is_symlink()] == []
    assert subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "number, sentence",
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "can only be read"),
        (errno.EACCES, "You may not write there"),
        (errno.EPERM, "does not allow that"),
        (errno.EIO, "Check that the folder can be written to"),
    ],
)
def test_what_keeps_an_environment_from_being_made_is_told_by_its_true_cause(monkeypatch, tmp_path, number, sentence):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number), str(environment.VENV))

    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment.venv, "create", fail)
    with pytest.raises(Failure, match=f"(?s){os.strerror(number)}.*{sentence}") as failure:
        environment.make()
    assert ("full" in str(failure.value)) == (number == errno.ENOSPC)


def test_a_pip_that_cannot_be_brought_says_why(monkeypatch, tmp_path):
    def fail(*_, **__):
        raise subprocess.CalledProcessError(1, "ensurepip", b"...\nno wheel of pip is here\n")

    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment.venv, "create", fail)
    with pytest.raises(Failure, match="no wheel of pip is here"):
        environment.make()


def test_of_pip_s_settings_only_those_count_that_say_how_to_reach_packages(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_USER", "1")
    settings = """\
:env:.index-url='https://env.example/simple'
:env:.user='1'
global.index-url='https://global.example/simple'
global.extra-index-url='https://a.example\\nhttps://b.example'
global.require-virtualenv='true'
global.target='/elsewhere'
install.index-url='https://install.example/simple'
install.no-deps='true'
download.find-links='/for/another/command'
"""
    variables = environment.only_reached_by(settings)
    assert {name: value for name, value in variables.items() if name.startswith("PIP_")} == {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://env.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://a.example\nhttps://b.example",
    }


def test_packages_are_installed_whatever_pip_is_set_to(monkeypatch, tmp_path):
    (tmp_path / "pip.conf").write_text(
        f"[global]\nuser = true\nrequire-virtualenv = true\ndry-run = true\ntarget = {tmp_path / 'elsewhere'}\n"
        f"constraint = {tmp_path / 'nowhere.txt'}\nno-index = true\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_USER", "true")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    python = tmp_path / ".venv" / environment.PROGRAMS.name / environment.PYTHON.name
    monkeypatch.setattr(environment, "PYTHON", python)
    monkeypatch.setattr(environment, "PIP", [python, *environment.PIP[1:]])
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "site.txt").write_text(f"{wheel(tmp_path)}\n")
    environment.install("site")
    assert subprocess.run([python, "-c", "import nothing"]).returncode == 0
    assert not (tmp_path / "elsewhere").exists()


def wheel(folder):
    """A package with nothing in it."""
    path = folder / "nothing-1-py3-none-any.whl"
    about = "nothing-1.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("nothing.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return path


@pytest.mark.skipif(os.name == "nt", reason="no folder there has such a name")
@pytest.mark.parametrize("name", ["a:b", "a\\b", os.fsdecode(b"caf\xe9")])
def test_a_folder_in_which_nothing_would_work_is_named(name):
    with pytest.raises(Failure, match="[Rr]ename it"):
        environment.check_name(Path("/home") / name)


@pytest.mark.parametrize(
    "name", ["trenchcoat-main (1)", "50% #1?", "a=b", "-x", " ", "Łódź 安娜", "\"'`$HOME;&|*[a]!{}"]
)
def test_a_folder_of_any_other_name_will_do(name):
    environment.check_name(Path("/home") / name)


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

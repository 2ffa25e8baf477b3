"""build.py and the site it builds."""

import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import microgpt
import pytest
import weights_file

from building import COMMAND, ROOT, engine
from building.digest import address, sha256
from building.test import are_many, wants_browser


def build(folder, *arguments, python=(sys.executable,)):
    """Run build.py in a folder, and give back how it ended."""
    return subprocess.run([*python, "build.py", *arguments], cwd=folder, capture_output=True, text=True)


def digest(path):
    return sha256(path.read_bytes())


# ---- the site ---------------------------------------------------------------------------


class Addresses(HTMLParser):
    """Every address that a page names."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src", "action", "poster")]


def test_the_page_works_below_any_address(dist):
    addresses = Addresses((dist / "index.html").read_text()).found
    assert addresses
    assert [address for address in addresses if re.match(r"/|[a-z]+:(?!,)", address)] == []


def test_every_file_that_the_page_loads_has_an_address_that_says_what_is_in_it(dist):
    page = (dist / "index.html").read_text()
    files = json.loads((dist / "assets.json").read_text())["files"]
    loaded = re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page)
    loaded += re.findall(r'"address": "([^"]+)"', page)
    assert len(loaded) > 12
    for found in loaded:
        name = found.partition("?")[0]
        assert found == address(name, files[name]["sha256"])


def test_every_file_that_the_page_names_is_there(dist):
    addresses = Addresses((dist / "index.html").read_text()).found
    names = [re.sub(r"[?#].*", "", address) for address in addresses if not address.startswith("data:")]
    assert [name for name in names if name and not (dist / name).is_file()] == []


@pytest.mark.parametrize("name", ["index.html", "main.js", "style.css"])
def test_nothing_of_ours_names_another_origin(dist, name):
    origins = set(re.findall(r"https?://[\w.-]+", (dist / name).read_text()))
    assert origins <= {"http://www.w3.org"}  # the name of SVG, which is never fetched


def test_python_and_weights_are_copied_byte_for_byte(dist):
    sources = [*(ROOT / "py").glob("*.py"), ROOT / "weights" / "microgpt.json"]
    assert len(sources) > 2
    for source in sources:
        assert (dist / source.relative_to(ROOT)).read_bytes() == source.read_bytes()


def test_pyodide_is_the_one_that_package_json_asks_for(dist):
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]["pyodide"]
    package = ROOT / "node_modules" / "pyodide"
    assert json.loads((package / "package.json").read_text())["version"] == wanted
    assert digest(dist / "pyodide" / engine.ENGINE) == digest(engine.build() / engine.ENGINE)


def test_the_page_counts_its_own_model_for_the_table_of_larger_ones(dist):
    stored = json.loads((ROOT / "weights" / "microgpt.json").read_text())
    weights = stored["weights"]
    counted = [
        len(stored["vocabulary"]) + 1,
        sum(len(row) for matrix in weights.values() for row in matrix),
        len([name for name in weights if name.endswith(".wq")]),
        len(weights["wte"][0]),
        len(weights["wpe"]),
        stored["training"]["n_learned_from"],
    ]
    (table,) = re.findall(r'<table aria-label="This model beside larger ones">.*?</table>', page_of(dist), re.DOTALL)
    own = [re.findall(r"<td>(.*?)</td>", row)[0] for row in re.findall(r"<tr>(?:(?!</tr>).)*<td>.*?</tr>", table)][1:]
    assert [re.findall(r'<data value="(\d+)">([\d,]+)</data>', cell) for cell in own] == [
        [(str(number), f"{number:,}")] for number in counted
    ]
    assert not re.search(r"\d", re.sub(r"<data.*?</data>", "", "".join(own)))


def test_the_figures_of_larger_models_are_named_with_their_papers(dist):
    (figure,) = re.findall(r'<figure class="sizes">.*?</figure>', page_of(dist), re.DOTALL)
    papers = re.findall(r"<cite>(.*?)</cite>, (\d{4})", figure)
    assert papers == [
        ("Language Models are Unsupervised Multitask Learners", "2019"),
        ("DeepSeek-V3 Technical Report", "2024"),
    ]


def page_of(dist):
    return (dist / "index.html").read_text()


def test_assets_json_tells_the_truth_about_every_other_file(dist):
    listed = json.loads((dist / "assets.json").read_text())["files"]
    there = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    assert there == {*listed, "assets.json"}
    for name, asset in listed.items():
        assert asset == {"size": (dist / name).stat().st_size, "sha256": digest(dist / name)}


def test_no_file_of_the_site_is_named_as_one_that_servers_unpack(dist):
    assert [path for path in dist.rglob("*") if path.suffix in {".gz", ".br", ".zst", ".Z", ".tgz", ".svgz"}] == []


def test_the_numbers_of_the_curve_are_written_as_those_of_the_page_whatever_the_browsers_language(dist):
    assert "navigator.language" not in (dist / "train.js").read_text(encoding="utf-8")


# ---- when something is wrong --------------------------------------------------------------


TRAINED = {"steps": 1, "n_learned_from": 1, "n_held_out": 1, "held_out_loss": 3.0, "n_different": 1}
TRAINED |= {"examples": ["x"], "begin_with": {"x": 1}, "written": {"count": 1, "known": 0}}


def weights_for(vocabulary, trained):
    return weights_file.dump(microgpt.init_weights(vocabulary, random.Random(1)), vocabulary, trained)


@pytest.mark.parametrize(
    "path, content, sentence",
    [
        ("web/index.html", None, "web/index.html is missing"),
        ("web/main.js", None, "web/main.js is missing"),
        ("weights/microgpt.json", None, "python3 build.py train"),
        ("weights/microgpt.json", "{}", "These are not weights"),
        ("weights/microgpt.json", weights_for("xyz", TRAINED), "do not suit the examples of the lesson"),
        (
            "weights/microgpt.json",
            weights_for("xyz", {"steps": "many", **TRAINED, "examples": 5}),
            "nothing for examples. Train",
        ),
        (
            "weights/microgpt.json",
            weights_for("xyz", {}),
            "nothing for steps, n_learned_from, n_held_out, held_out_loss, n_different,",
        ),
        ("web/words/en/messages.json", "{,}", "messages.json:1:1"),
        ("web/main.js", "const = 1", "main.js:1:6"),
        ("web/style.css", "p { color: ", "style.css:1"),
        ("web/index.html", "<p>{{ nothing_of_this_name }}</p>", "nothing_of_this_name"),
        ("web/index.html", "<p>\n{{ }}</p>", "web/index.html, line 2"),
    ],
)
def test_a_site_that_cannot_be_built_says_why_and_leaves_the_old_one_alone(clone, path, content, sentence):
    old = clone / "dist"
    old.mkdir()
    (old / "index.html").write_text("the old one")
    (clone / path).unlink()
    if content is not None:
        (clone / path).write_text(content)
    ended = build(clone, "site")
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [path.name for path in old.iterdir()] == ["index.html"]
    assert list(clone.glob(".dist-*")) == []


def test_training_on_a_file_that_is_not_there_ends_in_a_sentence():
    ended = build(ROOT, "train", "--data", "nowhere.txt")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("nowhere.txt cannot be read")
    assert "Traceback" not in ended.stderr


def test_an_unknown_command_names_the_known_ones():
    ended = build(ROOT, "sevre")
    assert ended.returncode == 2
    assert "serve" in ended.stderr


def test_an_older_python_gets_a_sentence():
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('build.py', run_name='__main__')"
    ended = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "This needs Python 3.11 or newer, and this is 3.9. Install a newer one.\n"


def test_an_older_python_can_read_as_far_as_that_sentence():
    tree = ast.parse((ROOT / "build.py").read_text(), feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))  # f-strings, from 3.6 on


# ---- whatever surrounds it --------------------------------------------------------------


def linked(source, target):
    """The same file in two places, or a copy where the disk cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


ODD = "trenchcoat-main (1) a=b 50%20 #1 [x] é安 {}'&;$HOME" + ("" if os.name == "nt" else '?*"<|>\n')


def test_it_is_built_in_a_folder_of_any_name_to_the_same_bytes_and_a_change_gives_another_version(
    clone, tmp_path_factory
):
    """The library of the page's Python and the interpreter of tapes included: they are made there once more."""
    folder = tmp_path_factory.mktemp("odd") / ODD
    (clone / ".cache").unlink()
    (clone / "node_modules").unlink()  # so that Node finds itself here: it looks where links lead
    shutil.copytree(clone, folder, symlinks=True)
    shutil.copytree(ROOT / "node_modules", folder / "node_modules", symlinks=True, copy_function=linked)
    made_here = shutil.ignore_patterns("python_stdlib-*", "replay-*")
    shutil.copytree(ROOT / ".cache", folder / ".cache", ignore=made_here, copy_function=linked)
    ended = build(folder, "site")
    assert (ended.returncode, ended.stderr) == (0, "")
    built = folder / "dist" / "assets.json"
    assert built.read_bytes() == (ROOT / "dist" / "assets.json").read_bytes()
    with open(folder / "web" / "icon.svg", "a") as file:
        file.write("\n")
    assert build(folder, "site").returncode == 0
    version, changed = (json.loads(each.read_text())["version"] for each in (ROOT / "dist" / "assets.json", built))
    assert version != changed


@pytest.fixture
def training_in(tmp_path):
    """A function that trains two steps in a folder of a name that few consoles can show; more as subprocess.run()."""
    folder = tmp_path / "Łukasz"
    folder.mkdir()
    (folder / "имена.txt").write_text("anna\nemma\nłuk\u200basz\n", encoding="utf-8")
    command = ["build.py", "train", "--steps", "2", "--data", folder / "имена.txt", "--out", folder / "w.json"]

    def run(variables, *options, **more):
        ended = subprocess.run(
            [sys.executable, *options, *command],
            cwd=ROOT,
            env={**os.environ, **variables},
            stderr=subprocess.PIPE,
            **more,
        )
        assert b"Traceback" not in ended.stderr
        return ended, (folder / "w.json").exists()

    return run


@pytest.mark.parametrize(
    "variables, options",
    [
        pytest.param({"PYTHONIOENCODING": "cp1252"}, [], id="a console of Windows"),
        pytest.param({"PYTHONIOENCODING": "ascii"}, [], id="a console without any such letters"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, [], id="no language at all"),
        pytest.param({"PYTHONSAFEPATH": "1"}, [], id="a Python that does not look beside build.py"),
        pytest.param({}, ["-OO"], id="a Python without docstrings"),
    ],
)
def test_a_console_that_cannot_show_a_letter_is_no_trouble(training_in, variables, options):
    ended, written = training_in(variables, *options, stdout=subprocess.PIPE)
    assert (ended.returncode, ended.stderr, written) == (0, b"", True)
    assert b"w.json" in ended.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk to write to")
def test_output_that_goes_nowhere_is_named_or_passed_over(training_in):
    with open("/dev/full", "w") as full:
        ended, _ = training_in({}, stdout=full)
    assert (ended.returncode, ended.stderr.decode()) == (
        1,
        "The system does not let this go on: [Errno 28] No space left on device.\n",
    )
    reading, writing = os.pipe()
    os.close(reading)
    ended, _ = training_in({}, stdout=writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")
    ended, written = training_in({}, preexec_fn=lambda: os.close(1))
    assert (ended.returncode, ended.stderr, written) == (0, b"", True)


def test_the_command_is_named_as_it_is_typed_here():
    assert COMMAND in build(ROOT, "--help").stdout
    messages = [file for file in (ROOT / "building").rglob("*.py") if file.name != "__init__.py"]
    assert [file.name for file in messages if "python3 build.py" in file.read_text(encoding="utf-8")] == []
    assert "`py build.py serve`" in (ROOT / "README.md").read_text(encoding="utf-8")


# ---- what needs nothing -------------------------------------------------------------------


def test_training_needs_nothing_but_python(tmp_path):
    (tmp_path / "names.txt").write_text("anna\nemma\njacob\n")
    out = tmp_path / "weights.json"
    without_packages = (sys.executable, "-S")
    names = tmp_path / "names.txt"
    ended = build(ROOT, "train", "--data", names, "--steps", "2", "--out", out, python=without_packages)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(out.read_text())["training"]["steps"] == 2


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        ([], True),
        (["-k", "softmax"], True),
        (["e2e"], True),
        (["tests", "e2e"], True),
        (["tests"], False),
        (["tests", "-k", "softmax", "-x"], False),
        (["tests/test_build.py::test_an_unknown_command_names_the_known_ones"], False),
    ],
)
def test_a_browser_is_set_up_only_for_tests_that_use_one(arguments, wanted):
    assert wants_browser(arguments) == wanted


@pytest.mark.parametrize(
    "arguments, many",
    [
        ([], True),
        (["-x"], True),
        (["tests", "e2e"], True),
        (["--maxfail=3", "e2e"], True),
        (["tests/test_build.py"], False),
        (["tests/test_build.py::test_an_unknown_command_names_the_known_ones"], False),
        (["-k", "softmax"], False),
        (["tests", "--lf"], False),
        (["--pdb"], False),
        (["-s"], False),
        (["--capture=no", "e2e"], False),
    ],
)
def test_processes_share_the_tests_unless_few_are_chosen_or_somebody_watches(arguments, many):
    assert are_many(arguments) == many


LOCK_FILES = [ROOT / "package-lock.json", *(ROOT / "requirements").iterdir()]


@pytest.mark.parametrize("path", LOCK_FILES, ids=lambda path: path.name)
def test_the_lock_files_name_no_registry(path):
    content = path.read_text()
    assert not re.search(r"-index-url|--find-links|\"resolved\"|\.tgz|\.whl", content)
    assert "sha512-" in content or "--hash=sha256:" in content


def test_the_check_of_every_change_is_the_test_command():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text() == "#!/usr/bin/env bash\nexec python3 build.py test\n"

"""What is seen inside gpt(): every line's values, their gradients, and where each came from."""

import json
import math
import subprocess
import sys
import time

import inside
import microgpt
import pytest
from lesson import Lesson

from building import ROOT
from tests import oracle
from tests.in_page import answers
from tests.watched_edits import EDITS, LOOK, MODEL

LINES = MODEL.split("\n")
TEXT, POSITION = "anna", 3


@pytest.fixture(scope="module")
def lesson():
    return Lesson((ROOT / "weights" / "microgpt.json").read_text())


@pytest.fixture(scope="module")
def looked(lesson):
    return lesson.look_inside(TEXT, POSITION, "position")


@pytest.fixture(scope="module")
def tokens(lesson):
    return microgpt.document(TEXT, lesson.vocabulary)


def steps(calls):
    """All of them, as they began."""
    for call in calls:
        for step in call["steps"]:
            yield step
            yield from steps(step["calls"])


def line_of(text):
    """The number of the line of gpt() that begins like this."""
    after = LINES.index(next(line for line in LINES if line.startswith("def gpt(")))
    return after + 1 + next(i for i, line in enumerate(LINES[after:]) if line.strip().startswith(text))


def made(answer, line, name, times=0):
    found = [each for step in steps(answer["calls"]) if step["line"] == line_of(line) for each in step["made"]]
    return [each for each in found if each["name"] == name][times]


def close(a, b):
    """Equal but for rounding, whatever they are made of."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(close(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(close, a, b))
    return type(a) is type(b) and a == b


def test_every_line_of_gpt_stands_there_with_what_it_made(looked):
    of_gpt = [step for step in looked["calls"][0]["steps"]]
    told = {step["line"]: step["text"] for step in of_gpt}
    assert all(LINES[line - 1].strip() == text for line, text in told.items())
    first, last = line_of("x = [t + p"), line_of("return linear")
    written = [i for i in range(first, last + 1) if LINES[i - 1].strip() and not LINES[i - 1].strip().startswith("#")]
    assert sorted(told) == written
    assert [step["number"] for step in steps(looked["calls"])] == list(range(len(list(steps(looked["calls"])))))
    heads = [step["loops"] for step in of_gpt if step["line"] == line_of("scores =")]
    assert heads == [[["layer", 0], ["start", start]] for start in (0, 4, 8, 12)]
    new_key = made(looked, "keys[layer]", "keys")
    assert (new_key["index"], new_key["shape"], new_key["whole"]) == ([0, POSITION], [16], [1, POSITION + 1, 16])
    assert [made(looked, "heads +=", "heads", turn)["fresh"] for turn in range(4)] == [0, 4, 8, 12]
    assert made(looked, "columns =", "columns")["kind"] == "zip"
    assert made(looked, "head =", "head")["text"] == "slice(0, 4, None)"


def test_the_numbers_are_those_of_the_formulas_written_a_second_way(looked, lesson, tokens):
    weights = oracle.plain(lesson.weights)
    seen = tokens[: POSITION + 1]
    sums = [[t + p for t, p in zip(weights["wte"][token], weights["wpe"][i])] for i, token in enumerate(seen)]
    x = oracle.normed(sums)
    normed = oracle.normed(x)
    query, key = (oracle.times(normed, weights[f"layer0.{name}"]) for name in ("wq", "wk"))
    scores = [
        [sum(q * k for q, k in zip(query[-1][i : i + 4], row[i : i + 4])) / 2 for row in key] for i in (0, 4, 8, 12)
    ]
    assert close(made(looked, "x = [t + p", "x")["values"], sums[-1])
    assert close(made(looked, "x = rmsnorm(x)", "x")["values"], x[-1])
    assert close(made(looked, "query =", "query")["values"], query[-1])
    assert close(made(looked, "keys[layer]", "keys")["values"], key[-1])
    for turn, row in enumerate(scores):
        assert close(made(looked, "scores =", "scores", turn)["values"], row)
        assert close(made(looked, "attention =", "attention", turn)["values"], oracle.distribution(row))
    assert close(made(looked, "return linear", "return")["values"], oracle.logits(seen, weights)[-1])
    probs = looked["calls"][1]["steps"][-1]["made"][-1]["values"]
    assert close(probs, oracle.probabilities(seen, weights)[-1])
    assert close(looked["loss"], oracle.losses(tokens, weights)[POSITION])
    assert (looked["tokens"], looked["true"]) == (["START", "a", "n", "n"], "a")


def test_cells_are_about_positions_or_tokens_where_there_is_one_for_each(lesson):
    for position in (0, 3, 15):  # at the last one there are as many positions as numbers in x
        looked = lesson.look_inside("a" * 16, position)
        cells = {}
        for step in steps(looked["calls"]):
            for each in step["made"]:
                cells.setdefault((each["name"], step["line"]), set()).add(each.get("cells"))
        assert cells["attention", line_of("attention =")] == cells["scores", line_of("scores =")] == {"positions"}
        assert cells["return", line_of("return linear")] == {"tokens"}
        assert cells["x", line_of("x = [xi + ri")] == cells["heads", line_of("heads +=")] == {None}


def test_gradients_are_what_the_loss_does_when_a_number_is_nudged(looked, lesson, tokens):
    probs = looked["calls"][1]["steps"][-1]["made"][-1]["values"]
    wanted = [p - (token == tokens[POSITION + 1]) for token, p in enumerate(probs)]
    assert close(made(looked, "return linear", "return")["gradients"], wanted)

    weights, nudge = oracle.plain(lesson.weights), 1e-5
    for of, loss in (
        ("position", lambda: oracle.losses(tokens, weights)[POSITION]),
        ("text", lambda: sum(oracle.losses(tokens, weights)) / 5),
    ):
        row = weights["wpe"][POSITION]  # added there, and nowhere else
        gradients = made(lesson.look_inside(TEXT, POSITION, of), "x = [t + p", "x")["gradients"]
        for i in (0, 7):
            row[i] += nudge
            above = loss()
            row[i] -= 2 * nudge
            below = loss()
            row[i] += nudge
            assert math.isclose(gradients[i], (above - below) / (2 * nudge), rel_tol=1e-4, abs_tol=1e-8), of


def test_every_number_is_followed_back_to_the_weights(lesson):
    path, seen = [], []
    while True:
        at = lesson.follow_back(TEXT, POSITION, "position", None, path)
        seen.append(at["name"])
        assert len(at["trail"]) == len(path) + 1
        for source in at["inputs"]:
            assert source["contribution"] == pytest.approx(at["gradient"] * source["local"], abs=1e-15)
        if at["largest"] is None:
            break
        contributions = [abs(source["contribution"]) for source in at["inputs"]]
        assert contributions[at["largest"]] == max(contributions)
        path.append(at["largest"])
    assert {"probs", "exps", "logits"} <= {name.partition("[")[0] for name in seen if name}
    assert at["weight"]
    matrix, row, column = at["name"].removeprefix('weights["').replace('"]', "").strip("]").split("[")
    assert lesson.weights[matrix][int(row.strip("]"))][int(column)].data == at["number"]

    start = [
        next(s["number"] for s in lesson.look_inside(TEXT, 2)["calls"][0]["steps"] if s["line"] == line_of("query"))
    ]
    at = lesson.follow_back(TEXT, 2, "text", [*start, "query", [5]])
    assert (at["name"], at["function"], at["called_from"], at["token"]) == ("query[5]", "linear", line_of("query"), "n")
    assert len(at["inputs"]) == 32
    for wrong in ([0, "nothing", [0]], [999, "x", [0]]):
        with pytest.raises(inside.Untold):
            lesson.follow_back(TEXT, 2, "text", wrong)


def test_what_heads_look_back_at_is_a_triangle_for_each(lesson, looked):
    back = lesson.look_back(TEXT)
    assert [each["loops"] for each in back["shares"]] == [[["layer", 0], ["start", start]] for start in (0, 4, 8, 12)]
    for turn, each in enumerate(back["shares"]):
        assert [len(row) for row in each["rows"]] == [1, 2, 3, 4, 5]
        assert each["rows"][POSITION] == made(looked, "attention =", "attention", turn)["values"]


def test_nobody_notices_that_somebody_looks(lesson):
    before = lesson.read(TEXT)
    kept = [id(row) for row in lesson.keys[0]]
    lesson.look_inside(TEXT, 1, "text")
    lesson.look_back("jo")
    lesson.follow_back(TEXT, 1, "position")
    assert [id(row) for row in lesson.keys[0]] == kept
    assert lesson.read(TEXT) == before
    assert all(p.grad == 0 for p in microgpt.parameters(lesson.weights))
    assert sys.gettrace() is None or "coverage" in repr(sys.gettrace())
    untrained = lesson.look_inside(TEXT, 1, None, True)
    assert [step["line"] for step in steps(untrained["calls"])] == [
        step["line"] for step in steps(lesson.look_inside(TEXT, 1)["calls"])
    ]
    assert abs(untrained["loss"] - math.log(27)) < 0.5


def test_learned_weights_are_looked_into_as_well(lesson):
    text = (ROOT / "weights" / "microgpt.json").read_text()
    numbers = json.loads(text)
    numbers["weights"]["wte"][0][0] += 1.0
    lesson.learn(json.dumps(numbers))
    try:
        look, follow = (
            lesson.by_learned("look_inside", ["a", 1, "position"]),
            lesson.by_learned("follow_back", ["a", 1, "position"]),
        )
    finally:
        lesson.learn(None)
    first = made(look, "x = [t + p", "x")["values"]
    assert first[0] == pytest.approx(made(lesson.look_inside("a", 1), "x = [t + p", "x")["values"][0] + 1.0)
    assert follow["number"] == look["loss"]


def test_a_watched_pass_costs_at_most_ten_others(lesson):
    def cost(watch):
        keys, values = microgpt.empty_cache(), microgpt.empty_cache()
        began = time.process_time()
        for position in range(6):
            watch.run(microgpt.gpt, position, position, keys, values, lesson.weights)
        return time.process_time() - began

    watched = min(cost(inside.Watch(microgpt.__file__, inside.statements())) for _ in range(5))
    assert watched < 10 * min(cost(inside.Unwatched()) for _ in range(5))


# ---- Edits, in both Pythons -------------------------------------------------------------


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """What is seen in each edit by the Python of this machine."""
    folder = tmp_path_factory.mktemp("here")
    for file in (ROOT / "py").glob("*.py"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "edits.json").write_text(json.dumps(EDITS))
    (folder / "look.py").write_text(f"import json\nrequest = json.load(open('edits.json'))\n{LOOK}")
    subprocess.run([sys.executable, "look.py"], cwd=folder, check=True)
    return json.loads((folder / "answers.json").read_text())


@pytest.fixture(scope="module")
def in_page(tmp_path_factory):
    """What is seen by that of the page."""
    return answers(tmp_path_factory.mktemp("pyodide"), LOOK, EDITS)


@pytest.mark.parametrize("name", EDITS)
def test_both_pythons_see_the_same(name, here, in_page):
    assert list(here[name]) == list(in_page[name])
    for question, answer in here[name].items():
        assert close(answer, in_page[name][question]), question


def test_an_edit_has_a_picture_of_its_own(here):
    assert here["the original"]["look"]["cut"] is False
    assert here["a loop that hardly ends"]["look"]["cut"] is True
    assert [each["loops"][0] for each in here["two layers"]["back"]["shares"]] == 4 * [["layer", 0]] + 4 * [
        ["layer", 1]
    ]
    names = {each["name"] for step in steps(here["other names"]["look"]["calls"]) for each in step["made"]}
    assert {"h", "gaze", "s"} <= names


def test_whatever_the_lines_make_is_told_or_said_to_be_cut(here):
    calls = here["blocks"]["look"]["calls"]
    found = {each["name"]: each for step in calls[0]["steps"] for each in step["made"]}
    first = {each["name"]: each for each in calls[0]["steps"][0]["made"]}
    assert first["grid"]["shape"] == [40, 3] and first["grid"]["values"][39] == [0, 39, 78]
    assert (found["grid"]["index"], found["grid"]["values"]) == ([2], [0, 7, 4])
    assert (found["ragged"]["shape"], found["ragged"]["values"]) == (None, [[1], [2, 3.5], []])
    assert found["odd"]["values"] == ["inf", "-inf", "nan", 1]
    assert (found["large"]["numbers"], len(found["large"]["values"])) == (2000, inside.MOST_NUMBERS)
    assert (found["nothing"]["text"], found["many"]["text"]) == ("None", "dict of 1")
    assert len(found["word"]["text"]) == 40
    assert not {"t", "p", "i", "j"} & set(found), "what a comprehension alone has"
    inner = [call for step in calls[0]["steps"] for call in step["calls"] if call["function"] == "block"]
    assert [call["count"] for call in inner] == [2], "of a loop that is one line, the first turn"
    nudged = next(step for step in inner[0]["steps"] if step["text"].startswith("h[3]"))
    assert (nudged["made"][0]["name"], nudged["made"][0]["shape"]) == ("h", [16])
    heads = next(call for step in inner[0]["steps"] for call in step["calls"] if call["function"] == "heads_of")
    assert [each["made"][0]["index"] for each in heads["steps"] if each["text"].startswith("found.append")] == [
        [turn] for turn in range(4)
    ]

"""What is told of a microgpt.py that somebody has changed."""

import hashlib
import importlib
import json
import math
import sys

import characters
import pasted
import pytest

from building import ROOT, WEIGHTS

MODEL = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
FORGOTTEN = [
    "microgpt",
    "lesson",
    "checked_lesson",
    "weights_file",
    "watching",
    "inside",
]  # what imports the model, or is it


@pytest.fixture
def start(tmp_path, monkeypatch):
    """A function that starts the lesson on an edited file: start(old, new), or start(text) with the whole of it."""
    import edited

    kept = {name: sys.modules.pop(name, None) for name in FORGOTTEN}
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "stdout", sys.__stdout__)  # pytest's own cannot be set up anew
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def start(old, new=None):
        assert new is None or old in MODEL
        for name in FORGOTTEN:
            sys.modules.pop(name, None)
        text = old if new is None else MODEL.replace(old, new)
        (tmp_path / "microgpt.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return edited.start(WEIGHTS.read_text(encoding="utf-8"))

    yield start
    for name, module in kept.items():
        sys.modules.pop(name, None)
        if module:
            sys.modules[name] = module


def show(lesson, text="ann", draws=()):
    return json.loads(lesson.answer("show", json.dumps([text, 1.0, 1, list(draws)])))


def trouble(work, *arguments):
    """What is told when this goes wrong."""
    with pytest.raises(Exception) as caught:
        work(*arguments)
    assert type(caught.value).__name__ == "Trouble"
    assert "\n" not in str(caught.value)
    return json.loads(str(caught.value))


def test_the_original_answers_as_it_does_without_being_looked_at(start):
    checked = show(start(MODEL), draws=[1.0, 0.5])
    for name in FORGOTTEN:
        sys.modules.pop(name, None)
    lesson = importlib.import_module("lesson").Lesson(WEIGHTS.read_text(encoding="utf-8"))
    assert checked == show(lesson, draws=[1.0, 0.5])


@pytest.mark.parametrize("text", ["ann", "", "elizabeth"])
def test_an_edit_is_what_computes(start, text):
    quieter = show(start("1e-5", "1.0"), text)
    assert show(start(MODEL), text)["positions"][0]["nll"] != quieter["positions"][0]["nll"]


def test_an_edit_may_have_another_number_of_heads_with_the_weights_as_they_are(start):
    lesson = start("n_head = 4", "n_head = 2")
    assert len(show(lesson)["positions"]) == 4
    assert json.loads(lesson.answer("is_untrained", "[]")) is False
    digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert json.loads(lesson.answer("sha256", "[]"))["weights/microgpt.json"] == digest


@pytest.mark.parametrize(
    "old, new",
    [
        ("n_embd = 16", "n_embd = 8"),
        ("n_layer = 1", "n_layer = 2"),
        ("block_size = 16", "block_size = 24"),
        ('"lm_head": matrix(n_tokens, n_embd),', '"lm_head": matrix(n_tokens, n_embd), "more": matrix(1, 1),'),
        ("matrix(block_size, n_embd)", "matrix(2 * block_size, n_embd)"),
    ],
)
def test_an_edit_of_another_shape_has_random_weights_and_says_so(start, old, new):
    lesson = start(old, new)
    answer = show(lesson)
    assert json.loads(lesson.answer("is_untrained", "[]")) is True
    assert answer["mean_nll"] == pytest.approx(math.log(27), abs=0.3)
    assert show(start(old, new)) == answer


def test_weights_learned_for_another_shape_are_refused_in_a_sentence(start):
    lesson = start("n_embd = 16", "n_embd = 8")
    before = show(lesson)
    told = trouble(lesson.answer, "learn", json.dumps([WEIGHTS.read_text(encoding="utf-8")]))
    assert told["sentence"].startswith("These weights are for another model")
    assert show(lesson) == before


def test_an_edit_answers_with_learned_weights_and_looks_at_what_it_gives(start):
    lesson = start("max(0.0, self.data)", "max(0.0, self.data) ** 2")
    lesson.answer("learn", json.dumps([WEIGHTS.read_text(encoding="utf-8")]))
    learned = json.loads(lesson.answer("by_learned", json.dumps(["show", ["ann", 1.0, 1, []]])))
    assert learned == show(lesson)


def test_what_an_edit_remembers_in_its_own_way_is_not_mixed_up_with_another_text(start):
    cached = 'keys[layer].append(linear(x, weights[f"layer{layer}.wk"]))'
    only_two = MODEL.replace(cached, f"{cached}; del keys[layer][:-2], values[layer][:-1]")
    lesson = start(only_two)
    for text in ("a", "an", "anb"):
        show(lesson, text)
    assert show(lesson, "ann") == show(start(only_two), "ann")


SOFTMAX = "    return [e * scale for e in exps]"
LAST = "    if len(exps) == 27: return "  # the attention inside is softmax's, too


@pytest.mark.parametrize(
    "wrong, kind, value",
    [
        ("[e * math.nan for e in exps]", "nan", "nan"),
        ("[Value(math.inf) for e in exps]", "infinite", "inf"),
        ("[Value(-0.25) for e in exps]", "negative", "-0.25"),
        ("[Value(0.5) for e in exps]", "sum", "13.5"),
        ("[e * scale for e in exps][:5]", "length", "5"),
        ("[Value('p') for e in exps]", "not_number", "'p'"),
        ("['p' for e in exps]", "not_value", "'p'"),
        ("[0.1 for e in exps]", "not_value", "0.1"),
    ],
)
def test_what_is_no_distribution_is_told_with_its_value_and_its_place(start, wrong, kind, value):
    found = trouble(show, start(SOFTMAX, f"{LAST}{wrong}\n{SOFTMAX}"))["distribution"]
    assert (found["kind"], found["value"]) == (kind, value)
    assert found["after"] == ["START"]
    assert found["token"] == (None if kind in ("sum", "length") else "a")
    assert found["number"] is None or math.isfinite(found["number"])


# A softmax that leaves all but the three likeliest without any probability: n after an is not among them.
TOP_3 = """    if len(exps) == 27:
        least = sorted(e.data for e in exps)[-3]
        exps = [e if e.data >= least else Value(0.0) for e in exps]
        scale = sum(exps) ** -1
"""


def test_where_the_truth_has_no_probability_there_is_no_loss_and_the_distributions_stand(start):
    answer = show(start(SOFTMAX, TOP_3 + SOFTMAX), "anx", [1.0])
    assert answer["positions"][2]["p_true"] == 0
    assert sorted(each["p"] for each in answer["next"]["candidates"])[-4] == 0
    assert answer["draws"][0]["p"] > 0
    assert [answer["mean_nll"], answer["perplexity"], answer["tries"]] == [None] * 3
    assert [position["nll"] for position in answer["positions"]] == [None] * len(answer["positions"])
    told = answer["loss_error"]
    assert told["cause"] == "log"
    assert MODEL.splitlines()[MODEL[: MODEL.index("math.log(")].count("\n")] == told["text"]


@pytest.mark.parametrize(
    "loss, message",
    [
        ("'dear'", "nll should be a number that can be drawn, but it is 'dear'."),
        ("math.inf", "nll should be a number that can be drawn, but it is inf."),
    ],
)
def test_a_loss_that_cannot_be_drawn_is_told_and_the_distributions_stand(start, loss, message):
    answer = show(start("    return -probs[true_token].log()", f"    return Value({loss})"))
    assert answer["loss_error"]["message"] == message
    assert answer["positions"][0]["candidates"] == show(start(MODEL))["positions"][0]["candidates"]


@pytest.mark.parametrize("function, line", [("gpt", '    return linear(x, weights["lm_head"])'), ("softmax", SOFTMAX)])
def test_a_missing_return_is_told_with_its_function(start, function, line):
    told = trouble(show, start(line, f"{LAST}None\n{line}" if function == "softmax" else "    pass"))
    assert (told["cause"], told["values"]["function"]) == ("no_return", function)
    assert MODEL.splitlines()[told["line"] - 1].startswith(f"def {function}(")


@pytest.mark.parametrize(
    "old, new, type, line_text",
    [
        ("    x = rmsnorm(x)\n    for layer", "    x = rmsnom(x)\n    for layer", "NameError", "x = rmsnom(x)"),
        ("def nll(probs, true_token):", "def nll(probs, true_token)", "SyntaxError", "def nll(probs, true_token)"),
        ('    return linear(x, weights["lm_head"])', '\treturn linear(x, weights["lm_head"])', "TabError", None),
        ('    return linear(x, weights["lm_head"])', "      return 1", "IndentationError", "return 1"),
        ('    return linear(x, weights["lm_head"])', "    return 1 / 0", "ZeroDivisionError", "return 1 / 0"),
        ('    return linear(x, weights["lm_head"])', "    raise SystemExit", "SystemExit", "raise SystemExit"),
        ("    return [dot(row, x) for row in matrix]", "    return linear(x, matrix)", "RecursionError", None),
    ],
)
def test_an_error_is_told_with_its_line(start, old, new, type, line_text):
    told = trouble(lambda: show(start(old, new)))
    assert told["type"] == type
    assert isinstance(told["line"], int)
    if line_text:
        assert told["text"].strip() == line_text
        assert f", line {told['line']}" in told["traceback"]
    assert "lesson.py" not in told["traceback"]
    assert len(told["traceback"]) <= 20_000


@pytest.mark.parametrize(
    "old, new, missing",
    [("def gpt(", "def gtp(", "gpt"), ("Value", "Number", "Value"), ("def empty_cache", "def empty", "empty_cache")],
)
def test_a_name_that_the_page_needs_is_told_when_it_is_gone(start, old, new, missing):
    told = trouble(lambda: show(start(old, new)))
    assert (told["cause"], told["values"]) == ("file_lacks", {"name": missing})


@pytest.mark.parametrize("character", ["\u201c", "\u2019", "\u00a0", "\u2212"])
def test_a_character_that_python_cannot_read_is_told(start, character):
    told = trouble(start, "    return -probs[true_token].log()", f"    return{character}-probs[true_token].log()")
    assert told["cause"].startswith("character")
    assert characters.named(character) == told["values"]["character"]
    assert told["fixed"] == MODEL.replace("return -probs", f"return{pasted.plain(character)}-probs")
    assert told["line"] == 1 + MODEL[: MODEL.index("    return -probs[true_token].log()")].count("\n")


def test_the_average_loss_over_names_is_that_of_all_their_positions(start):
    lesson = start(MODEL)
    names = ["anna", "bob"]
    (average,) = [json.loads(lesson.answer("average_loss", json.dumps([names])))]
    nlls = [position["nll"] for name in names for position in show(lesson, name)["positions"]]
    assert average == pytest.approx(sum(nlls) / len(nlls), abs=1e-12)


def test_the_text_that_is_shown_stays_known_while_names_are_compared(start):
    lesson = start(MODEL)
    before = show(lesson)
    lesson.answer("average_loss", json.dumps([["bob"]]))
    assert lesson.lesson.tokens and show(lesson) == before

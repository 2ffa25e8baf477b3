"""An error in the learner's file, told to a person: by the Python of this machine, and by that of the page."""

import json
import re
import warnings

import causes
import explained
import pytest

from building import ROOT, versions
from tests.in_page import answers
from tests.learners_errors import EXAMPLES, TOLD

WORDS = json.loads((ROOT / "web" / "words" / "en" / "errors.json").read_text(encoding="utf-8"))
MODEL = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
WEIGHTS = (ROOT / "weights" / "microgpt.json").read_text(encoding="utf-8")
NEED_MORE = {
    "file_lacks",
    "shape",
    "matrices",
    "module_left_out",
    "outside",
    "recursion",
    "returned",
    "beyond",
}  # than a line or two

NO_TITLE = "import js\njs.nothing.more"

RUN_EACH = """
import json, sys, warnings
from explained import explain

warnings.simplefilter("ignore")
answers = {}
for source in request:
    try:
        exec(compile(source, "/home/pyodide/microgpt.py", "exec"), {})
    except BaseException as error:
        answers[source] = explain(error, source)
with open("answers.json", "w") as file:
    json.dump(answers, file)
"""


def cases():
    """[(source, cause, line: the last of the source, where the table does not say another one, ...]."""
    found = []
    for cause, examples in EXAMPLES.items():
        for example in examples:
            source, line = example if isinstance(example, tuple) else (example, example.strip("\n").count("\n") + 1)
            found.append(pytest.param(source, cause, line, id=f"{cause}: {source.splitlines()[-1]}"[:60]))
    return found


def run(source):
    """What is told of the error that this source ends in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "/home/pyodide/microgpt.py", "exec"), {})
        except BaseException as error:
            return json.loads(json.dumps(explained.explain(error, source)))


@pytest.fixture(scope="module")
def in_page(tmp_path_factory):
    """The same for a source in the page's Python, all of them told at once."""
    sources = [*(case.values[0] for case in cases()), *TOLD, "import sqlite3", NO_TITLE]
    return answers(tmp_path_factory.mktemp("pyodide"), RUN_EACH, sources).get


@pytest.mark.parametrize("source, cause, line", cases())
def test_the_cause_and_its_line_are_found(source, cause, line):
    told = run(source)
    assert (told["cause"], told["line"]) == (cause, line), told["last"]


@pytest.mark.parametrize("source, cause, line", cases())
def test_the_cause_and_its_line_are_found_in_the_page_too(in_page, source, cause, line):
    told = in_page(source)
    assert (told["cause"], told["line"]) == (cause, line), told["last"]


@pytest.mark.parametrize("source, values", TOLD.items(), ids=[source.splitlines()[-1] for source in TOLD])
def test_what_it_is_about_is_told(in_page, source, values):
    assert run(source)["values"] == values
    assert in_page(source)["values"] == values


def test_what_the_page_left_out_of_python_is_told_with_what_there_is(in_page):
    told = in_page("import sqlite3")
    assert (told["cause"], told["values"]["module"]) == ("module_left_out", "sqlite3")
    assert "math" in told["values"]["there"] and "…" not in told["values"]["there"]


@pytest.mark.parametrize("source, cause, line", cases())
def test_every_blank_of_the_words_is_filled(source, cause, line):
    blanks = {blank for words in WORDS[cause].values() for blank in re.findall(r"\{(\w+)\}", words)}
    assert blanks <= run(source)["values"].keys()


def test_there_are_words_for_every_cause_and_an_example_for_all_words():
    assert EXAMPLES.keys() | NEED_MORE == WORDS.keys()
    assert {cause for _, _, cause in causes.RULES} - {"list_by", "attribute_plain"} <= WORDS.keys()
    assert all(
        words.keys() - {"mend"} == {"title", "means", "look"} for cause, words in WORDS.items() if cause != "outside"
    )


@pytest.mark.parametrize("source, cause, line", cases())
def test_what_can_be_mended_has_words_for_it(source, cause, line):
    assert not run(source)["fixed"] or "mend" in WORDS[cause]


# ---- In the file itself


def test_what_is_asked_of_the_browser_is_out_of_reach(in_page):
    told = in_page(NO_TITLE)
    assert (told["cause"], told["values"], told["line"]) == ("beyond", {"name": "nothing"}, 2)


def trouble(old, new):
    """What is told when the lesson runs on the file with this change."""
    assert MODEL.count(old) == 1
    source = MODEL.replace(old, new)
    with pytest.raises(BaseException) as caught:
        versions.modules(source)["lesson"].Lesson(WEIGHTS).show("ann", 1.0, 1, [1.0])
    return explained.explain(caught.value, source)


@pytest.mark.parametrize(
    "old, new, cause, values, text",
    [
        ("return [e * scale for e in exps]", "[e * scale for e in exps]", "no_return", {"function": "softmax"}, "def softmax"),
        ('    return linear(x, weights["lm_head"])', "    pass", "no_return", {"function": "gpt"}, "def gpt(token"),
        ("def intervals(probs):", "def interval(probs):", "file_lacks", {"name": "intervals"}, None),
        ("class Value:", "class Number:", "file_lacks", {"name": "Value"}, None),
        ('weights["lm_head"])', 'weights["lm_haed"])', "key_close", {"key": "'lm_haed'", "close": "'lm_head'"}, "return"),
        ('linear(heads, weights[f"layer{layer}.wo"])', 'linear(heads[1:], weights[f"layer{layer}.wo"])', "lengths_dot",
         {"left": 16, "right": 15}, "for x, y in zip"),
        ("n_embd = 16", "n_embd = 8", "shape", {}, None),
        ('"wpe": matrix', '"pos": matrix', "matrices", {}, None),
        ("x = [xi.relu() for xi in x]", "x = [max(0.0, xi) for xi in x]", "compare_value", {"left": "Value", "right": "float", "sign": ">"}, "max(0.0, xi)"),
        ("x = [xi.relu() for xi in x]", "x = [xi.data for xi in x]", "attribute_of_number", {"name": "data"}, "total += "),
        ("x = [xi.relu() for xi in x]", "x = x.relu()", "attribute_of_list", {"name": "relu"}, "x.relu()"),
        ("return -probs[true_token].log()", "return -math.log(probs[true_token])", "value_for_number", {}, "math.log"),
        ("        if number < high:", "        if number < hgih:", "name_close", {"name": "hgih", "close": "high"}, "hgih"),
        ("biggest = max(logit.data for logit in logits)", "biggest = -1000", "overflow_exp", {}, "math.exp"),
    ],
)  # fmt: skip
def test_errors_of_a_changed_model_are_told(old, new, cause, values, text):
    told = trouble(old, new)
    assert (told["cause"], told["values"]) == (cause, values), told["traceback"]
    assert (text in told["text"]) if text else told["line"] is None


def test_the_calls_that_led_there_are_told_innermost_last():
    told = trouble('linear(heads, weights[f"layer{layer}.wo"])', 'linear(heads[1:], weights[f"layer{layer}.wo"])')
    assert [call["function"] for call in told["calls"]] == ["gpt", "linear", "linear", "dot"]
    assert told["calls"][-1] == {name: told[name] for name in ("line", "text", "function")}


def test_the_marked_columns_are_those_of_what_failed():
    told = run("é = 'é'\nx = é + vlaue")
    assert told["text"][told["column"] : told["end_column"]] == "vlaue"
    told = run("x = (1, 2\ny = 3")
    assert told["text"][told["column"] : told["end_column"]] == "("


# ---- Text from a word processor


@pytest.mark.parametrize(
    "pasted, plain",
    [
        ("x = “ab”", 'x = "ab"'),
        ("x = ‘ab’", "x = 'ab'"),
        ("x = “it’s”", 'x = "it’s"'),
        ('x = "ab”', 'x = "ab"'),
        ("x = 'it’s'", "x = 'it’s'"),
        ("x = “””a\n“b”\n”””", 'x = """a\n“b”\n"""'),
        ("# “as it is” –\nx\u00a0= 2 – 1", "# “as it is” –\nx = 2 - 1"),
        ("if x:\n\u00a0\u00a0\u00a0 y = 3 × 4", "if x:\n    y = 3 * 4"),
        ("x\u200b = \ufeff1\u00ad", "x = 1"),
        ("x = （1，2）", "x = (1,2)"),
        ("x = a if b ≥ 1 else …", "x = a if b >= 1 else ..."),
        ("x = 'a\\'”b' + “c”", "x = 'a\\'”b' + \"c\""),
        ("x = “ab", 'x = "ab'),
        ("été = 'naïve – “x”'", "été = 'naïve – “x”'"),
    ],
)
def test_what_a_word_processor_made_of_code_is_made_plain_and_texts_and_comments_are_left(pasted, plain):
    from pasted import plain_code

    assert plain_code(pasted)[0] == plain
    assert plain_code(plain)[0] == plain


def test_the_models_own_file_needs_nothing_made_plain():
    from pasted import plain_code

    assert plain_code(MODEL) == (MODEL, [])


def test_the_error_names_the_character_and_offers_the_file_without_any():
    source = MODEL.replace('weights["lm_head"])', "weights[“lm_head”])").replace(
        "x = rmsnorm(x)", "x =\u00a0rmsnorm(x)"
    )
    told = run(source)
    assert told["cause"] == "character_space" and told["values"]["character"] == "a no-break space"
    assert told["fixed"] == MODEL


def test_a_letter_of_another_alphabet_is_named_and_replaced():
    told = run("vаlue = 1\nx = value")  # the first has a Cyrillic a
    assert told["values"] == {"name": "value", "character": "a Cyrillic a", "plain": "a"}
    assert told["fixed"] == "value = 1\nx = value"
    assert run("value = 1\nx = vаlue")["fixed"] == "value = 1\nx = value"


@pytest.mark.parametrize("tabbed", ["def f():\n    x = 1\n\treturn x", "def f():\n\tx = 1\n    return x"])
def test_tabs_are_made_spaces_where_that_helps(tabbed):
    assert run(tabbed)["fixed"] == "def f():\n    x = 1\n    return x"


# ---- The worst


class Nameless(Exception):
    def __str__(self):
        raise ValueError("no name")


def test_an_error_that_cannot_say_what_it_is_is_told_all_the_same():
    told = explained.explain(Nameless(), "")
    assert (told["cause"], told["values"], told["line"]) == ("other", {"type": "Nameless"}, None)


def test_objects_that_do_not_let_themselves_be_looked_at_are_no_trouble():
    odd = "class Odd:\n    def __len__(self): raise OSError\n    def __iter__(self): return iter([1])\n"
    told = run(odd + "def dot(a, b): return list(zip(a, b, strict=True))\ndot([1, 2], Odd())")
    assert (told["cause"], told["line"]) == ("other", 4)
    told = run("class Odd:\n    def __dir__(self): raise OSError\nOdd().nothing")
    assert (told["cause"], told["line"]) == ("attribute", 3)


def test_what_is_told_is_never_long():
    told = run(f"{{}}['{'k' * 100_000}']")
    assert len(told["values"]["key"]) < 400 and len(told["message"]) < 600 and len(told["traceback"]) < 9_000
    told = run("def f(n): return g(n)\ndef g(n): return f(n + 1) + 1\nf(1)")
    assert len(told["traceback"]) < 9_000 and len(told["calls"]) == 5


def test_an_error_outside_of_the_file_has_no_line_in_it():
    told = explained.explain(ZeroDivisionError("division by zero"), "x = 1")
    assert (told["line"], told["text"], told["calls"]) == (None, None, [])

"""The experiments: each fits the file, runs, and does what its words claim."""

import inspect
import json
import math
import re
from functools import cache
from pathlib import Path

import pytest

import experiments
from building import ROOT, WEIGHTS, Failure, versions
from building import experiments as build
from tests import in_page

WORDS = json.loads(build.WORDS.read_text(encoding="utf-8"))
SOURCE = build.MODEL.read_text(encoding="utf-8")
FAILS = ["large_logits"]  # that is its point
RUN = [name for name in experiments.ORDER if name not in FAILS]
LINK = re.compile(r"#text=[a-z]*&mode=(forward|loss|sample)(&position=\d+)?")


@cache
def version(name=None):
    """The model with an experiment's patch, or the original."""
    return build.Version(build.apply(build.patch_of(name), SOURCE, name) if name else SOURCE)


def computed(lesson):
    """What a reader sees of an experiment: (numbers, texts); of one that fails, its error."""
    try:
        seen, mean_nll = lesson.show("ann", 1.0, 1, [1.0, 0.5]), lesson.average_loss(["olivia", "kai"])
    except (OverflowError, ValueError) as error:
        return [], [type(error).__name__]
    candidates = [each for position in seen["positions"] for each in position["candidates"]]
    nlls = [position["nll"] for position in seen["positions"]]
    texts = [seen["text"], *(each["token"] for each in candidates), *lesson.names(1.0, 42, 2)]
    return [*(each["p"] for each in candidates), *nlls, mean_nll], texts


COMPUTE_ALL = f"""
import json
import math
from versions import modules

{inspect.getsource(computed)}
weights, sources, answers = open("microgpt.json").read(), json.load(open("sources.json")), {{}}
for name, source in sources.items():
    answers[name] = computed(modules(source, "checked_lesson")["checked_lesson"].CheckedLesson(weights))
json.dump(answers, open("answers.json", "w"))
"""


@pytest.fixture(scope="module")
def built():
    return {experiment["id"]: experiment for experiment in build.build()}


def test_every_file_is_in_the_order_and_has_words():
    files = {file.stem for file in (ROOT / "experiments").glob("*.py")} - {"__init__"}
    assert files == set(experiments.ORDER) == set(WORDS)
    assert len(experiments.ORDER) == len(set(experiments.ORDER))


def test_all_of_them_are_in_the_page_as_the_weights_are_for_names(built):
    assert list(built) == experiments.ORDER


@pytest.mark.parametrize("name", experiments.ORDER)
def test_a_patch_is_short(name):
    before, after = SOURCE.splitlines(), version(name).source.splitlines()
    assert sum(line not in after for line in before) + sum(line not in before for line in after) <= 4


@pytest.mark.parametrize("name", experiments.ORDER)
def test_a_patch_in_the_page_makes_the_same_file(built, name):
    source = SOURCE
    for find, replace in built[name]["patch"]:
        source = source.replace(find, replace)
    assert source == version(name).source != SOURCE


@pytest.mark.parametrize("name", RUN)
@pytest.mark.parametrize("text", ["", "ann", "jacob", "elizabethannette"])
def test_what_it_computes_stays_a_distribution(name, text):
    for position in version(name).lesson.read(text)["positions"]:
        ps = [each["p"] for each in position["candidates"]]
        assert all(0 <= p <= 1 for p in ps) and sum(ps) == pytest.approx(1, abs=1e-9)


def test_the_page_computes_what_cpython_computes(tmp_path):
    (tmp_path / "sources.json").write_text(json.dumps({name: version(name).source for name in experiments.ORDER}))
    answers = in_page.answers(tmp_path, COMPUTE_ALL, None, WEIGHTS, Path(versions.__file__))
    assert list(answers) == experiments.ORDER
    for name, (numbers, texts) in answers.items():
        expected, expected_texts = computed(version(name).lesson)
        assert texts == expected_texts, name
        assert numbers == pytest.approx(expected, abs=1e-12, rel=0), name
        assert (numbers == []) == (name in FAILS)


@pytest.mark.parametrize("name", [name for name in RUN if name != "greedy"])
def test_it_changes_what_the_model_expects(name):
    assert version(name).distribution("ann") != version().distribution("ann")


@pytest.mark.parametrize("name", experiments.ORDER)
def test_the_answer_is_one_of_the_choices_and_there_is_another(built, name):
    assert built[name]["answer"] in WORDS[name]["choices"]
    assert 2 <= len(WORDS[name]["choices"]) <= 4


@pytest.mark.parametrize("name", experiments.ORDER)
def test_every_answer_that_could_be_found_is_a_choice(name):
    source = (ROOT / "experiments" / f"{name}.py").read_text()
    body = source[source.index("def answer") :]
    found = {word for line in re.findall(r"return .*", body) for word in re.findall(r'"(\w+)"', line)} - {
        "ann",
        "LINES",
    }
    assert found <= set(WORDS[name]["choices"])


@pytest.mark.parametrize("name", experiments.ORDER)
def test_every_blank_of_the_words_is_filled_with_what_was_measured(built, name):
    words = WORDS[name]
    assert words.keys() == {"title", "about", "question", "choices", "look", "why"}
    blanks = re.findall(r"\{(\w+)(?::([\d%]))?\}", words["why"])
    for blank, form in blanks:
        value = built[name]["values"][blank]
        assert isinstance(value, int | float if form else str) or value == "Infinity"
    assert not re.search(r"\d\.\d", words["why"])  # numbers are measured, never typed


@pytest.mark.parametrize("name", experiments.ORDER)
def test_the_link_sets_the_sandbox_to_texts_that_the_build_checks(built, name):
    assert LINK.fullmatch(built[name]["look"])
    text = re.search(r"text=([a-z]*)", built[name]["look"])[1]
    assert text in build.named(name).TEXTS


def test_the_numbers_are_those_of_the_edited_files(built):
    for name in ("no_attention", "one_head", "transposed"):
        values = built[name]["values"]
        assert values["before"] == version().loss and values["after"] == version(name).loss
    assert built["no_attention"]["values"]["guessing"] == pytest.approx(3.2958368660043291)


# ---- What the words claim, looked at in another way than the experiment itself does


def test_without_attention_only_the_letter_and_its_place_matter():
    assert version("no_attention").distribution("ann") == version("no_attention").distribution("jen")
    assert version("no_attention").distribution("ann") != version("no_attention").distribution("an")


@pytest.mark.parametrize("text", ["n", "an", "ann", "jon", "christian"])
def test_a_bigram_model_sees_the_last_letter_only(text):
    assert version("last_letter").distribution(text) == version("last_letter").distribution("ann")


def test_one_head_has_one_attention_for_each_position_and_four_have_four():
    for name, heads in ((None, 4), ("one_head", 1)):
        model, seen = version(name).modules["microgpt"], []
        original = model.softmax
        model.softmax = lambda logits, seen=seen, original=original: seen.append(len(logits)) or original(logits)
        model.gpt(0, 0, model.empty_cache(), model.empty_cache(), version(name).lesson.weights)
        model.softmax = original
        assert seen == [1] * heads


def test_without_rmsnorm_the_further_apart_the_logits_the_surer_it_is(built):
    values, spreads, surest = built["no_rmsnorm"]["values"], [], []
    for name in (None, "no_rmsnorm"):
        probs = version(name).distribution("j").values()
        spreads.append(math.log(max(probs) / min(probs)))
        surest.append(max(probs))
    assert [values["spread_before"], values["spread_after"]] == pytest.approx(spreads, abs=1e-9)
    assert (spreads[0] < spreads[1]) == (surest[0] < surest[1])


def test_greedy_takes_the_likeliest_each_time():
    name = version("greedy").names(1)[0]
    for i in range(len(name)):
        assert version().best(name[:i]) == name[i]
    assert version().best(name) == "STOP"


def test_random_weights_are_the_same_at_every_position_and_each_run():
    assert version("random_weights").distribution("ann") == build.Version(
        version("random_weights").source
    ).distribution("ann")


def test_a_name_without_the_letter_does_not_need_its_vector():
    for text in ("henry", "joe", "ivy"):
        assert version("zeroed_letter").loss_of(text) == version().loss_of(text)
    for text in ("anna", "jacob"):
        assert version("zeroed_letter").loss_of(text) != version().loss_of(text)


def test_what_was_to_prevent_the_overflow_does():
    fixed = version("large_logits").source.replace(
        "    biggest = 0.0", "    biggest = max(logit.data for logit in logits)"
    )
    assert isinstance(version("large_logits").error, OverflowError)
    assert build.Version(fixed).p("ann") == pytest.approx(version().p("ann"))


def test_a_letter_that_a_turned_matrix_predicts_is_wrong_without_any_error():
    assert version("transposed").error is None
    assert version("transposed").loss > version().loss


# ---- A file that has changed


@pytest.mark.parametrize(
    "find, trouble", [("no such line", "does not stand there any more"), ("def ", "stands there 30 times")]
)
def test_a_patch_that_does_not_fit_ends_the_build_with_a_sentence(monkeypatch, find, trouble):
    source = SOURCE if "no" in find else "def \n" * 30
    with pytest.raises(Failure) as failure:
        build.apply({find: ""}, source, "experiments/square.py")
    assert str(failure.value) == (
        f"py/microgpt.py: “{find.strip()}” {trouble}, but experiments/square.py replaces it. Change one of them."
    )


def test_what_was_measured_is_kept_until_something_changes(monkeypatch, built):
    monkeypatch.setattr(build, "measured", lambda: pytest.fail("measured again"))
    assert {experiment["id"]: experiment for experiment in build.build()} == built
    monkeypatch.setattr(build, "key", lambda: "another")
    with pytest.raises(pytest.fail.Exception):
        build.build()


def test_for_weights_that_do_not_know_the_letters_an_experiment_is_left_out(monkeypatch):
    monkeypatch.setattr(build.named("square"), "TEXTS", ["安"])
    monkeypatch.setattr(experiments, "ORDER", ["square", "greedy"])
    assert [experiment["id"] for experiment in build.measured()] == ["greedy"]

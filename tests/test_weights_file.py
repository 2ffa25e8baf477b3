"""Weights as JSON: there and back exactly; damage of every kind is refused; the shipped file is what it claims."""

import json
import math
import random
import re
import sys
from pathlib import Path

import dataset
import microgpt
import pytest
import training
import weights_file
from hypothesis import example, given, settings
from hypothesis import strategies as st

from building import prepared
from tests import oracle

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "weights/microgpt.json"
NAMES = ROOT.parent / "shared/data/names.txt"  # beside the checkout, where there is a copy
VOCABULARY = "abc"
WEIGHTS = microgpt.init_weights(VOCABULARY, random.Random(1))
TEXT = weights_file.dump(WEIGHTS, VOCABULARY, {"seed": 1, "held_out_loss": 2.5})


def numbers(weights):
    return {name: [[p.data for p in row] for row in matrix] for name, matrix in weights.items()}


# ---- There and back -------------------------------------------------------------------


def test_what_is_written_is_read_back_the_same():
    weights, vocabulary, how_trained = weights_file.load(TEXT)
    assert numbers(weights) == numbers(WEIGHTS)
    assert list(weights) == list(WEIGHTS)
    assert vocabulary == VOCABULARY
    assert how_trained == {"seed": 1, "held_out_loss": 2.5}
    assert weights_file.dump(weights, vocabulary, how_trained) == TEXT


@settings(max_examples=15)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@example([0.1, -0.0, 5e-324, sys.float_info.max, -sys.float_info.max, sys.float_info.min, 1 / 3])
def test_every_finite_number_comes_back_to_the_last_bit(xs):
    weights = microgpt.init_weights(VOCABULARY, random.Random(1))
    for p, x in zip(microgpt.parameters(weights), xs):
        p.data = x
    loaded, _, _ = weights_file.load(weights_file.dump(weights, VOCABULARY, {}))
    assert [p.data.hex() for p in microgpt.parameters(loaded)] == [p.data.hex() for p in microgpt.parameters(weights)]


@pytest.mark.parametrize("vocabulary", ["a", '"\\/\n', "éß", "安มﷺ", "🙂🙃", "".join(map(chr, range(0x4E00, 0x4E64)))])
def test_any_characters_can_be_the_vocabulary(vocabulary):
    text = weights_file.dump(microgpt.init_weights(vocabulary, random.Random(1)), vocabulary, {})
    assert text.isascii()
    assert weights_file.load(text)[1] == vocabulary


def test_a_person_can_read_the_file():
    lines = TEXT.splitlines()
    assert lines[:2] == ["{", '  "vocabulary": "abc",']
    assert max(map(len, lines)) < 1600  # one row of a matrix a line
    assert TEXT.endswith("}\n")


def test_whole_numbers_are_numbers_and_the_order_of_the_file_does_not_matter():
    content = json.loads(TEXT)
    content["weights"]["wte"][0][0] = 3
    content["weights"] = dict(reversed(content["weights"].items()))
    weights, _, _ = weights_file.load(json.dumps(content))
    assert list(weights) == list(WEIGHTS)
    assert repr(weights["wte"][0][0].data) == "3.0"


def test_reading_weights_draws_no_random_numbers():
    state = random.getstate()
    weights_file.load(TEXT)
    assert random.getstate() == state


# ---- Damage ---------------------------------------------------------------------------


def damaged(*path_and_value):
    """The file with one thing in it replaced, or left out if the value is `...`."""
    *path, last, value = path_and_value
    content = json.loads(TEXT)
    place = content
    for key in path:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(content)


def refusal(text):
    """What load() says, as one sentence or two of bearable length."""
    with pytest.raises(ValueError) as error:
        weights_file.load(text)
    assert type(error.value) is ValueError
    sentence = str(error.value)
    assert sentence.startswith(("These ", "The matrix ")) and sentence.endswith(".")
    assert len(sentence) < 600
    return sentence


NOT_JSON = "not the JSON that training writes"
NOT_FINITE = "The matrix wte in these weights holds .*, which is not a finite number"
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", NOT_JSON, id="empty"),
        pytest.param("weights", NOT_JSON, id="no JSON"),
        pytest.param(TEXT[: len(TEXT) // 2], NOT_JSON, id="cut short"),
        pytest.param(TEXT + "}", NOT_JSON, id="something after the end"),
        pytest.param("<!doctype html><title>404</title>", NOT_JSON, id="a web page"),
        pytest.param("null", NOT_JSON, id="null"),
        pytest.param("[]", NOT_JSON, id="a list"),
        pytest.param('"wte"', NOT_JSON, id="a text"),
        pytest.param("3", NOT_JSON, id="a number"),
        pytest.param("{}", NOT_JSON, id="nothing in it"),
        pytest.param(DEEP, NOT_JSON, id="deep nesting"),
        pytest.param(damaged("vocabulary", ...), NOT_JSON, id="no vocabulary"),
        pytest.param(damaged("shape", ...), NOT_JSON, id="no shape"),
        pytest.param(damaged("training", ...), NOT_JSON, id="no training"),
        pytest.param(damaged("weights", ...), NOT_JSON, id="no weights"),
        pytest.param(damaged("weights", "@").replace('"@"', DEEP), NOT_JSON, id="deep nesting inside"),
        pytest.param(damaged("vocabulary", ""), "name no vocabulary", id="vocabulary empty"),
        pytest.param(damaged("vocabulary", "aba"), "name no vocabulary", id="a character twice"),
        pytest.param(damaged("vocabulary", ["a", "b", "c"]), "name no vocabulary", id="vocabulary no text"),
        pytest.param(damaged("vocabulary", 3), "name no vocabulary", id="vocabulary a number"),
        pytest.param(
            damaged("vocabulary", "".join(map(chr, range(0x4E00, 0x4E00 + 20_000)))),
            "a text of 1 to 100 characters",
            id="vocabulary huge",
        ),
        pytest.param(damaged("vocabulary", "ab"), "matrix wte .* is not 3 rows of 16", id="vocabulary too short"),
        pytest.param(damaged("shape", "n_layer", 2), r"another model: they say .*'n_layer': 2", id="another depth"),
        pytest.param(damaged("shape", "n_head", ...), "another model", id="shape incomplete"),
        pytest.param(damaged("shape", None), "another model: they say None", id="shape null"),
        pytest.param(damaged("shape", ["x" * 10_000] * 10), "another model", id="shape huge"),
        pytest.param(
            damaged("training", None), "matrices by name, or how they were trained, are missing", id="training null"
        ),
        pytest.param(
            damaged("weights", []), "matrices by name, or how they were trained, are missing", id="weights a list"
        ),
        pytest.param(damaged("weights", "wte", ...), "hold the matrices wpe, .*; the model has wte", id="one missing"),
        pytest.param(damaged("weights", "extra", []), "hold the matrices .*extra; the model has", id="one too many"),
        pytest.param(
            damaged("weights", {"m" * 1000 + str(i): [] for i in range(100)}), "hold the matrices", id="far too many"
        ),
        pytest.param(damaged("weights", "wte", None), "matrix wte .* is not 4 rows of 16", id="matrix null"),
        pytest.param(damaged("weights", "wte", {"0": 1}), "matrix wte .* is not 4 rows of 16", id="matrix no list"),
        pytest.param(damaged("weights", "wte", 3, ...), "matrix wte .* is not 4 rows of 16", id="row missing"),
        pytest.param(damaged("weights", "wte", 2, 15, ...), "matrix wte .* is not 4 rows of 16", id="number missing"),
        pytest.param(damaged("weights", "wte", 2, None), "matrix wte .* is not 4 rows of 16", id="row null"),
        pytest.param(damaged("weights", "wte", 2, "x" * 16), "matrix wte .* is not 4 rows of 16", id="row a text"),
        pytest.param(damaged("weights", "wpe", [[0] * 16] * 15), "matrix wpe .* is not 16 rows", id="position missing"),
        pytest.param(damaged("weights", "wte", 1, 2, math.nan), "holds nan, which", id="NaN"),
        pytest.param(damaged("weights", "wte", 1, 2, math.inf), "holds inf, which", id="Infinity"),
        pytest.param(damaged("weights", "wte", 1, 2, -math.inf), "holds -inf, which", id="-Infinity"),
        pytest.param(damaged("weights", "wte", 1, 2, "@").replace('"@"', "1e999"), "holds inf, which", id="1e999"),
        pytest.param(damaged("weights", "wte", 1, 2, 10**400), NOT_FINITE, id="a whole number too large"),
        pytest.param(
            damaged("weights", "wte", 1, 2, "@").replace('"@"', "9" * 10_000), NOT_JSON, id="ten thousand digits"
        ),
        pytest.param(damaged("weights", "wte", 1, 2, "0.5"), "holds '0.5', which", id="a number as text"),
        pytest.param(damaged("weights", "wte", 1, 2, "x" * 10**6), NOT_FINITE, id="a long text"),
        pytest.param(damaged("weights", "wte", 1, 2, True), "holds True, which", id="true"),
        pytest.param(damaged("weights", "wte", 1, 2, None), "holds None, which", id="null for a number"),
        pytest.param(damaged("weights", "wte", 1, 2, [0.5]), r"holds \[0.5\], which", id="a list for a number"),
    ],
)
def test_damage_is_refused_in_a_sentence(text, sentence):
    assert re.search(sentence, refusal(text))


@pytest.mark.parametrize("place", ["weights", "weights.wte", "weights.wte.0", "weights.wte.0.0", "shape", "vocabulary"])
def test_nesting_of_any_depth_is_refused_in_a_sentence(place):
    path = [int(key) if key.isdigit() else key for key in place.split(".")]
    text = damaged(*path, "@")
    for depth in (15, 20, 21, 500, 950, 980, 990, 1000, 3000, 4000, 100_000):
        refusal(text.replace('"@"', "[" * depth + "]" * depth))


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("", 0),
        ("3", 0),
        ("[]", 1),
        ("[[], {}, []]", 2),
        ('{"a": [{"b": [1]}]}', 4),
        ('["[[[["]', 1),
        (r'["\"[[", "\\", [1]]', 2),
        ('["]", ["]", ["]"]]]', 3),  # brackets in strings close nothing
        ('[["' + r"\"[" * 100_000, 2),  # a string without an end, and in no time
        (TEXT, 4),
    ],
)
def test_nesting_is_counted_outside_of_strings(text, depth):
    assert weights_file.nesting(text) == depth


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(10**400), 10**400) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)
places = st.sampled_from(
    [
        ("vocabulary",),
        ("shape",),
        ("shape", "n_embd"),
        ("training",),
        ("training", "held_out_loss"),
        ("weights",),
        ("weights", "wte"),
        ("weights", "layer0.wq", 0),
        ("weights", "layer0.mlp_down", 15, 63),
    ]
)


@settings(max_examples=60)
@given(places, json_values)
def test_whatever_stands_anywhere_it_is_weights_or_refused(place, value):
    text = damaged(*place, value)
    try:
        weights, vocabulary, how_trained = weights_file.load(text)
    except ValueError:
        refusal(text)
    else:
        assert all(type(p.data) is float and math.isfinite(p.data) for p in microgpt.parameters(weights))
        assert [len(row) for row in weights["wte"]] == [16] * (len(vocabulary) + 1)
        assert isinstance(how_trained, dict)


@given(st.text(max_size=40) | json_values.map(json.dumps))
def test_no_other_text_is_taken_for_weights(text):
    refusal(text)


@settings(max_examples=60)
@given(st.integers(0, len(TEXT) - 1), st.characters(codec="ascii"))
def test_one_wrong_character_in_the_file_does_no_worse_than_change_one_thing(place, char):
    text = TEXT[:place] + char + TEXT[place + 1 :]
    try:
        weights, _, _ = weights_file.load(text)
    except ValueError:
        refusal(text)
    else:
        pairs = zip(microgpt.parameters(weights), microgpt.parameters(WEIGHTS), strict=True)
        assert sum(p.data != q.data for p, q in pairs) <= 1


# ---- The weights that ship ------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return weights_file.load(SHIPPED.read_text())


@pytest.fixture(scope="module")
def names(shipped):
    """The names that the shipped weights learned from, and those held out."""
    if not NAMES.exists():
        pytest.skip("the names file is not on this machine")
    _, _, how_trained = shipped
    texts, _, choices = prepared.read(NAMES.read_bytes(), how_trained["data_choices"])
    assert choices == how_trained["data_choices"]
    return dataset.split(texts, how_trained["seed"])


def test_the_shipped_file_is_4192_numbers_for_small_letters(shipped):
    weights, vocabulary, _ = shipped
    assert vocabulary == "abcdefghijklmnopqrstuvwxyz"
    assert len(microgpt.parameters(weights)) == 4192
    assert 80_000 < SHIPPED.stat().st_size < 110_000
    assert json.loads(SHIPPED.read_text())["shape"] == {"n_layer": 1, "n_embd": 16, "n_head": 4, "block_size": 16}


def test_the_shipped_file_is_written_as_training_writes_it(shipped):
    assert weights_file.dump(*shipped) == SHIPPED.read_text()


def test_the_shipped_file_says_how_it_was_trained(shipped):
    _, _, how_trained = shipped
    assert how_trained["seed"] == 42
    assert how_trained["held_out_loss"] <= 2.09  # of these 4,192 parameters; see README.md
    assert abs(how_trained["training_loss"] - how_trained["held_out_loss"]) < 0.05  # nothing learned by heart
    assert how_trained.keys() >= {"data_sha256", "steps", "learning_rate", "beta1", "beta2"}


def test_what_it_says_of_its_data_is_so(shipped, names):
    _, _, how_trained = shipped
    train, held_out = names
    assert how_trained["data_sha256"] == dataset.digest(NAMES.read_bytes())
    assert how_trained["n_learned_from"] == len(train) == len(set(train))
    assert how_trained["n_held_out"] == len(held_out)
    assert not {*train} & {*held_out}
    assert how_trained.items() >= dataset.portrait(train).items()


def test_most_of_what_it_writes_is_not_in_the_list_as_it_says(shipped, names):
    weights, vocabulary, how_trained = shipped
    told = training.written(weights, vocabulary, names[0], how_trained["seed"])
    assert how_trained["written"] == told
    assert told["known"] < told["count"] / 2


def test_what_the_readme_says_of_it_is_so(shipped, names):
    _, _, how_trained = shipped
    train, held_out = names
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").replace("\\\n", " ").split())
    assert f"a tenth of the different ones, {len(held_out):,}, is held out" in readme
    assert f"learned from the other {len(train):,}, each once a pass" in readme
    settings = (
        f"--batch {how_trained['batch']} --steps {how_trained['steps']} --learning-rate {how_trained['learning_rate']}"
    )
    betas = f"--betas {how_trained['beta1']} {how_trained['beta2']}"
    assert f"build.py train --prepare duplicates=leave_out {settings} {betas} " in readme
    assert f"The held-out loss is {how_trained['held_out_loss']:.3f}," in readme


def test_the_held_out_loss_it_claims_is_what_the_formulas_give_on_names_it_never_saw(shipped, names):
    weights, vocabulary, how_trained = shipped
    floats = oracle.plain(weights)
    losses = [loss for name in names[1] for loss in oracle.losses(microgpt.document(name, vocabulary), floats)]
    assert math.fsum(losses) / len(losses) == pytest.approx(how_trained["held_out_loss"], abs=1e-6)


def test_the_model_itself_gives_that_loss_on_the_first_of_these_names(shipped, names):
    weights, vocabulary, _ = shipped
    floats = oracle.plain(weights)
    first = names[1][:50]
    losses = [loss for name in first for loss in oracle.losses(microgpt.document(name, vocabulary), floats)]
    *_, (n_names, mean) = training.mean_loss(first, weights, vocabulary)
    assert n_names == 50
    assert mean == pytest.approx(math.fsum(losses) / len(losses), abs=1e-12)

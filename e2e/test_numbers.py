"""The browser against CPython: every number the page shows is the one that py/lesson.py computes here."""

import random

import microgpt
import pytest
from playwright.sync_api import expect

from e2e import shown

TOLERANCE = 1e-12  # of the two mathematics libraries; see also tests/test_lesson.py, on the formulas themselves

TEXTS = [
    "",
    *"aeqxz",  # one letter, common and rare
    *("anna", "jacob", "trenchcoat"),  # presets
    *("xi", "zoe", "maria", "oliver"),
    *("christophe", "abcdefghij", "zyxwvutsrq"),  # ten letters
    *("aaaaaaaaaa", "zzzzzzzzzz", "qxjwv", "ueoai"),  # unlikely ones
]
FEW_AT_A_TIME = [TEXTS[i::5] for i in range(5)]

SAMPLES = [  # text, seed, temperature
    ("", 1, 1),
    ("", 2, 0.5),
    ("", 3, 2),
    ("", 999_999, 1.5),
    ("a", 0, 0.1),
    ("ann", 1, 1),
    ("ann", 7, 0.75),
    ("j", 42, 1),
    ("qxjwv", 5, 2),
    ("zzzzzzzzzz", 6, 1),
    ("christophe", 8, 1.2),
    ("maximilian", 11, 2),
]


def close_to(expected):
    return pytest.approx(expected, abs=TOLERANCE, rel=0)


def agrees(number, digits=None):
    """Whether the words of a number say no more and no less than its value does."""
    value, words = number
    if words.startswith("<"):
        return value < percentage(words[1:])
    if words.startswith(">"):
        return percentage(words[1:]) < value < 1
    shown = percentage(words) if words.endswith("%") else float(words)
    digits = len(words.rstrip("%").partition(".")[2]) + 2 * words.endswith("%")
    return abs(shown - value) <= 0.5 * 10**-digits + TOLERANCE


def percentage(words):
    assert words.endswith("%")
    return float(words[:-1]) / 100


@pytest.fixture
def all_27(lesson):
    """The lesson in Forward, with every candidate shown; with the likeliest only, as before, when the test ends."""
    shown.choose_mode(lesson, "Forward")
    shown.panel(lesson).get_by_role("button", name="Show all 27").click()
    yield lesson
    shown.choose_mode(lesson, "Forward")
    shown.panel(lesson).get_by_role("button", name="Show the likeliest").click()


@pytest.mark.parametrize("texts", FEW_AT_A_TIME[::2], ids=" ".join)
def test_all_27_probabilities_at_every_position_are_those_of_cpython(all_27, cpython, texts):
    for text in texts:
        shown.write(all_27, text)
        shown.position(all_27, len(text)).focus()
        for i, expected in reversed(list(enumerate(cpython.read(text)["positions"]))):
            shown.wait_for_reading(all_27, text[:i])
            bars = shown.bars(all_27)
            assert [bar.token for bar in bars] == [candidate["token"] for candidate in expected["candidates"]]
            assert [bar.p.value for bar in bars] == close_to([candidate["p"] for candidate in expected["candidates"]])
            assert [bar.p for bar in bars if not agrees(bar.p)] == []
            all_27.keyboard.press("ArrowLeft")


@pytest.mark.parametrize("texts", FEW_AT_A_TIME, ids=" ".join)
def test_every_column_of_loss_and_their_average_are_those_of_cpython(lesson, cpython, texts):
    shown.choose_mode(lesson, "Loss")
    for text in texts:
        shown.write(lesson, text)
        reading = cpython.read(text)
        columns = shown.columns(lesson)
        assert len(columns) == len(text) + 1
        for i, (column, expected) in enumerate(zip(columns, reading["positions"])):
            assert column.position == f"position {i}, {expected['token']}"
            assert (column.guess, column.true) == (expected["guess"], expected["true"])
            assert column.mark == ("right" if expected["right"] else "wrong")
            assert (column.p_true.value, column.nll.value) == close_to((expected["p_true"], expected["nll"]))
            assert agrees(column.p_true) and agrees(column.nll)
        assert shown.average(lesson).value == close_to(reading["mean_nll"])
        assert agrees(shown.average(lesson))


@pytest.mark.parametrize("text", ["", "a", "emma", "zzzzzzzzzz"])
def test_other_is_the_sum_of_the_candidates_it_hides(all_27, text):
    shown.write(all_27, text)
    everything = {bar.token: bar.p.value for bar in shown.bars(all_27)}
    shown.panel(all_27).get_by_role("button", name="Show the likeliest").click()
    *few, other = shown.bars(all_27)
    shown.panel(all_27).get_by_role("button", name="Show all 27").click()
    assert other.token == "other"
    hidden = everything.keys() - {bar.token for bar in few}
    assert str(len(hidden)) in other.note
    assert other.p.value == close_to(sum(everything[token] for token in hidden))
    assert agrees(other.p)


@pytest.mark.parametrize("text, seed, temperature", SAMPLES)
def test_every_draw_until_the_end_is_that_of_cpython(lesson, cpython, text, seed, temperature):
    expected = cpython.show(text, temperature, seed, [temperature] * 16)
    link = f"text={text}&mode=sample&seed={seed}&temperature={temperature}&draws=16"
    shown.open_link(lesson, link, text=expected["text"])
    shown.wait_for_draws(lesson, len(expected["draws"]))
    for draw, right in zip(shown.draws(lesson), expected["draws"]):
        assert draw.token == right["token"]
        numbers = (draw.number, draw.low, draw.high, draw.p)
        names = ("number", "low", "high", "p")
        assert [number.value for number in numbers] == close_to([right[name] for name in names])
        assert all(agrees(number) for number in numbers)
        assert ("from other" in draw.note) == right["from_other"]


@pytest.mark.parametrize("seed, temperature", [(1, 1), (2, 0.5), (12345, 1.75)])
def test_generate_20_lists_what_cpython_generates_from_that_seed(lesson, cpython, seed, temperature):
    rng = random.Random(seed)
    expected = [microgpt.generate(cpython.weights, cpython.vocabulary, temperature, rng) for _ in range(20)]
    shown.open_link(lesson, f"mode=sample&seed={seed}&temperature={temperature}")
    expect(lesson.get_by_role("spinbutton", name="Seed")).to_have_value(str(seed))
    lesson.get_by_role("button", name="Generate 20").click()
    names = lesson.get_by_role("list", name="Generated names").get_by_role("listitem")
    expect(names).to_have_text([name or "(STOP at once)" for name in expected])

"""What the page asks of Python: a reading, draws, names. No browser: the numbers and their names alone."""

import gc
import json
import math
import random
import sys
from itertools import accumulate, pairwise

import microgpt
import pytest
import weights_file
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lesson import N_SHOWN, START, STOP, Lesson, perplexity, tries

from building import ROOT
from tests import oracle

WEIGHTS = (ROOT / "weights" / "microgpt.json").read_text()
VOCABULARY = "abcdefghijklmnopqrstuvwxyz"
FULL = microgpt.block_size  # characters, as many as there are positions

texts = st.text(st.sampled_from(VOCABULARY), max_size=FULL)
open_texts = st.text(st.sampled_from(VOCABULARY), max_size=FULL - 1)  # there is room for one more
temperatures = st.sampled_from([0.1, 0.35, 0.7, 1.0, 1.4, 2.0])
seeds = st.integers(0, 999_999)
few = settings(max_examples=25)


@pytest.fixture(scope="module")
def lesson():
    """A lesson that the tests share; what it has read before makes no difference, as one of them shows."""
    return Lesson(WEIGHTS)


@pytest.fixture
def positions_read(monkeypatch):
    """A list that grows by the token of every position the model reads."""
    read, gpt = [], microgpt.gpt

    def counting(token, *rest):
        read.append(token)
        return gpt(token, *rest)

    monkeypatch.setattr(microgpt, "gpt", counting)
    return read


def probabilities(distribution):
    return {candidate["token"]: candidate["p"] for candidate in distribution["candidates"]}


def named(token):
    return STOP if token == len(VOCABULARY) else VOCABULARY[token]


# ---- Reading a text


def test_a_reading_names_what_is_read_and_what_truly_follows(lesson):
    positions = lesson.read("emma")["positions"]
    assert [position["token"] for position in positions] == [START, "e", "m", "m", "a"]
    assert [position["true"] for position in positions] == ["e", "m", "m", "a", STOP]


def test_the_empty_text_is_one_position_from_start_to_stop(lesson):
    (position,) = lesson.read("")["positions"]
    assert (position["token"], position["true"]) == (START, STOP)


def test_a_text_that_fills_the_context_has_no_position_left_for_stop(lesson):
    reading = lesson.read("a" * FULL)
    assert len(reading["positions"]) == microgpt.block_size
    assert reading["positions"][-1]["true"] == "a"
    assert reading["next"] is None
    assert lesson.read("a" * (FULL - 1))["positions"][-1]["true"] == STOP


@few
@given(texts)
@example("")
@example("zzzzzzzzzz")
def test_every_number_agrees_with_the_formulas_written_a_second_way(lesson, text):
    reading = lesson.read(text)
    weights = oracle.plain(lesson.weights)
    tokens = microgpt.document(text, VOCABULARY)[: len(reading["positions"]) + 1]
    losses = oracle.losses(tokens, weights)
    for position, probs, loss in zip(reading["positions"], oracle.probabilities(tokens[:-1], weights), losses):
        assert probabilities(position) == pytest.approx({named(i): p for i, p in enumerate(probs)}, abs=1e-12)
        assert position["p_true"] == probabilities(position)[position["true"]]
        assert position["nll"] == pytest.approx(loss, abs=1e-12)
    assert reading["mean_nll"] == pytest.approx(sum(losses) / len(losses), abs=1e-12)
    assert reading["guessing_nll"] == math.log(27)


@few
@given(open_texts, temperatures)
def test_what_may_follow_is_the_last_prediction_at_the_temperature(lesson, text, temperature):
    tokens = microgpt.document(text, VOCABULARY)[:-1]
    expected = oracle.probabilities(tokens, oracle.plain(lesson.weights), temperature)[-1]
    following = lesson.read(text, temperature)["next"]
    assert probabilities(following) == pytest.approx({named(i): p for i, p in enumerate(expected)}, abs=1e-12)


@few
@given(open_texts)
def test_the_perplexity_is_the_die_and_the_tries_are_what_the_probabilities_multiplied_say(lesson, text):
    reading = lesson.read(text)
    p_text = math.prod(each["p_true"] for each in reading["positions"])
    assert reading["perplexity"] == pytest.approx(p_text ** (-1 / len(reading["positions"])), rel=1e-9)
    assert reading["tries"] == pytest.approx(1 / p_text, rel=1e-9)


def test_a_text_that_has_not_ended_has_no_tries(lesson):
    assert lesson.read("a" * FULL)["tries"] is None


def test_what_is_as_good_as_impossible_overflows_nothing():
    assert tries([{"nll": 100.0}] * 8) is None
    assert math.isfinite(perplexity(745.0))


def test_guessing_blindly_is_a_die_with_a_face_for_every_token():
    assert perplexity(math.log(27)) == pytest.approx(27)


def test_temperature_changes_what_may_follow_and_nothing_else(lesson):
    hot, cold = lesson.read("mar", 2.0), lesson.read("mar", 0.1)
    assert hot.pop("next") != cold.pop("next")
    assert hot == cold


@few
@given(texts)
def test_a_guess_is_right_when_the_likeliest_is_what_truly_follows(lesson, text):
    for position in lesson.read(text)["positions"]:
        best = max(position["candidates"], key=lambda candidate: candidate["p"])
        assert position["guess"] == best["token"]
        assert position["right"] == (best["token"] == position["true"])


def test_a_wrong_guess_can_cost_less_than_a_right_one(lesson):
    positions = [
        position for text in ("anna", "emma", "jacob", "william") for position in lesson.read(text)["positions"]
    ]
    right = [position["nll"] for position in positions if position["right"]]
    wrong = [position["nll"] for position in positions if not position["right"]]
    assert min(wrong) < max(right)


# ---- A distribution, laid out


@few
@given(open_texts, temperatures)
def test_candidates_lie_end_to_end_from_0_likeliest_first(lesson, text, temperature):
    candidates = lesson.read(text, temperature)["next"]["candidates"]
    assert len({candidate["token"] for candidate in candidates}) == 27
    assert all(one["p"] >= other["p"] for one, other in pairwise(candidates))
    assert candidates[0]["low"] == 0
    assert all(one["high"] == other["low"] for one, other in pairwise(candidates))
    sums = list(accumulate(candidate["p"] for candidate in candidates))
    assert [candidate["high"] for candidate in candidates] == pytest.approx(sums, abs=1e-15)
    assert sums[-1] == pytest.approx(1, abs=1e-12)


@few
@given(open_texts, temperatures)
def test_other_is_the_sum_of_all_but_the_first_few(lesson, text, temperature):
    distribution = lesson.read(text, temperature)["next"]
    shown, hidden = distribution["candidates"][:N_SHOWN], distribution["candidates"][N_SHOWN:]
    assert distribution["other"]["count"] == len(hidden) == 27 - N_SHOWN
    assert distribution["other"]["p"] == math.fsum(candidate["p"] for candidate in hidden)
    assert distribution["other"]["p"] == pytest.approx(1 - sum(candidate["p"] for candidate in shown), abs=1e-12)
    assert distribution["other"]["low"] == hidden[0]["low"] == shown[-1]["high"]


def test_a_small_vocabulary_has_no_other():
    distribution = Lesson(weights_for("ab")).read("ab")["next"]
    assert {candidate["token"] for candidate in distribution["candidates"]} == {"a", "b", STOP}
    assert distribution["other"] == {"count": 0, "p": 0.0, "low": 1.0}


# ---- What a keystroke costs


@given(st.lists(st.tuples(open_texts, temperatures), min_size=2, max_size=5))
@settings(max_examples=10)
def test_what_was_read_before_makes_no_difference(questions):
    lesson = Lesson(WEIGHTS)
    for text, temperature in questions:
        assert lesson.read(text, temperature) == Lesson(WEIGHTS).read(text, temperature)


def test_beside_another_models_picture_the_rest_is_what_has_no_bar_there(lesson):
    shown = [["a", "z"], [], VOCABULARY[:6], list("ab")]
    question = ("jo", 0.5, 1, [])
    answer = lesson.show_beside(shown, *question)
    asked = [*answer["positions"], answer["next"]]
    for distribution, tokens in zip(asked, shown):
        rest = 1 - sum(each["p"] for each in distribution["candidates"] if each["token"] in tokens)
        assert distribution.pop("rest") == pytest.approx(rest, abs=1e-12)
    assert answer == lesson.show(*question)


def test_beside_a_picture_of_another_length_the_rest_is_given_where_both_are(lesson):
    full = lesson.show_beside([["a"]] * 3, "a" * FULL, 1.0, 1, [])
    assert [("rest" in position) for position in full["positions"]] == [True] * 3 + [False] * (FULL - 3)
    assert full["next"] is None


def test_every_keystroke_of_a_name_costs_one_position(positions_read):
    lesson = Lesson(WEIGHTS)
    lesson.show("", 1.0, 1, [])
    assert positions_read == [26]
    for typed in ("j", "ja", "jac", "jaco", "jacob"):
        positions_read.clear()
        lesson.show(typed, 1.0, 1, [])
        assert positions_read == [VOCABULARY.index(typed[-1])]


@pytest.mark.parametrize(
    "text, positions",
    [
        ("emma", 0),  # the same again
        ("emm", 0),  # the last letter taken away
        ("", 0),  # all of them
        ("emmy", 1),  # the last letter another one
        ("emmanuel", 4),  # more letters at once
        ("enma", 3),  # from the second letter on
        ("anna", 4),  # from the first
    ],
)
def test_only_positions_after_the_first_change_are_read(positions_read, text, positions):
    lesson = Lesson(WEIGHTS)
    lesson.read("emma")
    positions_read.clear()
    lesson.read(text)
    assert len(positions_read) == positions


def test_a_letter_taken_away_and_typed_again_costs_nothing(positions_read):
    lesson = Lesson(WEIGHTS)
    lesson.read("emma")
    positions_read.clear()
    lesson.read("emm")
    lesson.read("emma")
    assert positions_read == []


def test_another_temperature_or_seed_costs_no_position(positions_read):
    lesson = Lesson(WEIGHTS)
    lesson.show("emma", 1.0, 1, [])
    positions_read.clear()
    lesson.show("emma", 0.5, 2, [])
    assert positions_read == []


def test_a_draw_costs_one_position_and_taking_it_back_none(positions_read):
    lesson = Lesson(WEIGHTS)
    lesson.show("m", 1.0, 1, [])
    costs = []
    for draws in ([1.0], [1.0, 1.0], [1.0], [], [1.0, 1.0]):
        positions_read.clear()
        assert lesson.show("m", 1.0, 1, draws)["ended"] is None
        costs.append(len(positions_read))
    assert costs == [1, 1, 0, 0, 0]


def test_nothing_kept_holds_on_to_the_graph_it_came_from(lesson):
    lesson.read("emma")
    kept = [*lesson.logits, *lesson.keys[0], *lesson.values[0]]
    assert kept and all(value.inputs == () for values in kept for value in values)


# ---- Drawing


@few
@given(open_texts, temperatures, seeds, st.integers(0, 16))
def test_a_draw_lands_where_its_random_number_falls(lesson, text, temperature, seed, n):
    draw = lesson.draw(text, temperature, seed, n)
    landed = [c for c in draw["candidates"] if c["low"] <= draw["number"] < c["high"]]
    assert [(draw["token"], draw["low"], draw["high"])] == [(c["token"], c["low"], c["high"]) for c in landed]
    assert draw["p"] == probabilities(draw)[draw["token"]]
    assert draw["stops"] == (draw["token"] == STOP)
    assert draw["from_other"] == (draw["token"] not in [c["token"] for c in draw["candidates"][:N_SHOWN]])
    assert draw["temperature"] == temperature
    following = lesson.read(text, temperature)["next"]
    assert {name: draw[name] for name in following} == following


@given(seeds, st.integers(0, 16))
def test_the_nth_draw_uses_the_nth_random_number_of_its_seed(lesson, seed, n):
    rng = random.Random(seed)
    numbers = [rng.random() for _ in range(n + 1)]
    assert lesson.draw("a", 1.0, seed, n)["number"] == numbers[n]


def test_a_low_temperature_draws_the_likeliest_whatever_the_number(lesson):
    likeliest = lesson.read("eliz")["next"]["candidates"][0]["token"]
    assert {lesson.draw("eliz", 0.1, seed, 0)["token"] for seed in range(30)} == {likeliest}
    assert len({lesson.draw("eliz", 2.0, seed, 0)["token"] for seed in range(30)}) > 5


@pytest.mark.parametrize("rank, from_other", [(0, False), (N_SHOWN - 1, False), (N_SHOWN, True), (26, True)])
def test_other_begins_right_after_the_last_candidate_shown(lesson, rank, from_other):
    candidate = lesson.read("a")["next"]["candidates"][rank]
    draws = (lesson.draw("a", 1.0, seed, 0) for seed in range(100_000))
    assert next(draw for draw in draws if draw["token"] == candidate["token"])["from_other"] is from_other


def test_draws_come_from_other_as_often_as_it_says(lesson):
    draws = [lesson.draw("", 1.0, seed, 0) for seed in range(400)]
    share = sum(draw["from_other"] for draw in draws) / len(draws)
    p = draws[0]["other"]["p"]
    assert abs(share - p) < 4 * math.sqrt(p * (1 - p) / len(draws))


# ---- The whole state of the sandbox


@few
@given(temperatures, seeds)
def test_drawing_to_the_end_writes_what_generate_writes(lesson, temperature, seed):
    shown = lesson.show("", temperature, seed, [temperature] * 16)
    assert shown["text"] == microgpt.generate(lesson.weights, VOCABULARY, temperature, random.Random(seed))
    assert shown["ended"] == ("stop" if shown["draws"][-1]["stops"] else "context")


@few
@given(st.text(st.sampled_from(VOCABULARY), max_size=10), seeds, st.lists(temperatures, max_size=16))
def test_each_draw_has_its_own_temperature_and_appends_its_character(lesson, typed, seed, draws):
    shown = lesson.show(typed, 1.0, seed, draws)
    text = typed
    for n, (draw, temperature) in enumerate(zip(shown["draws"], draws)):
        assert draw == lesson.draw(text, temperature, seed, n)
        text += "" if draw["stops"] else draw["token"]
    assert shown["text"] == text


@few
@given(st.text(st.sampled_from(VOCABULARY), max_size=10), seeds, st.lists(temperatures, max_size=16))
def test_draws_after_the_end_do_not_happen(lesson, typed, seed, draws):
    shown = lesson.show(typed, 1.0, seed, draws)
    ends = [draw["stops"] for draw in shown["draws"]]
    assert not any(ends[:-1])
    if shown["ended"] == "stop":
        assert ends[-1]
    elif shown["ended"] == "context":
        assert len(shown["text"]) == microgpt.block_size
        assert shown["next"] is None
    else:
        assert len(shown["draws"]) == len(draws)
        assert shown["next"] is not None


def test_the_reading_is_of_the_text_with_what_was_drawn(lesson):
    shown = lesson.show("ann", 0.8, 1, [0.8, 0.8])
    assert shown["text"].startswith("ann") and len(shown["text"]) == 5
    reading = lesson.read(shown["text"], 0.8)
    assert {name: shown[name] for name in reading} == reading


@pytest.mark.parametrize("temperature, seed, count", [(1.0, 1, 20), (0.5, 7, 3), (2.0, 0, 5), (1.0, 1, 0)])
def test_names_are_generated_one_after_the_other_from_one_seed(lesson, temperature, seed, count):
    rng = random.Random(seed)
    expected = [microgpt.generate(lesson.weights, VOCABULARY, temperature, rng) for _ in range(count)]
    assert lesson.names(temperature, seed, count) == expected


# ---- Calls from the page


@pytest.mark.parametrize(
    "method, arguments",
    [
        ("read", ["emma", 1]),
        ("read", ["a" * FULL, 2]),
        ("draw", ["", 0.1, 999_999, 0]),
        ("show", ["ann", 1, 1, [1, 0.5]]),
        ("names", [1, 1, 2]),
        ("sha256", []),
    ],
)
def test_an_answer_is_json_that_says_the_same(lesson, method, arguments):
    assert json.loads(lesson.answer(method, json.dumps(arguments))) == getattr(lesson, method)(*arguments)


def test_no_garbage_is_collected_while_a_call_is_answered_and_it_is_again_after(lesson, monkeypatch):
    during = []
    monkeypatch.setattr(lesson, "read", lambda text: during.append(gc.isenabled()))
    lesson.answer("read", '["a"]')
    assert during == [False]
    assert gc.isenabled()
    with pytest.raises(TypeError):
        lesson.answer("read", "[]")
    assert gc.isenabled()


def test_a_character_that_is_no_token_is_an_error_and_leaves_the_lesson_as_it_was(lesson):
    before = lesson.read("emma")
    with pytest.raises(ValueError):
        lesson.read("em!a")
    assert lesson.read("emma") == before


@pytest.mark.parametrize("text", ["", "{}", "null", "<!doctype html>", WEIGHTS[: len(WEIGHTS) // 2]])
def test_what_are_no_weights_is_said_so(text):
    with pytest.raises(ValueError, match="weights"):
        Lesson(text)


def weights_for(vocabulary):
    """A file of new weights for another vocabulary."""
    return weights_file.dump(microgpt.init_weights(vocabulary, random.Random(1)), vocabulary, {})


# ---- Other weights beside one's own


def learned_weights(vocabulary="abc"):
    weights = microgpt.init_weights(vocabulary, random.Random(4))
    return weights_file.dump(weights, vocabulary, {"steps": 0})


def test_what_is_learned_answers_beside_the_lesson_s_own():
    lesson = Lesson(WEIGHTS)
    own = lesson.show("cab", 1.0, 1, [])
    assert lesson.learn(learned_weights()) == {"vocabulary": "abc", "training": {"steps": 0}}
    assert lesson.by_learned("show", ["cab", 1.0, 1, []]) == Lesson(learned_weights()).show("cab", 1.0, 1, [])
    assert lesson.show("cab", 1.0, 1, []) == own
    assert lesson.by_learned("sha256", [])["weights/microgpt.json"] != lesson.sha256()["weights/microgpt.json"]


def test_what_is_learned_later_takes_the_place_of_what_was_before():
    lesson = Lesson(WEIGHTS)
    lesson.learn(learned_weights())
    lesson.by_learned("read", ["ab"])
    lesson.learn(WEIGHTS)
    assert lesson.by_learned("read", ["ab"]) == lesson.read("ab")


def test_what_are_no_weights_is_refused_and_those_before_are_still_there():
    lesson = Lesson(WEIGHTS)
    lesson.learn(learned_weights())
    with pytest.raises(ValueError, match="These are not weights"):
        lesson.learn("{}")
    assert lesson.by_learned("names", [1.0, 1, 1])


def test_what_was_learned_is_forgotten():
    lesson = Lesson(WEIGHTS)
    lesson.learn(learned_weights())
    assert lesson.learn(None) is None
    with pytest.raises(ValueError, match="no learned weights"):
        lesson.by_learned("names", [1.0, 1, 1])


def test_learning_keeps_nothing_of_what_was_before():
    lesson = Lesson(WEIGHTS)
    for count in range(12):
        lesson.learn(learned_weights())
        lesson.by_learned("read", ["abc"])
        if count == 2:
            before = sys.getallocatedblocks()
    assert sys.getallocatedblocks() - before < 1000  # the weights alone are thousands

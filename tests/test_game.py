"""The game: chips become a distribution, a bet costs what the model's would, and the names are new to the model."""

import json
import math
import re

import dataset
import game
import microgpt
import pytest
from game_names import NAMES
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lesson import STOP, Lesson

from building import ROOT
from tests import oracle

WEIGHTS = (ROOT / "weights" / "microgpt.json").read_text()
NAMES_FILE = ROOT.parent / "shared" / "data" / "names.txt"
VOCABULARY = "abcdefghijklmnopqrstuvwxyz"
TOKENS = [*VOCABULARY, STOP]
BLIND = math.log(27)


@pytest.fixture(scope="module")
def lesson():
    return Lesson(WEIGHTS)


def chips(**counts):
    """chips(a=9, STOP=2): how many lie on each token."""
    return [counts.get(token, 0) for token in TOKENS]


def exactly(expected):
    return pytest.approx(expected, abs=1e-12, rel=0)


some_chips = st.lists(st.integers(0, 26), max_size=game.N_CHIPS).map(lambda on: [on.count(i) for i in range(27)])


# ---- The names


def test_there_are_enough_names_each_once_of_three_to_ten_small_letters():
    assert len(NAMES) == len(set(NAMES)) >= 240
    assert [name for name in NAMES if not re.fullmatch("[a-z]{3,10}", name)] == []


@pytest.mark.skipif(not NAMES_FILE.exists(), reason="the names file is not on this machine")
def test_no_name_was_learned_from_by_the_shipped_weights_nor_would_be_by_training_them_again():
    trained = json.loads(WEIGHTS)["training"]
    assert trained["split"] == dataset.SPLIT  # so it makes no difference whether names that repeat were left out
    learned = {*dataset.split(dataset.read_texts(NAMES_FILE.read_bytes())[0], trained["seed"])[0]}
    assert len(learned) == trained["n_different"]
    assert [name for name in NAMES if name in learned] == []


def test_a_seed_puts_all_names_in_an_order_that_is_always_the_same_and_its_own():
    def order(seed):
        return [game.hidden_name(seed, number, VOCABULARY) for number in range(len(NAMES))]

    assert sorted(order(7)) == sorted(NAMES)
    assert order(7) == order(7) != order(8)
    assert order(7)[:3] == ["remedios", "tigist", "mimoza"]  # links that were sent go on leading to the same names
    assert game.hidden_name(7, len(NAMES), VOCABULARY) == order(7)[0]


def test_only_names_that_the_model_can_read_are_played():
    assert game.names("abcdefghijklm") == [name for name in NAMES if max(name) <= "m"] != []
    assert game.names("абв") == []


# ---- Chips


@given(some_chips)
@example(chips())
@example(chips(a=20))
def test_chips_become_a_distribution_in_which_those_that_are_kept_are_spread_evenly(laid):
    p = game.spread(laid)
    assert math.fsum(p) == exactly(1)
    kept = 20 - sum(laid)
    assert p == exactly([count / 20 + kept / 20 / 27 for count in laid])


def test_to_lay_none_is_to_guess_blindly_and_to_lay_all_leaves_the_rest_exactly_nothing():
    assert game.spread(chips()) == exactly([1 / 27] * 27)
    assert game.spread(chips(a=15, STOP=5)) == [0.75, *[0.0] * 25, 0.25]


@pytest.mark.parametrize("laid", [[21] + [0] * 26, [-1, 2] + [0] * 25, [1.5] + [0] * 26, ["1"] + [0] * 26])
def test_what_are_no_twenty_chips_is_refused(laid):
    with pytest.raises(ValueError, match="There are 20 chips"):
        game.spread(laid)


# ---- A bet


@settings(max_examples=25)
@given(some_chips, st.sampled_from(NAMES), st.integers(0, 10))
def test_you_and_the_model_and_guessing_blindly_pay_minus_log_of_what_each_gave_the_truth(lesson, laid, name, at):
    position = min(at, len(name))
    judged = lesson.bet(name, position, laid)
    tokens = microgpt.document(name, VOCABULARY)
    model_p = oracle.probabilities(tokens[:-1], oracle.plain(lesson.weights))[position]
    true = tokens[position + 1]
    assert judged["true"] == TOKENS[true]
    assert judged["model_p"] == exactly(model_p)
    assert judged["p"] == game.spread(laid)
    assert judged["model"] == {"p": exactly(model_p[true]), "loss": exactly(-math.log(model_p[true]))}
    assert judged["blind"] == {"p": exactly(1 / 27), "loss": exactly(BLIND)}
    p = judged["you"]["p"]
    assert p == judged["p"][true]
    assert float(judged["you"]["loss"]) == exactly(-math.log(p) if p else math.inf)


def test_the_loss_is_microgpt_s_own(monkeypatch, lesson):
    monkeypatch.setattr(microgpt, "nll", lambda probs, true: microgpt.Value(100 * probs[true].data))
    judged = lesson.bet("anna", 0, chips(a=10))
    for who in ("you", "model", "blind"):
        assert judged[who]["loss"] == 100 * judged[who]["p"]


def test_what_was_called_impossible_costs_infinitely_much_and_goes_through_json(lesson):
    answer = lesson.answer("bet", json.dumps(["anna", 0, chips(q=20)]))
    assert "Infinity" not in answer.replace('"Infinity"', "")
    judged = json.loads(answer)
    assert judged["you"] == {"p": 0.0, "loss": "Infinity"}
    assert judged["better"] == "impossible"
    assert float(judged["you"]["loss"]) == math.inf


@pytest.mark.parametrize(
    ("laid", "better"), [(chips(a=20), "you"), (chips(q=19), "model"), (chips(q=20), "impossible")]
)
def test_who_paid_less_did_better(lesson, laid, better):
    assert lesson.bet("anna", 0, laid)["better"] == better


def test_the_answer_for_a_position_says_what_comes_and_nothing_later(lesson):
    name = game.hidden_name(7, 0, VOCABULARY)
    judged = lesson.judge(7, 0, 0, chips())
    assert judged == lesson.bet(name, 0, chips())
    assert judged["true"] == name[0]
    assert judged.keys() == {"true", "p", "model_p", "you", "model", "blind", "better"}
    assert lesson.judge(7, 0, len(name), chips())["true"] == STOP
    with pytest.raises(ValueError, match="No position"):
        lesson.judge(7, 0, len(name) + 1, chips())


def test_a_bet_in_between_leaves_the_sandbox_s_numbers_as_they_were(lesson):
    before = lesson.read("emma")
    lesson.judge(3, 0, 2, chips(a=1))
    assert lesson.read("emma") == before


# ---- The score


losses = st.lists(
    st.tuples(st.one_of(st.floats(0, 9), st.just("Infinity")), st.floats(0.01, 9)), min_size=1, max_size=12
)


@given(losses)
@example([("Infinity", 1.0)])
def test_an_average_with_infinity_in_it_is_infinite_and_the_rest_is_averaged_without_it(pairs):
    score = game.score(pairs)
    possible = [pair for pair in pairs if pair[0] != "Infinity"]
    assert score["count"] == len(pairs)
    assert score["model"] == exactly(sum(model for _, model in pairs) / len(pairs))
    if len(possible) == len(pairs):
        assert score.keys() == {"count", "you", "model"}
        assert score["you"] == exactly(sum(you for you, _ in pairs) / len(pairs))
        return
    assert score["you"] == "Infinity"
    assert score["impossible"] == len(pairs) - len(possible)
    assert score["rest"] == (game.score(possible) if possible else None)


@given(losses)
def test_the_score_as_it_went_leaves_out_what_was_called_impossible(pairs):
    rows = game.running(pairs)
    for i, row in enumerate(rows, 1):
        possible = [pair for pair in pairs[:i] if pair[0] != "Infinity"]
        assert row["impossible"] == (pairs[i - 1][0] == "Infinity")
        means = game.average(possible) if possible else {"you": None, "model": None}
        assert (row["you"], row["model"]) == (means["you"], means["model"])


def test_the_standing_has_a_score_for_each_span_and_the_loss_of_guessing_blindly(lesson):
    pairs = [[1.0, 2.0], ["Infinity", 1.0], [3.0, 0.5]]
    standing = json.loads(lesson.answer("standing", json.dumps([pairs, {"letter": [2], "all": [0, 1, 2]}])))
    assert standing["letter"] == {"count": 1, "you": 3.0, "model": 0.5}
    assert standing["all"] == game.score(pairs)
    assert standing["blind"] == exactly(BLIND)
    assert standing["running"] == game.running(pairs)


def test_the_page_is_told_nothing_but_which_game_it_is(dist):
    build = json.loads(re.search(r'id="build">(.*?)</script>', (dist / "index.html").read_text())[1])
    assert build["game"].keys() == {"of", "chips"}


def test_a_round_that_nobody_has_named_is_some_round(lesson):
    seeds = {lesson.any_seed(0, 3) for _ in range(200)}
    assert seeds == {0, 1, 2, 3}

"""The numbers in the lesson's sentences, computed a second way, and the sentences that lean on them."""

import json
import math
import re

import microgpt
import pytest
import training
import weights_file

from building import ROOT, WEIGHTS, figures, first_steps
from building.site import DIST
from tests import oracle

exactly = pytest.approx


@pytest.fixture(scope="module")
def shipped():
    """(weights as plain floats, the vocabulary, how they were trained)."""
    weights, vocabulary, training = weights_file.load(WEIGHTS.read_text())
    return oracle.plain(weights), vocabulary, training


@pytest.fixture(scope="module")
def facts():
    return figures.pictures()["facts"]


@pytest.fixture(scope="module")
def losses(shipped):
    """A function: the losses at each position of a text, STOP included."""
    weights, vocabulary, _ = shipped
    return lambda text: oracle.losses(microgpt.document(text, vocabulary), weights)


def mean(numbers):
    return math.fsum(numbers) / len(numbers)


def test_what_100_50_and_1_percent_cost_is_their_negative_logarithm(facts):
    assert [each["p"] for each in facts["surprise"]["marked"]] == [1, 0.5, 0.01]
    for each in facts["surprise"]["marked"] + facts["surprise"]["curve"]:
        assert each["nll"] == exactly(-math.log(each["p"]))
    assert str(facts["surprise"]["marked"][0]["nll"]) == "0.0"  # and not -0


def test_softmax_in_numbers_is_e_to_each_score_divided_by_the_sum(facts):
    shown = facts["softmax"]
    exps = [math.e**score for score in shown["scores"]]
    assert shown["exps"] == exactly(exps)
    assert shown["probs"] == exactly([each / sum(exps) for each in exps])


def test_two_texts_that_end_with_the_same_letter_are_followed_by_stop_unequally(facts, losses):
    first, second = facts["past"]
    assert first["text"][-1] == second["text"][-1]
    assert [first["p"], second["p"]] == exactly([math.exp(-losses(each["text"])[-1]) for each in (first, second)])
    assert second["p"] > 10 * first["p"]


def test_the_weights_that_stand_for_a_letter_are_its_row(facts, shipped):
    assert facts["embedding"] == {"token": "a", "weights": shipped[0]["wte"][0]}


def test_the_tries_for_a_name_are_one_divided_by_its_probabilities_multiplied(facts, losses):
    assert facts["tries"] == exactly(1 / math.prod(math.exp(-loss) for loss in losses("anna")))


def test_a_name_backwards_costs_more_and_the_title_is_compared_with_guessing_as_it_is(facts, losses):
    for each in (*facts["reversed"], facts["title"]):
        assert each["mean_nll"] == exactly(mean(losses(each["text"])))
    forwards, backwards = facts["reversed"]
    assert forwards["text"] == backwards["text"][::-1]
    assert forwards["mean_nll"] < backwards["mean_nll"]
    assert facts["title"]["text"] == "trenchcoat"
    assert len(facts["title"]["text"]) == figures.LONGEST
    page = (DIST / "index.html").read_text(encoding="utf-8")
    less, more = "the model hardly believes its own title", "nearly sure of others costs more than to know nothing"
    is_less = facts["title"]["mean_nll"] < facts["title"]["guessing_nll"]
    assert (less in page, more in page) == (is_less, not is_less)
    assert is_less or max(losses("trenchcoat")) > -math.log(0.01)


def test_the_held_out_loss_is_told_as_a_die_and_the_first_letters_as_shares(facts, shipped):
    weights, vocabulary, training = shipped
    learned = facts["learned"]
    assert learned["loss"] == training["held_out_loss"]
    assert learned["perplexity"] == exactly(math.exp(training["held_out_loss"]))
    assert learned["share_in_list"] == training["begin_with"]["a"] / training["n_learned_from"]
    assert learned["share_in_model"] == exactly(oracle.probabilities([len(vocabulary)], weights)[-1][0])
    assert learned["share_known"] == training["written"]["known"] / training["written"]["count"] < 0.5


def test_each_line_is_the_same_distribution_at_its_temperature(facts, shipped):
    weights, vocabulary, _ = shipped
    tokens = microgpt.document("ann", vocabulary)[:-1]
    for each in facts["lines"]:
        expected = oracle.probabilities(tokens, weights, each["temperature"])[-1]
        assert [c["p"] for c in each["line"]["candidates"]] == exactly(sorted(expected, reverse=True))


def test_it_stammers_at_a_low_temperature_and_babbles_at_a_high_one(facts, losses):
    low, high = (each["names"] for each in facts["names"])
    assert len(low) == len(high) == 20
    assert len(set(low)) <= 10 and len(set(high)) == 20
    assert mean([mean(losses(name)) for name in low]) + 1 < mean([mean(losses(name)) for name in high if name])


def test_the_clip_of_training_shows_a_run_that_anybody_can_make_again():
    learned = first_steps.first_steps()
    texts = first_steps.TEXTS.read_text(encoding="utf-8").split()
    run = training.Run(texts, first_steps.SETTINGS)
    for moment in learned["moments"][:6]:
        while run.steps_done < moment["step"]:
            before = oracle.plain(run.weights)
            event = run.step()
            assert event["loss"] == exactly(
                mean(oracle.losses(microgpt.document(event["text"], run.vocabulary), before))
            )
        assert run.losses == learned["losses"][: moment["step"]]
        tokens = [microgpt.sentinel(run.vocabulary), run.vocabulary.index(learned["after"])]
        probs = oracle.probabilities(tokens, oracle.plain(run.weights))[-1]
        assert [each["p"] for each in moment["position"]["candidates"]] == exactly(sorted(probs, reverse=True))
    assert learned["n_texts"] == len(run.train)
    assert learned["guessing"] == exactly(math.log(27))


def test_in_the_clip_the_loss_falls_and_vowels_come_to_follow_a_consonant():
    learned = first_steps.first_steps()
    losses, n = learned["losses"], training.N_MEAN
    assert len(losses) == learned["settings"]["steps"] == learned["moments"][-1]["step"]
    assert learned["moments"][-1]["mean"] == exactly(mean(losses[-n:]))
    assert mean(losses[-n:]) < mean(losses[:n]) - 0.3
    ends = [[each["token"] for each in learned["moments"][i]["position"]["candidates"][:4]] for i in (0, -1)]
    assert not {*ends[0]} & {*"aeiou"} and {*ends[1]} == {*"aeio"}
    assert all(name and name not in first_steps.TEXTS.read_text().split() for name in learned["moments"][-1]["names"])


def test_the_sentences_hold_these_numbers_and_none_that_is_typed(dist, facts):
    page = (dist / "index.html").read_text()
    told = {float(value) for value in re.findall(r'<data value="([-\d.e]+)">', page)}
    learned = facts["learned"]
    assert told >= {learned[name] for name in ("loss", "perplexity", "share_in_list", "share_in_model", "share_known")}
    assert told >= {each["p"] for each in facts["past"]} | {facts["tries"], facts["title"]["mean_nll"]}
    assert told >= {each["mean_nll"] for each in facts["reversed"]} | set(facts["softmax"]["probs"])
    assert told >= set(facts["embedding"]["weights"])
    assert json.dumps(facts, allow_nan=False)


CHAPTERS = ["whole", "data", "forward", "loss", "loss_after", "sample", "sample_after", "train"]
ARITHMETIC = (
    r"1/|0\.25|25%|100%|\b[01]\b|Below 1|above 1|2018"  # of no model: what a word means, or the year of the list
)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_number_of_the_model_is_typed_in_a_chapter(chapter):
    text = (ROOT / "web" / "words" / "en" / f"{chapter}.html").read_text()
    prose = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", " ", text, flags=re.DOTALL)
    assert re.findall(r"\d[\d.,%]*", re.sub(ARITHMETIC, " ", prose)) == []


def test_the_tape_of_a_few_lines_computes_what_they_do_and_their_gradients():
    shown = figures.pictures()["tape"]
    held = {line["is"]: line["numbers"] for line in shown["lines"]}
    for i, run in enumerate(shown["runs"]):
        w, b = run["w"], run["b"]
        error = 2 * w + b - 7
        expected = {"guess": 2 * w + b, "error": error, "loss": error**2, "w.grad": 2 * error * 2, "b.grad": 2 * error}
        assert {name: numbers[i] for name, numbers in held.items()} == expected
        given = {name: microgpt.Value(number) for name, number in run.items()}
        exec(shown["code"], found := dict(given))
        assert [found["loss"].data, given["w"].grad, given["b"].grad] == [
            held[name][i] for name in ("loss", "w.grad", "b.grad")
        ]


def test_each_line_of_it_needs_only_what_is_above():
    shown = figures.pictures()["tape"]
    for number, line in enumerate(shown["lines"], 1):
        for i, run in enumerate(shown["runs"]):
            a, x, y = (
                shown["lines"][of["line"] - 1]["numbers"][i] if isinstance(of, dict) else run.get(of, of)
                for of in (line["a"], line["x"], line["y"])
            )
            assert all(of["line"] < number for of in (line["a"], line["x"], line["y"]) if isinstance(of, dict))
            assert line["numbers"][i] == a + x * y
    rows = figures.draw(figures.pictures())["tape"].split("<tr>")[2:]
    drawn = [[float(value) for value in re.findall(r'value="([^"]*)"', row)[-2:]] for row in rows]
    assert drawn == [line["numbers"] for line in shown["lines"]]

"""One step told slowly: the numbers are those of the step that was really made."""

import json
import math

import microgpt
import pytest
from trainer import Trainer

from building import WEIGHTS
from tests import oracle

TEXTS = ["anna", "bob", "eve", "lea", "kim", "otto", "nina", "leo", "mia", "ben"]
SETTINGS = {"seed": 1, "steps": 20, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
PLACES = [
    ("wte", 0, 3),
    ("wpe", 0, 0),
    ("wpe", 15, 2),
    ("lm_head", 9, 15),
    ("layer0.wk", 3, 5),
    ("layer0.mlp_down", 4, 63),
]


def begun(n_steps=3):
    trainer = Trainer(WEIGHTS.read_text(encoding="utf-8"))
    trainer.begin(TEXTS, SETTINGS)
    if n_steps:
        trainer.train(n_steps, 1e9)
    return trainer


def watch(trainer, *place):
    """What is told, as it comes to the page."""
    parameter = dict(zip(("matrix", "row", "column"), place)) or None
    return json.loads(trainer.answer("watch_step", json.dumps([parameter])))


def test_a_step_that_is_watched_changes_the_run_as_any_other():
    watched, plain = begun(), begun()
    seen = [watch(watched) for _ in range(3)]
    answers = [plain.train(1, 0) for _ in range(3)]
    assert [one["events"] for one in seen] == [one["events"] for one in answers]
    assert [one["kept"] for one in seen] == [one["kept"] for one in answers]
    assert [one["watched"]["step"] for one in seen] == [4, 5, 6]
    assert watched.put_away() == plain.put_away()


@pytest.mark.parametrize("n_steps", [0, 3])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_number_leads_to_what_the_step_did_to_the_weight(place, n_steps):
    trainer, (matrix, row, column) = begun(n_steps), place
    before = trainer.run.weights[matrix][row][column].data
    told = watch(trainer, *place)["watched"]
    after = trainer.run.weights[matrix][row][column].data
    adam = told["adam"]
    assert told["agrees"] == {"loss": True, "adam": True}
    assert told["weight"] == {"before": before, "after": after, "change": after - before}
    assert math.fsum(use["product"] for use in told["uses"]) == pytest.approx(told["grad"], abs=1e-12)
    assert adam["rate"] == 0.01 * (1 - n_steps / 20)
    assert adam["m"]["after"] == pytest.approx(0.85 * adam["m"]["before"] + 0.15 * told["grad"], abs=1e-15)
    assert adam["v"]["after"] == pytest.approx(0.99 * adam["v"]["before"] + 0.01 * told["grad"] ** 2, abs=1e-15)
    assert adam["m"]["corrected"] == pytest.approx(adam["m"]["after"] / (1 - 0.85 ** (n_steps + 1)), rel=1e-12)
    assert adam["root"] ** 2 == pytest.approx(adam["v"]["after"] / (1 - 0.99 ** (n_steps + 1)), rel=1e-12)
    expected = -adam["rate"] * adam["m"]["corrected"] / (adam["root"] + adam["epsilon"])
    assert adam["change"] == pytest.approx(expected, abs=1e-15) == pytest.approx(after - before, abs=1e-12)
    assert told["moments"]["after"] == [adam["m"]["after"], adam["v"]["after"]]


def test_the_losses_before_and_after_are_those_of_the_formulas_written_a_second_way():
    trainer = begun()
    run = trainer.run
    tokens = microgpt.document(run.text(3), run.vocabulary)
    before = oracle.losses(tokens, oracle.plain(run.weights))
    told = watch(trainer)["watched"]
    after = oracle.losses(tokens, oracle.plain(run.weights))
    assert [each["nll"] for each in told["positions"]] == pytest.approx(before, abs=1e-12)
    assert [each["nll_after"] for each in told["positions"]] == pytest.approx(after, abs=1e-12)
    assert told["loss"] == pytest.approx(sum(before) / len(before), abs=1e-12)
    assert told["loss_after"] == pytest.approx(sum(after) / len(after), abs=1e-12)
    assert told["loss_after"] < told["loss"]
    for each in told["positions"]:
        assert each["p"] == pytest.approx(math.exp(-each["nll"]), abs=1e-12)
    text = told["text"]
    assert [each["token"] for each in told["positions"]] == ["START", *text]
    assert [each["true"] for each in told["positions"]] == [*text, "STOP"]


def test_the_gradient_is_the_slope_of_the_loss():
    trainer = begun()
    run, (matrix, row, column) = trainer.run, ("layer0.wo", 2, 7)
    tokens, weights = microgpt.document(run.text(3), run.vocabulary), oracle.plain(run.weights)

    def loss(nudge):
        moved = {**weights, matrix: [list(each) for each in weights[matrix]]}
        moved[matrix][row][column] += nudge
        losses = oracle.losses(tokens, moved)
        return sum(losses) / len(losses)

    slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
    assert watch(trainer, matrix, row, column)["watched"]["grad"] == pytest.approx(slope, abs=1e-8)


def test_the_weight_with_the_largest_gradient_is_followed_where_none_is_named():
    trainer, copy = begun(), begun()
    told = watch(trainer)["watched"]
    tokens = microgpt.document(copy.run.text(3), copy.run.vocabulary)
    microgpt.mean_nll(tokens, copy.run.weights).backward()
    assert abs(told["grad"]) == max(abs(p.grad) for p in microgpt.parameters(copy.run.weights))
    assert told["parameter"] == told["largest"]
    assert told["gradients"][told["largest"]["row"]][told["largest"]["column"]] == told["grad"]


def test_a_letter_that_is_not_in_the_text_has_no_uses_but_may_change_by_what_adam_remembers():
    trainer = begun()
    letter = next(char for char in trainer.run.train[0] if char not in trainer.run.text(3))
    told = watch(trainer, "wte", trainer.run.vocabulary.index(letter), 0)["watched"]
    assert (told["uses"], told["grad"]) == ([], 0.0)
    assert told["weight"]["change"] != 0 and told["agrees"]["adam"]


def test_other_weights_of_the_step_that_was_watched_can_be_followed_until_the_run_goes_on():
    trainer, other = begun(), begun()
    first = watch(trainer)["watched"]
    told = trainer.watch_weight({"matrix": "lm_head", "row": 10, "column": 3})
    assert told == watch(other, "lm_head", 10, 3)["watched"]
    assert told["matrices"]["lm_head"] == [len(told["gradients"]), len(told["gradients"][0])] == [11 + 1, 16]
    assert trainer.watch_weight() == first
    with pytest.raises(ValueError, match="The model has no weight"):
        trainer.watch_weight({"matrix": "lm_head", "row": 99, "column": 3})
    trainer.train(1, 0)
    assert trainer.watch_weight() is None


def test_rows_of_the_matrices_of_tokens_are_told_by_their_token():
    trainer = begun()
    letters = list(trainer.run.vocabulary)
    assert watch(trainer, "wte", 0, 0)["watched"]["rows"] == [*letters, "START"]
    assert trainer.watch_weight({"matrix": "lm_head", "row": 0, "column": 0})["rows"] == [*letters, "STOP"]
    assert trainer.watch_weight({"matrix": "wpe", "row": 1, "column": 0})["rows"] is None


@pytest.mark.parametrize(
    "place", [("wxyz", 0, 0), ("wte", 99, 0), ("wte", 0, 16), ("wte", -1, 0), ("wte", "0", 0), ("wte",)]
)
def test_a_weight_that_is_not_there_is_refused_and_no_step_is_made(place):
    trainer = begun()
    with pytest.raises(ValueError, match="The model has no weight"):
        watch(trainer, *place)
    assert trainer.run.steps_done == 3


def test_the_run_may_be_over():
    trainer = begun(20)
    answer = watch(trainer)
    assert (answer["events"], answer["done"], answer["watched"]) == ([], True, None)


# ---- Edited files


def test_an_update_of_another_kind_is_told_as_far_as_it_can_be(monkeypatch):
    def plain_descent(tokens, weights, moments, step, n_steps, learning_rate, *betas):
        loss = microgpt.mean_nll(tokens, weights)
        loss.backward()
        for p in microgpt.parameters(weights):
            p.data -= learning_rate * p.grad
            p.grad = 0.0
        return loss

    trainer = begun()
    monkeypatch.setattr(microgpt, "training_step", plain_descent)
    told = watch(trainer, "lm_head", 0, 0)["watched"]
    assert (told["adam"], told["agrees"]) == (None, {"loss": True, "adam": False})
    assert told["weight"]["change"] == pytest.approx(-0.01 * told["grad"], abs=1e-15)
    assert told["moments"]["before"] == told["moments"]["after"]


def test_another_loss_is_told_not_to_be_that_of_these_positions(monkeypatch):
    trainer, mean_nll = begun(), microgpt.mean_nll
    monkeypatch.setattr(microgpt, "mean_nll", lambda tokens, weights: mean_nll(tokens, weights) * 2)
    told = watch(trainer, "lm_head", 0, 0)["watched"]
    assert told["agrees"] == {"loss": False, "adam": False}


def test_a_weight_that_is_no_parameter_stays_as_it_is(monkeypatch):
    plain = microgpt.parameters
    monkeypatch.setattr(microgpt, "parameters", lambda weights: plain({k: m for k, m in weights.items() if k != "wpe"}))
    trainer = begun()
    told = watch(trainer, "wpe", 1, 0)["watched"]
    assert (told["moments"], told["adam"]) == ({"before": None, "after": None}, None)
    assert told["weight"]["change"] == 0 and told["grad"] != 0


def test_weights_spoilt_by_the_step_leave_no_number_to_compare_with(monkeypatch):
    trainer, plain = begun(), microgpt.training_step

    def far_off(tokens, weights, *rest):
        loss = plain(tokens, weights, *rest)
        for p in microgpt.parameters(weights):
            p.data *= 1e150
        return loss

    monkeypatch.setattr(microgpt, "training_step", far_off)
    told = watch(trainer)["watched"]
    assert told["loss_after"] is None
    assert all(each["nll"] > 0 for each in told["positions"])

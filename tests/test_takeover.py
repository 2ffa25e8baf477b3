"""In the page Python makes the first steps of a run, and a tape the others: the same numbers, and it says what runs."""

import json

import pytest
from takeover import N_PLAIN
from trainer import Trainer

from building import WEIGHTS, replay, versions
from tests.test_tracing import BY_LENGTH, NOT_AT_ALL, SETTINGS, SMALL, TEXTS, edited


def begin(changes=(), make_machine=replay.Machine):
    """(a run of a small model with these changes, its Takeover)"""
    source = edited({**SMALL, **dict(changes)})
    modules = versions.modules(source, "minibatch", "training", "traced", "takeover")
    run = modules["training"].Run(TEXTS, SETTINGS)
    return run, modules["takeover"].Takeover(run, source, make_machine)


def to_the_end(run, takeover, n_steps=1000):
    """Make all steps, as many at once. Returns what it tells after each time, without the times."""
    told = []
    while not run.done:
        takeover.go_on(n_steps, 60, 1)
        told.append(takeover.told())
    return told


def by_python(changes=()):
    run, _ = begin(changes)
    while not run.done:
        run.step()
    return run


def numbers(run):
    return run.losses + [p.data for matrix in run.weights.values() for row in matrix for p in row]


def test_python_makes_the_first_steps_while_the_tape_gets_ready_and_the_tape_the_others():
    run, takeover = begin()
    assert takeover.told() == {
        **{"name": "preparing", "part": "trace", "done": 0, "of": 4, "reasons": [], "times": None},
    }
    told = to_the_end(run, takeover)
    assert [each["part"] for each in told[:4]] == ["lay_out", "write", "compare", None]
    assert [each["name"] for each in told[:4]] == ["preparing"] * 3 + ["replayed"]
    assert (takeover.by_python[0], takeover.replayed[0]) == (N_PLAIN, SETTINGS["steps"] - N_PLAIN)
    assert told[-1]["times"] > 1
    assert numbers(run) == pytest.approx(numbers(by_python()), rel=1e-12, abs=1e-12)


def test_without_a_machine_python_goes_on_and_it_is_said_why():
    def too_old():
        raise RuntimeError("CompileError: SIMD unsupported")

    for make_machine, why in ((too_old, "CompileError: SIMD unsupported"), (None, "is not there")):
        run, takeover = begin(make_machine=make_machine)
        to_the_end(run, takeover)
        assert takeover.told()["name"] == "plain"
        assert why in takeover.told()["reasons"][0]
        assert numbers(run) == numbers(by_python())


def test_a_run_taken_back_to_its_beginning_comes_to_the_same_weights_to_the_last_bit():
    run, takeover = begin()
    to_the_end(run, takeover)
    other, its_takeover = begin()
    while its_takeover.waits or other.steps_done < 7:
        its_takeover.go_on(2, 60, 1)
    other.go_on_from(5)
    to_the_end(other, its_takeover, 3)
    assert numbers(other) == numbers(run)


@pytest.mark.parametrize("changes, by_tape", [((), True), ({"loss = mean": "loss = 2 * mean"}, False)])
def test_the_tape_measures_the_held_out_loss_if_that_is_the_loss_it_has(changes, by_tape):
    run, takeover = begin(changes)
    to_the_end(run, takeover)
    assert (run.loss_over == takeover.traced.loss_over) == by_tape
    expected = by_python(changes).moment(SETTINGS["steps"])
    assert run.moment(SETTINGS["steps"])["held_out"] == pytest.approx(expected["held_out"], rel=1e-12)


def test_single_steps_need_not_wait_for_a_tape():
    run, takeover = begin()
    to_the_end(run, takeover, 1)
    assert takeover.waits
    assert takeover.by_python[0] == SETTINGS["steps"]
    assert numbers(run) == numbers(by_python())


def test_where_there_is_a_tape_for_each_length_all_are_made_before_it_takes_over():
    changes = BY_LENGTH["the last position only"]
    run, takeover = begin(changes)
    told = to_the_end(run, takeover)
    waiting = [each for each in told if each["name"] == "preparing"]
    n_lengths = len({len(text) for text in TEXTS})
    assert waiting[-1]["of"] >= 4 * n_lengths
    assert all(each["done"] < each["of"] for each in waiting)
    assert told[-1]["name"] == "replayed"
    assert "not that of Python" in told[-1]["reasons"][0]
    assert takeover.by_python[0] == N_PLAIN
    assert numbers(run) == pytest.approx(numbers(by_python(changes)), rel=1e-12, abs=1e-12)


def test_what_cannot_be_traced_is_made_by_python_and_the_reason_told():
    changes, reason = NOT_AT_ALL["a branch"]
    run, takeover = begin(changes)
    told = to_the_end(run, takeover)
    assert (told[-1]["name"], told[-1]["reasons"][-1], told[-1]["times"]) == ("plain", reason, None)
    assert numbers(run) == numbers(by_python(changes))


def test_the_trainer_says_how_far_it_is_and_that_it_is_as_python_would_have_it():
    texts = ["ada", "bea", "dad", "abe", "deb", "bad", "bede", "ade"]
    settings = {**SETTINGS, "steps": 40}
    answers = {}
    for machine in (None, replay.Machine):
        trainer = Trainer(WEIGHTS.read_text(encoding="utf-8"), machine)
        trainer.begin(texts, settings)
        told = []
        while not told or not told[-1]["done"]:
            told.append(json.loads(trainer.answer("train", "[1000, 50]")))
        assert sum(each["steps"] for each in told) == 40
        answers[machine] = [event for each in told for event in each["events"]]
    plain, replayed = answers.values()
    assert [each["step"] for each in replayed] == list(range(1, 41))
    for one, other in zip(plain, replayed):
        assert other == {
            **one,
            "loss": pytest.approx(one["loss"], abs=1e-9),
            "mean": pytest.approx(one["mean"], abs=1e-9),
        }
    assert told[-1]["engine"]["name"] == "replayed"

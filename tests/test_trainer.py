"""What the page asks of training: a run begun, gone on with, looked back on, put away and taken up again."""

import gc
import json
import math
import sys

import dataset
import microgpt
import pytest
import told_trainer
import training
import weights_file
from trainer import Trainer

from building import WEIGHTS

SHIPPED = WEIGHTS.read_text(encoding="utf-8")
TEXTS = ["ann", "bob", "carla", "dan", "eve", "fay", "gina", "hal", "ida", "jo", "kim", "lea"] * 2
SETTINGS = {"seed": 3, "steps": 12, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
ABOUT = {"name": "names", "sha256": "0a30"}
LONG = 1e9  # ms


def ask(trainer, method, *arguments):
    """As the page asks."""
    return json.loads(trainer.answer(method, json.dumps(arguments)))


def begun(**changed):
    trainer = Trainer(SHIPPED)
    ask(trainer, "begin", TEXTS, {**SETTINGS, **changed}, None, ABOUT)
    return trainer


@pytest.fixture
def trainer():
    return begun()


def learned(text):
    """The numbers in a file of weights."""
    return [p.data for p in microgpt.parameters(weights_file.load(text)[0])]


# ---- A run begins


def test_a_run_begins_with_all_there_is_to_know_of_it():
    standing = ask(Trainer(SHIPPED), "begin", TEXTS, SETTINGS, None, ABOUT)
    train, held_out = dataset.split(TEXTS, 3)
    weights, vocabulary, _ = weights_file.load(SHIPPED)
    (kept,) = standing.pop("kept")
    assert standing.pop("engine")["name"] == "plain"  # where nothing replays
    assert standing == {
        "vocabulary": "".join(sorted(set("".join(TEXTS)))),
        "n_train": len(train),
        "n_held_out": len(held_out),
        "n_measured": len(held_out),
        "examples": train[:5],
        "n_mean": 50,
        "settings": SETTINGS,
        "about": ABOUT,
        "guessing": math.log(len(set("".join(TEXTS))) + 1),
        "shipped": list(training.mean_loss(held_out, weights, vocabulary))[-1][1],
        "step": 0,
        "done": False,
        "ended": None,
        "events": [],
        "stride": 1,
    }
    assert (kept["step"], kept["loss"], len(kept["names"])) == (0, None, 5)
    assert kept["held_out"] == pytest.approx(standing["guessing"], abs=0.3)


def test_weights_for_other_characters_have_no_loss_to_compare_with():
    assert ask(Trainer(SHIPPED), "begin", [*TEXTS, "zoë"], SETTINGS)["shipped"] is None


def test_a_run_begins_with_the_weights_that_it_is_given():
    trainer = Trainer(SHIPPED)
    standing = ask(trainer, "begin", TEXTS, SETTINGS, SHIPPED)
    assert standing["vocabulary"] == weights_file.load(SHIPPED)[1]
    assert standing["kept"][0]["held_out"] == standing["shipped"]
    assert learned(ask(trainer, "weights")) == learned(SHIPPED)


@pytest.mark.parametrize(
    "texts, settings, weights, sentence",
    [
        (TEXTS, {"steps": 0}, None, "steps has to be a whole number from 1 to 1000000, not 0"),
        (TEXTS, {"steps": 1.5}, None, "steps has to be"),
        (TEXTS, {"seed": -1}, None, "seed has to be"),
        (TEXTS, {"learning_rate": 0}, None, "The learning rate has to be above 0"),
        (TEXTS, {"learning_rate": "fast"}, None, "The learning rate"),
        (TEXTS, {"beta1": 1}, None, "beta1 has to be"),
        (TEXTS, {}, "{}", "These are not weights"),
        ([*TEXTS, "zoë"], {}, SHIPPED, "the texts use others: ë"),
        ([*TEXTS, "x" * 16], {}, None, "has 16 characters"),
    ],
)
def test_what_no_run_can_begin_with_is_refused_and_the_run_before_it_is_still_there(
    trainer, texts, settings, weights, sentence
):
    before = ask(trainer, "standing")
    with pytest.raises(ValueError, match=sentence):
        ask(trainer, "begin", texts, {**SETTINGS, **settings}, weights)
    assert ask(trainer, "standing") == before


# ---- It goes on


def test_it_goes_on_for_so_many_steps_and_tells_each_of_them(trainer):
    answer = ask(trainer, "train", 6, LONG)
    assert [event["step"] for event in answer["events"]] == [1, 2, 3, 4, 5, 6]
    assert [moment["step"] for moment in answer["kept"]] == [1, 2, 5]
    assert (answer["done"], answer["ended"]) == (False, None)
    assert answer["ms"] > 0
    rest = ask(trainer, "train", 1000, LONG)
    assert ([event["step"] for event in rest["events"]], rest["done"]) == ([7, 8, 9, 10, 11, 12], True)
    assert [moment["step"] for moment in rest["kept"]] == [10, 12]
    assert ask(trainer, "train", 1, LONG)["events"] == []
    assert ask(trainer, "standing")["events"] == answer["events"] + rest["events"]


def test_it_goes_on_for_so_long_but_one_step_at_least(trainer, monkeypatch):
    assert len(ask(trainer, "train", 1000, 0)["events"]) == 1
    now = iter(range(1000))
    monkeypatch.setattr("trainer.time.perf_counter", lambda: next(now))
    assert len(ask(trainer, "train", 1000, 8_000)["events"]) in (2, 3)  # of 3 seconds each, and a moment


def test_whatever_the_learner_wrote_is_what_trains(trainer, monkeypatch):
    asked = []

    def own(tokens, weights, moments, step, n_steps, learning_rate, beta1, beta2):
        asked.append((step, n_steps, learning_rate, beta1, beta2))
        for p in microgpt.parameters(weights):
            p.data = step + 1.0
        return 0.5

    monkeypatch.setattr(microgpt, "training_step", own)
    answer = ask(trainer, "train", 2, LONG)
    assert [event["loss"] for event in answer["events"]] == [0.5, 0.5]
    assert asked == [(0, 12, 0.01, 0.85, 0.99), (1, 12, 0.01, 0.85, 0.99)]
    assert set(learned_by(trainer)) == {2.0}


def learned_by(trainer):
    return [p.data for p in microgpt.parameters(trainer.run.weights)]


def test_the_same_run_in_pieces_ends_with_the_same_weights(trainer):
    whole = begun()
    ask(whole, "train", 12, LONG)
    for n_steps in (1, 4, 7):
        ask(trainer, "train", n_steps, LONG)
        ask(trainer, "keep")
    assert ask(trainer, "weights") == ask(whole, "weights")


def test_a_bad_end_is_told_with_what_came_before_it(trainer, monkeypatch):
    plain = microgpt.training_step

    def broken(tokens, weights, moments, step, *rest):
        if step == 3:
            [][0]
        return plain(tokens, weights, moments, step, *rest)

    monkeypatch.setattr(microgpt, "training_step", broken)
    answer = ask(trainer, "train", 100, LONG)
    assert [event["step"] for event in answer["events"]] == [1, 2, 3]
    ended = answer["ended"]
    assert (ended["why"], ended["step"], ended["back_to"], answer["done"]) == ("error", 4, 2, True)
    assert ended["told"]["type"] == "IndexError"
    standing = ask(trainer, "standing")
    assert (standing["step"], standing["ended"], [moment["step"] for moment in standing["kept"]]) == (
        2,
        ended,
        [0, 1, 2],
    )
    assert ask(trainer, "go_on_from", 1)["ended"] is None


@pytest.mark.parametrize("loss, why", [(math.nan, "nan"), (-math.inf, "infinite")])
def test_a_loss_that_is_no_number_ends_it(trainer, monkeypatch, loss, why):
    monkeypatch.setattr(microgpt, "training_step", lambda *_: loss)
    ended = ask(trainer, "train", 100, LONG)["ended"]
    assert ended == {"why": why, "step": 1, "back_to": 0, "told": None}


def at_once(n_steps, spoil=lambda losses: losses):
    """An engine that makes so many steps in one go."""

    def engine(*given):
        return spoil(list(training.one_at_a_time(*given)))

    engine.at_once = n_steps
    return engine


def test_another_engine_makes_the_same_run(trainer):
    plain = begun()
    trainer.run.engine = at_once(4)
    assert ask(trainer, "train", 9, LONG)["events"] == ask(plain, "train", 9, LONG)["events"]
    assert len(ask(trainer, "train", 100, 0)["events"]) == 1  # up to the next that is kept
    assert ask(trainer, "watch_step")["watched"]["step"] == 11
    assert ask(trainer, "standing")["events"][:9] == ask(plain, "standing")["events"]


def test_a_bad_end_among_many_steps_at_once_is_told_with_those_before_it(trainer):
    trainer.run.engine = at_once(4, lambda losses: [*losses[:1], math.nan] if len(losses) > 2 else losses)
    answer = ask(trainer, "train", 100, LONG)
    assert [event["step"] for event in answer["events"]] == [1, 2, 3]
    assert answer["ended"] == {"why": "nan", "step": 4, "back_to": 2, "told": None}


# ---- It is looked back on


def test_a_moment_has_the_weights_of_then(trainer):
    then = ask(trainer, "train", 2, LONG)["kept"][-1], ask(trainer, "weights")
    ask(trainer, "train", 5, LONG)
    assert ask(trainer, "moment", 2) == {**then[0], "weights": then[1]}
    with pytest.raises(ValueError, match="have not been kept"):
        ask(trainer, "moment", 3)


def test_it_goes_on_from_a_moment_as_it_did_before(trainer):
    first = ask(trainer, "train", 100, LONG)
    weights = ask(trainer, "weights")
    standing = ask(trainer, "go_on_from", 5)
    assert (standing["step"], standing["done"]) == (5, False)
    assert [moment["step"] for moment in standing["kept"]] == [0, 1, 2, 5]
    assert standing["events"] == first["events"][:5]
    assert ask(trainer, "train", 100, LONG)["events"] == first["events"][5:]
    assert ask(trainer, "weights") == weights


def test_the_weights_say_how_they_were_trained(trainer):
    ask(trainer, "train", 4, LONG)
    _, vocabulary, how_trained = weights_file.load(ask(trainer, "weights"))
    assert vocabulary == ask(trainer, "standing")["vocabulary"]
    assert how_trained == {
        "data": "names",
        "data_sha256": "0a30",
        **SETTINGS,
        "split": dataset.SPLIT,
        "n_learned_from": 22,
        "n_held_out": 1,
        "steps_done": 4,
    }


def test_a_long_curve_is_told_evenly_thinned_out_with_what_was_kept_up_to_now(monkeypatch):
    monkeypatch.setattr("trainer.N_EVENTS", 4)
    trainer = begun()
    ask(trainer, "train", 11, LONG)
    assert [event["step"] for event in ask(trainer, "standing")["events"]] == [1, 2, 4, 5, 8, 10, 11]


# ---- It survives


def test_a_run_that_was_put_away_is_taken_up_by_another_trainer(trainer):
    ask(trainer, "train", 6, LONG)
    ask(trainer, "keep")
    other = Trainer(SHIPPED)
    assert ask(other, "take_up", ask(trainer, "put_away")) == ask(trainer, "standing")
    assert ask(other, "train", 100, LONG)["events"] == ask(trainer, "train", 100, LONG)["events"]
    assert ask(other, "weights") == ask(trainer, "weights")
    assert ask(other, "moment", 2) == ask(trainer, "moment", 2)


def test_a_run_from_given_weights_is_taken_up_with_their_vocabulary():
    trainer, other = Trainer(SHIPPED), Trainer(SHIPPED)
    ask(trainer, "begin", TEXTS, SETTINGS, SHIPPED)
    ask(trainer, "train", 1, LONG)
    assert ask(other, "take_up", ask(trainer, "put_away")) == ask(trainer, "standing")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-9],
        lambda text: "null",
        lambda text: "[" * 100_000,
        lambda text: json.dumps({**json.loads(text), "texts": [1, 2]}),
        lambda text: json.dumps({**json.loads(text), "texts": []}),
        lambda text: json.dumps({**json.loads(text), "texts": ["a"]}),
        lambda text: json.dumps({**json.loads(text), "texts": ["é", "ü"]}),
        lambda text: json.dumps({**json.loads(text), "settings": None}),
        lambda text: json.dumps({**json.loads(text), "settings": {**SETTINGS, "steps": 1}}),
        lambda text: json.dumps({**json.loads(text), "vocabulary": "abcdefghijklmnopqrstuvwxyz"}),
        lambda text: json.dumps({**json.loads(text), "about": 3}),
        lambda text: json.dumps({**json.loads(text), "state": "AAAA"}),
    ],
)
def test_a_damaged_run_is_refused_and_the_present_one_is_still_there(trainer, damage):
    ask(trainer, "train", 2, LONG)
    before = ask(trainer, "standing")
    with pytest.raises(ValueError, match="What was kept of this training is damaged"):
        ask(trainer, "take_up", damage(ask(trainer, "put_away")))
    assert ask(trainer, "standing") == before


# ---- It runs for long


def test_many_steps_run_in_steady_memory(monkeypatch):
    """A tiny model, so that they are quick: what stays of a step does not depend on its size."""
    for name, value in {"n_embd": 2, "n_head": 1, "head_dim": 2}.items():
        monkeypatch.setattr(microgpt, name, value)
    trainer, held = begun(steps=1000), []
    for _ in range(4):
        ask(trainer, "train", 105, LONG)
        gc.collect()
        held.append(sys.getallocatedblocks())
    assert held[3] - held[2] < 2 * 105  # the loss of each step


def test_garbage_is_looked_for_again_after_each_answer(trainer):
    ask(trainer, "train", 1, LONG)
    assert gc.isenabled()


# ---- It is told what goes wrong


@pytest.fixture
def told(monkeypatch):
    """The trainer as the page's worker starts it."""
    monkeypatch.setattr(sys, "stdout", sys.__stdout__)  # pytest's own cannot be set up anew
    return told_trainer.start(SHIPPED)


def trouble(trainer, method, *arguments):
    """What is told of what goes wrong."""
    with pytest.raises(Exception) as caught:
        ask(trainer, method, *arguments)
    assert type(caught.value).__name__ == "Trouble"
    return json.loads(str(caught.value))


def test_what_is_refused_is_told_in_a_sentence(told):
    assert trouble(told, "begin", TEXTS, {**SETTINGS, "steps": 0})["sentence"].startswith("steps has to be")
    assert trouble(told, "begin", TEXTS, SETTINGS, "{}")["sentence"].startswith("These are not weights")
    assert trouble(told, "take_up", "{}")["sentence"] == training.DAMAGED
    ask(told, "begin", TEXTS, SETTINGS)
    assert trouble(told, "moment", 7)["sentence"] == "The weights of step 7 have not been kept."


def test_an_error_of_an_edit_is_told_as_everywhere(told, monkeypatch):
    edited = "def mean_nll(tokens, weights):\n    return lenn(tokens)\n"
    exec(compile(edited, microgpt.__file__, "exec"), scope := {})
    monkeypatch.setattr(microgpt, "mean_nll", scope["mean_nll"])
    reported = trouble(told, "begin", TEXTS, SETTINGS)
    assert (reported["cause"], reported["line"], reported["function"]) == ("name_close", 2, "mean_nll")
    assert "sentence" not in reported


def test_a_model_whose_loss_is_no_number_from_the_first_learns_nothing(told, monkeypatch):
    monkeypatch.setattr(microgpt, "mean_nll", lambda *_: microgpt.Value(math.nan))
    assert "the loss is no number" in trouble(told, "begin", TEXTS, SETTINGS)["sentence"]

"""A training run: the same weights however often it is broken off, and a sentence for whatever goes wrong."""

import gc
import http.client
import io
import json
import math
import random
import re
import signal
import struct
import urllib.error

import dataset
import microgpt
import pytest
import training
import weights_file
from trainer import Trainer

from building import WEIGHTS, Failure, train

TEXTS = ["ab", "b", "ca", "abc", "cc", "a", "bca", "ba", "c", "acb", "aa", "bc"]
SETTINGS = {"seed": 1, "steps": 6, "learning_rate": 0.01, "beta1": 0.85, "beta2": 0.99}
STEPS = 12  # more than there are texts to learn from, so that the first come round again


@pytest.fixture
def names(tmp_path):
    """A file of texts to train on."""
    path = tmp_path / "names.txt"
    path.write_text("\n".join(TEXTS))
    return path


@pytest.fixture
def out(tmp_path):
    """Where the weights go: a folder with nothing else in it."""
    (tmp_path / "weights").mkdir()
    return tmp_path / "weights" / "model.json"


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory):
    """The bytes that one run writes that nobody disturbs."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    (folder / "names.txt").write_text("\n".join(TEXTS))
    train.train(folder / "names.txt", STEPS, 7, folder / "model.json")
    return (folder / "model.json").read_bytes()


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


def at_call(number, function, do):
    """The function, doing something else first when it is called for the number-th time."""
    calls = 0

    def disturbed(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == number:
            do()
        return function(*args, **kwargs)

    return disturbed


def rest(run):
    """The events of all steps that are left."""
    events = []
    while not run.done:
        events.append(run.step())
    return events


def numbers(run):
    return [p.data for p in microgpt.parameters(run.weights)]


def files_beside(path):
    return sorted(file.name for file in path.parent.iterdir())


# ---- One run, step by step ------------------------------------------------------------


def test_a_run_takes_the_training_texts_in_turn_and_starts_over_at_their_end():
    run = training.Run(TEXTS, {**SETTINGS, "steps": 15})
    assert (run.train, run.held_out) == dataset.split(TEXTS, 1)
    assert run.vocabulary == "abc"
    events = []
    while not run.done:
        events.append(run.step())
    assert [event["text"] for event in events] == (run.train * 2)[:15]
    assert [event["step"] for event in events] == list(range(1, 16))
    assert {event["steps"] for event in events} == {15}
    assert events[0]["loss"] == pytest.approx(math.log(4), abs=0.4)
    assert all(type(event["loss"]) is float for event in events)


def test_a_run_does_the_steps_of_the_model_s_own_file():
    run = training.Run(TEXTS, SETTINGS)
    while not run.done:
        run.step()
    texts, _ = dataset.split(TEXTS, 1)
    weights = microgpt.init_weights("abc", random.Random(1))
    moments = [[0.0, 0.0] for _ in microgpt.parameters(weights)]
    for step, text in enumerate(texts[:6]):
        microgpt.training_step(microgpt.document(text, "abc"), weights, moments, step, 6, 0.01, 0.85, 0.99)
    assert [p.data for p in microgpt.parameters(run.weights)] == [p.data for p in microgpt.parameters(weights)]
    assert run.moments == moments


def test_the_mean_loss_counts_every_character_and_stop_once():
    weights = microgpt.init_weights("abc", random.Random(1), std=0.5)
    seen = list(training.mean_loss(TEXTS, weights, "abc"))
    assert [n_texts for n_texts, _ in seen] == list(range(1, len(TEXTS) + 1))
    totals = [microgpt.mean_nll(microgpt.document(text, "abc"), weights).data * (len(text) + 1) for text in TEXTS]
    assert seen[0][1] == pytest.approx(totals[0] / (len(TEXTS[0]) + 1), abs=1e-12)
    assert seen[-1][1] == pytest.approx(math.fsum(totals) / sum(len(text) + 1 for text in TEXTS), abs=1e-12)


def left_behind(n_steps=2):
    """What a run of TEXTS puts away after so many steps, as it comes back from a file."""
    run = training.Run(TEXTS, SETTINGS)
    for _ in range(n_steps):
        run.step()
    return json.loads(json.dumps(run.put_away()))


def test_a_run_taken_up_again_goes_on_where_the_other_stopped():
    one, other = training.Run(TEXTS, SETTINGS), training.Run(TEXTS, SETTINGS)
    other.take_up(left_behind())
    events = rest(one)
    assert rest(other) == events[2:]
    assert numbers(one) == numbers(other)
    assert one.put_away() == other.put_away()


NO_STATE = training.as_text(b"")
NAN_STATE = training.as_text(struct.pack("<d", math.nan) * 3 * 3456)
SHORT_STATE = training.as_text(bytes(8 * (3 * 3456 - 1)))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"state": None}, id="no weights"),
        pytest.param({"state": NO_STATE}, id="empty weights"),
        pytest.param({"state": SHORT_STATE}, id="a moment missing"),
        pytest.param({"state": NAN_STATE}, id="weights that are NaN"),
        pytest.param({"state": "zzz"}, id="no numbers"),
        pytest.param({"steps_done": -1}, id="fewer steps than none"),
        pytest.param({"steps_done": 3}, id="more steps than losses"),
        pytest.param({"steps_done": "2"}, id="steps as text"),
        pytest.param({"steps_done": 2.0}, id="steps as a fraction"),
        pytest.param({"losses": NO_STATE}, id="no losses"),
        pytest.param({"losses": training.as_text(struct.pack("<2d", 3.0, math.inf))}, id="an infinite loss"),
        pytest.param({"losses": training.as_text(bytes(8 * 7)), "steps_done": 7}, id="more steps than all"),
        pytest.param({"kept": []}, id="nothing kept"),
        pytest.param({"kept": [{"step": 0, "state": NO_STATE, "moment": None}]}, id="nothing in what was kept"),
        pytest.param({"kept": [{"step": 0}]}, id="half of what was kept"),
    ],
)
def test_a_run_cannot_be_taken_up_from_what_no_run_left(change):
    run = training.Run(TEXTS, SETTINGS)
    before = run.put_away()
    with pytest.raises(ValueError, match="What was kept of this training is damaged"):
        run.take_up({**left_behind(), **change})
    assert run.put_away() == before


# ---- Steps that are kept --------------------------------------------------------------


def test_steps_are_kept_that_lie_evenly_on_a_logarithmic_scale_and_the_last():
    kept, step = [0], 0
    while step < 12_345:
        step = training.next_kept(step, 12_345)
        kept.append(step)
    assert kept == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 12_345]
    assert [step for step in range(12_345) if training.is_kept(step)] == kept[:-1]


def test_a_run_taken_back_to_a_step_that_it_kept_goes_on_as_it_did_before():
    run = training.Run(TEXTS, SETTINGS)
    events = rest(run)
    after = run.put_away()
    assert list(run.kept) == [0, 1, 2, 5, 6]
    run.go_on_from(2)
    assert (run.steps_done, list(run.kept)) == (2, [0, 1, 2])
    assert rest(run) == events[2:]
    assert run.put_away() == after


def test_a_run_cannot_be_taken_back_to_a_step_that_it_did_not_keep():
    run = training.Run(TEXTS, SETTINGS)
    rest(run)
    for step in (3, 7, -1, "2", None):
        with pytest.raises(ValueError, match="have not been kept"):
            run.go_on_from(step)
    assert run.steps_done == 6


def test_a_run_keeps_the_step_where_it_pauses_but_only_the_last_of_many():
    run = training.Run(TEXTS, {**SETTINGS, "steps": 60})
    while not run.done:
        run.step()
        run.keep()
    regular = [0, 1, 2, 5, 10, 20, 50, 60]
    assert list(run.kept) == sorted({*regular, *range(39, 60)})


def test_a_moment_tells_how_good_the_model_was_and_what_it_wrote():
    run = training.Run(TEXTS * 30 + [a + b for a in TEXTS for b in TEXTS], SETTINGS)
    assert len(run.held_out) < training.N_MEASURED
    run.step()
    rng = random.Random(SETTINGS["seed"])
    assert run.moment(1) == {
        "step": 1,
        "loss": run.losses[0],
        "held_out": list(training.mean_loss(run.held_out, run.weights, "abc"))[-1][1],
        "names": [microgpt.generate(run.weights, "abc", 1.0, rng) for _ in range(5)],
    }
    before = run.moment(0)
    assert before["loss"] is None and before["held_out"] > run.moment(1)["held_out"]


def test_the_running_mean_goes_over_the_last_steps(monkeypatch):
    monkeypatch.setattr(training, "N_MEAN", 3)
    run = training.Run(TEXTS, SETTINGS)
    events = rest(run)
    losses = [event["loss"] for event in events]
    means = [math.fsum(losses[max(0, end - 3) : end]) / min(3, end) for end in range(1, 7)]
    assert [event["mean"] for event in events] == means


# ---- From other weights ---------------------------------------------------------------


def trained_on(vocabulary, seed=5):
    return weights_file.dump(microgpt.init_weights(vocabulary, random.Random(seed)), vocabulary, {})


def test_a_run_goes_on_from_given_weights_with_their_vocabulary():
    run = training.Run(TEXTS, SETTINGS, trained_on("abcd"))
    assert run.vocabulary == "abcd"
    assert run.file({}) == trained_on("abcd")
    assert run.moments == [[0.0, 0.0]] * (3456 + 32)
    assert run.step()["loss"] == pytest.approx(math.log(5), abs=0.4)


@pytest.mark.parametrize(
    "weights, sentence",
    [("{}", "These are not weights"), (trained_on("abz"), "for the characters abz, and the texts use others: c")],
)
def test_weights_that_do_not_fit_the_texts_are_refused(weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        training.Run(TEXTS, SETTINGS, weights)


def test_a_text_longer_than_the_model_sees_is_refused():
    with pytest.raises(ValueError, match="“a{16}” has 16 characters, and the model sees 16 positions"):
        training.Run([*TEXTS, "a" * 16], SETTINGS)


# ---- What no run can go on from -------------------------------------------------------


@pytest.mark.parametrize(
    "loss, why, sentence",
    [
        (math.nan, "nan", "In step 4 the loss was no number any more"),
        (math.inf, "infinite", "In step 4 numbers became too large for a computer"),
        (OverflowError(), "infinite", "Try a smaller learning rate"),
        (ZeroDivisionError(), "infinite", "Try a smaller learning rate"),
        (ValueError("math domain error"), "infinite", "Try a smaller learning rate"),
        (NameError("no such name"), "error", "In step 4 there was an error in microgpt.py.*Mend it"),
        (None, "error", "there was an error"),
    ],
)
def test_a_run_that_comes_to_a_bad_end_goes_back_to_where_its_weights_were_good(monkeypatch, loss, why, sentence):
    run, before = training.Run(TEXTS, SETTINGS), left_behind(2)
    for _ in range(3):
        run.step()
    plain = microgpt.training_step

    def spoilt(tokens, weights, *rest):
        plain(tokens, weights, *rest)
        if isinstance(loss, Exception):
            raise loss
        return loss if loss is None else microgpt.Value(loss)

    monkeypatch.setattr(microgpt, "training_step", spoilt)
    with pytest.raises(training.RunEnded, match=sentence) as ended:
        run.step()
    assert (ended.value.why, ended.value.step, ended.value.back_to) == (why, 4, 2)
    assert run.put_away() == before


def test_weights_that_are_no_numbers_any_more_end_the_run(monkeypatch):
    run, before = training.Run(TEXTS, SETTINGS), left_behind(0)

    def spoilt(tokens, weights, *_):
        weights["wte"][0][0].data = math.nan
        return 3.0

    monkeypatch.setattr(microgpt, "training_step", spoilt)
    with pytest.raises(training.RunEnded) as ended:
        run.step()
    assert ended.value.why == "nan"
    assert run.put_away() == before


def test_too_large_a_learning_rate_is_found_out():
    run = training.Run(TEXTS, {**SETTINGS, "steps": 100, "learning_rate": 1e4})
    with pytest.raises(training.RunEnded, match="Try a smaller learning rate"):
        rest(run)


# ---- Another engine -------------------------------------------------------------------


def test_another_engine_is_given_all_steps_up_to_the_next_that_is_kept():
    run, plain, given = (
        training.Run(TEXTS, {**SETTINGS, "steps": 30}),
        training.Run(TEXTS, {**SETTINGS, "steps": 30}),
        [],
    )

    def many_at_once(documents, weights, moments, first, settings):
        given.append((first, len(documents)))
        return list(training.one_at_a_time(documents, weights, moments, first, settings))

    run.engine = many_at_once
    events = []
    while not run.done:
        events += run.go_on(8)
    assert given == [(0, 1), (1, 1), (2, 3), (5, 5), (10, 8), (18, 2), (20, 8), (28, 2)]
    assert events == rest(plain)
    assert run.put_away() == plain.put_away()


# ---- The command ----------------------------------------------------------------------


def test_the_file_says_how_it_was_trained_and_what_came_of_it(names, out, uninterrupted):
    weights, vocabulary, how_trained = weights_file.load(uninterrupted.decode())
    texts, held_out = dataset.split(TEXTS, 7)
    assert how_trained == {
        "data_sha256": dataset.digest(names.read_bytes()),
        "seed": 7,
        "steps": STEPS,
        "learning_rate": 0.003,
        "beta1": 0.85,
        "beta2": 0.99,
        "split": dataset.SPLIT,
        "n_learned_from": len(texts),
        "n_held_out": len(held_out),
        "training_loss": round(list(training.mean_loss(texts[:1], weights, "abc"))[-1][1], 6),
        "held_out_loss": round(list(training.mean_loss(held_out, weights, "abc"))[-1][1], 6),
        **dataset.portrait(texts),
        "written": training.written(weights, "abc", texts, 7),
    }
    assert vocabulary == "abc"


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(names, out, uninterrupted):
    train.train(names, STEPS, 7, out)
    assert out.read_bytes() == uninterrupted
    train.train(names, STEPS, 8, out)
    assert out.read_bytes() != uninterrupted
    assert files_beside(out) == ["model.json"]


def test_without_a_number_of_steps_every_training_text_is_seen_once(names, out, capsys):
    train.train(names, None, 7, out)
    _, _, how_trained = weights_file.load(out.read_text())
    assert how_trained["steps"] == len(TEXTS) - 1
    told = capsys.readouterr().out
    assert "12 texts, 0 of them repeated: 11 to learn from; 1 held out, none of which is among those." in told
    assert "3 characters: a b c\n" in told


def test_what_was_done_to_the_data_is_told_and_a_column_is_part_of_the_recipe(names, out, capsys):
    names.write_text("\n".join(f"{text},{n}" for n, text in enumerate([*TEXTS, "a\u200bb"])), encoding="utf-8")
    with pytest.raises(Failure, match="looks like a table.*--column 1"):
        train.train(names, 1, 7, out)
    train.train(names, 1, 7, out, 1)
    told = capsys.readouterr().out
    assert told.startswith("Column 1 of 13 rows was taken.\n1 character that cannot be seen was left out: a zero-width")
    assert "13 texts, 1 of them repeated" in told
    assert weights_file.load(out.read_text())[2]["column"] == 1


def test_it_goes_on_from_weights_that_the_page_saved_and_the_page_from_its_own(names, out):
    trainer = Trainer(WEIGHTS.read_text(encoding="utf-8"))
    trainer.begin(TEXTS, SETTINGS)
    trainer.train(3, 1e9)
    saved = out.with_name("page.json")
    saved.write_text(trainer.weights(), encoding="utf-8")

    train.train(names, STEPS, 7, out, learning_rate=0.01, weights=saved)
    trained, _, how_trained = weights_file.load(out.read_text())
    run = training.Run(TEXTS, {**SETTINGS, "seed": 7, "steps": STEPS}, trainer.weights())
    rest(run)
    assert [p.data for p in microgpt.parameters(trained)] == numbers(run)
    assert how_trained["from_sha256"] == dataset.digest(saved.read_bytes())
    assert how_trained["learning_rate"] == 0.01

    trainer.begin(TEXTS, SETTINGS, out.read_text())
    assert numbers(trainer.run) == numbers(run)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "page.json: These are not weights"),
        (b"\xff\xfe", "page.json: These are not weights"),
        (None, "page.json cannot be read"),
        (
            trained_on("xyz").encode(),
            "page.json: These weights are for the characters xyz, and the texts use others: abc",
        ),
    ],
)
def test_weights_that_cannot_be_gone_on_from_are_named(names, out, content, sentence):
    saved = out.with_name("page.json")
    if content is not None:
        saved.write_bytes(content)
    with pytest.raises(Failure, match=sentence):
        train.train(names, STEPS, 7, out, weights=saved)
    assert not out.exists()


def test_a_run_that_comes_to_a_bad_end_says_so_and_leaves_nothing_half_done(names, out, monkeypatch):
    monkeypatch.setattr(train, "STEPS_BETWEEN_SAVES", 1)
    monkeypatch.setattr(microgpt, "training_step", at_call(4, microgpt.training_step, lambda: 1 / 0))
    with pytest.raises(Failure, match="In step 4 numbers became too large for a computer. Try a smaller learning rate"):
        train.train(names, STEPS, 7, out)
    assert files_beside(out) == []
    with pytest.raises(Failure, match="The learning rate has to be above 0"):
        train.train(names, STEPS, 7, out, learning_rate=-1.0)


def test_progress_is_told_with_step_loss_speed_and_time_left(names, out, capsys, monkeypatch):
    monkeypatch.setattr(train, "STEPS_BETWEEN_REPORTS", 5)
    train.train(names, STEPS, 7, out)
    told = capsys.readouterr().out
    lines = re.findall(r"step (\d+) of 12, loss (\d\.\d{3}), [\d.]+ ms a step, \d+:\d\d left", told)
    assert [step for step, _ in lines] == ["5", "10", "12"]
    assert all(0.5 < float(loss) < 2.5 for _, loss in lines)
    assert re.search(r"held-out loss \d\.\d{4} over 1 of 1 texts", told)
    assert f"Wrote {out}." in told


def test_a_clock_that_stands_still_is_no_reason_to_stop(names, out, monkeypatch):
    monkeypatch.setattr(train.time, "monotonic", lambda: 5.0)
    train.train(names, 2, 7, out)
    assert out.exists()


def test_garbage_collection_is_switched_on_again_afterwards(names, out, monkeypatch):
    train.train(names, 1, 7, out)
    assert gc.isenabled()
    monkeypatch.setattr(microgpt, "training_step", at_call(1, microgpt.training_step, press_ctrl_c))
    with pytest.raises(Failure):
        train.train(names, 2, 7, out)
    assert gc.isenabled()


# ---- Broken off and carried on --------------------------------------------------------


def in_the_middle_of_adam(monkeypatch):
    """The sixth step is halfway through the parameters."""
    plain = microgpt.parameters
    calls = 0

    def parameters(weights):
        nonlocal calls
        calls += 1
        if calls != 8:  # two calls set the run up
            return plain(weights)
        every = plain(weights)

        def interrupted():
            yield from every[:2000]
            press_ctrl_c()
            yield from every[2000:]

        return interrupted()

    monkeypatch.setattr(training.microgpt, "parameters", parameters)


MOMENTS_TO_PRESS = {
    "before the first step": (training.Run, "go_on", 1),
    "before the third step": (training.Run, "go_on", 3),
    "before the last step": (training.Run, "go_on", STEPS),
    "during a forward pass": (microgpt, "gpt", 9),
    "during a backward pass": (microgpt.Value, "backward", 4),
    "while a report is printed": (train, "show", 1),
    "while the run is put away": (train, "put_away", 1),
    "while the training loss is measured": (microgpt, "mean_nll", STEPS + 1),
    "while the held-out loss is measured": (microgpt, "mean_nll", STEPS + 2),
}


@pytest.mark.parametrize("moment", [*MOMENTS_TO_PRESS, "in the middle of Adam"])
def test_broken_off_by_ctrl_c_and_carried_on_it_writes_the_same_bytes(
    moment, names, out, uninterrupted, monkeypatch, capsys
):
    monkeypatch.setattr(train, "STEPS_BETWEEN_SAVES", 5)
    monkeypatch.setattr(train, "STEPS_BETWEEN_REPORTS", 4)
    with monkeypatch.context() as disturbance:
        if moment in MOMENTS_TO_PRESS:
            place, name, number = MOMENTS_TO_PRESS[moment]
            disturbance.setattr(place, name, at_call(number, getattr(place, name), press_ctrl_c))
        else:
            in_the_middle_of_adam(disturbance)
        with pytest.raises(Failure, match=r"Stopped after step \d+\. The same command carries on from there\."):
            train.train(names, STEPS, 7, out)
    assert files_beside(out) == ["model.json.unfinished"]
    train.train(names, STEPS, 7, out)
    assert "Carrying on after step" in capsys.readouterr().out
    assert out.read_bytes() == uninterrupted
    assert files_beside(out) == ["model.json"]


def test_broken_off_again_and_again_it_writes_the_same_bytes(names, out, uninterrupted, monkeypatch):
    for _ in range(4):
        with monkeypatch.context() as disturbance:
            disturbance.setattr(training.Run, "go_on", at_call(3, training.Run.go_on, press_ctrl_c))
            with pytest.raises(Failure, match="Stopped after step"):
                train.train(names, STEPS, 7, out)
    train.train(names, STEPS, 7, out)
    assert out.read_bytes() == uninterrupted


def test_killed_without_warning_it_carries_on_from_the_last_save(names, out, uninterrupted, monkeypatch, capsys):
    class Killed(BaseException):
        pass

    def kill():
        raise Killed

    monkeypatch.setattr(train, "STEPS_BETWEEN_SAVES", 5)
    with monkeypatch.context() as disturbance:
        disturbance.setattr(training.Run, "go_on", at_call(8, training.Run.go_on, kill))
        with pytest.raises(Killed):
            train.train(names, STEPS, 7, out)
    train.train(names, STEPS, 7, out)
    assert "Carrying on after step 5." in capsys.readouterr().out
    assert out.read_bytes() == uninterrupted


def test_ctrl_c_does_what_it_did_before_once_training_is_over(names, out):
    before = signal.getsignal(signal.SIGINT)
    train.train(names, 1, 7, out)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def unfinished(names, out, monkeypatch):
    """A run of STEPS with seed 7, stopped after two steps."""
    with monkeypatch.context() as disturbance:
        disturbance.setattr(training.Run, "go_on", at_call(2, training.Run.go_on, press_ctrl_c))
        with pytest.raises(Failure, match="Stopped after step 2"):
            train.train(names, STEPS, 7, out)
    return out.with_name("model.json.unfinished")


@pytest.mark.parametrize(("steps", "seed", "text"), [(STEPS, 8, ""), (STEPS + 1, 7, ""), (STEPS, 7, "\nabba")])
def test_an_unfinished_run_with_other_settings_or_data_is_not_carried_on(unfinished, names, out, steps, seed, text):
    before = unfinished.read_bytes()
    names.write_text(names.read_text() + text)
    with pytest.raises(Failure, match="is a run with other data or settings.*To start from the beginning, delete"):
        train.train(names, steps, seed, out)
    assert unfinished.read_bytes() == before
    assert not out.exists()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: text[:-100], id="cut short"),
        pytest.param(lambda text: "[]", id="a list"),
        pytest.param(lambda text: "{}", id="nothing in it"),
        pytest.param(lambda text: "[" * 100_000, id="deep nesting"),
        pytest.param(lambda text: json.dumps({**json.loads(text), "state": 3}), id="no weights"),
        pytest.param(lambda text: json.dumps({**json.loads(text), "kept": []}), id="nothing kept"),
        pytest.param(lambda text: json.dumps({**json.loads(text), "steps_done": 1000}), id="too many steps"),
    ],
)
def test_a_damaged_unfinished_run_is_not_carried_on(unfinished, names, out, damage):
    unfinished.write_text(damage(unfinished.read_text()))
    with pytest.raises(Failure, match="is damaged. To start from the beginning, delete"):
        train.train(names, STEPS, 7, out)
    assert not out.exists()


def test_an_unfinished_run_that_was_deleted_starts_from_the_beginning(unfinished, names, out, uninterrupted):
    unfinished.unlink()
    train.train(names, STEPS, 7, out)
    assert out.read_bytes() == uninterrupted


# ---- Whatever else goes wrong ---------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "fewer than two texts"),
        (b"\0\1\2\xff", "not text in UTF-8"),
        (b"anna\n" + b"z" * 16, "Line 2 has 16 characters"),
        ("\n".join(map(chr, range(0x4E00, 0x4E65))).encode(), "101 different characters"),
    ],
)
def test_bad_data_is_named_and_nothing_is_overwritten(names, out, raw, sentence):
    names.write_bytes(raw)
    out.write_text("precious")
    with pytest.raises(Failure, match=f"^{re.escape(str(names))}: .*{sentence}"):
        train.train(names, STEPS, 7, out)
    assert out.read_text() == "precious"
    assert files_beside(out) == ["model.json"]


def test_stopping_overwrites_nothing(unfinished, names, out):
    out.write_text("precious")
    with pytest.MonkeyPatch.context() as disturbance:
        disturbance.setattr(training.Run, "go_on", at_call(1, training.Run.go_on, press_ctrl_c))
        with pytest.raises(Failure, match="Stopped after step 3"):
            train.train(names, STEPS, 7, out)
    assert out.read_text() == "precious"


def test_data_that_cannot_be_read_is_named(tmp_path, out):
    with pytest.raises(Failure, match=r"nowhere\.txt cannot be read: No such file"):
        train.train(tmp_path / "nowhere.txt", STEPS, 7, out)
    with pytest.raises(Failure, match="cannot be read"):
        train.train(tmp_path, STEPS, 7, out)


@pytest.mark.parametrize("steps", [0, -5])
def test_fewer_steps_than_one_are_refused(names, out, steps):
    with pytest.raises(Failure, match="--steps must be 1 or more"):
        train.train(names, steps, 7, out)


def test_a_place_that_cannot_be_written_to_is_named_before_anything_is_trained(names, out, monkeypatch):
    monkeypatch.setattr(microgpt, "training_step", lambda *_: pytest.fail("a step was trained"))
    with pytest.raises(Failure, match="There is no folder .*elsewhere to write model.json to"):
        train.train(names, STEPS, 7, out.parent / "elsewhere" / out.name)
    with pytest.raises(Failure, match="is a folder. Name the file to write"):
        train.train(names, STEPS, 7, out.parent)


def test_a_disk_that_is_full_is_said_and_leaves_the_old_file(names, out, monkeypatch):
    out.write_text("precious")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(train.os, "replace", full)
    with pytest.raises(Failure, match=r"model\.json cannot be written: No space left on device"):
        train.train(names, 1, 7, out)
    assert out.read_text() == "precious"


class Cut(io.BytesIO):
    """An answer whose connection breaks halfway."""

    def read(self, *_):
        raise http.client.IncompleteRead(b"anna\n", 200_000)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(urllib.error.URLError("Name or service not known"), "could not be downloaded", id="no network"),
        pytest.param(TimeoutError("timed out"), r"could not be downloaded \(timed out\)", id="no answer"),
        pytest.param(ConnectionResetError("reset"), r"could not be downloaded \(reset\)", id="hung up"),
        pytest.param(Cut(), "could not be downloaded", id="cut short"),
        pytest.param(io.BytesIO(b"<html>Log in to the wifi</html>"), "is not the names file", id="another page"),
    ],
)
def test_a_failed_download_says_how_to_do_without(answer, sentence, out, monkeypatch):
    def urlopen(address, timeout):
        assert (address, timeout > 0) == (train.NAMES_ADDRESS, True)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(train, "NAMES_KEPT", out.parent / "none")
    monkeypatch.setattr(train.urllib.request, "urlopen", urlopen)
    with pytest.raises(Failure, match=sentence) as failure:
        train.train(None, STEPS, 7, out)
    assert train.NAMES_ADDRESS in str(failure.value)
    assert "python3 build.py train --data names.txt" in str(failure.value)
    assert files_beside(out) == []


@pytest.mark.parametrize("kept", [None, b"not the names"])
def test_a_download_that_arrives_whole_is_trained_on_and_never_needed_again(
    names, out, tmp_path, monkeypatch, uninterrupted, kept
):
    raw = names.read_bytes()
    monkeypatch.setattr(train, "NAMES_SHA256", dataset.digest(raw))
    monkeypatch.setattr(train, "NAMES_KEPT", tmp_path / "cache" / "names.txt")
    if kept:
        train.NAMES_KEPT.parent.mkdir()
        train.NAMES_KEPT.write_bytes(kept)
    answers = [io.BytesIO(raw)]
    monkeypatch.setattr(train.urllib.request, "urlopen", lambda address, timeout: answers.pop())
    for _ in range(2):
        train.train(None, STEPS, 7, out)
        assert out.read_bytes() == uninterrupted
    assert answers == []

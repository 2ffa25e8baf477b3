"""A training run: the same weights however often it is broken off, and a sentence for whatever goes wrong."""

import gc
import http.client
import io
import json
import math
import random
import re
import signal
import urllib.error

import dataset
import microgpt
import pytest
import training
import weights_file

from building import Failure, train

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


def stopped_run():
    """What a run of TEXTS leaves behind after two steps: (weights as text, moments, steps done)."""
    run = training.Run(TEXTS, SETTINGS)
    run.step()
    run.step()
    return weights_file.dump(run.weights, run.vocabulary, {}), run.moments, run.steps_done


def test_a_run_taken_up_again_goes_on_where_the_other_stopped():
    one, other = training.Run(TEXTS, SETTINGS), training.Run(TEXTS, SETTINGS)
    other.resume(*stopped_run())
    events = []
    while not one.done:
        events.append(one.step())
    rest = []
    while not other.done:
        rest.append(other.step())
    assert rest == events[2:]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"weights_text": "{}"}, "These are not weights", id="no weights"),
        pytest.param(
            {"weights_text": weights_file.dump(microgpt.init_weights("xyz", random.Random(1)), "xyz", {})},
            "for the characters xyz, the texts use abc",
            id="other characters",
        ),
        pytest.param({"moments": None}, "of moments .* is not 3456 rows of 2 numbers", id="no moments"),
        pytest.param({"moments": [[0.0, 0.0]] * 3455}, "of moments .* is not 3456 rows", id="a moment missing"),
        pytest.param({"moments": [[0.0, math.nan]] * 3456}, "of moments .* holds nan", id="moments that are NaN"),
        pytest.param({"steps_done": -1}, "cannot have stopped after -1", id="fewer steps than none"),
        pytest.param({"steps_done": 7}, "A run of 6 steps cannot have stopped after 7", id="more steps than all"),
        pytest.param({"steps_done": "2"}, "cannot have stopped after '2'", id="steps as text"),
        pytest.param({"steps_done": 2.0}, r"cannot have stopped after 2\.0", id="steps as a fraction"),
    ],
)
def test_a_run_cannot_be_taken_up_from_what_no_run_left(change, sentence):
    run = training.Run(TEXTS, SETTINGS)
    before = [p.data for p in microgpt.parameters(run.weights)]
    parts = dict(zip(("weights_text", "moments", "steps_done"), stopped_run(), strict=True))
    with pytest.raises(ValueError, match=sentence):
        run.resume(**{**parts, **change})
    assert [p.data for p in microgpt.parameters(run.weights)] == before
    assert (run.moments, run.steps_done) == ([[0.0, 0.0]] * 3456, 0)


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


def test_progress_is_told_with_step_loss_speed_and_time_left(names, out, capsys, monkeypatch):
    monkeypatch.setattr(train, "STEPS_BETWEEN_REPORTS", 5)
    train.train(names, STEPS, 7, out)
    told = capsys.readouterr().out
    lines = re.findall(r"step (\d+) of 12, loss (\d\.\d{3}), \d+ ms a step, \d+:\d\d left", told)
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
    "before the first step": (training.Run, "step", 1),
    "before the third step": (training.Run, "step", 3),
    "before the last step": (training.Run, "step", STEPS),
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
            disturbance.setattr(training.Run, "step", at_call(3, training.Run.step, press_ctrl_c))
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
        disturbance.setattr(training.Run, "step", at_call(8, training.Run.step, kill))
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
        disturbance.setattr(training.Run, "step", at_call(2, training.Run.step, press_ctrl_c))
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
        pytest.param(lambda text: json.dumps({**json.loads(text), "weights": 3}), id="no weights"),
        pytest.param(lambda text: json.dumps({**json.loads(text), "moments": []}), id="no moments"),
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
        disturbance.setattr(training.Run, "step", at_call(1, training.Run.step, press_ctrl_c))
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

"""`build.py train`: weights/microgpt.json from a file of names."""

import contextlib
import gc
import http.client
import json
import math
import os
import signal
import sys
import time
import urllib.request

import characters
import dataset
import traced
import training

from . import CACHE, COMMAND, ROOT, Failure, prepared

NAMES_ADDRESS = "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt"
NAMES_SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"
NAMES_KEPT = CACHE / "names.txt"
LEARNING_RATE = 0.003
BETAS = (0.85, 0.99)
STEPS_BETWEEN_REPORTS = 100
STEPS_BETWEEN_SAVES = 1000


def train(
    data,
    steps,
    seed,
    out,
    column=None,
    choices=None,
    learning_rate=LEARNING_RATE,
    weights=None,
    batch=1,
    betas=BETAS,
    machine=None,
):
    """Train, and write the weights to the Path `out`.

    data: the Path of a file of texts, or None for the names at their public address.
    steps: how many, or None for one pass over all the texts to learn from.
    column: which column of a table the texts are, as dataset.read_texts() takes it.
    choices: None, and what can be taken in more than one way is refused; or how to take it (see py/preparation.py).
    weights: the Path of a file of weights to go on from, the page's or one of these; without one they are random.
    betas: how slowly Adam's two averages forget.
    batch: how many texts a step is made on (see py/minibatch.py).
    machine: what replays traced steps (building/replay.py), or None, for Python to make them all itself.
    Raises Failure, with nothing overwritten, if the data is no good or the training is stopped.
    """
    raw = names() if data is None else read_file(data)
    try:
        if choices is None:
            texts, told = dataset.read_texts(raw, column)
        else:
            choices |= {} if column is None else {"column": column or "lines"}
            texts, told, choices = prepared.read(raw, choices)
    except ValueError as error:
        otherwise = " To have it prepared as the page does, and be told how, add --prepare." if choices is None else ""
        raise Failure(f"{data or NAMES_ADDRESS}: {error}{otherwise}") from None
    if batch < 1:
        raise Failure("--batch must be 1 or more.")
    if steps is None:
        steps = math.ceil(len(dataset.split(texts, seed)[0]) / batch)
    if steps < 1:
        raise Failure("--steps must be 1 or more.")
    if not out.parent.is_dir():
        raise Failure(f"There is no folder {out.parent} to write {out.name} to. Make it, or choose another --out.")
    if out.is_dir():
        raise Failure(f"{out} is a folder. Name the file to write with --out.")

    first = None if weights is None else read_file(weights)
    settings = {"seed": seed, "steps": steps, "learning_rate": learning_rate, "beta1": betas[0], "beta2": betas[1]}
    run = begin(texts, settings if batch == 1 else {**settings, "batch": batch}, weights, first)
    recipe = {
        "data_sha256": dataset.digest(raw),
        **({} if column is None else {"column": column}),
        **({} if choices is None else {"data_choices": choices}),
        **({} if first is None else {"from_sha256": dataset.digest(first)}),
        **run.recipe(),
    }
    unfinished = out.with_name(out.name + ".unfinished")
    if unfinished.exists():
        take_up(run, recipe, unfinished)
    print(*told, summary(texts, run), sep="\n")
    gc.disable()  # the graph of a step has no cycles: looking for them takes half the time
    try:
        if machine:
            run.engine = traced.Traced((ROOT / "py" / "microgpt.py").read_text(encoding="utf-8"), machine, run)
            print(*told_of(run.engine), sep="\n")
        with ctrl_c_between_steps() as check_ctrl_c:
            try:
                run_steps(run, lambda: put_away(run, recipe, unfinished), check_ctrl_c)
            except training.RunEnded as ended:
                unfinished.unlink(missing_ok=True)  # it would only lead there again
                raise Failure(f"\n{ended}") from ended.__cause__
            by_tape = machine and run.engine.measures(run.held_out, run.weights, run.vocabulary)
            mean_loss = run.engine.mean_loss if by_tape else training.mean_loss
            some = run.train[: len(run.held_out)]
            losses = {
                "training_loss": measure("training loss", mean_loss, run, some, check_ctrl_c),
                "held_out_loss": measure("held-out loss", mean_loss, run, run.held_out, check_ctrl_c),
            }
            told = dataset.portrait(run.train)
            told["written"] = training.written(run.weights, run.vocabulary, run.train, seed)
    except KeyboardInterrupt:
        put_away(run, recipe, unfinished)
        raise Failure(f"\nStopped after step {run.steps_done}. The same command carries on from there.") from None
    finally:
        gc.enable()
    write(out, run.file({**recipe, **losses, **told}))
    unfinished.unlink(missing_ok=True)
    print(f"Wrote {out}.")


def begin(texts, settings, weights, first):
    """The run, before its first step. weights: where the first ones, those of the bytes `first`, come from, or None."""
    try:
        training.check_settings(settings)
    except ValueError as error:
        raise Failure(str(error)) from None
    try:
        return training.Run(texts, settings, None if first is None else first.decode("utf-8", "replace"))
    except ValueError as error:
        raise Failure(f"{weights}: {error}") from None


def summary(texts, run):
    """What there is to learn from, in numbers."""
    repeats = len(texts) - len(set(texts))
    return (
        f"{len(texts)} texts, {repeats} of them repeated: {len(run.train)} to learn from; {len(run.held_out)} held out, "
        "none of which is among those.\n"
        f"{len(run.vocabulary)} characters: {' '.join(map(characters.shown, run.vocabulary))}"
    )


@contextlib.contextmanager
def ctrl_c_between_steps():
    """Let Ctrl-C wait for the end of a step: from the middle of one, no run could carry on.

    Yields a function that raises the KeyboardInterrupt that waits, if one does.
    """
    pressed = []
    usual = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))

    def check():
        if pressed:
            raise KeyboardInterrupt

    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, usual)


def run_steps(run, save, check_ctrl_c):
    """Run to the end, telling how it goes."""
    began, began_at, losses = time.monotonic(), run.steps_done, []
    while not run.done:
        check_ctrl_c()
        before, steps = run.steps_done, run.settings["steps"]
        losses += [event["loss"] for event in run.go_on(run.engine.at_once)]
        if run.steps_done // STEPS_BETWEEN_SAVES > before // STEPS_BETWEEN_SAVES:
            save()
        if run.steps_done // STEPS_BETWEEN_REPORTS > before // STEPS_BETWEEN_REPORTS or run.done:
            seconds_a_step = (time.monotonic() - began) / (run.steps_done - began_at)
            minutes, seconds = divmod(round((steps - run.steps_done) * seconds_a_step), 60)
            show(
                f"step {run.steps_done} of {steps}, loss {sum(losses) / len(losses):.3f}, "
                f"{1000 * seconds_a_step:.3g} ms a step, {minutes}:{seconds:02} left"
            )
            losses.clear()
    print()


def told_of(engine):
    """What makes the steps, and why nothing faster does: a sentence each."""
    told = [f"Not replayed from one tape for all texts: {engine.reasons[0]}."] if engine.reasons else []
    told += [f"Nor from one for each length: {reason}." for reason in engine.reasons[1:]]
    return [
        *told,
        {
            traced.ANY_LENGTH: "The steps are replayed from a tape of what microgpt.py does.",
            traced.EACH_LENGTH: "The steps are replayed from tapes of what microgpt.py does, one for each length of text.",
            traced.PLAIN: "Python itself makes the steps.",
        }[engine.tapes_for],
    ]


def measure(name, mean_loss, run, texts, check_ctrl_c):
    """The mean loss over the texts, told as it is counted, to 6 digits. mean_loss: as training.mean_loss() is."""
    for n_texts, loss in mean_loss(texts, run.weights, run.vocabulary):
        check_ctrl_c()
        if n_texts % STEPS_BETWEEN_REPORTS == 0 or n_texts == len(texts):
            show(f"{name} {loss:.4f} over {n_texts} of {len(texts)} texts")
    print()
    return round(loss, 6)


def show(line):
    """Replace the line of progress; one below the other where the output is a file."""
    print(f"\r\033[K{line}" if sys.stdout.isatty() else line + "\n", end="", flush=True)


def put_away(run, recipe, unfinished):
    """Save the run so that take_up() can go on with it."""
    write(unfinished, json.dumps({"recipe": recipe, **run.put_away()}))


def take_up(run, recipe, unfinished):
    """Bring the run to where put_away() left it."""
    to_start_anew = f"To start from the beginning, delete {unfinished}."
    try:
        content = json.loads(unfinished.read_text())
        if content["recipe"] != recipe:
            raise Failure(
                f"{unfinished} is a run with other data or settings: {content['recipe']}. "
                f"Finish it with those. {to_start_anew}"
            )
        run.take_up(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Failure(f"{unfinished} is damaged. {to_start_anew}") from None
    print(f"Carrying on after step {run.steps_done}. {to_start_anew}")


def write(path, text):
    """Write a file whole or not at all."""
    half = path.with_name(path.name + ".half")
    try:
        half.write_text(text, encoding="utf-8", newline="\n")  # the same bytes on every system
        os.replace(half, path)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.") from None


def read_file(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from None


def names():
    """The names at their public address, downloaded once; a Failure says how to do without."""
    if NAMES_KEPT.is_file() and dataset.digest(kept := NAMES_KEPT.read_bytes()) == NAMES_SHA256:
        return kept
    raw = download_names()
    NAMES_KEPT.parent.mkdir(exist_ok=True)
    NAMES_KEPT.write_bytes(raw)
    return raw


def download_names():
    instead = f"Download it some other way from {NAMES_ADDRESS} and pass it: {COMMAND} train --data names.txt"
    print(f"Downloading the names from {NAMES_ADDRESS}")
    try:
        with urllib.request.urlopen(NAMES_ADDRESS, timeout=30) as response:
            raw = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Failure(f"The names could not be downloaded ({error}). {instead}") from None
    if dataset.digest(raw) != NAMES_SHA256:
        raise Failure(f"What was downloaded is not the names file (its SHA-256 is {dataset.digest(raw)}). {instead}")
    return raw

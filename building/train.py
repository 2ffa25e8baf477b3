"""`build.py train`: weights/microgpt.json from a file of names, in plain Python."""

import gc
import json
import os
import sys
import time
import urllib.request

from . import ROOT, Failure

sys.path.insert(0, str(ROOT / "py"))
import dataset  # noqa: E402
import training  # noqa: E402
import weights_file  # noqa: E402

NAMES_ADDRESS = "https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt"
NAMES_SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"
HYPERPARAMETERS = {"learning_rate": 0.003, "beta1": 0.85, "beta2": 0.99}
STEPS_BETWEEN_REPORTS = 100
STEPS_BETWEEN_SAVES = 1000


def train(data, steps, seed, out):
    """Train, and write the weights to the Path `out`.

    data: the Path of a file of texts, or None for the names at their public address.
    steps: how many, one text each, or None for one pass over all the texts to learn from.
    Raises Failure, with nothing overwritten, if the data is no good or the training is stopped.
    """
    raw = download_names() if data is None else read_file(data)
    try:
        texts = dataset.read_texts(raw)
    except ValueError as error:
        raise Failure(f"{data or NAMES_ADDRESS}: {error}") from None
    if steps is None:
        steps = len(dataset.split(texts, seed)[0])
    if steps < 1:
        raise Failure("--steps must be 1 or more.")
    if not out.parent.is_dir():
        raise Failure(f"There is no folder {out.parent} to write {out.name} to. Make it, or choose another --out.")

    run = training.Run(texts, {"seed": seed, "steps": steps, **HYPERPARAMETERS})
    claim = {"data_sha256": dataset.digest(raw), **run.settings}
    unfinished = out.with_name(out.name + ".unfinished")
    if unfinished.exists():
        take_up(run, claim, unfinished)
    print(f"{len(run.train)} texts to learn from, {len(run.held_out)} held out, {len(run.vocabulary)} characters.")
    gc.disable()  # the graph of a step has no cycles: looking for them takes half the time
    try:
        run_steps(run, lambda: put_away(run, claim, unfinished))
        claim["training_loss"] = measure("training loss", run, run.train[: len(run.held_out)])
        claim["held_out_loss"] = measure("held-out loss", run, run.held_out)
    except KeyboardInterrupt:
        put_away(run, claim, unfinished)
        raise Failure(f"\nStopped after step {run.steps_done}. The same command carries on from there.") from None
    finally:
        gc.enable()
    write(out, weights_file.dump(run.weights, run.vocabulary, claim))
    unfinished.unlink(missing_ok=True)
    print(f"Wrote {out}.")


def run_steps(run, save):
    """Run to the end, telling how it goes."""
    began, began_at, losses = time.monotonic(), run.steps_done, []
    while not run.done:
        event = run.step()
        losses.append(event["loss"])
        if event["step"] % STEPS_BETWEEN_SAVES == 0:
            save()
        if event["step"] % STEPS_BETWEEN_REPORTS == 0 or run.done:
            rate = (event["step"] - began_at) / (time.monotonic() - began)
            minutes, seconds = divmod(round((event["steps"] - event["step"]) / rate), 60)
            show(
                f"step {event['step']} of {event['steps']}, loss {sum(losses) / len(losses):.3f}, "
                f"{rate:.0f} steps a second, {minutes}:{seconds:02} left"
            )
            losses.clear()
    print()


def measure(name, run, texts):
    """The mean loss over the texts, told as it is counted, to 6 digits."""
    for n_texts, loss in training.mean_loss(texts, run.weights, run.vocabulary):
        if n_texts % STEPS_BETWEEN_REPORTS == 0 or n_texts == len(texts):
            show(f"{name} {loss:.4f} over {n_texts} of {len(texts)} texts")
    print()
    return round(loss, 6)


def show(line):
    """Replace the line of progress; one below the other where the output is a file."""
    print(f"\r\033[K{line}" if sys.stdout.isatty() else line + "\n", end="", flush=True)


def put_away(run, claim, unfinished):
    """Save the run so that take_up() can go on with it."""
    content = {"claim": claim, "steps_done": run.steps_done, "moments": run.moments}
    content["weights"] = weights_file.dump(run.weights, run.vocabulary, {})
    write(unfinished, json.dumps(content))


def take_up(run, claim, unfinished):
    """Bring the run to where put_away() left it."""
    to_start_anew = f"To start from the beginning, delete {unfinished}."
    try:
        content = json.loads(unfinished.read_text())
        if content["claim"] != claim:
            raise Failure(
                f"{unfinished} is a run with other data or settings: {content['claim']}. "
                f"Finish it with those. {to_start_anew}"
            )
        run.resume(content["weights"], content["moments"], content["steps_done"])
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{unfinished} is damaged. {to_start_anew}") from None
    print(f"Carrying on after step {run.steps_done}. {to_start_anew}")


def write(path, text):
    """Write a file whole or not at all."""
    half = path.with_name(path.name + ".half")
    half.write_text(text)
    os.replace(half, path)


def read_file(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from None


def download_names():
    """The names at their public address, or a Failure that says how to do without."""
    instead = f"Download it some other way from {NAMES_ADDRESS} and pass it: python3 build.py train --data names.txt"
    print(f"Downloading the names from {NAMES_ADDRESS}")
    try:
        with urllib.request.urlopen(NAMES_ADDRESS, timeout=30) as response:
            raw = response.read()
    except OSError as error:
        raise Failure(f"The names could not be downloaded ({error}). {instead}") from None
    if dataset.digest(raw) != NAMES_SHA256:
        raise Failure(f"What was downloaded is not the names file (its SHA-256 is {dataset.digest(raw)}). {instead}")
    return raw

"""The tape of a few lines of Python, which the lesson shows: written by py/tracing.py, with the file's own Value."""

from tracing import module_for

from tape import INPUT, KINDS, MEANING, Number, Tape

from . import ROOT
from .code import MODEL

CODE = """\
guess = w * 2 + b
error = guess - 7
loss = error * error
loss.backward()
"""
RUNS = [{"w": 3.0, "b": -1.0}, {"w": 4.0, "b": 0.5}]  # what the tape is played with


def tiny_tape():
    """{"code", "runs": RUNS, "lines": those of the tape, but for what is filled in: [{"kind", "a", "x", "y": each a plain
    number, the name of what is filled in, or {"line": the number of a line, counted from 1}, "is": what the line holds, by
    its name in the code, "numbers": what it comes to, for each of the runs}]}."""
    tape = Tape()
    tape.is_running = False
    module = module_for(tape, (ROOT / MODEL).read_text(encoding="utf-8"), 1, None)
    given = {name: module.Value(Number(tape, tape.input())) for name in RUNS[0]}
    found = dict(given)
    exec(CODE, found)
    held = {name: found[name].data for name in ("guess", "error", "loss")}
    held |= {f"{name}.grad": value.grad for name, value in given.items()}
    names = {tape.at(number): name for name, number in held.items()}

    inputs = {value.data.line: name for name, value in given.items()}
    written = [line for line, (kind, *_) in enumerate(tape.lines) if kind != INPUT]
    constants = {line: float(number) for number, line in tape.constants.items()}
    told = constants | inputs | {line: {"line": i} for i, line in enumerate(written, 1)}
    played = [play(tape, constants | {line: run[name] for line, name in inputs.items()}) for run in RUNS]
    lines = [
        {
            "kind": KINDS[tape.lines[line][0]],
            **{which: told[operand] for which, operand in zip("axy", tape.lines[line][1:4])},
            "is": names.get(line),
            "numbers": [numbers[line] for numbers in played],
        }
        for line in written
    ]
    return {"code": CODE, "runs": RUNS, "lines": lines}


def play(tape, numbers):
    """What every line comes to. numbers: those of the lines that are filled in."""
    numbers = dict(numbers)
    for line, (kind, *operands, _) in enumerate(tape.lines):
        if kind != INPUT:
            numbers[line] = MEANING[kind](*(numbers[operand] for operand in operands))
    return numbers

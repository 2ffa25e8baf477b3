"""Traced training: the same numbers as Python's, whatever stands in microgpt.py, or Python itself."""

import random
import re
from pathlib import Path

import layout
import pytest
from traced import ANY_LENGTH, EACH_LENGTH, PLAIN

import tape
from building import ROOT, replay, train, versions
from tests import in_page

SOURCE = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
SMALL = {
    "n_embd = 16": "n_embd = 4",
    "n_head = 4": "n_head = 2",
    "block_size = 16": "block_size = 6",
}
TEXTS = ["ab", "b", "cab", "abcca", "cc", "bcaa", "c", "aab", "ba", "ca", "ac", "abc"]
SETTINGS = {"seed": 1, "steps": 20, "learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95}


def edited(changes):
    source = SOURCE
    for find, replace in changes.items():
        assert source.count(find) == 1, find
        source = source.replace(find, replace)
    return source


def begin(source, texts=TEXTS, settings=SETTINGS):
    """(a run on this source of microgpt.py, a function that makes such an engine of it: the traced one)."""
    modules = versions.modules(source, "minibatch", "training", "traced")
    run = modules["training"].Run(texts, settings)
    return run, lambda: modules["traced"].Traced(source, replay.Machine(), run)


def steps(source, n=6, texts=TEXTS, settings=SETTINGS, engine=None):
    """(the losses of so many steps, and weights and moments after them), by Python unless there is an engine."""
    run, traced = begin(source, texts, settings)
    if engine:
        run.engine = traced()
    while run.steps_done < n:
        run.go_on(n - run.steps_done)
    numbers = [p.data for matrix in run.weights.values() for row in matrix for p in row]
    return run.losses + numbers + [number for moment in run.moments for number in moment], run.engine


def assert_the_same(source, *tapes_for, tolerance=1e-12, **options):
    expected, _ = steps(source, **options)
    found, engine = steps(source, engine=True, **options)
    assert engine.tapes_for in (tapes_for or [ANY_LENGTH]), engine.reasons
    assert found == pytest.approx(expected, rel=tolerance, abs=tolerance)
    return engine


# ---- The model as it stands -----------------------------------------------------------


@pytest.fixture(scope="module")
def as_it_stands():
    """A run on names of every length from 1 to 15, and its engine."""
    rng = random.Random(5)
    names = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length)) for length in range(1, 16)]
    run, traced = begin(SOURCE, names, SETTINGS)
    return run, traced()


def test_one_tape_serves_names_of_every_length_and_gives_python_s_numbers(as_it_stands):
    run, engine = as_it_stands
    assert (engine.tapes_for, engine.reasons) == (ANY_LENGTH, [])
    documents = [[26, *range(length), 26] for length in range(16)]
    plain = begin(SOURCE, run.train + run.held_out)[0]
    for step, tokens in enumerate(documents):
        expected = list(plain.engine([tokens], plain.weights, plain.moments, step, SETTINGS))
        assert list(engine([tokens], run.weights, run.moments, step, SETTINGS)) == pytest.approx(expected, abs=1e-14)
    for name, matrix in plain.weights.items():
        for row, expected in zip(run.weights[name], matrix):
            assert [p.data for p in row] == pytest.approx([p.data for p in expected], abs=1e-12)
    assert sum(run.moments, []) == pytest.approx(sum(plain.moments, []), abs=1e-12)


def test_adam_is_a_loop_over_all_parameters_for_each_thing_it_does(as_it_stands):
    _, engine = as_it_stands
    (layout,) = set(engine.layouts.values())
    n = sum(rows * columns for rows, columns in engine.shapes.values())
    assert n == 27 * 16 + 16 * 16 + 27 * 16 + 4 * 16 * 16 + 2 * 64 * 16 == 4192
    counts = [run[2] for run in layout.update.runs]
    assert sum(round(count / n) for count in counts) == 14  # from p.grad**2 to what the moments and p.data become
    assert sum(count for count in counts if count < n - 1) < 20  # the rate and the corrections, the same for all


def test_a_short_name_leaves_out_what_only_longer_ones_need(as_it_stands):
    _, engine = as_it_stands
    runs = engine.layouts[2].gradient.runs
    needed = {n: sum(run[2] for run in runs if run[1] <= n) for n in (1, 8, 16)}
    assert 10 * needed[1] < needed[16] == sum(run[2] for run in runs)
    assert needed[8] < 0.55 * needed[16]


def test_the_command_writes_the_same_weights_as_with_plain_python(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(TEXTS))
    for name, machine in (("plain", None), ("traced", replay.Machine())):
        train.train(names, 100, 7, tmp_path / name, machine=machine)
    plain, traced = ((tmp_path / name).read_text() for name in ("plain", "traced"))
    numbers = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
    assert numbers.sub("", plain) == numbers.sub("", traced)
    found, expected = (list(map(float, numbers.findall(text))) for text in (traced, plain))
    assert found == pytest.approx(expected, abs=1e-9)


# ---- Several texts a step -------------------------------------------------------------


def test_a_minibatch_takes_the_mean_over_all_its_predictions_and_changes_the_weights_once():
    modules = versions.modules(edited(SMALL), "minibatch", "training")
    run, twin = (modules["training"].Run(TEXTS, {**SETTINGS, "batch": 3}) for _ in range(2))
    assert len({len(text) for text in run.train[:3]}) > 1
    microgpt = modules["microgpt"]
    losses = [
        (microgpt.mean_nll(tokens, twin.weights), len(tokens) - 1)
        for tokens in (microgpt.document(text, run.vocabulary) for text in run.train[:3])
    ]
    mean_loss = sum(loss * n for loss, n in losses) / sum(n for _, n in losses)
    mean_loss.backward()
    event = run.step()
    assert event["loss"] == pytest.approx(mean_loss.data, abs=1e-15)
    assert mean_loss.data == pytest.approx(modules["training"].loss_over(run.train[:3], twin.weights, run.vocabulary))
    for p, (mean, mean_square) in zip(microgpt.parameters(twin.weights), run.moments, strict=True):
        assert mean == pytest.approx(0.2 * p.grad, abs=1e-15)
        assert mean_square == pytest.approx(0.05 * p.grad**2, abs=1e-15)
    assert run.text(1) == run.train[3]


def test_minibatches_are_the_same_from_the_tape():
    settings = {**SETTINGS, "batch": 3}
    assert_the_same(edited(SMALL), settings=settings)
    assert_the_same(edited({**SMALL, **BY_LENGTH["log-sum-exp"]}), EACH_LENGTH, settings=settings)
    assert_the_same(edited({**SMALL, **NOT_AT_ALL["a branch"][0]}), PLAIN, settings=settings)


# ---- Every operation ------------------------------------------------------------------

OPERATIONS = {
    "add": "x + y",
    "add a number": "x + 2",
    "a number, add": "2.5 + x",
    "sum": "sum([x, y, z])",
    "subtract": "x - y",
    "a number, subtract": "3 - x",
    "subtract a number": "x - 0.25",
    "negate": "-x",
    "multiply": "x * y",
    "multiply by itself": "x * x",
    "a number, multiply": "2 * x",
    "divide": "x / y",
    "divide by a number": "x / 3",
    "a number, divide": "1 / x",
    **{f"power {n}": f"x ** {n}" for n in (0, 1, 2, 3, -1, -2, 0.5, -0.5, 1.5)},
    "exp": "x.exp()",
    "log": "x.log()",
    "relu": "x.relu() + (y - 9).relu()",
    "dot": "dot([x, y, z], [z, x, x])",
    "softmax": "softmax([x, y, z])[1]",
    "rmsnorm": "rmsnorm([x, y, z])[0]",
}


def of_an_expression(expression, changes=()):
    """A model whose loss is this, of three weights x, y, z that belong to a token."""
    source = edited({**SMALL, **dict(changes)})
    loss = f'x, y, z, _ = [p + 1.5 for p in weights["wte"][token]]\n        losses.append({expression})\n'
    old = source[source.index("probs = softmax(gpt(") : source.index("    return sum(losses) / len(losses)")]
    return source.replace(old, loss)


@pytest.mark.parametrize("expression", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_of_value_is_the_same(expression):
    assert_the_same(
        of_an_expression(expression), ANY_LENGTH, EACH_LENGTH, tolerance=1e-13, texts=["ab", "ba", "bb", "aa"]
    )


FUNCTIONS = {
    "sqrt": ("math.sqrt(self.data)", "0.5 / math.sqrt(self.data)"),
    "tanh": ("math.tanh(self.data)", "1 - math.tanh(self.data) ** 2"),
    "sin": ("math.sin(self.data)", "math.cos(self.data)"),
    "abs": ("abs(self.data)", "float(self.data > 0) - float(self.data < 0)"),
    "max and min": ("max(1.5, min(self.data, 1.55))", "(self.data >= 1.5) * (self.data <= 1.55)"),
    "other powers": ("2**self.data + math.pow(self.data, 3)", "math.log(2) * 2**self.data + 3 * self.data**2"),
    "equal": ("(self.data == 1.5) + (self.data != 1.5) * self.data", "1.0"),
}


@pytest.mark.parametrize("data, grad", FUNCTIONS.values(), ids=FUNCTIONS)
def test_what_an_edit_may_put_in_the_place_of_relu_is_the_same(data, grad):
    relu = {"Value(max(0.0, self.data), (self,), (float(self.data > 0),))": f"Value({data}, (self,), ({grad},))"}
    source = of_an_expression("x.relu() * y.relu()", relu)
    assert_the_same(source, ANY_LENGTH, EACH_LENGTH, tolerance=1e-13, texts=["ab", "ba", "bb", "aa"])


def random_expression(rng, depth):
    if depth == 0:
        return rng.choice(["x", "y", "z", "x", "y", "z", str(rng.randint(1, 3))])
    a, b = (random_expression(rng, depth - 1) for _ in range(2))
    forms = [f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} * {a})", f"(x + {a} / ({b} * {b} + 1.5))"]
    forms += [f"(({a} * {a} + y * y) ** {rng.choice([-1, -0.5, 0.5, 1.5, 2])})", f"(0.1 * x + {a}).relu()"]
    forms += [f"(z / ({a} * {a} + z * z)).exp()", f"({a} * {a} + x * x).log()", f"dot([x, {a} + z], [{b} * y, y])"]
    return rng.choice(forms)


def test_whatever_is_put_together_from_them_is_the_same():
    rng = random.Random(7)
    for _ in range(25):
        expression = f"x + 0.1 * {random_expression(rng, 3)}"
        assert_the_same(
            of_an_expression(expression), ANY_LENGTH, EACH_LENGTH, texts=["ab", "ba", "ac"], n=3, tolerance=1e-11
        )


# ---- Other models ---------------------------------------------------------------------

SOFTMAX_OF = (
    "probs = softmax(gpt(token, position, keys, values, weights))\n        losses.append(nll(probs, true_token))"
)
ANOTHER_RELU = "Value(max(0.0, self.data), (self,), (float(self.data > 0),))"
CHANGE = "p.data -= rate * mean / (mean_square**0.5 + 1e-8)"
AT_ONCE = {
    "the original": {},
    "two layers": {"n_layer = 1": "n_layer = 2"},
    "one head": {"n_head = 2": "n_head = 1"},
    "tanh": {ANOTHER_RELU: "Value(math.tanh(self.data), (self,), (1 - math.tanh(self.data) ** 2,))"},
    "leaky relu": {ANOTHER_RELU: "Value(max(0.1 * self.data, self.data), (self,), (0.1 + 0.9 * (self.data > 0),))"},
    "no positions": {'[t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]': 'weights["wte"][token]'},
    "output tied to input": {'return linear(x, weights["lm_head"])': 'return linear(x, weights["wte"])'},
    "squared error": {"return -probs[true_token].log()": "return (1 - probs[true_token]) ** 2"},
    "a sum for the mean": {"return sum(losses) / len(losses)": "return sum(losses)"},
    "plain gradient descent": {CHANGE: "p.data -= rate * p.grad"},
    "weight decay": {CHANGE: CHANGE + " + rate * 0.1 * p.data"},
    "clipped gradients": {
        "    for p, moment in zip(": "    norm = sum(p.grad**2 for p in parameters(weights)) ** 0.5\n"
        "    for p in parameters(weights):\n        p.grad *= min(1.0, 0.5 / norm)\n    for p, moment in zip("
    },
    "another schedule": {
        "learning_rate * (1 - step / n_steps)": "learning_rate * min(1, (step + 1) / 3) * math.cos(step / n_steps)"
    },
    "frozen output": {CHANGE: "p.data -= (0.0 if any(p is q for row in weights['lm_head'] for q in row) else 1.0) * rate * mean"},
    "a gradient that is wrong": {"return Value(e, (self,), (e,))": "return Value(e, (self,), (2 * e,))"},
}  # fmt: skip


@pytest.mark.parametrize("changes", AT_ONCE.values(), ids=AT_ONCE)
def test_an_edited_model_trains_from_one_tape(changes):
    source = edited(SMALL)
    for find, replace in changes.items():
        assert source.count(find) == 1, find
        source = source.replace(find, replace)
    assert_the_same(source)


def test_a_gradient_that_is_wrong_is_not_made_right():
    right, _ = steps(edited(SMALL), engine=True)
    wrong, _ = steps(edited({**SMALL, **AT_ONCE["a gradient that is wrong"]}), engine=True)
    assert max(abs(a - b) for a, b in zip(right, wrong)) > 1e-3


BY_LENGTH = {
    "log-sum-exp": {
        SOFTMAX_OF: "logits = gpt(token, position, keys, values, weights)\n"
        "        losses.append(sum([logit.exp() for logit in logits]).log() - logits[true_token])"
    },
    "the last position only": {"return sum(losses) / len(losses)": "return losses[-1]"},
    "a look at the length": {"return sum(losses) / len(losses)": "return sum(losses) / (2 if len(losses) > 3 else 1)"},
    "counting": {"    losses = []\n    for": "    losses = [weights['wpe'][i][0] for i in range(len(tokens) - 1)]\n    for"},
}  # fmt: skip


@pytest.mark.parametrize("changes", BY_LENGTH.values(), ids=BY_LENGTH)
def test_where_a_text_s_length_matters_there_is_a_tape_for_each(changes):
    engine = assert_the_same(edited({**SMALL, **changes}), EACH_LENGTH)
    assert len(engine.reasons) == 1
    assert len(set(engine.layouts.values())) > 2


NORM = "scale = (mean_square + 1e-5) ** -0.5"
NOT_AT_ALL = {
    "a branch": (
        {ANOTHER_RELU: "self if self.data > 0 else Value(0.0)"},
        "what it does next depends on a number's value",
    ),
    "a branch on a token": (
        {"x = rmsnorm(x)\n    for layer": "x = rmsnorm(x) if token == 0 else x\n    for layer"},
        "what it does next depends on which token it reads",
    ),
    "printing": ({NORM: f"{NORM}; print(len(x))"}, r"it calls print\(\)"),
    "a number in a text": ({NORM: f"{NORM}; text = f'{{scale.data:.3f}}'"}, "number|format"),
    "random numbers": (
        {"x = [xi.relu() for xi in x]": "x = [xi.relu() * (random.random() < 0.9) for xi in x]"},
        r"it uses random\.random, which may give something else each time",
    ),
    "random numbers by default": (
        {"def rmsnorm(x):": "def rmsnorm(x, rng=random.Random(3)):", NORM: f"{NORM} * rng.random()"},
        r"it uses random\.Random",
    ),
    "the time": ({"import math\n": "import math\nimport time\n", NORM: f"{NORM} * time.time() / time.time()"}, r"time\.time"),
    "sorting": ({"exps = [": "sorted(logit.data for logit in logits)\n    exps = ["}, "depends on a number's value"),
    "rounding": ({"return -probs[true_token].log()": "return -(probs[true_token] * round(probs[0].data, 2)).log()"}, "round"),
    "a whole number": ({NORM: f"{NORM} * int(1 + scale_of.data)", "mean_square = dot": "scale_of = mean_square = dot"}, "value of a number"),
    "a function that is on no tape": ({ANOTHER_RELU: "Value(math.erf(self.data), (self,), (1.0,))"}, "value of a number"),
    "looking a number up": ({NORM: f"{NORM}; {{scale.data: 1}}"}, "it looks a number up"),
    "no gradient": ({"    loss.backward()\n": ""}, r"it does not get its gradient from backward\(\)"),
    "two gradients": ({"    loss.backward()\n": "    loss.backward()\n    mean_nll(tokens, weights).backward()\n"}, "more than once"),
    "gradients that stay": ({"        p.grad = 0.0\n": ""}, "it keeps gradients from one step to the next"),
    "fewer parameters": (
        {"for matrix in weights.values() for row": "for matrix in list(weights.values())[1:] for row"},
        r"parameters\(\) does not give all weights",
    ),
    "something remembered": (
        {"def rmsnorm(x):": "def rmsnorm(x, calls=[0]):", NORM: f"calls[0] += 1; {NORM} * (1 + 0.01 / calls[0])"},
        "the loss from the tape is not that of Python",
    ),
}  # fmt: skip


@pytest.mark.parametrize("changes, reason", NOT_AT_ALL.values(), ids=NOT_AT_ALL)
def test_what_cannot_be_written_down_is_left_to_python_with_the_reason(changes, reason):
    run, traced = begin(edited({**SMALL, **changes}))
    engine = traced()
    assert engine.tapes_for == PLAIN
    assert all(re.search(reason, each) for each in engine.reasons), engine.reasons


def test_a_run_that_is_left_to_python_trains_all_the_same():
    assert_the_same(edited({**SMALL, **NOT_AT_ALL["a branch"][0]}), PLAIN)


# ---- Numbers that are none ------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"biggest = max(logit.data for logit in logits)": "biggest = -700"}, id="exp of too much"),
        pytest.param(
            {"return -probs[true_token].log()": "return (probs[true_token] - 0.1).log()"}, id="log of less than 0"
        ),
        pytest.param(
            {"rate = learning_rate * (1": "rate = 1e200 ** max(0, step - 2) * learning_rate * (1"},
            id="too large a product",
        ),
    ],
)
def test_training_ends_where_python_s_does_and_with_its_sentence(changes):
    settings, told = {**SETTINGS, "learning_rate": 0.5}, []
    for by_tape in (False, True):
        run, traced = begin(edited({**SMALL, **changes}), settings=settings)
        if by_tape:
            run.engine = traced()  # which is tried while all is well
            assert run.engine.tapes_for != PLAIN
        with pytest.raises(Exception, match="In step") as ended:
            while not run.done:
                run.go_on(100)
        told.append(str(ended.value))
    assert told[0] == told[1]


# ---- In the page ----------------------------------------------------------------------

IN_PAGE = """
import json
from pathlib import Path

import js
from pyodide.code import run_js
from pyodide.ffi import to_js

machine = run_js(Path("machine.js").read_text().replace("export ", "") + "; makeMachine")
module = js.WebAssembly.Module.new(to_js(Path("replay.wasm").read_bytes()))

import traced
import training

run = training.Run(request["texts"], request["settings"], request["weights"])
run.engine = traced.Traced(Path("microgpt.py").read_text(), machine(module), run)
while not run.done:
    run.go_on(run.engine.at_once)
found = {"losses": run.losses, "state": list(training.numbers_in(run.packed())), "tapes_for": run.engine.tapes_for}
Path("answers.json").write_text(json.dumps(found))
"""


def test_the_page_s_python_and_its_javascript_replay_the_same_to_the_last_bit(tmp_path):
    (tmp_path / "machine.js").write_bytes((ROOT / "web" / "tape" / "machine.js").read_bytes())
    (tmp_path / "replay.wasm").write_bytes(replay.build().read_bytes())
    run, traced = begin(edited(SMALL))
    # From the same weights: random ones come from the system's cos() and log(), whose last bits may differ.
    request = {"texts": TEXTS, "settings": SETTINGS, "weights": run.file({})}
    found = in_page.answers(tmp_path, IN_PAGE, request, source=edited(SMALL))
    run.engine = traced()
    while not run.done:
        run.go_on(run.engine.at_once)
    n_weights = len(run.moments)
    assert found["tapes_for"] == ANY_LENGTH
    assert found["losses"] == run.losses
    assert found["state"][:n_weights] == [p.data for matrix in run.weights.values() for row in matrix for p in row]
    assert found["state"][n_weights:] == sum(run.moments, [])


# ---- The interpreter ------------------------------------------------------------------


def test_the_interpreter_knows_each_operation_by_its_number():
    text = Path(replay.SOURCE).read_text(encoding="utf-8")
    numbers = {name.lower(): int(number) for name, number in re.findall(r"\b([A-Z_]+) = (\d+)[,;]", text)}
    assert numbers == {**{name: i for i, name in enumerate([*tape.KINDS, "sum"])}, "in_pairs": layout.IN_PAIRS}
    assert layout.SUM < layout.IN_PAIRS

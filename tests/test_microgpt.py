"""The model's file: its tokenizer, its numbers and their gradients, its distributions, loss, sampler and step."""

import ast
import importlib.util
import inspect
import math
import operator
import random
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import microgpt as m
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from microgpt import Value

from tests import oracle

VOCABULARY = "abcdefghijklmnopqrstuvwxyz"
N_TOKENS = 27
SOURCE = Path(m.__file__).read_text()

texts = st.text(st.sampled_from(VOCABULARY), max_size=m.block_size - 1)  # START takes the first position
temperatures = st.floats(0.1, 2)
probabilities = (
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40)
    .filter(any)
    .map(lambda parts: [Value(part / math.fsum(parts)) for part in parts])
)
few = settings(max_examples=20)


def new_weights(seed=1, std=0.3):
    """Weights as before training, but larger, so that the distributions differ from position to position."""
    return m.init_weights(VOCABULARY, random.Random(seed), std)


@pytest.fixture(scope="module")
def weights():
    """Weights for tests that only look at them."""
    return new_weights()


def all_logits(text, weights):
    """The logits after START and after every character of the text."""
    keys, values = m.empty_cache(), m.empty_cache()
    tokens = m.document(text, VOCABULARY)[:-1]
    return [m.gpt(token, position, keys, values, weights) for position, token in enumerate(tokens)]


def at_temperature(temperature, logits):
    return m.softmax([logit / temperature for logit in logits])


def distributions(text, weights, temperature=1.0):
    """The probabilities after START and after every character of the text."""
    return [at_temperature(temperature, logits) for logits in all_logits(text, weights)]


def numbers(values):
    return [value.data for value in values]


def all_numbers(weights):
    return numbers(m.parameters(weights))


# ---- The tokenizer --------------------------------------------------------------------


@given(st.text(st.sampled_from(VOCABULARY)))
def test_decoding_undoes_encoding(text):
    assert m.decode(m.encode(text, VOCABULARY), VOCABULARY) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_characters_can_be_the_vocabulary(text):
    vocabulary = "".join(sorted(set(text)))
    tokens = m.encode(text, vocabulary)
    assert all(0 <= token < m.sentinel(vocabulary) for token in tokens)
    assert m.decode(tokens, vocabulary) == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", [26, 26]), ("a", [26, 0, 26]), ("emma", [26, 4, 12, 12, 0, 26]), ("zz", [26, 25, 25, 26])],
)
def test_a_document_has_the_sentinel_on_both_sides(text, tokens):
    assert m.document(text, VOCABULARY) == tokens
    assert m.sentinel(VOCABULARY) == 26


def test_a_character_outside_the_vocabulary_has_no_token():
    with pytest.raises(ValueError):
        m.encode("aé", VOCABULARY)


# ---- Gradients ------------------------------------------------------------------------


def slope(f, xs, i, h=1e-6):
    """The derivative of f by xs[i], by central finite differences."""
    low, high = list(xs), list(xs)
    low[i] -= h
    high[i] += h
    return (f(*map(Value, high)).data - f(*map(Value, low)).data) / (2 * h)


OPERATIONS = {
    "value + value": lambda a, b: a + b,
    "value + itself": lambda a: a + a,
    "value + number": lambda a: a + 2.5,
    "number + value": lambda a: 2.5 + a,
    "value - value": lambda a, b: a - b,
    "value - number": lambda a: a - 2.5,
    "number - value": lambda a: 2.5 - a,
    "-value": lambda a: -a,
    "value * value": lambda a, b: a * b,
    "value * itself": lambda a: a * a,
    "value * number": lambda a: a * -1.5,
    "number * value": lambda a: -1.5 * a,
    "value / value": lambda a, b: a / b,
    "value / number": lambda a: a / -1.5,
    "number / value": lambda a: -1.5 / a,
    "value ** 3": lambda a: a**3,
    "value ** -0.5": lambda a: a**-0.5,
    "sum of values": lambda *a: sum(a),
    "a value used in two places": lambda a, b: (a + b) * (a - b) / (a * b),
}
FUNCTIONS = {
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "relu": lambda a: a.relu(),
    "relu of a negative": lambda a: (-a).relu(),
    "dot": lambda *a: m.dot(a[:3], a[3:]),
    "dot with itself": lambda *a: m.dot(a, a),
    "dot, a value on both sides": lambda a, b, c: m.dot([a, b], [c, a]),
    "softmax": lambda *a: m.dot(m.softmax(a), [Value(weight) for weight in (3.0, -1.0, 4.0, 1.0)]),
    "rmsnorm": lambda *a: m.dot(m.rmsnorm(a), [Value(weight) for weight in (3.0, -1.0, 4.0, 1.0)]),
    "linear": lambda *a: m.dot(m.linear(a[:2], [a[2:4], a[4:6], a[1:3]]), a[:3]),
    "nll": lambda *a: m.nll(m.softmax(a), 2),
}
N_INPUTS = {"sum of values": 5, "dot": 6, "dot with itself": 4, "softmax": 4, "rmsnorm": 4, "linear": 6, "nll": 4}


@pytest.mark.parametrize("name", [*OPERATIONS, *FUNCTIONS])
@pytest.mark.parametrize("seed", range(3))
def test_a_gradient_is_the_slope(name, seed):
    f = (OPERATIONS | FUNCTIONS)[name]
    n_inputs = N_INPUTS.get(name, len(inspect.signature(f).parameters))
    rng = random.Random(seed)
    xs = [rng.uniform(0.2, 2) for _ in range(n_inputs)]
    inputs = [Value(x) for x in xs]
    f(*inputs).backward()
    for i, value in enumerate(inputs):
        assert value.grad == pytest.approx(slope(f, xs, i), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_on_values_computes_what_it_does_on_numbers(name):
    f = OPERATIONS[name]
    xs = [0.7, 1.9, 0.4, 1.1, 0.2][: N_INPUTS.get(name, len(inspect.signature(f).parameters))]
    assert f(*map(Value, xs)).data == pytest.approx(f(*xs), rel=1e-15)


def test_relu_is_flat_below_zero_and_at_it():
    for x, y, grad in [(-2.0, 0.0, 0.0), (0.0, 0.0, 0.0), (3.0, 3.0, 1.0)]:
        value = Value(x)
        result = value.relu()
        result.backward()
        assert (result.data, value.grad) == (y, grad)


@pytest.mark.parametrize("name", list(new_weights()))
def test_the_gradient_of_a_whole_loss_is_the_slope(name):
    weights = new_weights()
    tokens = m.document("anna", VOCABULARY)
    m.mean_nll(tokens, weights).backward()
    rng = random.Random(name)
    rows = weights[name]
    if name in ("wte", "wpe"):  # rows of other characters and positions take no part
        rows = [rows[i] for i in (tokens[:-1] if name == "wte" else range(len(tokens) - 1))]
    for p in [rng.choice(rng.choice(rows)) for _ in range(6)]:
        exact, x, h = p.grad, p.data, 1e-5
        p.data = x + h
        high = m.mean_nll(tokens, weights).data
        p.data = x - h
        low = m.mean_nll(tokens, weights).data
        p.data = x
        assert exact == pytest.approx((high - low) / (2 * h), rel=1e-5, abs=1e-8)


def test_what_takes_no_part_in_a_loss_has_no_gradient():
    weights = new_weights()
    m.mean_nll(m.document("ab", VOCABULARY), weights).backward()
    used = {"wte": {0, 1, m.sentinel(VOCABULARY)}, "wpe": {0, 1, 2}}
    for name, rows in used.items():
        for i, row in enumerate(weights[name]):
            assert any(p.grad for p in row) == (i in rows)


def test_the_longest_document_needs_no_deep_recursion():
    loss = m.mean_nll(m.document("z" * (m.block_size - 1), VOCABULARY), new_weights())
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 250)
    try:
        loss.backward()
    finally:
        sys.setrecursionlimit(limit)


# ---- The forward pass -----------------------------------------------------------------


def test_the_model_has_4192_parameters_in_its_matrices():
    shapes = {name: (len(matrix), len(matrix[0])) for name, matrix in new_weights().items()}
    assert shapes == {
        "wte": (27, 16),
        "wpe": (16, 16),
        "lm_head": (27, 16),
        "layer0.wq": (16, 16),
        "layer0.wk": (16, 16),
        "layer0.wv": (16, 16),
        "layer0.wo": (16, 16),
        "layer0.mlp_up": (64, 16),
        "layer0.mlp_down": (16, 64),
    }
    assert len(set(m.parameters(new_weights()))) == 4192


def test_new_weights_are_noise_of_the_asked_spread():
    noise = all_numbers(m.init_weights(VOCABULARY, random.Random(7)))
    mean = math.fsum(noise) / len(noise)
    assert abs(mean) < 4 * 0.08 / math.sqrt(len(noise))
    assert math.sqrt(math.fsum(x * x for x in noise) / len(noise)) == pytest.approx(0.08, rel=0.05)
    assert noise == all_numbers(m.init_weights(VOCABULARY, random.Random(7)))
    assert noise != all_numbers(m.init_weights(VOCABULARY, random.Random(8)))


@few
@given(texts, temperatures, st.integers(0, 3))
@example("z" * (m.block_size - 1), 0.1, 0)
def test_the_probabilities_agree_with_the_formulas_written_a_second_way(text, temperature, seed):
    weights = new_weights(seed)
    tokens = m.document(text, VOCABULARY)[:-1]
    expected = oracle.probabilities(tokens, oracle.plain(weights), temperature)
    for probs, row in zip(distributions(text, weights, temperature), expected, strict=True):
        assert numbers(probs) == pytest.approx(row, rel=1e-11, abs=1e-12)


@few
@given(texts)
def test_the_loss_agrees_with_the_formulas_written_a_second_way(weights, text):
    tokens = m.document(text, VOCABULARY)
    losses = oracle.losses(tokens, oracle.plain(weights))
    assert m.mean_nll(tokens, weights).data == pytest.approx(sum(losses) / len(losses), abs=1e-12)
    for probs, true_token, loss in zip(distributions(text, weights), tokens[1:], losses, strict=True):
        assert m.nll(probs, true_token).data == pytest.approx(loss, abs=1e-12)


@few
@given(texts, temperatures)
@example("", 0.1)
@example("q" * (m.block_size - 1), 2)
def test_every_distribution_is_a_distribution(weights, text, temperature):
    every = distributions(text, weights, temperature)
    assert len(every) == len(text) + 1
    for probs in every:
        assert len(probs) == N_TOKENS
        assert all(0 <= p <= 1 for p in numbers(probs))
        assert math.fsum(numbers(probs)) == pytest.approx(1, abs=1e-12)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30))
@example([1e300, -1e300])
@example([-1000.0, -1001.0])
def test_softmax_takes_logits_of_any_size(logits):
    probs = numbers(m.softmax([Value(logit) for logit in logits]))
    assert all(0 <= p <= 1 for p in probs)
    assert math.fsum(probs) == pytest.approx(1, abs=1e-12)
    assert probs[logits.index(max(logits))] == max(probs)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30))
def test_rmsnorm_makes_the_mean_square_one_but_leaves_zero_alone(xs):
    mean_square = math.fsum(x * x for x in xs) / len(xs)
    normed = numbers(m.rmsnorm([Value(x) for x in xs]))
    expected = mean_square / (mean_square + 1e-5)
    assert math.fsum(y * y for y in normed) / len(xs) == pytest.approx(expected, rel=1e-9)
    assert all(math.copysign(1, x) == math.copysign(1, y) for x, y in zip(xs, normed, strict=True))


@few
@given(texts, texts, texts)
def test_a_prefix_gives_the_same_numbers_afresh_or_with_its_keys_and_values_kept(weights, prefix, one, other):
    prefix = prefix[:6]
    keys, values = m.empty_cache(), m.empty_cache()
    for position, token in enumerate(m.document(prefix, VOCABULARY)[:-1]):
        m.gpt(token, position, keys, values, weights)
    for ending in (one[:5], other[:5]):
        kept_keys, kept_values = [list(layer) for layer in keys], [list(layer) for layer in values]
        text = prefix + ending
        afresh = distributions(text, weights)
        for position in range(len(prefix) + 1, len(text) + 1):
            token = VOCABULARY.index(text[position - 1])
            logits = m.gpt(token, position, kept_keys, kept_values, weights)
            assert numbers(m.softmax(logits)) == numbers(afresh[position])


@few
@given(texts, texts, texts)
def test_a_later_character_never_changes_an_earlier_prediction(weights, prefix, one, other):
    prefix, n = prefix[:8], len(prefix[:8]) + 1
    after_one, after_other = (distributions(prefix + ending[:7], weights)[:n] for ending in (one, other))
    assert [numbers(probs) for probs in after_one] == [numbers(probs) for probs in after_other]


@pytest.mark.parametrize("position", range(5))
def test_a_prediction_depends_on_every_position_up_to_its_own_and_on_none_after(position):
    weights = new_weights()
    tokens = m.document("anna", VOCABULARY)
    m.nll(distributions("anna", weights)[position], tokens[position + 1]).backward()
    seen = [any(p.grad for p in row) for row in weights["wpe"]]
    assert seen == [i <= position for i in range(m.block_size)]


# ---- The sampler ----------------------------------------------------------------------


@given(probabilities)
def test_the_intervals_lie_end_to_end_from_0_to_1_likeliest_first(probs):
    laid = m.intervals(probs)
    assert sorted(token for token, _, _ in laid) == list(range(len(probs)))
    assert laid[0][1] == 0
    assert laid[-1][2] == pytest.approx(1, abs=1e-12)
    for (_, _, high), (_, low, _) in pairwise(laid):
        assert high == low
    for token, low, high in laid:
        assert high - low == pytest.approx(probs[token].data, abs=1e-12)
    by_rank = [probs[token].data for token, _, _ in laid]
    assert by_rank == sorted(by_rank, reverse=True)


def test_equal_probabilities_keep_the_order_of_their_tokens():
    assert m.intervals([Value(0.25)] * 4) == [(0, 0.0, 0.25), (1, 0.25, 0.5), (2, 0.5, 0.75), (3, 0.75, 1.0)]


@given(probabilities, st.floats(0, 1, exclude_max=True))
def test_a_number_lands_in_the_interval_that_holds_it(probs, number):
    laid = m.intervals(probs)
    token, low, high = m.sample(probs, number)
    assert (token, low, high) in laid
    if number < laid[-1][2]:
        assert low <= number < high
        assert probs[token].data > 0
    else:  # rounding left the end of the last interval a hair below 1
        assert (token, low, high) == laid[-1]


@pytest.mark.parametrize(
    ("number", "landed"),
    [(0.0, (1, 0.0, 0.5)), (0.25, (1, 0.0, 0.5)), (0.5, (2, 0.5, 0.875)), (0.875, (0, 0.875, 1.0))],
)
def test_an_interval_holds_its_lower_end_and_not_its_upper(number, landed):
    assert m.sample([Value(0.125), Value(0.5), Value(0.375)], number) == landed


def test_what_has_no_probability_is_never_drawn():
    for number in (0.0, 0.3, math.nextafter(1, 0)):
        assert m.sample([Value(0.0), Value(1.0), Value(0.0)], number) == (1, 0.0, 1.0)


def test_draws_come_as_often_as_their_probabilities_say():
    probs = distributions("an", new_weights(std=0.15))[-1]
    rng, n_draws = random.Random(42), 4000
    counts = [0] * N_TOKENS
    for _ in range(n_draws):
        counts[m.sample(probs, rng.random())[0]] += 1
    expected = [p * n_draws for p in numbers(probs)]
    assert min(expected) > 5  # so that the chi-square statistic means something
    chi_square = sum((count - e) ** 2 / e for count, e in zip(counts, expected, strict=True))
    assert chi_square < 54.05  # 26 degrees of freedom: one honest sampler in a thousand exceeds it
    assert counts.index(max(counts)) == expected.index(max(expected))


@few
@given(texts)
def test_a_low_temperature_sharpens_and_a_high_one_flattens(weights, text):
    def entropy(probs):
        return -math.fsum(p * math.log(p) for p in numbers(probs) if p)

    for logits in all_logits(text, weights):
        for sharper, flatter in pairwise(at_temperature(t, logits) for t in (0.1, 0.5, 1, 1.5, 2)):
            assert entropy(sharper) < entropy(flatter)
            assert max(numbers(sharper)) > max(numbers(flatter))


def test_temperature_1_leaves_the_distribution_alone(weights):
    for logits in all_logits("emma", weights):
        assert numbers(at_temperature(1, logits)) == numbers(m.softmax(logits))


def replayed(weights, temperature, rng):
    """A text drawn with every distribution computed afresh; and whether STOP ended it."""
    text = ""
    while len(text) < m.block_size:
        probs = distributions(text, weights, temperature)[-1]
        token, _, _ = m.sample(probs, rng.random())
        if token == m.sentinel(VOCABULARY):
            return text, True
        text += VOCABULARY[token]
    return text, False


@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_a_text_is_drawn_one_token_after_the_other(weights, temperature):
    for seed in range(2):
        text = m.generate(weights, VOCABULARY, temperature, random.Random(seed))
        assert text == replayed(weights, temperature, random.Random(seed))[0]
        assert text == m.generate(weights, VOCABULARY, temperature, random.Random(seed))


def test_different_seeds_draw_different_texts(weights):
    assert len({m.generate(weights, VOCABULARY, rng=random.Random(seed)) for seed in range(8)}) > 4


def certain_of(token):
    """Weights whose every prediction is nearly certain to be that token, for vocabulary "ab"."""
    weights = m.init_weights("ab", random.Random(0), std=0.0)
    for row in (*weights["wte"], *weights["wpe"]):
        for p in row:
            p.data = 1.0
    for p in weights["lm_head"][token]:
        p.data = 10.0
    return weights


@pytest.mark.parametrize(("token", "text"), [(m.sentinel("ab"), ""), (0, "a" * 16), (1, "b" * 16)])
def test_a_text_ends_at_stop_or_at_the_end_of_the_context(token, text):
    assert m.generate(certain_of(token), "ab", rng=random.Random(0)) == text


# ---- The training step ----------------------------------------------------------------


def new_moments(weights):
    return [[0.0, 0.0] for _ in m.parameters(weights)]


def test_a_step_lowers_the_loss_of_its_document():
    weights, tokens = new_weights(), m.document("emma", VOCABULARY)
    before = m.training_step(tokens, weights, new_moments(weights), 0, 100, 0.01)
    after = m.mean_nll(tokens, weights)
    assert before.data == m.mean_nll(tokens, new_weights()).data
    assert after.data < before.data


def test_steps_on_one_document_teach_it_by_heart():
    weights, tokens = m.init_weights("abn", random.Random(0)), m.document("anna", "abn")
    moments = new_moments(weights)
    losses = [m.training_step(tokens, weights, moments, step, 40, 0.03).data for step in range(40)]
    assert losses[0] == pytest.approx(math.log(4), abs=0.3)
    assert losses[-1] < 0.1


def test_the_first_step_moves_each_parameter_by_the_rate_against_its_gradient():
    weights, tokens = new_weights(), m.document("emma", VOCABULARY)
    twin = new_weights()
    m.mean_nll(tokens, twin).backward()
    m.training_step(tokens, weights, new_moments(weights), 0, 100, 0.01)
    for p, before in zip(m.parameters(weights), m.parameters(twin), strict=True):
        if abs(before.grad) > 1e-5:
            assert p.data - before.data == pytest.approx(-0.01 * math.copysign(1, before.grad), rel=1e-2)
        elif before.grad == 0:
            assert p.data == before.data


@pytest.mark.parametrize(("step", "share"), [(0, 1.0), (1, 0.9), (5, 0.5), (9, 0.1), (10, 0.0)])
def test_the_rate_goes_linearly_to_zero(step, share):
    tokens = m.document("ab", VOCABULARY)
    moves = []
    for n_steps in (10, 1e15):  # with that many steps, the rate is still where it began
        weights = new_weights()
        m.training_step(tokens, weights, new_moments(weights), step, n_steps, 0.01)
        moves.append([a - b for a, b in zip(all_numbers(weights), all_numbers(new_weights()), strict=True)])
    assert moves[0] == pytest.approx([share * move for move in moves[1]], abs=1e-12)
    assert max(map(abs, moves[1])) > 1e-3


def test_steps_are_those_of_adam_as_published():
    """Against Algorithm 1 of Kingma & Ba (2014), parameter by parameter, through four documents."""
    n_steps, alpha, beta1, beta2, epsilon = 4, 0.02, 0.8, 0.9, 1e-8
    weights, twin = new_weights(), new_weights()
    moments = new_moments(weights)
    theta = all_numbers(twin)
    first, second = [0.0] * len(theta), [0.0] * len(theta)
    for step, text in enumerate(["ab", "c", "", "zz"]):
        tokens = m.document(text, VOCABULARY)
        m.training_step(tokens, weights, moments, step, n_steps, alpha, beta1, beta2)

        for p, x in zip(m.parameters(twin), theta, strict=True):
            p.data, p.grad = x, 0.0
        m.mean_nll(tokens, twin).backward()
        t, rate = step + 1, alpha * (n_steps - step) / n_steps
        for i, p in enumerate(m.parameters(twin)):
            first[i] = beta1 * first[i] + (1 - beta1) * p.grad
            second[i] = beta2 * second[i] + (1 - beta2) * p.grad * p.grad
            m_hat, v_hat = first[i] / (1 - beta1**t), second[i] / (1 - beta2**t)
            theta[i] -= rate * m_hat / (math.sqrt(v_hat) + epsilon)
        assert all_numbers(weights) == pytest.approx(theta, abs=1e-12)


def test_a_step_leaves_no_gradient_behind():
    weights = new_weights()
    m.training_step(m.document("ab", VOCABULARY), weights, new_moments(weights), 0, 10, 0.01)
    assert all(p.grad == 0 for p in m.parameters(weights))


def test_the_same_steps_give_the_same_weights():
    def trained():
        weights = new_weights()
        moments = new_moments(weights)
        for step, text in enumerate(["ann", "bo"]):
            m.training_step(m.document(text, VOCABULARY), weights, moments, step, 2, 0.01)
        return all_numbers(weights)

    assert trained() == trained()


# ---- Symbolic numbers -----------------------------------------------------------------


class Symbol:
    """A number that is not there yet: it writes down what is done to it, and cannot be looked at."""

    def __init__(self, tape, function=None, *operands):
        self.tape, self.index = tape, len(tape)
        tape.append((function, operands))

    def __bool__(self):
        raise TypeError("a symbolic number is neither true nor false yet")


def recorded(function):
    """The function for symbolic numbers: it writes itself down, to be called later."""

    def record(*operands):
        tape = next(x.tape for x in operands if isinstance(x, Symbol))
        return Symbol(tape, function, *operands)

    return record


for name in ("add", "sub", "mul", "truediv", "pow"):
    function = recorded(getattr(operator, name))
    setattr(Symbol, f"__{name}__", lambda a, b, function=function: function(a, b))
    setattr(Symbol, f"__r{name}__", lambda a, b, function=function: function(b, a))
for name in ("lt", "le", "eq", "ne", "gt", "ge"):
    function = recorded(getattr(operator, name))
    setattr(Symbol, f"__{name}__", lambda a, b, function=function: function(a, b))
Symbol.__neg__ = lambda a: recorded(operator.neg)(a)


def replay(tape, inputs):
    """Every number on the tape, given those that were not there yet."""
    inputs, results = iter(inputs), []
    for function, operands in tape:
        values = [results[x.index] if isinstance(x, Symbol) else x for x in operands]
        results.append(function(*values) if function else next(inputs))
    return results


def symbolic_microgpt():
    """A second copy of the module, with max, float and math of symbolic numbers, as a tracer shadows them."""
    spec = importlib.util.spec_from_file_location("symbolic_microgpt", m.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    largest = recorded(lambda *numbers: max(numbers))
    module.max = lambda *numbers: largest(*numbers) if len(numbers) > 1 else largest(*numbers[0])
    module.float = recorded(float)
    module.math = SimpleNamespace(exp=recorded(math.exp), log=recorded(math.log))
    return module


def test_a_training_step_on_symbolic_numbers_writes_itself_down_to_be_replayed():
    symbolic = symbolic_microgpt()
    tape = []
    plain_weights = m.init_weights("ab", random.Random(3))
    weights = {
        name: [[symbolic.Value(Symbol(tape)) for _ in row] for row in matrix] for name, matrix in plain_weights.items()
    }
    moments = [[Symbol(tape), Symbol(tape)] for _ in m.parameters(plain_weights)]
    step, rate = Symbol(tape), Symbol(tape)
    loss = symbolic.training_step(m.document("ab", "ab"), weights, moments, step, 10, rate)

    rng = random.Random(4)
    plain_moments = [[rng.gauss(0, 0.1), rng.random()] for _ in moments]
    results = replay(tape, [*all_numbers(plain_weights), *sum(plain_moments, []), 3, 0.01])
    plain_loss = m.training_step(m.document("ab", "ab"), plain_weights, plain_moments, 3, 10, 0.01)
    assert results[loss.data.index] == plain_loss.data
    assert [results[p.data.index] for p in symbolic.parameters(weights)] == all_numbers(plain_weights)
    assert [[results[x.index] for x in moment] for moment in moments] == plain_moments


# ---- The file itself ------------------------------------------------------------------


def test_importing_the_file_defines_and_does_nothing_else():
    program = textwrap.dedent("""
        import math, random, sys
        sys.path.insert(0, sys.argv[1])
        random.seed(7)
        state, modules, path, limit = random.getstate(), set(sys.modules), list(sys.path), sys.getrecursionlimit()
        import microgpt
        assert random.getstate() == state, "random numbers were drawn"
        assert set(sys.modules) - modules == {"microgpt"}, set(sys.modules) - modules
        assert (sys.path, sys.getrecursionlimit()) == (path, limit)
    """)
    command = [sys.executable, "-I", "-B", "-c", program, str(Path(m.__file__).parent)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_file_needs_math_and_random_only():
    imports = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert sorted(alias.name for node in imports for alias in node.names) == ["math", "random"]


def test_the_file_holds_definitions_and_five_numbers_and_no_state():
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.Assign, ast.Expr)
    statements = ast.parse(SOURCE).body
    assert all(isinstance(node, kinds) for node in statements)
    assert [node for node in statements if isinstance(node, ast.Expr)] == statements[:1]  # the docstring
    assigned = [node.targets[0].id for node in statements if isinstance(node, ast.Assign)]
    assert {name: type(getattr(m, name)) for name in assigned} == dict.fromkeys(
        ("n_layer", "n_embd", "n_head", "head_dim", "block_size"), int
    )
    assert not [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Global | ast.Nonlocal)]


def test_no_default_argument_can_change():
    functions = [f for f in vars(m).values() if inspect.isfunction(f)]
    functions += [f for f in vars(Value).values() if inspect.isfunction(f)]
    defaults = [d for f in functions for d in f.__defaults__ or ()]
    assert all(d is random or isinstance(d, float) or d == () for d in defaults)


def test_using_the_model_leaves_the_module_and_the_shared_random_state_alone():
    names, state = dict(vars(m)), random.getstate()
    weights = m.init_weights("ab", random.Random(0))
    m.training_step(m.document("ab", "ab"), weights, new_moments(weights), 0, 1, 0.01)
    m.generate(weights, "ab", rng=random.Random(0))
    assert dict(vars(m)) == names
    assert random.getstate() == state


def regions(source):
    """The lines between `# region NAME` and `# endregion`, by name; raises if the marks do not pair."""
    found, name = {}, None
    for line in source.splitlines():
        if line.startswith("# region "):
            assert name is None, f"{line} inside of {name}"
            name = line.removeprefix("# region ")
            assert name not in found
            found[name] = []
        elif line.startswith("# endregion"):
            assert name is not None and line == "# endregion"
            name = None
        elif name:
            found[name].append(line)
    assert name is None, f"{name} has no end"
    return {name: "\n".join(lines) for name, lines in found.items()}


def test_the_named_subsections_hold_what_the_lesson_quotes():
    defined = {
        name: [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        for name, text in regions(SOURCE).items()
    }
    assert defined == {
        "overview-pipeline-helpers": ["linear", "softmax", "rmsnorm"],
        "gpt": ["gpt"],
        "overview-training-step": ["mean_nll", "training_step"],
    }


def test_every_function_fits_a_screen_and_no_line_is_too_long():
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 45, node.name
    assert max(map(len, SOURCE.splitlines())) <= 120

"""The challenges: the file as it stands does not pass, the solution does, and a wrong try is told what was seen."""

import json
import re

import pytest

import challenges
from building import ROOT, WEIGHTS, versions
from building import challenges as build
from building.experiments import MODEL, apply

WORDS = json.loads((ROOT / "web" / "words" / "en" / "challenges.json").read_text(encoding="utf-8"))
SOURCE = MODEL.read_text(encoding="utf-8")
BODY = build.named("softmax").BODY
SAMPLE = "    for token, low, high in intervals(probs):\n        if number < high:\n"
LIKELIEST = "    laid = intervals(probs)[:3]\n"
DRAWS = "        token, _, _ = sample(probs, rng.random())\n"
AVERAGE = "    return sum(losses) / len(losses)\n"

# What there is to say of the file as a challenge gives it.
BEGINNINGS = [
    ("two_heads", "heads"),
    ("top_three", "another"),
    ("no_early_stop", "early"),
    ("perplexity", "missing"),
    ("softmax", "not_written"),
]


def check(challenge, source):
    """What is said of the challenge to whoever has made this of the file."""
    made = versions.modules(source, "checks", "checked_lesson")
    lesson = made["checked_lesson"].CheckedLesson(WEIGHTS.read_text(encoding="utf-8"))
    told = json.loads(json.dumps(made["checks"].check(challenge, lesson), allow_nan=False))
    says = WORDS["any"]["says"] | WORDS[challenge]["says"]
    for blank, form in re.findall(r"\{(\w+)(?::([\d%]))?\}", says[told["key"]]):
        assert blank in told["values"]
        assert not form or isinstance(told["values"][blank], int | float) or told["values"][blank] in ("inf", "nan")
    return told


def edit(challenge, old, new):
    source = apply(build.named(challenge).START, SOURCE, challenge)
    return check(challenge, apply({old: new}, source, "the test"))


def test_every_file_is_in_the_order_and_has_words():
    files = {file.stem for file in (ROOT / "challenges").glob("*.py")} - {"__init__"}
    assert files == set(challenges.ORDER) == set(WORDS) - {"any"}
    for challenge in challenges.ORDER:
        assert WORDS[challenge].keys() == {"title", "task", "hints", "says"}
        assert len(WORDS[challenge]["hints"]) == 3


@pytest.mark.parametrize("challenge, key", BEGINNINGS)
def test_what_it_begins_with_does_not_pass(challenge, key):
    told = check(challenge, apply(build.named(challenge).START, SOURCE, challenge))
    assert (told["done"], told["key"]) == (False, key)


@pytest.mark.parametrize("challenge", build.build(), ids=lambda challenge: challenge["id"])
def test_the_solution_passes(challenge):
    source = SOURCE
    for find, replace in challenge["start"] + challenge["solution"]:
        assert source.count(find) == 1
        source = source.replace(find, replace)
    assert check(challenge["id"], source)["done"]


@pytest.mark.parametrize(
    "challenge, old, new",
    [
        ("two_heads", "head_dim = n_embd // n_head", "head_dim = 8"),
        ("top_three", SAMPLE, LIKELIEST + "    laid = [(t, a / laid[2][2], b / laid[2][2]) for t, a, b in laid]\n"
         "    for token, low, high in laid:\n        if number < high:\n"),
        ("top_three", SAMPLE, "    best = sorted(range(len(probs)), key=lambda t: -probs[t].data)[:3]\n"
         "    ps = [probs[t].data for t in best]\n    low = 0.0\n    for token, p in zip(best, ps):\n"
         "        high = low + p / sum(ps)\n        if number < high: break\n        low = high\n    return token, low, high\n"
         + SAMPLE),
        ("no_early_stop", DRAWS, "        if position < 3:\n            probs = [p / sum(probs[:-1]) for p in probs[:-1]]\n" + DRAWS),
        ("no_early_stop", '    return linear(x, weights["lm_head"])', '    logits = linear(x, weights["lm_head"])\n'
         "    if position < 3:\n        logits[-1] = logits[-1] - 100\n    return logits"),
        ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(tokens, weights):\n    return math.exp(mean_nll(tokens, weights).data)\n"),
        ("perplexity", AVERAGE, AVERAGE + "\n\nperplexity = lambda t, w: Value(math.e) ** mean_nll(t, w).data\n"),
        ("softmax", build.named("softmax").GONE, "    m = max(x.data for x in logits)\n    return [(x - m).exp() / sum((y - m).exp() for y in logits) for x in logits]\n"),
    ],
)  # fmt: skip
def test_another_way_to_do_it_passes(challenge, old, new):
    assert edit(challenge, old, new)["done"]


WRONG_TRIES = [
    ("two_heads", "n_head = 4", "n_head = 1", "heads", {"heads": 1}),
    ("two_heads", "n_head = 4", "n_head = 3", "heads", {"heads": 4}),
    ("two_heads", "attention = softmax(scores)", "attention = [Value(1 / len(scores)) for _ in scores]", "no_softmax", {}),
    ("two_heads", "            attention = softmax(scores)", "            if start % 8: continue\n            scores = scores[-1:]\n"
     "            attention = softmax(scores) * len(keys[layer])\n            value = values[layer][-1]", "raised", {}),
    ("top_three", SAMPLE, SAMPLE.replace("intervals(probs)", "intervals(probs)[:3]"), "proportions", {}),
    ("top_three", SAMPLE, SAMPLE.replace("intervals(probs)", "intervals(probs)[:4]"), "another", {"rank": 4}),
    ("top_three", SAMPLE, SAMPLE.replace("number < high", "True"), "never", {"share": 0.0}),
    ("top_three", SAMPLE, "    return random.choice(intervals(probs)[:3])\n" + SAMPLE, "proportions", {}),
    ("top_three", SAMPLE, "    return intervals(probs)[0][0]\n" + SAMPLE, "no_triple", {"value": "0"}),
    ("top_three", SAMPLE, "    return 'a', 0, 1\n" + SAMPLE, "no_token", {"value": "'a'"}),
    ("no_early_stop", DRAWS, DRAWS + "        while token == sentinel(vocabulary):\n    " + DRAWS, "endless", {"letters": 16}),
    ("no_early_stop", DRAWS, DRAWS + "        while token == sentinel(vocabulary) and position < 2:\n    " + DRAWS, "early", {"letters": 2}),
    ("no_early_stop", DRAWS, DRAWS + "        while token == sentinel(vocabulary) and position < 5:\n    " + DRAWS, "late", {"letters": 5}),
    ("no_early_stop", DRAWS, DRAWS + "        if token == sentinel(vocabulary) and position < 3: token = 0\n", "done", {}),
    ("no_early_stop", DRAWS, DRAWS + "        if position < 3: token = 0\n", "not_the_models", {}),
    ("no_early_stop", "    return decode(text, vocabulary)", "    return text", "no_text", {}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return mean_nll(t, w)\n", "the_loss", {"text": "anna"}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    mean_nll(t, w).exp()\n", "nothing", {}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return (-mean_nll(t, w)).exp()\n", "sign", {}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return 2 ** mean_nll(t, w).data\n", "base", {}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return (mean_nll(t, w) * (len(t) - 1)).exp()\n", "sum", {}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return 7\n", "another", {"got": 7}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return math.inf\n", "another", {"got": "inf"}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(t, w):\n    return 'many'\n", "no_number", {"value": "'many'"}),
    ("perplexity", AVERAGE, AVERAGE + "\n\ndef perplexity(text):\n    return 1\n", "raised_outside", {}),
    ("softmax", BODY, "    total = sum(logits)\n    return [x / total for x in logits]\n", "no_exp", {}),
    ("softmax", BODY, "    return logits\n", "sum", {}),
    ("softmax", BODY, "    e = [x.exp() for x in logits]\n    return [x / sum(e) for x in e]\n", "large", {}),
    ("softmax", BODY, "    e = [x.exp() for x in logits]\n    return e\n", "sum", {"got": "[2.718, 7.389, 20.086]", "total": "[30.193]"}),
    ("softmax", BODY, BODY.replace("return [e * scale for e in exps]", "return [(e * scale).data for e in exps]"), "no_values", {}),
    ("softmax", BODY, BODY.replace("return [e * scale for e in exps]", "return [Value((e * scale).data) for e in exps]"), "no_gradient", {}),
    ("softmax", BODY, BODY.replace("return [e * scale for e in exps]", "return exps[0] * scale"), "no_list", {}),
    ("softmax", BODY, BODY.replace("in exps]\n", "in exps[:1]]\n").replace("exp() for", "exp() for"), "length", {"count": 3}),
    ("softmax", BODY, BODY.replace("return [e * scale for e in exps]", "return [e * scale for e in reversed(exps)]"), "wrong",
     {"logits": "[1.0, 2.0, 3.0]"}),
]  # fmt: skip


@pytest.mark.parametrize("challenge, old, new, key, values", WRONG_TRIES)
def test_a_wrong_try_is_told_what_was_seen(challenge, old, new, key, values):
    if challenge == "softmax":
        told = check(challenge, apply({old: new}, SOURCE, "the test"))
    else:
        told = edit(challenge, old, new)
    assert told["key"] == key, told
    assert told["values"].items() >= values.items()


def test_every_sentence_has_been_said():
    """Of those that are left, the tests above found no edit so odd that it would hear them."""
    for challenge in challenges.ORDER:
        tried = {key for each, *_, key in BEGINNINGS if each == challenge} | {"done"}
        tried |= {key for each, _, _, key, _ in WRONG_TRIES if each == challenge}
        assert WORDS[challenge]["says"].keys() - tried <= {"not_all_positions", "logits"}


@pytest.mark.parametrize("challenge", challenges.ORDER)
@pytest.mark.parametrize(
    "line",
    ["raise SystemExit", "return None", "return sample(probs, 0.5)"],
)
def test_whatever_an_edit_does_there_is_a_sentence(challenge, line):
    source = apply(build.named(challenge).START, SOURCE, challenge)
    source = apply({"    laid, low = [], 0.0\n": f"    {line}\n    laid, low = [], 0.0\n"}, source, "the test")
    told = check(challenge, source)
    assert told["key"] in WORDS[challenge]["says"] | WORDS["any"]["says"]


def test_an_error_is_told_with_the_line_of_the_file_that_it_was_raised_in():
    told = edit("top_three", SAMPLE, "    x = probz\n" + SAMPLE)
    assert told["key"] == "raised" and "'probz'" in told["values"]["error"]
    assert SOURCE.splitlines()[told["values"]["line"] - 1] == SAMPLE.splitlines()[0]

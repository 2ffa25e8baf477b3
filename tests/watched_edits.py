"""Edits of microgpt.py that are watched in the tests, by what is odd about them, and a program that looks into each."""

import re

from building import ROOT

MODEL = (ROOT / "py" / "microgpt.py").read_text(encoding="utf-8")
GPT = MODEL[MODEL.index("def gpt(") : MODEL.index("# endregion", MODEL.index("def gpt("))]

BLOCKS = '''
def heads_of(query, keys):
    """Every head's findings, each line of it odd."""
    found, turn = [], 0
    while turn < n_head:
        head = slice(turn * head_dim, (turn + 1) * head_dim); turn += 1
        looks = softmax([
            dot(query[head], key[head])
            * (1 / head_dim**0.5)
            for key
            in keys
        ])
        found.append([
            dot(looks, [key[i] for key in keys])
            for i in range(head.start, head.stop)
        ])
    return [each for row in found for each in row]


def block(h, layer, kept, weights):
    h0 = h
    h = [*map(lambda each: each * 1.5, rmsnorm(h))]
    kept[layer].append(linear(h, weights[f"layer{layer}.wk"]))
    if layer == 0 and (width := len(h)) > 3:
        h[3] = h[3] + 0.25
        h = linear(heads_of(linear(h, weights[f"layer{layer}.wq"]), kept[layer]), weights[f"layer{layer}.wo"])
    else:
        told = {"of": layer}
    total = sum(each.data for each in h)
    return [a + b for a, b in zip(h, h0)]


def gpt(token, position, keys, values, weights):
    grid = [[i * j for j in range(3)] for i in range(40)]
    ragged = [[1], [2, 3.5], []]
    odd = [math.inf, -math.inf, math.nan, True and 1]
    large = [0.5] * 2000
    nothing, word, many = None, "a" * 80, {"x": 1}
    h = [
        t + p
        for t, p in zip(
            weights["wte"][token],
            weights["wpe"][position],
        )
    ]
    for layer in range(n_layer): h = block(h, layer, keys, weights)
    try:
        raise ValueError(word)
    except ValueError:
        grid[2][1] = 7
    return linear(h, weights["lm_head"])
'''


def renamed(source, **names):
    for old, new in names.items():
        source = re.sub(rf"\b{old}\b", new, source)
    return source


EDITS = {
    "the original": MODEL,
    "two layers": MODEL.replace("n_layer = 1 ", "n_layer = 2 "),
    "other names": MODEL.replace(GPT, renamed(GPT, x="h", attention="gaze", scores="s")),
    "blocks": MODEL.replace("n_layer = 1 ", "n_layer = 2 ").replace(GPT, BLOCKS),
    "a loop that hardly ends": MODEL.replace(
        GPT, GPT.replace("    x = rmsnorm(x)\n", "    for i in range(9999):\n        i += 1\n    x = rmsnorm(x)\n", 1)
    ),
}

LOOK = """
import json, random, sys
from types import SimpleNamespace

sys.dont_write_bytecode = True
answers = {}
for name, source in request.items():
    with open("microgpt.py", "w", encoding="utf-8") as file:
        file.write(source)
    for module in ("microgpt", "weights_file", "lesson", "watching", "inside"):
        sys.modules.pop(module, None)
    import inside, microgpt

    vocabulary = "abcdefghijklmnopqrstuvwxyz"
    weights = microgpt.init_weights(vocabulary, random.Random(5))
    names = lambda token, sentinel_name: vocabulary[token] if token < len(vocabulary) else sentinel_name
    opened = inside.Inside(SimpleNamespace(vocabulary=vocabulary, weights=weights, name=names))
    answers[name] = {
        "look": opened.look("anna", 3, "position"),
        "back": opened.look_back("anna"),
        "untrained": opened.look("anna", 0, "text", True),
        "follow": opened.follow("anna", 3, "text", None, [0, 0]),
    }
with open("answers.json", "w") as file:
    json.dump(answers, file)
"""

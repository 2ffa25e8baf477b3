"""The model's formulas written a second way, to compare with: plain floats, whole matrices, no cache."""

import math
from operator import mul

from microgpt import head_dim, n_embd, n_layer


def plain(weights):
    """The same matrices with floats for Values."""
    return {name: [[p.data for p in row] for row in matrix] for name, matrix in weights.items()}


def times(rows, matrix):
    """Every row times the matrix: (n, n_in), (n_out, n_in) -> (n, n_out)."""
    return [[sum(map(mul, row, out)) for out in matrix] for row in rows]


def plus(a, b):
    return [[x + y for x, y in zip(row, other)] for row, other in zip(a, b)]


def normed(rows):
    return [[x / math.sqrt(sum(y * y for y in row) / len(row) + 1e-5) for x in row] for row in rows]


def distribution(scores):
    total = sum(math.exp(score) for score in scores)
    return [math.exp(score) / total for score in scores]


def attended(queries, keys, values):
    """One head, all positions at once; what comes later is masked: (n, d), (n, d), (n, d) -> (n, d)."""
    scores = times(queries, keys)
    masked = [
        [s / math.sqrt(len(keys[0])) if j <= i else -math.inf for j, s in enumerate(row)]
        for i, row in enumerate(scores)
    ]
    return times([distribution(row) for row in masked], list(zip(*values)))


def logits(tokens, weights):
    """The logits after every position, START first: (n,) -> (n, n_tokens). weights as plain() gives them."""
    x = normed([[t + p for t, p in zip(weights["wte"][token], weights["wpe"][i])] for i, token in enumerate(tokens)])
    for layer in range(n_layer):
        q, k, v, o, up, down = (
            weights[f"layer{layer}.{name}"] for name in ("wq", "wk", "wv", "wo", "mlp_up", "mlp_down")
        )
        seen = normed(x)
        heads = [slice(start, start + head_dim) for start in range(0, n_embd, head_dim)]
        per_head = [attended(times(seen, q[h]), times(seen, k[h]), times(seen, v[h])) for h in heads]
        x = plus(x, times([sum(rows, []) for rows in zip(*per_head)], o))
        hidden = [[max(0.0, value) for value in row] for row in times(normed(x), up)]
        x = plus(x, times(hidden, down))
    return times(x, weights["lm_head"])


def probabilities(tokens, weights, temperature=1.0):
    """The distribution after every position: (n,) -> (n, n_tokens)."""
    return [distribution([score / temperature for score in row]) for row in logits(tokens, weights)]


def losses(tokens, weights):
    """-log p of each true next token: (n + 1,) -> (n,)."""
    return [-math.log(row[true]) for row, true in zip(probabilities(tokens[:-1], weights), tokens[1:])]

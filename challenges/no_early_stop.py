"""No text ends before its third letter."""

START = {}
SOLUTION = {
    "        token, _, _ = sample(probs, rng.random())": (
        "        token, _, _ = sample(probs, rng.random())\n"
        "        while token == sentinel(vocabulary) and len(text) < 3:\n"
        "            token, _, _ = sample(probs, rng.random())  # too early: draw again"
    ),
}

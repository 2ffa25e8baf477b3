"""A mistake to find: the values' matrix lies on its side."""

PATCH = {
    'values[layer].append(linear(x, weights[f"layer{layer}.wv"]))': (
        'values[layer].append(linear(x, list(zip(*weights[f"layer{layer}.wv"]))))'
    ),
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=loss"
LINES = {"query": "query = ", "values": "values[layer].append(", "output": "return linear(x, weights"}


def answer(original, edit):
    """Which line is it in?"""
    changed = [line for line in original.source.splitlines() if line not in edit.source.splitlines()]
    guilty = [name for name, start in LINES.items() if any(line.strip().startswith(start) for line in changed)]
    told = {"before": original.loss, "after": edit.loss}
    return guilty[0], told

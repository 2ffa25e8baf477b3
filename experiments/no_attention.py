"""The heads' findings are thrown away, so a position knows nothing of the ones before it."""

PATCH = {
    '        x = linear(heads, weights[f"layer{layer}.wo"])': "        x = [0.0] * n_embd  # nothing is fetched",
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=loss"


def answer(original, edit):
    """How does the average loss change?"""
    told = {"before": original.loss, "after": edit.loss, "guessing": original.guessing}
    if edit.loss < original.loss + 0.05:
        return "same", told
    return "worse" if edit.loss < original.guessing - 0.05 else "blind", told

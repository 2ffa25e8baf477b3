"""One head has all 16 numbers of a position to itself, where four heads had four each."""

PATCH = {
    "n_head = 4  #": "n_head = 1  #",
}
TEXTS = ["", "ann"]
LOOK = "#text=ann&mode=forward&position=0"


def answer(original, edit):
    """After START alone, does the prediction change?"""
    told = {"before": original.loss, "after": edit.loss}
    one, other = original.distribution(""), edit.distribution("")
    largest = max(abs(one[token] - other[token]) for token in one)
    if largest < 1e-9:
        return "equal", told
    return "little" if largest < 0.05 else "much", told

"""Attention goes to the position itself, and where that is remains unknown: what is left is a bigram model."""

PATCH = {
    'x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]': 'x = weights["wte"][token]',
    "attention = softmax(scores)  #": "attention = [Value(float(key is keys[layer][-1])) for key in keys[layer]]  #",
}
TEXTS = ["an", "ann"]
LOOK = "#text=ann&mode=forward"


def answer(original, edit):
    """After "an" and after "ann", is the prediction the same?"""
    one, other = (edit.distribution(text) for text in TEXTS)
    told = {"best": edit.best("ann"), "p": edit.p("ann"), "before": original.loss, "after": edit.loss}
    largest = max(abs(one[token] - other[token]) for token in one)
    if largest == 0:
        return "equal", told
    return "close" if largest < 0.05 else "different", told

"""What was learned is put aside: the weights are those that training began with."""

PATCH = {
    '    x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]': (
        '    weights = init_weights("a" * (len(weights["wte"]) - 1), random.Random(1))\n'
        '    x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]'
    ),
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=loss"


def answer(original, edit):
    """Where will the average loss be?"""
    told = {"before": original.loss, "after": edit.loss, "guessing": original.guessing}
    if edit.loss < original.guessing / 2:
        return "low", told
    return "blind" if abs(edit.loss - original.guessing) < 0.2 else "high", told

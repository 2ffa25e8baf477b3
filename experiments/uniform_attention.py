"""Every earlier position is looked at equally, whatever stands there."""

PATCH = {
    "attention = softmax(scores)  #": "attention = [Value(1 / len(scores)) for _ in scores]  #",
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=loss"


def answer(original, edit):
    """By how much does the average loss change?"""
    change = edit.loss - original.loss
    told = {"before": original.loss, "after": edit.loss, "change": change}
    if change < 0:
        return "better", told
    return "little" if change < 0.3 else "much", told

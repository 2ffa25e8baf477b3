"""A mistake to find: the largest logit is no longer taken off, and all of them are large."""

PATCH = {
    "    biggest = max(logit.data for logit in logits)  # cancels out; keeps exp() from overflowing": "    biggest = 0.0",
    '    return linear(x, weights["lm_head"])': '    return [logit + 1000 for logit in linear(x, weights["lm_head"])]',
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=forward"


def answer(original, edit):
    """Every logit is larger by 1000. What does a run give?"""
    told = {"largest": max(edit.logits("ann"))}
    if isinstance(edit.error, OverflowError):
        return "overflow", told
    return "same" if abs(edit.p("ann") - original.p("ann")) < 0.01 else "sure", told

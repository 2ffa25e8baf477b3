"""Vectors go on as large or as small as they are."""

PATCH = {
    "    return [xi * scale for xi in x]": "    return x",
}
TEXTS = ["j"]
LOOK = "#text=j&mode=forward"


def answer(original, edit):
    """After "j", is the model surer of its first guess?"""
    before, after = original.p("j"), edit.p("j")
    told = {
        "best": original.best("j"),
        "before": before,
        "after": after,
        "spread_before": spread(original),
        "spread_after": spread(edit),
        "loss": edit.loss,
    }
    if abs(after - before) < 0.02:
        return "same", told
    return "surer" if after > before else "less_sure", told


def spread(version):
    """From the smallest logit after "j" to the largest."""
    logits = version.logits("j")
    return max(logits) - min(logits)

"""Where ReLU took the place of what is negative by 0, everything is squared."""

PATCH = {
    "x = [xi.relu() for xi in x]": "x = [xi**2 for xi in x]",
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=forward"


def answer(original, edit):
    """After "ann", is the model surer of its first guess?"""
    before, after = original.p("ann"), edit.p("ann")
    told = {
        "best": edit.best("ann"),
        "before": before,
        "after": after,
        "loss": edit.loss,
        "guessing": original.guessing,
    }
    if abs(after - before) < 0.02:
        return "same", told
    return "surer" if after > before else "less_sure", told
